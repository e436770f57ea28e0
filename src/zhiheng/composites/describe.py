"""The data before they become an index: how every indicator lies and how all hang together.

Skewness and excess kurtosis are corrected for the sample (as in spreadsheets). Correlations are
Pearson's over the units that have both values. Standardised alpha: L. Cronbach, Coefficient alpha
and the internal structure of tests, Psychometrika 16 (1951) 297-334, on the correlations:
k·r/(1 + (k - 1)·r) with the mean correlation r of k indicators (OECD and JRC, Handbook of 2008,
step 4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.composites.aggregate import Floats

STATISTICS = ("n", "missing", "min", "max", "mean", "sd", "skewness", "kurtosis")
"""What is said of every indicator, in this order."""


@dataclass(frozen=True)
class Description:
    """`statistics` (indicators, STATISTICS); `correlations` (indicators, indicators);
    `alpha_if_deleted` (indicators,); `eigenvalues` of the correlations, largest first. NaN for what
    is not defined."""

    codes: tuple[str, ...]
    statistics: Floats
    correlations: Floats
    alpha: float
    alpha_if_deleted: Floats
    eigenvalues: Floats


def describe(
    codes: tuple[str, ...], values: Floats, directions: Floats | None = None
) -> Description:
    """Describe `values` (units, indicators). `directions` (indicators,), 1 or -1, turn indicators
    round in what hangs on correlations, not in their own statistics."""
    statistics = np.array([_statistics(column) for column in values.T])
    turned = values if directions is None else values * directions
    linked = correlations(turned)
    count = range(len(codes))
    without = [alpha(np.delete(np.delete(linked, at, 0), at, 1)) for at in count]
    return Description(
        codes, statistics, linked, alpha(linked), np.array(without), eigenvalues(linked)
    )


def _statistics(column: Floats) -> list[float]:
    from scipy import stats

    there = column[~np.isnan(column)]
    n, nan = there.size, float("nan")
    if not n:
        return [0.0, float(column.size), *[nan] * 6]
    varies = np.ptp(there) > 0
    return [
        n,
        column.size - n,
        there.min(),
        there.max(),
        there.mean(),
        there.std(ddof=1) if n > 1 else nan,
        stats.skew(there, bias=False) if varies and n > 2 else nan,
        stats.kurtosis(there, bias=False) if varies and n > 3 else nan,
    ]


def correlations(values: Floats) -> Floats:
    """Pearson's correlations (indicators, indicators) over the units that have both values."""
    count = values.shape[1]
    found = np.full((count, count), np.nan)
    for i in range(count):
        for j in range(i, count):
            found[i, j] = found[j, i] = _correlation(values[:, i], values[:, j])
    return found


def _correlation(x: Floats, y: Floats) -> float:
    both = ~np.isnan(x) & ~np.isnan(y)
    x, y = x[both], y[both]
    if x.size < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return float("nan")
    a, b = x - x.mean(), y - y.mean()
    return float(np.clip(a @ b / np.sqrt((a @ a) * (b @ b)), -1.0, 1.0))


def alpha(linked: Floats) -> float:
    """Standardised Cronbach's alpha of a correlation matrix; NaN for fewer than two indicators or
    where a correlation is not defined."""
    k = len(linked)
    if k < 2:
        return float("nan")
    mean = linked[np.triu_indices(k, 1)].mean()
    return float(k * mean / (1 + (k - 1) * mean))


def eigenvalues(linked: Floats) -> Floats:
    """Eigenvalues of a symmetric matrix, largest first; all NaN where an entry is."""
    if np.isnan(linked).any():
        return np.full(len(linked), np.nan)
    return np.asarray(np.linalg.eigvalsh(linked)[::-1])
