"""The interval of a sum out of the intervals of its terms.

MOVER, the method of variance estimates recovery: how far the interval of each term reaches from its
estimate stands in for its standard error, downwards and upwards by itself (Zou and Donner,
"Construction of confidence limits about effect measures", Statistics in Medicine 27, 2008, with
their correlations). Near 0 % and 100 % it keeps what a standard error loses.
"""

from __future__ import annotations

import numpy as np

from zhiheng.sampling.arrays import Floats


def correlations(covariance: Floats, smallest: float = 1e-9) -> Floats:
    """1 on the diagonal; an estimate whose standard error is not above `smallest` (nothing but
    rounding) goes with no other. Shape (estimates, estimates)."""
    spread = np.sqrt(np.maximum(np.diagonal(covariance), 0.0))
    spread = np.where(spread > smallest, spread, np.inf)
    together = covariance / np.outer(spread, spread)
    together[np.diag_indices(len(spread))] = 1.0
    return np.asarray(together)


def reach(steps: Floats, ends: Floats, together: Floats) -> Floats:
    """How far the intervals of sums reach to one side.

    steps: (sums, terms), what each term adds to each sum. ends: (terms,), how far the interval of
    each term reaches to the side that moves the sum there. together: their correlations.
    """
    parts = steps * ends
    square = np.einsum("ni,ij,nj->n", parts, together, parts)
    return np.asarray(np.sqrt(np.maximum(square, 0.0)))
