"""The covariance of estimates under a design, from one influence value a file and estimate.

An estimate θ is linearised: z is such that the variance of θ is that of the weighted total of z.
The total's variance then adds up stage by stage: between units within strata at the first, within
units at the second, weighted by the share of first-stage units taken (Särndal, Swensson, Wretman
1992, result 4.3.1; Lumley 2004, the recursion of R's survey).
"""

from __future__ import annotations

import numpy as np

from zhiheng.sampling import problems
from zhiheng.sampling.arrays import Flags, Floats, columns, sums
from zhiheng.sampling.design import Cells, Design, Lonely, Stage

_WHOLE = 1e-7
"""A stratum of which less than this share was left out counts as taken whole (as in R)."""


def covariance(design: Design, influence: Floats) -> Floats:
    """The covariance (estimates, estimates) of estimates with these influence values.

    influence: (files, estimates), 0 for files outside of an estimate's domain. Estimates read in
    the same files are correlated; the matrix says how. Raises BadInput for a stratum with a single
    unit where the design says `fail`.
    """
    values = columns(influence, design.files)
    if design.cells is not None:
        values = _residuals(values, design.cells)
    weighted = values * design.weights[:, None]
    factor = np.ones(len(design.stages[0].names))
    found = np.zeros((values.shape[1], values.shape[1]))
    for number, stage in enumerate(design.stages, 1):
        found += _between(stage, weighted, factor, design.lonely, number)
        factor = (factor * stage.share)[stage.group]
        if not factor.any():
            # With replacement at this stage: it carries all of the variance.
            break
    return found


def _residuals(values: Floats, cells: Cells) -> Floats:
    """The values less the mean of their post-stratum."""
    total = sums(values * cells.before[:, None], cells.cell, cells.count)
    weight = np.bincount(cells.cell, cells.before, cells.count)
    return np.asarray(values - (total / weight[:, None])[cells.cell])


def _between(stage: Stage, weighted: Floats, factor: Floats, lonely: Lonely, number: int) -> Floats:
    """Variance between the units of each group, added up with the groups' factors."""
    totals = sums(weighted, stage.unit, len(stage.group))
    drawn, left = stage.drawn, 1 - stage.share
    alone = (drawn == 1) & (left >= _WHOLE) & (factor > 0)
    if lonely == "fail" and alone.any():
        raise problems.lonely_stratum(stage.names[int(np.argmax(alone))], number)
    centre = sums(totals, stage.group, len(drawn)) / drawn[:, None]
    if lonely == "adjust":
        centre[alone] = totals.mean(axis=0)  # 0 for all but totals
    away = totals - centre[stage.group]
    scale = factor * np.where(left < _WHOLE, 0.0, left) * drawn / np.maximum(drawn - 1, 1)
    grown = _grown(alone) if lonely == "average" else 1.0
    return np.asarray((away * scale[stage.group][:, None]).T @ away * grown)


def _grown(alone: Flags) -> float:
    """By how much the variance of the other strata stands in for the lonely ones."""
    others = np.count_nonzero(~alone)
    return len(alone) / others if others else np.nan
