"""Indicators on one scale, higher always being better.

Every method takes one indicator over all units and gives as many values, NaN where there is none.
Direction -1 turns the indicator round: its values are multiplied by -1 before the method; goalposts
and target, whose bounds are in the indicator's own unit, measure from the other end instead.

Sources: OECD and JRC, Handbook on Constructing Composite Indicators (2008), step 5; what the
Handbook leaves open (sample standard deviation, ties at their minimum, percentiles from 0 to 1,
no clipping of targets) is as in the R package COINr, with which the numbers agree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiheng.composites.bounds import Bounds

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scale:
    """Where scales lie: `low` and `high` of minmax and goalposts, `mean` and `sd` of z-scores."""

    low: float = 0.0
    high: float = 100.0
    mean: float = 0.0
    sd: float = 1.0


def normalise(
    method: str,
    values: Floats,
    direction: int = 1,
    bounds: Bounds | None = None,
    scale: Scale | None = None,
) -> Floats:
    """One indicator (units,) on the scale of a method.

    All NaN where the method is not defined for these values: all alike under minmax or zscore, one
    unit under percentile, a maximum of 0 under fraction-of-max, a target at the worst value.
    On a log scale values have to be above 0. Raises KeyError for an unknown method.
    """
    limits = bounds or Bounds()
    if method in PLACED and limits.log:
        # In a replay an error may have pushed a value to where it has no logarithm.
        values, limits = np.log(np.where(values > 0, values, np.nan)), _logged(limits)
    if np.isnan(values).all():
        return values.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = _METHODS[method](values, direction, limits, scale or Scale())
    # The sum turns -0.0 into 0.0.
    return np.where(np.isfinite(found), found, np.nan) + 0.0


def _logged(bounds: Bounds) -> Bounds:
    lower, upper, target = (float(np.log(b)) for b in (bounds.lower, bounds.upper, bounds.target))
    return Bounds(lower, upper, target, False, bounds.clip)


def _none(x: Floats, direction: int, _: Bounds, scale: Scale) -> Floats:
    return x * direction


def _minmax(x: Floats, direction: int, bounds: Bounds, scale: Scale) -> Floats:
    lower = np.nanmin(x) if np.isnan(bounds.lower) else bounds.lower
    upper = np.nanmax(x) if np.isnan(bounds.upper) else bounds.upper
    return _placed(x, direction, float(lower), float(upper), bounds.clip is True, scale)


def _goalposts(x: Floats, direction: int, bounds: Bounds, scale: Scale) -> Floats:
    return _placed(x, direction, bounds.lower, bounds.upper, bounds.clip is not False, scale)


def _placed(
    x: Floats, direction: int, lower: float, upper: float, clip: bool, scale: Scale
) -> Floats:
    """Where a value lies between two bounds, stretched to the scale."""
    if not lower < upper:
        return np.full(x.shape, np.nan)
    share = (x - lower) / (upper - lower) if direction > 0 else (upper - x) / (upper - lower)
    share = np.clip(share, 0.0, 1.0) if clip else share
    return np.asarray(share * (scale.high - scale.low) + scale.low)


def _zscore(x: Floats, direction: int, _: Bounds, scale: Scale) -> Floats:
    # From the lowest value, so that a mean far above the spread costs no digits.
    turned = (x - np.nanmin(x)) * direction
    there = turned[~np.isnan(turned)]
    # Values all alike can differ from their rounded mean by a last digit.
    if there.size < 2 or np.ptp(there) == 0:
        return np.full(x.shape, np.nan)
    score = (turned - there.mean()) / there.std(ddof=1)
    return np.asarray(score * scale.sd + scale.mean)


def ascending_ranks(x: Floats) -> Floats:
    """1 for the lowest value; equal values share the lowest of their ranks; NaN stays NaN."""
    there = np.sort(x[~np.isnan(x)])
    return np.where(np.isnan(x), np.nan, np.searchsorted(there, x, side="left") + 1.0)


def _rank(x: Floats, direction: int, _: Bounds, scale: Scale) -> Floats:
    return ascending_ranks(x * direction)


def _percentile(x: Floats, direction: int, _: Bounds, scale: Scale) -> Floats:
    return (ascending_ranks(x * direction) - 1.0) / (np.count_nonzero(~np.isnan(x)) - 1)


def _target(x: Floats, direction: int, bounds: Bounds, scale: Scale) -> Floats:
    """1 at the target, 0 at the worst value; beyond the target more than 1 unless clipped."""
    worst = np.nanmin(x) if direction > 0 else np.nanmax(x)
    share = (x - worst) / (bounds.target_for(direction) - worst)
    return np.minimum(share, 1.0) if bounds.clip else share


def _fraction(x: Floats, direction: int, _: Bounds, scale: Scale) -> Floats:
    turned = x * direction
    return turned / np.nanmax(turned)


_METHODS: dict[str, Callable[[Floats, int, Bounds, Scale], Floats]] = {
    "none": _none,
    "minmax": _minmax,
    "goalposts": _goalposts,
    "zscore": _zscore,
    "rank": _rank,
    "percentile": _percentile,
    "target": _target,
    "fraction-of-max": _fraction,
}
METHODS = tuple(_METHODS)
"""The names of the normalisations."""
PLACED = ("minmax", "goalposts", "target")
"""Those that read bounds."""
RANGED = ("minmax", "goalposts")
"""Those that end on the range low..high."""
