"""Replicates of anything computed from leaves, for what has no derivative: thresholds, vetoes.

Rescaled bootstrap within strata: of a stratum's n first-stage units, n - 1 are drawn again with
replacement, and the weights are set so that the replicates of a total vary as its variance
estimator says, finite population correction included (Rao and Wu 1988; as weights: Rao, Wu and Yue
1992).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from zhiheng.sampling import problems
from zhiheng.sampling.arrays import Floats, columns
from zhiheng.sampling.design import Cells, Design, Stage
from zhiheng.sampling.intervals import Interval

_WEIGHTS = 1 << 22
"""Weights held at once (32 MiB)."""


@dataclass(frozen=True, eq=False)
class Replicates:
    """Values of a function of the leaves, one row a replicate: (replicates, values)."""

    values: Floats

    def covariance(self) -> Floats:
        """Covariance of the values over the replicates."""
        return np.atleast_2d(np.cov(self.values, rowvar=False))

    def intervals(self, level: float = 0.95) -> list[Interval]:
        """Percentile interval of every value."""
        tail = (1 - level) / 2
        low, high = np.quantile(self.values, [tail, 1 - tail], axis=0)
        return [(float(one), float(other)) for one, other in zip(low, high, strict=True)]


def replicate_weights(design: Design, replicates: int, seed: int) -> Floats:
    """Weights (replicates, files) of the rescaled bootstrap; the same seed gives the same.

    A stratum taken whole keeps its weights. With two stages the first carries all of the variance
    and gets no correction, which errs on the wide side. Raises BadInput for a stratum of which one
    unit was drawn although it has more.
    """
    return _weights(design, replicates, np.random.Generator(np.random.PCG64(seed)))


def _weights(design: Design, replicates: int, random: np.random.Generator) -> Floats:
    stage = design.stages[0]
    two = len(design.stages) > 1
    share = np.zeros(len(stage.names)) if two else stage.share
    factors = _factors(stage, share, replicates, random)
    start = design.weights if design.cells is None else design.cells.before
    weights = factors[:, stage.unit] * start
    return weights if design.cells is None else _fitted(weights, design.weights, design.cells)


def _factors(stage: Stage, share: Floats, replicates: int, random: np.random.Generator) -> Floats:
    """Of every replicate and unit, what its weight is multiplied by."""
    found = np.ones((replicates, len(stage.group)))
    for group, (n, taken) in enumerate(zip(stage.drawn, share, strict=True)):
        if taken == 1:
            continue
        if n < 2:
            raise problems.lonely_stratum(stage.names[group], 1)
        times = random.multinomial(n - 1, np.full(n, 1 / n), replicates)
        scale = np.sqrt(1 - taken)
        found[:, stage.group == group] = 1 - scale + scale * n / (n - 1) * times
    return found


def _fitted(weights: Floats, wanted: Floats, cells: Cells) -> Floats:
    """Every replicate's weights fitted to the sizes of the post-strata again."""
    for cell in range(cells.count):
        inside = cells.cell == cell
        weights[:, inside] *= wanted[inside].sum() / weights[:, inside].sum(axis=1, keepdims=True)
    return weights


def bootstrap(
    design: Design,
    y: Floats,
    x: Floats,
    function: Callable[[Floats], Floats],
    replicates: int = 1000,
    seed: int = 1,
) -> Replicates:
    """Replicates of `function` of the leaves Σ w y / Σ w x (y and x: (files, leaves)).

    function: takes leaves (replicates, leaves), NaN for a leaf no file applies to, and gives values
    (replicates,) or (replicates, values). Raises BadInput as `replicate_weights`.
    """
    above, below = columns(y, design.files), columns(x, design.files)
    random = np.random.Generator(np.random.PCG64(seed))
    parts = []
    for many in _blocks(replicates, design.files):
        weights = _weights(design, many, random)
        with np.errstate(divide="ignore", invalid="ignore"):
            parts.append((weights @ above) / (weights @ below))
    return Replicates(columns(function(np.concatenate(parts)), replicates))


def _blocks(replicates: int, files: int) -> list[int]:
    """Replicates in blocks whose weights take a bounded room, whatever the sample."""
    size = max(_WEIGHTS // files, 1)
    return [min(size, replicates - done) for done in range(0, replicates, size)]
