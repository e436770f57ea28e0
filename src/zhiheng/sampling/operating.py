"""Before the draw: what chance has a court with a known truth to be shown at a pass line?

The operating characteristic of a rule under simple random sampling without replacement, exact by
the hypergeometric distribution (Cochran 1977, 3.5; acceptance sampling calls it the OC curve).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
from scipy.stats import hypergeom

from zhiheng.sampling.intervals import Share, exact_finite, interval

RULES = ("estimate", "lower", "upper")
"""What must reach the line: the estimate itself, the interval's lower bound (shown beyond doubt),
its upper bound (not shown to fail)."""


def least_passing(
    rule: str, line: float, n: int, population: int, level: float = 0.95, method: str = "exact"
) -> int:
    """The least number of yes among n of `population` files that passes; n + 1 where none does.

    method: of the interval, `exact` (finite population) or one of `intervals.METHODS`.
    """

    def passes(yes: int) -> bool:
        if rule == "estimate":
            # A line such as 0.9 of 50 files is 45 yes, however 0.9 is held in binary.
            return yes >= line * n - 1e-9
        bounds = _interval(yes, n, population, level, method)
        return bounds[RULES.index(rule) - 1] >= line - 1e-12

    return bisect_left(range(n + 1), True, key=passes)


def chances(
    rule: str,
    line: float,
    n: int,
    population: int,
    truths: Sequence[float],
    level: float = 0.95,
    method: str = "exact",
) -> list[float]:
    """The chance to pass, for each truth (a share; taken as the nearest number of files)."""
    least = least_passing(rule, line, n, population, level, method)
    counts = np.rint(np.asarray(truths, np.float64) * population).astype(np.int64)
    return [float(chance) for chance in hypergeom.sf(least - 1, population, counts, n)]


def _interval(yes: int, n: int, population: int, level: float, method: str) -> tuple[float, float]:
    if method == "exact":
        return exact_finite(yes, n, population, level)
    p = yes / n
    variance = (1 - n / population) * p * (1 - p) / max(n - 1, 1)
    return interval(Share(p, variance, n, n - 1, n, n == population), method, level)
