"""Every item's share of yes, of all courts and of each, with its error and interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from zhiheng.sampling.alone import court_alone
from zhiheng.sampling.arrays import Flags, Floats
from zhiheng.sampling.design import Design
from zhiheng.sampling.estimates import Estimates, design_effects, ratios
from zhiheng.sampling.intervals import Share, exact_finite, interval
from zhiheng.sampling.readings import Readings
from zhiheng.sampling.shares import share_among

METHODS = ("logit", "wilson", "korn-graubard", "exact")
_FALLBACK = "korn-graubard"
"""In place of `exact` where the files are no simple draw."""


@dataclass(frozen=True)
class ItemEstimate:
    """An item of one court, or of all ("").

    n: files read that the item applies to. read: files read. population: files they stand for.
    n_eff: files of a simple draw with replacement that would tell as much. deff: variance over
    that of a simple draw without replacement of n files. NaN where it cannot be said.
    """

    item: str
    court: str
    estimate: float
    se: float
    low: float
    high: float
    method: str
    n: int
    read: int
    yes: int
    population: float
    n_eff: float
    deff: float
    df: int


def estimate_items(
    found: Readings, by: str = "", method: str = "logit", level: float = 0.95
) -> list[ItemEstimate]:
    """Estimates of every item, first of all files, then of each value of the column `by`.

    Raises BadInput for a lonely stratum, or where there is no such column.
    """
    every = np.ones(found.design.files, np.bool_)
    rows = list(_of_domain(found, "", every, method, level))
    if by:
        labels = np.array(found.sampled.labels(by))
        for name in sorted(set(labels.tolist())):
            inside = labels == name
            own = court_alone(found, inside)
            every = inside if own is None else np.ones(own.design.files, np.bool_)
            rows += _of_domain(own or found, name, every, method, level)
    return rows


def leaves_of(found: Readings, inside: Flags | None = None) -> Estimates:
    """The items as leaves of a tree: shares of yes among files they apply to, with influence."""
    held = np.ones(found.design.files, np.bool_) if inside is None else inside
    applies = found.applies & held[:, None]
    return ratios(found.design, found.yes & applies, applies)


def _of_domain(
    found: Readings, court: str, inside: Flags, method: str, level: float
) -> Iterator[ItemEstimate]:
    applies = found.applies & inside[:, None]
    yes = found.yes & applies
    leaves = ratios(found.design, yes, applies)
    variances = np.diagonal(leaves.covariance(found.design))
    effects = design_effects(found.design, leaves, variances, yes, applies)
    population = float(found.design.weights[inside].sum())
    for at, item in enumerate(found.items):
        share = share_among(
            found.design, float(leaves.values[at]), float(variances[at]), applies[:, at]
        )
        counted = int(yes[:, at].sum()), share.n, int(inside.sum())
        low, high, used = _interval(found.design, share, inside, counted, method, level)
        yield ItemEstimate(
            item=item,
            court=court,
            estimate=share.value,
            se=share.variance**0.5,
            low=low,
            high=high,
            method=used,
            n=share.n,
            read=int(inside.sum()),
            yes=counted[0],
            population=population,
            n_eff=_size(share),
            deff=float(effects[at]),
            df=share.df,
        )


def _size(share: Share) -> float:
    return share.kish if share.at_edge else share.value * (1 - share.value) / share.variance


def _interval(
    design: Design,
    share: Share,
    inside: Flags,
    counted: Sequence[int],
    method: str,
    level: float,
) -> tuple[float, float, str]:
    if method != "exact":
        return *interval(share, method, level), method
    population = _simple(design, inside)
    if population is None or not share.n:
        return *interval(share, _FALLBACK, level), _FALLBACK
    yes, n, read = counted
    # Of the files not read, all may be such that the item applies to: the widest that can be.
    return *exact_finite(yes, n, population - (read - n), level), method


def _simple(design: Design, inside: Flags) -> int | None:
    """How many files there are, where these are a simple draw without replacement of a stratum."""
    stage = design.stages[0]
    strata = np.unique(stage.group[stage.unit[inside]])
    whole = len(strata) == 1 and stage.drawn[strata[0]] == inside.sum()
    if len(design.stages) > 1 or not whole or not np.isfinite(stage.population[strata[0]]):
        return None
    return round(float(stage.population[strata[0]]))


def covariance_of(found: Readings) -> Floats:
    """Covariance (items, items) of the items of all files: read in the same files, they vary
    together."""
    return leaves_of(found).covariance(found.design)
