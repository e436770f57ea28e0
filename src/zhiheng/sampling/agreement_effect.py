"""What the reviewers themselves add to the variance of an item's mean.

A reviewer who is strict is strict on every file read. Answers y of file i by reviewer g are taken
as file + reviewer + residue, with variances between reviewers σ_b² and of the residue σ_e². The
mean of n answers, m_g of them by reviewer g, then has on top of the sampling variance as usually
estimated (s²/n, which holds every component once) the correlated response variance

    σ_b² (Σ m_g² / n² - 1/n),

which is the variance times (m̄ - 1) ρ, with m̄ = Σ m_g² / n and ρ = σ_b² / σ²: Hansen, M. H.,
Hurwitz, W. N. and Bershad, M. A. (1961), Bulletin of the International Statistical Institute 38(2),
359-374; Biemer, P. P. and Lyberg, L. E. (2003), Introduction to Survey Quality, ch. 5. More files
do not make it smaller; more reviewers do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiheng.sampling.agreement_weights import Floats


@dataclass(frozen=True)
class Effect:
    """Between-reviewer variance of an item (in the answer's unit, squared).

    `between` is never negative; `raw` is the estimate before that. `rho` is its share in the
    variance of an answer, `inflation` is 1 + (m̄ - 1) ρ, `added` what comes on top of the sampling
    variance of the mean.
    """

    between: float
    raw: float
    rho: float
    inflation: float
    added: float


def of_double_readings(
    first: Floats,
    second: Floats,
    readers: tuple[NDArray[np.int64], NDArray[np.int64]],
    loads: Floats,
    variance: float,
) -> Effect | None:
    """The effect from files read twice: the file cancels in the difference of its two answers.

    `first`, `second` hold the k ≥ 2 pairs of answers, `readers` who gave them (0…R-1), `loads` how
    many answers of the mean each reviewer gave (m_g), `variance` the variance s² of an answer.
    Method of moments on Σ d² and Σ_g (Σ ±d)² / k_g. None where the two cannot be told apart: every
    reviewer read one pair only.
    """
    apart = first - second
    size = len(loads)
    met = np.zeros((size, size))
    np.add.at(met, readers, 1.0)
    met += met.T
    each = met.sum(axis=1)
    own = np.bincount(readers[0], apart, size) - np.bincount(readers[1], apart, size)
    seen = each > 0
    # Expectations: k·2(σ_b² + σ_e²) and Σ_g (k_g + Σ_h k_gh² / k_g) σ_b² + 2 R σ_e².
    known = np.array([(apart**2).sum(), (own[seen] ** 2 / each[seen]).sum()])
    between = (each[seen] + (met[seen] ** 2).sum(axis=1) / each[seen]).sum()
    parts = np.array([[2.0 * len(apart), 2.0 * len(apart)], [between, 2.0 * seen.sum()]])
    if abs(np.linalg.det(parts)) < 1e-9:
        return None
    return _effect(float(np.linalg.solve(parts, known)[0]), loads, variance)


def of_shares(answers: Floats, reader: NDArray[np.int64]) -> Effect | None:
    """The effect where files were dealt to reviewers by lot and each was read once.

    Mahalanobis' interpenetrating sub-samples (1946): one-way analysis of variance of the answers
    (n) by reviewer (0…R-1). None with fewer than two reviewers or one answer each.
    """
    loads = np.bincount(reader).astype(float)
    n, groups = len(answers), int((loads > 0).sum())
    if groups < 2 or n <= groups:
        return None
    sums = np.bincount(reader, answers)
    means = np.divide(sums, loads, out=np.zeros_like(sums), where=loads > 0)
    within = ((answers - means[reader]) ** 2).sum() / (n - groups)
    between = (loads * (means - answers.mean()) ** 2).sum() / (groups - 1)
    typical = (n - (loads**2).sum() / n) / (groups - 1)
    raw = float((between - within) / typical)
    return _effect(raw, loads, float(within + max(raw, 0.0)))


def _effect(raw: float, loads: Floats, variance: float) -> Effect:
    n, squares = float(loads.sum()), float((loads**2).sum())
    between = max(raw, 0.0)
    rho = min(between / variance, 1.0) if variance > 0 else 0.0
    return Effect(
        between, raw, rho, 1 + (squares / n - 1) * rho, between * (squares / n**2 - 1 / n)
    )
