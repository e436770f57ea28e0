"""Two runs beside each other: what happened to every unit's score and rank."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from zhiheng.composites.problems import refused

COLUMNS = ("unit", "score_before", "score_after", "rank_before", "rank_after", "shift")
NAN = float("nan")


@dataclass(frozen=True)
class Standing:
    """A unit's score and rank; NaN for none."""

    score: float
    rank: float


@dataclass(frozen=True)
class Shift:
    """One unit in both runs; `shift`: places gained (positive: it moved up)."""

    unit: str
    before: Standing
    after: Standing

    @property
    def shift(self) -> float:
        """Rank before less rank after."""
        return self.before.rank - self.after.rank


@dataclass(frozen=True)
class Comparison:
    """Shifts in the order of the first run; `units`: those ranked in both, over which the mean
    absolute shift, Spearman's rho and Kendall's tau-b of the scores are taken (NaN below two)."""

    shifts: tuple[Shift, ...]
    units: int
    mean_shift: float
    spearman: float
    kendall: float


def compare(before: Mapping[str, Standing], after: Mapping[str, Standing]) -> Comparison:
    """Compare two runs; a unit of only one of them has no value in the other."""
    none = Standing(NAN, NAN)
    shifts = tuple(
        Shift(unit, before.get(unit, none), after.get(unit, none))
        for unit in dict.fromkeys([*before, *after])
    )
    both = [one for one in shifts if one.shift == one.shift]
    moved = float(np.mean([abs(one.shift) for one in both])) if both else NAN
    rho, tau = _correlations(both)
    return Comparison(shifts, len(both), moved, rho, tau)


def _correlations(both: list[Shift]) -> tuple[float, float]:
    from scipy import stats

    first, second = ([s.score for s in side] for side in _sides(both))
    if len(both) < 2 or len(set(first)) < 2 or len(set(second)) < 2:
        return NAN, NAN
    rho, tau = stats.spearmanr(first, second), stats.kendalltau(first, second)
    return float(rho.statistic), float(tau.statistic)


def _sides(both: list[Shift]) -> tuple[list[Standing], list[Standing]]:
    return [one.before for one in both], [one.after for one in both]


def read_standings(folder: Path) -> dict[str, Standing]:
    """Unit → score of the root and rank, of a run's folder. Raises BadInput where it is none."""
    try:
        log = msgspec.json.decode((folder / "log.json").read_bytes())
        root = next(one["code"] for one in log["nodes"] if not one["parent"])
        scores, ranks = (_rows(folder / name) for name in ("scores.csv", "ranks.csv"))
        return {
            unit: Standing(float(row[root] or NAN), float(ranks[unit]["rank"] or NAN))
            for unit, row in scores.items()
        }
    except (OSError, ValueError, KeyError, TypeError, StopIteration, csv.Error) as error:
        raise refused(
            str(folder),
            ("这不是 zhiheng index score 的输出目录。", "This is no folder of an index run."),
            ("给出 --out 写出的目录。", "Name a folder that `zhiheng index score --out` wrote."),
        ) from error


def _rows(path: Path) -> dict[str, dict[str, str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return {row["unit"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
