"""Which factor moves the result, and by how much: variance-based indices.

First-order: what part of the variance would go if this factor alone were known. Total: what part
would stay if all others were. Saltelli et al., "Variance based sensitivity analysis of model
output", Computer Physics Communications 181 (2010), with the sampling of whole groups of numbers;
the arithmetic is SciPy's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import sobol_indices

from zhiheng.sensitivity.factors import Draws, Factor, Floats, draw

Run = Callable[[Draws], Floats]
"""Numbers of every factor → root scores (replays, units), NaN where a unit has none."""


@dataclass(frozen=True, eq=False)
class Replays:
    """What the replays gave: `scores` (replays, units), and of the outputs that `outputs_of` makes
    of them the indices (outputs, factors). NaN where an output does not vary."""

    factors: tuple[Factor, ...]
    scores: Floats
    first: Floats
    total: Floats


def replays_of(
    run: Run,
    factors: Sequence[Factor],
    outputs_of: Callable[[Floats], Floats],
    base: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> Replays:
    """Run `base` × (factors + 2) replays. `outputs_of` takes scores (replays, units) and gives
    (outputs, replays)."""
    tell = progress or (lambda done, total: None)
    steps = len(factors) + 2
    one, other = (draw(factors, base, (seed, side)) for side in (0, 1))
    first_run = run(one)
    tell(1, steps)
    second_run = run(other)
    tell(2, steps)
    swapped = []
    for done, factor in enumerate(factors):
        swapped.append(outputs_of(run({**one, factor.id: other[factor.id]})))
        tell(done + 3, steps)
    first, total = _indices(outputs_of(first_run), outputs_of(second_run), swapped)
    return Replays(tuple(factors), np.concatenate([first_run, second_run]), first, total)


def _indices(one: Floats, other: Floats, swapped: Sequence[Floats]) -> tuple[Floats, Floats]:
    if not swapped:
        return np.empty((len(one), 0)), np.empty((len(one), 0))
    first = np.full((len(one), len(swapped)), np.nan)
    total = first.copy()
    varies = np.ptp(np.concatenate([one, other], axis=1), axis=1) > 0
    if varies.any():
        runs = {"f_A": one[varies], "f_B": other[varies]}
        runs["f_AB"] = np.stack([each[varies] for each in swapped])
        found = sobol_indices(func=runs, n=one.shape[1])
        shape = (-1, len(swapped))  # SciPy drops axes of one
        first[varies] = np.reshape(found.first_order, shape)
        total[varies] = np.reshape(found.total_order, shape)
    return first, total
