"""Where the courts of a level lie, one dot a court on the scale of scores: geometry only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhiheng.reports.bands import bands
from zhiheng.reports.tree import root_score
from zhiheng.scoring.results import CourtScores

WIDTH = 1000.0
_PITCH = 13.0
_TOP, _FOOT = 26.0, 24.0


@dataclass(frozen=True)
class Dot:
    """One court at `x`, `y` in the units of the drawing."""

    x: float
    y: float
    court: CourtScores


@dataclass(frozen=True)
class DotPlot:
    """Dots stacked by whole points of score; `ticks` are (x, score), `cuts` the band edges."""

    height: float
    base: float
    low: int
    dots: tuple[Dot, ...]
    ticks: tuple[tuple[float, int], ...]
    cuts: tuple[float, ...]


def dot_plot(courts: Sequence[CourtScores]) -> DotPlot | None:
    """The plot of the courts that have a score; None where none has."""
    scored = [(root_score(court).value, court) for court in courts]
    found = [(value, court) for value, court in scored if value is not None]
    if not found:
        return None
    low = min(60, int(min(value for value, _ in found) // 10 * 10))
    stacks: dict[int, list[CourtScores]] = {}
    for value, court in found:
        stacks.setdefault(min(99, int(round(value, 1))), []).append(court)
    base = _TOP + _PITCH * max(4, *(len(stack) for stack in stacks.values()))
    dots = (
        Dot(_place(point + 0.5, low), round(base - _PITCH * (level + 0.5), 1), court)
        for point, stack in sorted(stacks.items())
        for level, court in enumerate(stack)
    )
    ticks = tuple((_place(score, low), score) for score in range(low, 101, 10))
    cuts = tuple(_place(cut, low) for cut in bands().cuts)
    return DotPlot(base + _FOOT, base, low, tuple(dots), ticks, cuts)


def _place(score: float, low: int) -> float:
    return round(20 + (score - low) / (100 - low) * (WIDTH - 40), 1)
