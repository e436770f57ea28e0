"""Why kappa is low where reviewers agree: prevalence, bias, and the most kappa could have been.

Feinstein, A. R. and Cicchetti, D. V. (1990), Journal of Clinical Epidemiology 43, 543-549: with an
answer that nearly all files share, chance agrees nearly always and kappa sinks although hardly
anything was disputed. Indices after Byrt, Bishop and Carlin (1993), ibid. 46, 423-429; the highest
kappa that the two reviewers' shares allow after Cohen (1960).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.sampling.agreement import Table

HIGH_AGREEMENT = 0.8
LOW_KAPPA = 0.4
"""Up to here kappa is "fair" at best on the scale of Landis and Koch (1977)."""


@dataclass(frozen=True)
class Pair:
    """The indices; None where they are not defined.

    `most` is the highest kappa that two reviewers' shares allow, `bias` how far the two differ in
    how often they use a category (two categories); both only where the same two read every file.
    `prevalence` is how far the answers lie in one of two categories.
    """

    most: float | None
    prevalence: float | None
    bias: float | None


def pair_of(table: Table) -> Pair:
    """The indices of a table of files each read at least twice."""
    q = len(table.weights)
    spread = table.counts.sum(axis=0) / table.counts.sum()
    prevalence = float(abs(spread[0] - spread[1])) if q == 2 else None
    if table.given.shape[1] != 2:
        return Pair(None, prevalence, None)
    one, other = table.given.mean(axis=0)
    bias = float(abs(one[0] - other[0])) if q == 2 else None
    chance = float(one @ other)
    if np.isclose(chance, 1.0):
        return Pair(None, prevalence, bias)
    return Pair(float((np.minimum(one, other).sum() - chance) / (1 - chance)), prevalence, bias)


def is_paradox(agreement: float | None, kappa: float | None) -> bool:
    """Agreement is high and kappa low: look at the prevalence before blaming the reviewers."""
    return (
        agreement is not None
        and kappa is not None
        and agreement >= HIGH_AGREEMENT
        and kappa <= LOW_KAPPA
    )
