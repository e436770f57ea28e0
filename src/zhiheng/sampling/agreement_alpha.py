"""Krippendorff's alpha, with an interval by drawing files anew.

Krippendorff, K. (2011), Computing Krippendorff's Alpha-Reliability, Annenberg School: 1 less the
disagreement observed over that expected, from the coincidences of answers within files. The
interval draws the files that were read twice or more with replacement and takes the quantiles of
alpha over the draws (Efron's percentile method); a draw in which every answer is the same says
nothing and is left out.
"""

from __future__ import annotations

import numpy as np

from zhiheng.sampling.agreement import Codes, Coefficient, table_of
from zhiheng.sampling.agreement_weights import Floats, Scale, distances

DRAWS = 2000
_CELLS = 1 << 21
"""Cells of matrices held at a time."""


def alpha(
    codes: Codes, values: Floats, scale: Scale = "nominal", seed: int = 0, draws: int = DRAWS
) -> Coefficient:
    """Alpha of an n×r matrix of places in `values` (q categories, ascending).

    The value is None where no file was read twice or all such answers are the same; the interval
    (95 %) is None with fewer than two such files or `draws` = 0, and the same for the same seed.
    """
    counts = table_of(codes, np.eye(len(values))).counts
    counts = counts[counts.sum(axis=1) >= 2]
    value = _alpha(_coincidences(counts).sum(axis=0), values, scale)
    if np.isnan(value):
        return Coefficient(None)
    if len(counts) < 2 or not draws:
        return Coefficient(float(value))
    found = _drawn(counts, values, scale, seed, draws)
    if len(found) < draws / 2:
        return Coefficient(float(value))
    low, high = np.quantile(found, (0.025, 0.975))
    return Coefficient(float(value), float(np.std(found, ddof=1)), float(low), float(high))


def _coincidences(counts: Floats) -> Floats:
    """n×q×q: the pairs of answers within each file, each answer counted once in all."""
    paired = counts[:, :, None] * counts[:, None, :]
    paired -= np.einsum("nk,kl->nkl", counts, np.eye(counts.shape[1]))
    return np.asarray(paired / (counts.sum(axis=1) - 1)[:, None, None], float)


def _alpha(coincidences: Floats, values: Floats, scale: Scale) -> Floats:
    """Alpha of matrices of coincidences (…×q×q), NaN where all answers are the same or none."""
    totals = coincidences.sum(axis=-1)
    apart = distances(scale, values, totals)
    observed = (coincidences * apart).sum(axis=(-2, -1))
    expected = np.einsum("...k,...kl,...l->...", totals, apart, totals)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = 1 - (totals.sum(axis=-1) - 1) * observed / expected
    return np.asarray(np.where(expected > 0, found, np.nan))


def _drawn(counts: Floats, values: Floats, scale: Scale, seed: int, draws: int) -> Floats:
    """Alpha of as many draws; files answered alike are drawn together, by how many there are."""
    kinds, number = np.unique(counts, axis=0, return_counts=True)
    each = _coincidences(kinds)
    rng = np.random.default_rng(seed)
    at_once = max(1, _CELLS // each[0].size)
    found = []
    for start in range(0, draws, at_once):
        size = min(at_once, draws - start)
        times = rng.multinomial(len(counts), number / len(counts), size)
        found.append(_alpha(np.einsum("dn,nkl->dkl", times, each), values, scale))
    alphas = np.concatenate(found)
    return np.asarray(alphas[~np.isnan(alphas)])
