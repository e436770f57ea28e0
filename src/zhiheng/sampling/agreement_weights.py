"""How much two different answers still agree: weights of partial agreement, and alpha's distances.

Weights after Gwet, K. L. (2014), Handbook of Inter-Rater Reliability, 4th ed., ch. 3; distances
after Krippendorff, K. (2011), Computing Krippendorff's Alpha-Reliability.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Weighting = Literal["identity", "linear", "quadratic", "ordinal"]
Scale = Literal["nominal", "ordinal", "interval", "ratio"]
WEIGHTINGS: tuple[Weighting, ...] = ("identity", "linear", "quadratic", "ordinal")
SCALES: tuple[Scale, ...] = ("nominal", "ordinal", "interval", "ratio")


def weights(kind: Weighting, values: Floats) -> Floats:
    """A q×q matrix, 1 on the diagonal, at least 0 beside it.

    `values` are the q ≥ 1 categories as numbers, ascending; "identity" and "ordinal" look only at
    their order.
    """
    q = len(values)
    if kind == "identity" or q == 1:
        return np.eye(q)
    if kind == "ordinal":
        # Categories k and l have m = |k-l|+1 categories from one to the other, ends counted:
        # C(m, 2) pairs of them disagree less.
        between = np.abs(np.subtract.outer(np.arange(q), np.arange(q))) + 1.0
        pairs = between * (between - 1) / 2
        return np.asarray(1 - pairs / pairs.max(), float)
    apart = np.abs(np.subtract.outer(values, values)) / (values[-1] - values[0])
    return np.asarray(1 - (apart if kind == "linear" else apart**2), float)


def distances(scale: Scale, values: Floats, totals: Floats) -> Floats:
    """Krippendorff's δ², q×q, 0 on the diagonal.

    `values` are the categories as numbers, ascending (at least 0 for "ratio"); `totals` (…×q) say
    how often each was given, which the ordinal distance needs: it is …×q×q then.
    """
    if scale == "nominal":
        return 1.0 - np.eye(len(values))
    if scale == "ordinal":
        # Answers from one category to the other, half of those in the two themselves.
        middle = np.cumsum(totals, axis=-1) - totals / 2
        return np.asarray((middle[..., :, None] - middle[..., None, :]) ** 2, float)
    apart = np.subtract.outer(values, values)
    if scale == "ratio":
        together = np.add.outer(values, values)
        apart = np.divide(apart, together, out=np.zeros_like(apart), where=together != 0)
    return np.asarray(apart**2, float)
