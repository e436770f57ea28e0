"""Ranks, and the sets of ranks that hold for all units at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiheng.inference.told_apart import Apart, Floats

Ranks = NDArray[np.int64]
NONE = 0
"""The rank of a unit without a value."""


@dataclass(frozen=True, eq=False)
class RankSets:
    """The rank of each unit (1 is best, ties at the minimum) and the ranks, `best` to `worst`, it
    may truly have; with the confidence of the comparisons the true ranks of all units lie in
    their sets together. A unit without a value has NONE in all three."""

    rank: Ranks
    best: Ranks
    worst: Ranks


def ranks_of(values: Floats) -> Ranks:
    """The rank of each value, the highest being 1 and equal ones at the minimum; NaN has NONE."""
    known = ~np.isnan(values)
    ordered = np.sort(values[known])
    above = known.sum() - np.searchsorted(ordered, values, side="right")
    return np.where(known, above + 1, NONE).astype(np.int64)


def rank_sets(values: Floats, apart: Apart) -> RankSets:
    """The sets of ranks that follow from the comparisons of all pairs."""
    known = ~np.isnan(values)
    above, below = apart.better.sum(axis=0), apart.better.sum(axis=1)
    best = np.where(known, 1 + above, NONE)
    worst = np.where(known, known.sum() - below, NONE)
    return RankSets(ranks_of(values), best.astype(np.int64), worst.astype(np.int64))
