"""Which units can be told apart, all pairs of them at once.

The simultaneous comparisons of Mogstad, Romano, Shaikh and Wilhelm, "Inference for Ranks with
Applications to Mobility across Neighbourhoods and Academic Achievement across Countries",
Review of Economic Studies 91 (2024), stepwise, with the quantile drawn from the normal law of the
estimates. Beyond `MOST_DRAWN` units the quantile is Šidák's, which needs no draws and is wider.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Quantile = Literal["drawn", "sidak", "exact"]

DRAWS = 10_000
"""Draws the quantile rests on: its own error is then about a hundredth."""
MOST_DRAWN = 400
"""Units up to which the quantile is drawn: their pairs are some 80,000."""
_AT_ONCE = 500
"""Draws compared at a time, few enough to stay near the processor."""


@dataclass(frozen=True, eq=False)
class Apart:
    """All pairs compared: `better[j, k]` says that unit j is surely above unit k.

    `critical` is the number of standard errors a difference had to reach in the first step,
    `quantile` where it came from ("exact" where no unit has an error).
    """

    better: Flags
    critical: float
    quantile: Quantile
    confidence: float


def tell_apart(
    values: Floats,
    covariance: Floats,
    confidence: float = 0.95,
    seed: int = 0,
    draws: int = DRAWS,
) -> Apart:
    """Compare all pairs of units so that with `confidence` no pair is ordered wrongly.

    `values` has shape (units,), `covariance` (units, units), the standard errors squared where
    units are independent. Units without a value (NaN) are told apart from none. Two units
    without error between them differ where their values do.
    """
    errors = _errors_of_differences(covariance)
    gap = values[:, None] - values[None, :]
    known = ~np.isnan(gap)
    # What has no error between it is compared as it stands.
    better = known & (errors == 0) & (gap > 0)
    open_ = known & (errors > 0)
    if not open_.any():
        return Apart(better, 0.0, "exact", confidence)
    t = np.where(open_, gap, 0.0) / np.where(open_, errors, 1.0)
    critical, quantile = [], _Quantile(covariance, errors, confidence, seed, draws)
    while open_.any():
        critical.append(quantile(open_))
        found = open_ & (t > critical[-1])
        if not found.any():
            break
        better |= found
        open_ &= ~found
    drawn: Quantile = "drawn" if len(values) <= MOST_DRAWN else "sidak"
    return Apart(better, critical[0], drawn, confidence)


def _errors_of_differences(covariance: Floats) -> Floats:
    own = np.diagonal(covariance)
    square = own[:, None] + own[None, :] - 2 * covariance
    scale = np.maximum(own[:, None], own[None, :])
    # Two readings of one file differ by nothing but rounding.
    return np.sqrt(np.where(square > 1e-12 * scale, square, 0.0))


class _Quantile:
    """The number that the largest of the open differences, in standard errors, stays below."""

    def __init__(
        self, covariance: Floats, errors: Floats, confidence: float, seed: int, draws: int
    ) -> None:
        self._errors, self._confidence = errors, confidence
        self._drawn = None
        if len(covariance) <= MOST_DRAWN:
            self._drawn = np.ascontiguousarray(_normal(covariance, draws, seed).T)

    def __call__(self, open_: Flags) -> float:
        if self._drawn is None:
            return float(norm.ppf(self._confidence ** (1 / np.count_nonzero(open_))))
        # 1 over the error where a pair is open in that direction, 0 where it is closed: the largest
        # difference is never below 0.
        scale = np.where(open_, 1.0 / np.where(open_, self._errors, 1.0), 0.0)
        blocks = range(0, self._drawn.shape[1], _AT_ONCE)
        top = [_largest(self._drawn[:, start : start + _AT_ONCE], scale) for start in blocks]
        return float(np.quantile(np.concatenate(top), self._confidence))


def _largest(drawn: Floats, scale: Floats) -> Floats:
    """The largest scaled difference of each draw; `drawn` has shape (units, draws)."""
    top = np.zeros(drawn.shape[1])
    for unit in range(len(drawn) - 1):
        apart = drawn[unit] - drawn[unit + 1 :]
        up, down = scale[unit, unit + 1 :, None], scale[unit + 1 :, unit, None]
        if up.any() or down.any():
            np.maximum(top, np.maximum(apart * up, apart * -down).max(axis=0), out=top)
    return top


def _normal(covariance: Floats, draws: int, seed: int) -> Floats:
    """Draws of the errors of all units, shape (draws, units); the same for the same seed."""
    normal = np.random.Generator(np.random.PCG64(seed)).standard_normal((draws, len(covariance)))
    variances = np.diagonal(covariance)
    if np.array_equal(covariance, np.diag(variances)):
        return np.asarray(normal * np.sqrt(variances))
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(normal @ (vectors * np.sqrt(np.maximum(values, 0.0))).T)
