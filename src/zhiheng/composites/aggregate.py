"""From children to their parent: means that skip what is missing, and their derivatives.

Nothing here knows a tree. Every child is an array; all broadcast against each other and against
the weights, so that one call serves many units and, with weights of shape (replays, 1), many
replays. Children are added in their order: every sum is that of a plain loop.

Sources: OECD and JRC, Handbook on Constructing Composite Indicators (2008), step 6, for the
arithmetic and the geometric mean; M. Mazziotta and A. Pareto, On a Generalized Non-compensatory
Composite Index for Measuring Socio-economic Phenomena, Social Indicators Research 127 (2016)
983-1003, for M - S·cv with the standard deviation over all children (divisor: their number).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
METHODS = ("arithmetic", "geometric", "harmonic", "mazziotta-pareto")
"""The names of the aggregations."""
FLOORED = ("geometric", "harmonic")
"""Those that a floor raises low values for."""
PENALTIES = {"negative": -1.0, "positive": 1.0}
"""Name of a Mazziotta-Pareto index → the sign of its penalty."""


def combine(
    method: str,
    values: Sequence[Floats],
    weights: Sequence[ArrayLike],
    floor: float | None = None,
    penalty: str = "negative",
) -> Floats:
    """A node's value from its children's.

    `values`: one array a child, NaN where it has none; `weights`: one a child, at least 0, in any
    scale: those of the children present are scaled to 1. NaN where no child with a positive weight
    has a value. `floor`: the geometric and the harmonic mean raise lower values to it.
    Where `broken` says so the result has no meaning. Raises KeyError for an unknown method.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return _COMBINE[method](_raised(method, values, floor), weights, PENALTIES[penalty])


def broken(
    method: str, values: Sequence[Floats], weights: Sequence[ArrayLike], floor: float | None = None
) -> Flags:
    """Where the method is not defined: a negative value under a geometric or harmonic mean (or a
    Mazziotta-Pareto index whose mean is negative, or 0 among children that differ)."""
    if method == "arithmetic":
        return np.zeros(np.broadcast_shapes(*map(np.shape, values)), np.bool_)
    if method == "mazziotta-pareto":
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = _mean(values, weights)
            return np.asarray((mean < 0) | ((mean == 0) & (_variance(values, weights, mean) > 0)))
    raised = _raised(method, values, floor)
    parts = [(value < 0) & (np.asarray(w) > 0) for value, w in zip(raised, weights, strict=True)]
    return np.asarray(np.logical_or.reduce(np.broadcast_arrays(*parts)))


def partials(
    method: str,
    values: Sequence[Floats],
    weights: Sequence[ArrayLike],
    floor: float | None = None,
    penalty: str = "negative",
) -> list[Floats]:
    """How much a node's value changes with each child's, all else and what is missing unchanged.

    One array a child; 0 for a child without a value or below the floor, NaN where the geometric or
    the harmonic mean has no derivative (a child with value 0).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        raised = _raised(method, values, floor)
        shares = _shares(raised, weights)
        slopes = _SLOPES[method](raised, weights, shares, PENALTIES[penalty])
        still = [np.isnan(value) | _below(method, value, floor) for value in values]
        return [np.where(s, 0.0, slope) for slope, s in zip(slopes, still, strict=True)]


def _raised(method: str, values: Sequence[Floats], floor: float | None) -> Sequence[Floats]:
    if floor is None or method not in FLOORED:
        return values
    return [np.maximum(value, floor) for value in values]  # NaN stays NaN


def _below(method: str, value: Floats, floor: float | None) -> Flags:
    if floor is None or method not in FLOORED:
        return np.zeros(value.shape, np.bool_)
    return np.asarray(value < floor)


def _mean(values: Sequence[Floats], weights: Sequence[ArrayLike]) -> Floats:
    """The weighted mean of what is there."""
    total: Floats = np.zeros(())
    mass: Floats = np.zeros(())
    for value, weight in zip(values, weights, strict=True):
        w = np.asarray(weight, np.float64)
        there = ~np.isnan(value)
        if there.all():  # the common case, and in many replays the one that has to be fast
            total, mass = total + w * value, mass + w
        else:
            # A weight of 0 times an infinite term (the logarithm of 0) would be no number.
            total = total + np.where(there, w * np.where(there, value, 0.0), 0.0)
            mass = mass + np.where(there, w, 0.0)
    return np.asarray(np.where(mass > 0, total / mass, np.nan))


def _weighted(values: Sequence[Floats], weights: Sequence[ArrayLike]) -> list[Floats]:
    """The values, missing where they weigh nothing: then their logarithm does not matter."""
    return [_where_weighed(value, w) for value, w in zip(values, weights, strict=True)]


def _where_weighed(value: Floats, weight: ArrayLike) -> Floats:
    weighs = np.asarray(weight) > 0
    # As it is wherever it can be: once for all replays, not once for each.
    return value if weighs.all() else np.where(weighs, value, np.nan)


def _variance(values: Sequence[Floats], weights: Sequence[ArrayLike], mean: Floats) -> Floats:
    return _mean([(value - mean) ** 2 for value in values], weights)


def _arithmetic(values: Sequence[Floats], weights: Sequence[ArrayLike], _: float) -> Floats:
    return _mean(values, weights)


def _geometric(values: Sequence[Floats], weights: Sequence[ArrayLike], _: float) -> Floats:
    logs = [np.log(value) for value in _weighted(values, weights)]
    return np.asarray(np.exp(_mean(logs, weights)))


def _harmonic(values: Sequence[Floats], weights: Sequence[ArrayLike], _: float) -> Floats:
    return np.asarray(1.0 / _mean([1.0 / v for v in _weighted(values, weights)], weights))


def _mazziotta(values: Sequence[Floats], weights: Sequence[ArrayLike], sign: float) -> Floats:
    mean = _mean(values, weights)
    variance = _variance(values, weights, mean)
    # S·cv is the variance over the mean; children that agree bear no penalty, at 0 too.
    return np.asarray(np.where(variance == 0, mean, mean + sign * variance / mean))


def _shares(values: Sequence[Floats], weights: Sequence[ArrayLike]) -> list[Floats]:
    """Weights scaled to 1 over the children present."""
    there = [np.where(np.isnan(v), 0.0, w) for v, w in zip(values, weights, strict=True)]
    total = sum(there[1:], start=there[0])
    return [np.asarray(one / total) for one in there]


_Slope = Callable[[Sequence[Floats], Sequence[ArrayLike], list[Floats], float], list[Floats]]


def _arithmetic_slope(
    values: Sequence[Floats], weights: Sequence[ArrayLike], shares: list[Floats], _: float
) -> list[Floats]:
    return shares


def _geometric_slope(
    values: Sequence[Floats], weights: Sequence[ArrayLike], shares: list[Floats], _: float
) -> list[Floats]:
    whole = _geometric(values, weights, 0.0)
    return [
        np.where(share > 0, whole * share / value, 0.0)
        for value, share in zip(values, shares, strict=True)
    ]


def _harmonic_slope(
    values: Sequence[Floats], weights: Sequence[ArrayLike], shares: list[Floats], _: float
) -> list[Floats]:
    whole = _harmonic(values, weights, 0.0)
    return [
        np.where(share > 0, share * (whole / value) ** 2, 0.0)
        for value, share in zip(values, shares, strict=True)
    ]


def _mazziotta_slope(
    values: Sequence[Floats], weights: Sequence[ArrayLike], shares: list[Floats], sign: float
) -> list[Floats]:
    mean = _mean(values, weights)
    cv2 = np.where(mean == 0, 0.0, _variance(values, weights, mean) / mean**2)
    # d(S²/M) = share · (2(x - M)/M - S²/M²)
    pairs = zip(values, shares, strict=True)
    return [share * (1 + sign * (2 * (value - mean) / mean - cv2)) for value, share in pairs]


_COMBINE: dict[str, Callable[[Sequence[Floats], Sequence[ArrayLike], float], Floats]] = {
    "arithmetic": _arithmetic,
    "geometric": _geometric,
    "harmonic": _harmonic,
    "mazziotta-pareto": _mazziotta,
}
_SLOPES: dict[str, _Slope] = {
    "arithmetic": _arithmetic_slope,
    "geometric": _geometric_slope,
    "harmonic": _harmonic_slope,
    "mazziotta-pareto": _mazziotta_slope,
}
