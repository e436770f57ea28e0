"""The chance that the true value reaches a line, given what the sample showed.

A chance of a true value rests on a prior, and that is a choice of ours: for a share the one of
Jeffreys, over the files that were not read (beta-binomial); for a score the flat one of a normal
law. Both are printed as assumptions wherever a chance is.
"""

from __future__ import annotations

from math import ceil

import numpy as np
from scipy.stats import betabinom, norm, t

from zhiheng.inference.told_apart import Floats

JEFFREYS = 0.5


def chance_of_share(line: float, right: int, read: int, files: int) -> float:
    """P(share right among all `files` >= `line`) where `right` of the `read` were right.

    A simple draw without replacement; `line` is 0-1. Read in full, it is 1 or 0.
    """
    needed = ceil(round(line * files, 9)) - right
    unread = files - read
    if needed <= 0:
        return 1.0
    if needed > unread:
        return 0.0
    law = betabinom(unread, right + JEFFREYS, read - right + JEFFREYS)
    return float(law.sf(needed - 1))


def chance_of_score(
    line: float, values: Floats, errors: Floats, freedom: Floats | float = np.inf
) -> Floats:
    """P(true score >= `line`) of each unit; a score without error is 1 or 0, none is NaN.

    `freedom` are the degrees of freedom of the errors, none asked where it is infinite.
    """
    sure = (values >= line).astype(np.float64)
    away = (values - line) / np.where(errors > 0, errors, 1.0)
    law = np.where(np.isinf(freedom), norm.cdf(away), t.cdf(away, np.minimum(freedom, 1e9)))
    return np.where(np.isnan(values), np.nan, np.where(errors > 0, law, sure))
