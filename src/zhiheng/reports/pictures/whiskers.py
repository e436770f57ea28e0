"""Scores with what is unsure about them: a dot a court, and a whisker as long as its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from zhiheng.reports.pictures.scale import (
    FOOT,
    HEAD,
    ROW,
    WIDTH,
    Label,
    Scale,
    label_of,
    runs_of,
    scale_of,
)

Kind = Literal["census", "sampled", "untold"]
_LEFT, _RIGHT = 500.0, WIDTH - 20


@dataclass(frozen=True)
class Marked:
    """A court's score with its interval, and how both are written. `low` and `high` are the score
    itself where nothing is unsure or nobody can tell."""

    name: str
    score: str
    doubt: str
    value: float
    low: float
    high: float
    kind: Kind
    link: str = ""


@dataclass(frozen=True)
class Whisker:
    """A row: the dot at `x`, the whisker from `low` to `high`, all at the height `y`."""

    of: Marked
    label: Label
    y: float
    x: float
    low: float
    high: float


@dataclass(frozen=True)
class Whiskers:
    """A figure of up to MOST_ROWS courts; `first` is the place of its first court among all."""

    first: int
    height: float
    scale: Scale
    rows: tuple[Whisker, ...]

    @property
    def last(self) -> int:
        """The place of the figure's last court among all."""
        return self.first + len(self.rows) - 1


def whiskers(marked: Sequence[Marked]) -> list[Whiskers]:
    """The courts by score, the highest first, on one scale in as many figures as it takes."""
    ordered = sorted(marked, key=lambda one: -one.value)
    ends = [end for one in marked for end in (one.low, one.high)]
    scale = scale_of(ends, (0.0, 100.0), _LEFT, _RIGHT)
    found, first = [], 1
    for run in runs_of(ordered):
        rows = tuple(_row(one, at, scale) for at, one in enumerate(run))
        found.append(Whiskers(first, HEAD + ROW * len(rows) + FOOT, scale, rows))
        first += len(run)
    return found


def _row(one: Marked, at: int, scale: Scale) -> Whisker:
    ends = (scale.place(value) for value in (one.value, one.low, one.high))
    return Whisker(one, label_of(one.name), HEAD + ROW * (at + 0.5), *ends)
