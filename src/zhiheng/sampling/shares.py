"""A share of yes with what its files say about it, as the intervals ask for it."""

from __future__ import annotations

from zhiheng.inference.chances import JEFFREYS
from zhiheng.sampling.arrays import Flags
from zhiheng.sampling.design import Design, degrees_of_freedom
from zhiheng.sampling.estimates import ratios
from zhiheng.sampling.intervals import Share


def share_of(design: Design, yes: Flags, applies: Flags) -> Share:
    """The share of yes among the files (files,) that apply. Raises BadInput: a lonely stratum."""
    found = ratios(design, yes, applies)
    variance = float(found.covariance(design)[0, 0])
    return share_among(design, float(found.values[0]), variance, applies)


def share_among(design: Design, value: float, variance: float, applies: Flags) -> Share:
    """The same where value and variance are known."""
    weights = design.weights[applies]
    kish = float(weights.sum() ** 2 / (weights**2).sum()) if len(weights) else 0.0
    df = degrees_of_freedom(design, applies)
    return Share(value, variance, int(applies.sum()), df, kish, _whole(design, applies))


def _whole(design: Design, applies: Flags) -> bool:
    """Whether of every group these files were drawn from nothing was left out."""
    return all(
        bool((stage.share[stage.group[stage.unit[applies]]] == 1).all()) for stage in design.stages
    )


def unseen(share: Share, left: float) -> float:
    """The variance of a share that a sample cannot show whose files are all alike: that of
    Jeffreys' posterior, Beta(n + 1/2, 1/2), for the share `left` (0-1) of files not read; 0
    elsewhere.

    Without it a court of which every file read was right would seem as sure as a census.
    """
    if share.whole or not share.at_edge or share.n == 0:
        return 0.0
    n = share.kish
    return float(left * (n + JEFFREYS) * JEFFREYS / ((n + 1) ** 2 * (n + 2)))
