"""Totals, means and ratios of a sample, each with the influence of every file on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from zhiheng.sampling.arrays import Flags, Floats, columns
from zhiheng.sampling.design import Design
from zhiheng.sampling.variance import covariance


@dataclass(frozen=True, eq=False)
class Estimates:
    """Estimates (estimates,) and their influence values (files, estimates).

    An estimate that has no file to stand on (a ratio over nothing) is NaN and moved by no file.
    """

    values: Floats
    influence: Floats

    def covariance(self, design: Design) -> Floats:
        """Covariance (estimates, estimates); NaN where an estimate is NaN. Raises BadInput."""
        found = covariance(design, self.influence)
        absent = np.isnan(self.values)
        found[absent, :] = found[:, absent] = np.nan
        return found

    def standard_errors(self, design: Design) -> Floats:
        """Standard errors (estimates,). Raises BadInput."""
        return np.asarray(np.sqrt(np.diagonal(self.covariance(design))))


def totals(design: Design, y: Any) -> Estimates:
    """Totals over the population of the columns of y (files, estimates)."""
    values = columns(y, design.files)
    return Estimates(design.weights @ values, values)


def ratios(design: Design, y: Any, x: Any) -> Estimates:
    """Ratios of totals, column by column: Σ w y / Σ w x.

    With y = "yes" and x = "applicable" (1 or 0) a column is the share of yes among the files the
    question applies to. Influence: (y - R x) / Σ w x (Särndal, Swensson, Wretman 1992, 5.6).
    """
    above, below = columns(y, design.files), columns(x, design.files)
    size = design.weights @ below
    there = size != 0
    held = np.where(there, size, 1.0)
    values = np.where(there, (design.weights @ above) / held, np.nan)
    moved = (above - np.where(there, values, 0.0) * below) / held
    return Estimates(values, np.where(there, moved, 0.0))


def means(design: Design, y: Any, within: Flags | None = None) -> Estimates:
    """Means of the columns of y, of all files or of a domain `within` (files,).

    A domain keeps the whole design: its size is not known before the draw. With the weights of
    `post_stratified` it is the post-stratified mean.
    """
    values = columns(y, design.files)
    inside = np.ones(design.files) if within is None else np.asarray(within, np.float64)
    # What stands outside may be missing and must not count.
    held = np.where(inside[:, None] > 0, values, 0.0)
    return ratios(design, held, np.broadcast_to(inside[:, None], values.shape))


def design_effects(design: Design, found: Estimates, variances: Floats, y: Any, x: Any) -> Floats:
    """Variances of ratios y/x over those of a simple draw of as many files (Kish 1965).

    The reference is without replacement: (1 - n/Σw) s²/n with s² the weighted variance of the
    residuals among the n files with x > 0, as R's `svymean(..., deff=TRUE)`. NaN where the
    reference has no variance.
    """
    above, below = columns(y, design.files), columns(x, design.files)
    weights = design.weights[:, None] * (below > 0)
    n, size = (weights > 0).sum(axis=0), weights.sum(axis=0)
    away = above - np.nan_to_num(found.values) * below
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = (weights * away**2).sum(axis=0) / size * n / (n - 1)
        reference = (1 - n / size) * spread / n
        effect = variances / reference
    return np.where(reference > 0, effect, np.nan)
