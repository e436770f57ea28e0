"""What replays did to a level's courts, as rows for pages and workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zhiheng.scoring.moved import SetMoved  # slow to load
    from zhiheng.sensitivity.alone import Change
    from zhiheng.sensitivity.analysis import Analysis


@dataclass(frozen=True)
class FactorRow:
    """A factor's indices of the mean shift of ranks; None where that did not vary."""

    title: str
    first: float | None
    total: float | None


@dataclass(frozen=True)
class CourtMoved:
    """A court's score and rank in force, and the ranks it had in 9 of 10 replays."""

    court: str
    score: float
    rank: int
    low: int
    median: int
    high: int
    shift: float


@dataclass(frozen=True)
class ChangeRow:
    """One alternative by itself; None where no court has a score both times."""

    title: str
    mean_shift: float | None
    largest: int | None
    moved_most: str
    mean_score: float | None
    lost: int
    gained: int

    @property
    def moves(self) -> bool:
        """Whether it changes any score."""
        return bool(self.mean_score or self.mean_shift or self.lost or self.gained) or (
            self.mean_score is None
        )


def factor_rows(analysis: Analysis, language: str) -> list[FactorRow]:
    """The factors of an analysis, what moves ranks most first."""
    replays = analysis.replays
    rows = [
        FactorRow(factor.title.in_language(language), _known(first), _known(total))
        for factor, first, total in zip(
            replays.factors, replays.first[0], replays.total[0], strict=True
        )
    ]
    return sorted(rows, key=lambda row: -(row.total or 0.0))


def court_rows(moved: SetMoved, analysis: Analysis) -> list[CourtMoved]:
    """The courts that have a rank in force and in replays, by that rank."""
    from zhiheng.inference.ranks import ranks_of  # slow to load

    spread, ranks = analysis.spread, ranks_of(moved.in_force)
    rows = [
        CourtMoved(
            court,
            float(moved.in_force[at]),
            int(ranks[at]),
            int(spread.rank_low[at]),
            int(spread.rank_median[at]),
            int(spread.rank_high[at]),
            float(spread.shift[at]),
        )
        for at, court in enumerate(moved.courts)
        if ranks[at] and not isnan(spread.rank_low[at])
    ]
    return sorted(rows, key=lambda row: row.rank)


def change_rows(moved: SetMoved, names: Mapping[str, str], language: str) -> list[ChangeRow]:
    """Single changes, the one that moves ranks most first."""
    ordered = sorted(moved.alone, key=lambda one: -(one.mean_rank_shift or 0.0))
    return [_change(one, moved, names, language) for one in ordered]


def _change(one: Change, moved: SetMoved, names: Mapping[str, str], language: str) -> ChangeRow:
    most = moved.courts[one.moved_most] if one.moved_most is not None else ""
    return ChangeRow(
        one.title.in_language(language),
        one.mean_rank_shift,
        one.largest_rank_shift,
        names.get(most, most) if one.largest_rank_shift else "",
        one.mean_score_shift,
        one.lost,
        one.gained,
    )


def _known(index: float) -> float | None:
    return None if isnan(index) else float(index)
