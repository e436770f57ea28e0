"""Ranks that courts may truly have: a bar from the best to the worst, and the bands beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhiheng.reports.pictures.scale import (
    FOOT,
    HEAD,
    ROW,
    WIDTH,
    Label,
    Scale,
    label_of,
    ranks_scale,
    runs_of,
)

MOST_LANES = 7
"""Brackets side by side; of more, the letters alone are shown."""
_LANES, _LANE = 486.0, 12.0
_LEFT, _RIGHT = 600.0, WIDTH - 20
_CAP = 6.0


@dataclass(frozen=True)
class Ranked:
    """A court with its rank, the best and worst it may have and how these are written, and the
    numbers of the bands it stands in (first and last, from 0)."""

    name: str
    text: str
    rank: int
    best: int
    worst: int
    bands: tuple[int, int]
    link: str = ""


@dataclass(frozen=True)
class RankBar:
    """A row: the bar from `best` to `worst`, the tick at `x`, at the height `y`."""

    of: Ranked
    label: Label
    letters: str
    y: float
    x: float
    best: float
    worst: float


@dataclass(frozen=True)
class Bracket:
    """A band: a line at `x` from `top` to `foot` with caps where the band begins or ends."""

    letter: str
    x: float
    top: float
    foot: float
    begins: bool
    ends: bool

    @property
    def path(self) -> str:
        """The bracket as an SVG path, open to the right as it holds what is left of it."""
        head = f"M{self.x - _CAP:g} {self.top:g}H{self.x:g}" if self.begins else ""
        foot = f"H{self.x - _CAP:g}" if self.ends else ""
        start = head or f"M{self.x:g} {self.top:g}"
        return f"{start}V{self.foot:g}{foot}"


@dataclass(frozen=True)
class RankBars:
    """A figure of up to MOST_ROWS courts; `first` is the place of its first court among all."""

    first: int
    height: float
    scale: Scale
    rows: tuple[RankBar, ...]
    brackets: tuple[Bracket, ...]

    @property
    def last(self) -> int:
        """The place of the figure's last court among all."""
        return self.first + len(self.rows) - 1


def rank_bars(ranked: Sequence[Ranked]) -> list[RankBars]:
    """The courts in the order given, which is that of their bands, in as many figures as it
    takes; every figure has the same scale."""
    scale = ranks_scale(max((one.worst for one in ranked), default=1), _LEFT, _RIGHT)
    lanes = _lanes(ranked)
    found, first = [], 0
    for run in runs_of(ranked):
        rows = tuple(_row(one, at, scale) for at, one in enumerate(run))
        brackets = tuple(_brackets(ranked, lanes, first, len(rows)))
        found.append(RankBars(first + 1, HEAD + ROW * len(rows) + FOOT, scale, rows, brackets))
        first += len(run)
    return found


def letter_of(band: int) -> str:
    """The letter of a band: A to Z, then AA, AB and on."""
    more, last = divmod(band, 26)
    return (letter_of(more - 1) if more else "") + chr(ord("A") + last)


def letters_of(bands: tuple[int, int]) -> str:
    """The bands a court stands in, which follow one another: A, or A–C."""
    first, last = bands
    return letter_of(first) if first == last else f"{letter_of(first)}–{letter_of(last)}"


def _row(one: Ranked, at: int, scale: Scale) -> RankBar:
    ends = (scale.place(rank) for rank in (one.rank, one.best, one.worst))
    return RankBar(one, label_of(one.name), letters_of(one.bands), HEAD + ROW * (at + 0.5), *ends)


def _spans(ranked: Sequence[Ranked]) -> dict[int, tuple[int, int]]:
    """Band → places of its first and last court."""
    found: dict[int, tuple[int, int]] = {}
    for place, one in enumerate(ranked):
        for band in range(one.bands[0], one.bands[1] + 1):
            found[band] = (found[band][0] if band in found else place, place)
    return found


def _lanes(ranked: Sequence[Ranked]) -> list[tuple[int, int, int, int]]:
    """Band, lane, first and last place of every band of more than one court; bands that overlap
    stand in lanes of their own. Nothing where there are too many to tell apart."""
    free: list[int] = []
    found = []
    for band, (first, last) in sorted(_spans(ranked).items()):
        if first == last:
            continue
        lane = next((at for at, until in enumerate(free) if until < first), len(free))
        free[lane : lane + 1] = [last]
        found.append((band, lane, first, last))
    return found if len(free) <= MOST_LANES else []


def _brackets(
    ranked: Sequence[Ranked], lanes: Sequence[tuple[int, int, int, int]], start: int, count: int
) -> list[Bracket]:
    """The brackets of the courts from `start` on, cut where the figure begins and ends."""
    found = []
    for band, lane, first, last in lanes:
        top, foot = max(first - start, 0), min(last - start, count - 1)
        if top > count - 1 or foot < 0:
            continue
        x, begins, ends = _LANES + _LANE * (lane + 0.5), first >= start, last < start + count
        edges = (HEAD + ROW * top + 4, HEAD + ROW * (foot + 1) - 4)
        found.append(Bracket(letter_of(band), x, *edges, begins, ends))
    return found
