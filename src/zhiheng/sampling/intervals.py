"""Confidence intervals for a share (a proportion or a ratio of yes to applicable).

All follow R's `survey::svyciprop` where it has the method (its names: wald = "mean", logit =
"xlogit", korn-graubard = "beta"); what happens at 0 % and 100 %, where R gives an interval without
width or none, is said at each. `exact` and `exact_finite` are for simple random draws and need
counts only.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, expit, logit, stdtrit
from scipy.stats import hypergeom

Interval = tuple[float, float]
"""Lower and upper bound, within 0 and 1."""

_NONE: Interval = (float("nan"), float("nan"))


@dataclass(frozen=True)
class Share:
    """An estimated share and what it stands on.

    value: between 0 and 1. variance: by the design. n: files counted. df: degrees of freedom.
    kish: (Σw)²/Σw² of the files counted, n where all weigh the same. whole: whether nothing was
    left out of the draw, so that a variance of 0 is a fact and not an accident of the sample.
    """

    value: float
    variance: float
    n: int
    df: int
    kish: float
    whole: bool = False

    @property
    def at_edge(self) -> bool:
        """All yes, all no, or (up to rounding) no variance seen although files were left out."""
        return min(self.value, 1 - self.value) < _TINY or self.variance < _TINY**2


_TINY = 1e-12


def interval(share: Share, method: str, level: float = 0.95) -> Interval:
    """The interval by a method of `METHODS`; NaN without a degree of freedom."""
    if share.whole:
        return share.value, share.value
    if share.df < 1 or np.isnan(share.value):
        return _NONE
    return METHODS[method](share, level)


def wald(share: Share, level: float) -> Interval:
    """value ± t(df) · standard error, cut at 0 and 1. Without width at 0 % and 100 %: it is here
    for comparison, not for use near the edges."""
    reach = _t(level, share.df) * share.variance**0.5
    return max(share.value - reach, 0.0), min(share.value + reach, 1.0)


def logit_interval(share: Share, level: float) -> Interval:
    """Wald on the log-odds, t(df), brought back (R "xlogit"; Stata and SUDAAN do the same).

    At the edges, where log-odds are infinite or no variance was seen, Korn and Graubard's.
    """
    if share.at_edge:
        return korn_graubard(share, level)
    middle = logit(share.value)
    reach = _t(level, share.df) * share.variance**0.5 / (share.value * (1 - share.value))
    return float(expit(middle - reach)), float(expit(middle + reach))


def wilson(share: Share, level: float) -> Interval:
    """Wilson's score interval with the effective sample size p(1-p)/variance and t(df).

    The same as the size adjusted for the degrees of freedom with t(n-1) (Franco, Little, Louis and
    Slud 2019); for a simple random draw with many files it is Wilson (1927). At the edges the
    effective size is Kish's.
    """
    t2 = _t(level, share.df) ** 2
    size = _effective(share)
    middle = (share.value + t2 / (2 * size)) / (1 + t2 / size)
    spread = share.value * (1 - share.value) / size + t2 / (4 * size**2)
    reach = (t2 * spread) ** 0.5 / (1 + t2 / size)
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


def korn_graubard(share: Share, level: float) -> Interval:
    """Clopper and Pearson's interval with the effective sample size, adjusted for the degrees of
    freedom: n* = p(1-p)/variance · (t(n-1)/t(df))² (Korn and Graubard 1998, equations 2.1 and 2.2;
    R "beta", which like this does not cut n* at n).

    At the edges, where the sample tells no variance, n* is Kish's effective size with the same
    adjustment: a design effect of the weights alone, as in the US NCHS standards (Parker 2017).
    """
    adjusted = (_t(level, share.n - 1) / _t(level, share.df)) ** 2 if share.n > 1 else 1.0
    size = _effective(share) * adjusted
    return _beta(size * share.value, size, level)


def _effective(share: Share) -> float:
    if share.at_edge:
        return share.kish
    return share.value * (1 - share.value) / share.variance


def exact(yes: int, n: int, level: float = 0.95) -> Interval:
    """Clopper and Pearson (1934): `yes` of n files drawn with replacement, or of a large stock."""
    return _beta(yes, n, level)


def exact_finite(yes: int, n: int, population: int, level: float = 0.95) -> Interval:
    """`yes` of n files drawn without replacement out of `population`: hypergeometric tests of both
    sides turned round (Buonaccorsi 1987). Covers at least `level`, whatever the truth."""
    tail = (1 - level) / 2
    truths = range(yes, population - (n - yes) + 1)
    # The tails are monotone in the truth: as many as this, or as few, by bisection.
    low = bisect_left(truths, True, key=lambda k: hypergeom.sf(yes - 1, population, k, n) > tail)
    high = bisect_left(truths, True, key=lambda k: hypergeom.cdf(yes, population, k, n) <= tail)
    return truths[low] / population, truths[high - 1] / population


METHODS: dict[str, Callable[[Share, float], Interval]] = {
    "logit": logit_interval,
    "wilson": wilson,
    "korn-graubard": korn_graubard,
    "wald": wald,
}
"""Methods for any design, by name."""


def _t(level: float, df: float) -> float:
    """The two-sided t value."""
    return float(stdtrit(df, (1 + level) / 2))


def _beta(yes: float, n: float, level: float) -> Interval:
    tail = (1 - level) / 2
    low = betaincinv(yes, n - yes + 1, tail) if yes > _TINY else 0.0
    high = betaincinv(yes + 1, n - yes, 1 - tail) if n - yes > _TINY else 1.0
    return float(low), float(high)
