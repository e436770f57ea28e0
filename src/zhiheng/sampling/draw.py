"""An auditable draw: who holds the frame and the seed draws the same files, with SHA-256 alone.

Files are put in the order of SHA-256(seed, line feed, digest of the frame, line feed, id), as
UTF-8, in hex; of every stratum the first n are drawn and the next are its replacements, in that
order. (Two equal hashes are not to be expected; the id would decide.) The seed is to be fixed in
public after the frame, such as the winning numbers of a lottery on a day named before: then neither
side can choose the files. With courts drawn first, their order and the systematic start come from
the same hash of "court" or "start" in place of the id's line (two lines, which no id has).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from zhiheng.errors import Message, WrongUse
from zhiheng.sampling.allocation import allocated, spread
from zhiheng.sampling.frames import Frame
from zhiheng.sampling.pps import systematic

METHOD = "zhiheng-draw-1"
"""Raised when the same seed and frame would draw other files."""
BY_SIZE = "(by size)"
"""The stratum of courts that were drawn with a chance proportional to their size."""
DECISIONS = ("point", "lower_bound", "upper_bound")
"""The share found, or a bound of it: whose doubt it is has to be said before anybody knows the
result."""
_OF_A_COURT = 2
"""Files drawn at least of a court that was drawn: one could not tell how its files vary."""


@dataclass(frozen=True)
class Settings:
    """What was asked for.

    by: columns whose values make the strata. n: files in all. allocation: one of
    `allocation.KINDS`; deviations by stratum for `neyman`. each: files of every stratum instead of
    n in all. courts: draw so many courts by size first (then `by` must be the court alone).
    replacements: per stratum; None for as many as were drawn. decision: what is declared before
    the draw to be held against a pass line, one of DECISIONS; "" declares nothing.
    """

    seed: str
    n: int
    by: tuple[str, ...] = ()
    allocation: str = "proportional"
    deviations: tuple[tuple[str, float], ...] = ()
    minimum: int = 0
    each: bool = False
    courts: int = 0
    replacements: int | None = None
    decision: str = ""


@dataclass(frozen=True)
class Group:
    """Files drawn as one: a stratum, or a court that was drawn.

    files: how many it has. drawn: how many are drawn of it. chance: of the group itself.
    cluster: whether it is a first-stage unit of the stratum `BY_SIZE`.
    """

    name: str
    files: int
    drawn: int
    chance: Fraction = Fraction(1)
    cluster: bool = False

    @property
    def probability(self) -> Fraction:
        """Of a file of the group, to be drawn."""
        return self.chance * Fraction(self.drawn, self.files)


@dataclass(frozen=True)
class Chosen:
    """A file drawn or ready as a replacement: its place in its group's order, from 1."""

    row: int
    group: Group
    place: int


@dataclass(frozen=True, eq=False)
class Draw:
    """The outcome: groups in their order, files drawn, and replacements in the order of use."""

    frame: Frame
    settings: Settings
    groups: tuple[Group, ...]
    sample: tuple[Chosen, ...]
    replacements: tuple[Chosen, ...]


def key(seed: str, digest: str, *words: str) -> str:
    """The hash that orders: hex SHA-256 of the lines seed, digest and words."""
    return hashlib.sha256("\n".join((seed, digest, *words)).encode()).hexdigest()


def draw(frame: Frame, settings: Settings) -> Draw:
    """Draw files of the frame. Raises WrongUse, BadInput."""
    _check(settings)
    digest = frame.digest
    labels = frame.labels(settings.by)
    rows: dict[str, list[int]] = {}
    for row, label in enumerate(labels):
        rows.setdefault(label, []).append(row)
    sizes = {label: len(rows[label]) for label in sorted(rows)}
    groups = _by_size(settings, digest, sizes) if settings.courts else _strata(settings, sizes)
    sample: list[Chosen] = []
    spare: list[Chosen] = []
    for group in groups:
        ordered = in_order(settings.seed, digest, frame, rows[group.name])
        extra = group.drawn if settings.replacements is None else settings.replacements
        places = [Chosen(row, group, place) for place, row in enumerate(ordered, 1)]
        sample += places[: group.drawn]
        spare += places[group.drawn : group.drawn + extra]
    return Draw(frame, settings, tuple(groups), tuple(sample), tuple(spare))


def in_order(seed: str, digest: str, frame: Frame, rows: Iterable[int]) -> list[int]:
    """Rows of the frame in the order of the draw."""
    return sorted(rows, key=lambda row: (key(seed, digest, frame.ids[row]), frame.ids[row]))


def plan(settings: Settings, sizes: dict[str, int]) -> list[int]:
    """How many files of every stratum (in the order of `sizes`). Raises WrongUse."""
    counts = list(sizes.values())
    if settings.each:
        return [min(settings.n, size) for size in counts]
    deviations = _deviations(settings, sizes) if settings.allocation == "neyman" else None
    return allocated(settings.n, counts, settings.allocation, deviations, settings.minimum)


def _strata(settings: Settings, sizes: dict[str, int]) -> list[Group]:
    parts = zip(sizes.items(), plan(settings, sizes), strict=True)
    return [Group(name, size, n) for (name, size), n in parts if n]


def _by_size(settings: Settings, digest: str, sizes: dict[str, int]) -> list[Group]:
    """Courts drawn by size; of each so many files that every file has about the same chance."""
    names = sorted(sizes, key=lambda name: (key(settings.seed, digest, "court", name), name))
    start = Fraction(int(key(settings.seed, digest, "start", ""), 16), 1 << 256)
    taken = systematic([sizes[name] for name in names], settings.courts, start)
    high = [sizes[names[one.unit]] for one in taken]
    minimum = max(settings.minimum, _OF_A_COURT)
    low = [min(minimum, size) for size in high]
    if not sum(low) <= settings.n <= sum(high):
        allocated(settings.n, high, minimum=minimum)  # says what is possible
    wanted = [size / one.probability for size, one in zip(high, taken, strict=True)]
    parts = spread(settings.n, low, high, wanted)
    return [
        Group(names[one.unit], size, n, one.probability, not one.certain)
        for one, size, n in zip(taken, high, parts, strict=True)
    ]


def _deviations(settings: Settings, sizes: dict[str, int]) -> list[float]:
    given = dict(settings.deviations)
    missing = sorted(set(sizes) - set(given))
    if missing:
        raise WrongUse(
            Message(f"层“{missing[0]}”没有标准差。", f"No deviation is given of {missing[0]!r}."),
            Message("--sds 的表须列出每一层。", "The table of --sds must list every stratum."),
            "--sds",
        )
    return [given[name] for name in sizes]


def _check(settings: Settings) -> None:
    if not settings.seed or "\n" in settings.seed:
        raise WrongUse(
            Message("种子为空或有换行。", "The seed is empty or has a line break."),
            Message(
                "用事先约定、事后公开的一行文字，如某期彩票号码。",
                "Use one line fixed after the frame and known to all, such as a lottery's numbers.",
            ),
            "--seed",
        )


def stratum_of(one: Chosen) -> str:
    """The stratum of the first stage."""
    return BY_SIZE if one.group.cluster else one.group.name
