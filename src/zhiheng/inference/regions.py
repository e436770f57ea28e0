"""The index of a province or of the nation, out of its courts' scores.

Three answers to three questions, each with a name of its own: `by_cases` how a case fares (each
court weighs as many as its cases), `by_courts` how a court does (each weighs one), `equally` how a
part of the region does (its parts weigh the same, within a part each court one).

Design-based: the error has two stages, the draw of courts and the draw of files in them
(Särndal, Swensson and Wretman, Model Assisted Survey Sampling, 1992, section 4.3; ratios by
linearisation, section 5.7).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

from zhiheng.errors import BadInput, Message
from zhiheng.inference.told_apart import Floats

Weighting = Literal["by_cases", "by_courts", "equally"]
WEIGHTINGS: tuple[Weighting, ...] = ("by_cases", "by_courts", "equally")


@dataclass(frozen=True, eq=False)
class Courts:
    """All courts of a region, an entry a court; those that were not drawn have no score (NaN).

    `part` names the part of the region, which is the stratum courts were drawn in; `error` is the
    standard error of the score from the draw of files (0 for a census), `cases` the number of
    cases the court stands for. `chance`: of each court to be drawn, where courts were drawn with
    unequal chances; without it a part's courts count as a simple draw.
    """

    part: Sequence[str]
    score: Floats
    error: Floats
    cases: Floats
    chance: Floats | None = None

    def __len__(self) -> int:
        return len(self.score)


@dataclass(frozen=True)
class RegionIndex:
    """An index of a region. `from_courts` and `from_files` are the parts of the error that come
    from the draw of courts and of files; `courts` is how many gave a score, of `of_courts`;
    `parts_without` names parts no court of which did: the index says nothing of them."""

    weighting: Weighting
    value: float
    error: float
    from_courts: float
    from_files: float
    low: float
    high: float
    courts: int
    of_courts: int
    parts_without: tuple[str, ...]


def region_index(courts: Courts, weighting: Weighting, confidence: float = 0.95) -> RegionIndex:
    """The index by one weighting; courts without a score count as not drawn.

    Raises BadInput where no court has a score, or where a part of which not every court was drawn
    has a single one: its error cannot be told (with unequal chances that stops `equally` alone).
    """
    scored = _Scored.of(courts)
    share = _SHARES[weighting](scored)
    value = float(share @ scored.score)
    centre = scored.mean_of_part() if weighting == "equally" else value
    residual = share * (scored.score - centre)
    apart = weighting == "equally" and not scored.simple
    if apart and (alone := told_by_one(courts)):
        raise _single(alone[0])
    between = _of_parts(scored, residual) if apart else _between(scored, residual)
    within = float(np.sum(share**2 * scored.told_within * scored.error**2))
    error = float(np.sqrt(between + within))
    reach = float(t.ppf(0.5 + confidence / 2, scored.freedom(apart))) * error
    return RegionIndex(
        weighting,
        value,
        error,
        float(np.sqrt(between)),
        float(np.sqrt(within)),
        value - reach,
        value + reach,
        len(scored.score),
        len(courts),
        tuple(part for part in dict.fromkeys(courts.part) if part not in scored.names),
    )


@dataclass(frozen=True, eq=False)
class _Scored:
    """The courts with a score. `part` is the place of a court's part in `names`, `count` how many
    of the part's courts have one, `drawn` the chance of the court (simple draws: the share of its
    part's courts). `simple` says whether the chances are those of simple draws."""

    names: tuple[str, ...]
    part: NDArray[np.intp]
    score: Floats
    error: Floats
    cases: Floats
    count: NDArray[np.intp]
    drawn: Floats
    simple: bool

    @classmethod
    def of(cls, courts: Courts) -> _Scored:
        known = ~np.isnan(courts.score)
        if not known.any():
            raise _without_scores()
        there = Counter(courts.part)
        kept = [part for part, k in zip(courts.part, known, strict=True) if k]
        names = tuple(dict.fromkeys(kept))
        places = {name: place for place, name in enumerate(names)}
        part = np.array([places[name] for name in kept], np.intp)
        count = np.bincount(part)[part]
        drawn = count / np.array([there[name] for name in kept], np.float64)
        if courts.chance is not None:
            drawn = courts.chance[known]
        score, error, cases = (a[known] for a in (courts.score, courts.error, courts.cases))
        return cls(names, part, score, error, cases, count, drawn, courts.chance is None)

    def freedom(self, by_part: bool) -> float:
        """Degrees of freedom: courts less parts, of what was drawn; infinite where all were. With
        unequal chances the region counts as one part, unless `by_part`."""
        open_ = self.drawn < 1
        parts = len(set(self.part[open_].tolist())) if self.simple or by_part else 1
        return max(int(open_.sum()) - parts, 1) if open_.any() else np.inf

    @property
    def told_within(self) -> Floats:
        """How much of the variance within courts the first stage does not tell: with simple draws
        the share drawn; with unequal chances, which count as with replacement, only that of courts
        that were certain."""
        return self.drawn if self.simple else np.where(self.drawn >= 1, 1.0, 0.0)

    def mean_of_part(self) -> Floats:
        """The estimated mean of its part, court by court."""
        sums = np.bincount(self.part, self.score / self.drawn)
        return np.asarray(sums[self.part] / np.bincount(self.part, 1 / self.drawn)[self.part])


def _by_cases(courts: _Scored) -> Floats:
    weight = courts.cases / courts.drawn
    return np.asarray(weight / weight.sum())


def _by_courts(courts: _Scored) -> Floats:
    weight = 1 / courts.drawn
    return np.asarray(weight / weight.sum())


def _equally(courts: _Scored) -> Floats:
    weight = 1 / courts.drawn
    return np.asarray(weight / np.bincount(courts.part, weight)[courts.part] / len(courts.names))


_SHARES: dict[Weighting, Callable[[_Scored], Floats]] = {
    "by_cases": _by_cases,
    "by_courts": _by_courts,
    "equally": _equally,
}


def _between(courts: _Scored, residual: Floats) -> float:
    """The variance of the first stage. Simple draws of courts within each part; with unequal
    chances as if with replacement, over the region as one draw, which errs on the wide side."""
    if not courts.simple:
        open_ = courts.drawn < 1
        if open_.sum() == 1:
            raise _single(courts.names[int(courts.part[open_][0])])
        return int(open_.sum()) * float(np.var(residual[open_], ddof=1)) if open_.any() else 0.0
    total = 0.0
    for place, name in enumerate(courts.names):
        inside = courts.part == place
        count, left = int(inside.sum()), 1 - float(courts.drawn[inside][0])
        if left <= 0:
            continue
        if count < 2:
            raise _single(name)
        total += left * count * float(np.var(residual[inside], ddof=1))
    return total


def _of_parts(courts: _Scored, residual: Floats) -> float:
    """The variance of the first stage with unequal chances where residuals are from the mean of
    the part, which takes up a degree of freedom in each: as if with replacement in each part."""
    own = np.bincount(courts.part, residual**2)
    count = np.bincount(courts.part)
    left = np.bincount(courts.part, courts.drawn < 1) > 0
    return float(np.sum(own[left] * count[left] / (count[left] - 1)))


def told_by_one(courts: Courts) -> tuple[str, ...]:
    """The parts with more courts than one, or an uncertain one, of which one alone has a score:
    how courts vary in them cannot be told."""
    there, known = Counter(courts.part), ~np.isnan(courts.score)
    scored = Counter(part for part, k in zip(courts.part, known, strict=True) if k)
    chance = np.ones(len(courts)) if courts.chance is None else courts.chance
    unsure = {part for part, c, k in zip(courts.part, chance, known, strict=True) if k and c < 1}
    return tuple(
        part for part, many in scored.items() if many == 1 and (there[part] > 1 or part in unsure)
    )


def _without_scores() -> BadInput:
    return BadInput(
        Message("没有一个法院有得分。", "No court has a score."),
        Message("请先评估各法院，或核对得分一列。", "Score the courts first, or check the column."),
        "score",
    )


def _single(part: str) -> BadInput:
    return BadInput(
        Message(
            f"“{part}”只抽到一个有得分的法院，无法估计误差。",
            f"Only one court with a score was drawn in {part!r}: its error cannot be told.",
        ),
        Message(
            "请与相邻的部分合并，或在该部分至少抽两个法院。",
            "Join it to a neighbouring part, or draw two courts at least.",
        ),
        part,
    )
