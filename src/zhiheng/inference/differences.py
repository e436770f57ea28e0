"""Differences between two scores, with an error of their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from zhiheng.inference.told_apart import Floats


@dataclass(frozen=True, eq=False)
class Difference:
    """First less second: its value, standard error, interval, and the chance that the first is
    truly the higher one. Arrays of one shape; NaN where one of the two has no value."""

    value: Floats
    error: Floats
    low: Floats
    high: Floats
    first_higher: Floats


def difference(
    first: Floats,
    second: Floats,
    first_error: Floats,
    second_error: Floats,
    covariance: Floats | float = 0.0,
    confidence: float = 0.95,
) -> Difference:
    """The difference of two estimates, pair by pair.

    `covariance` is zero for two courts and for two years with draws of their own; the same files
    read twice have one. Normal law; without error the chance is 1, 0 or, for equals, a half.
    """
    value = first - second
    error = np.sqrt(np.maximum(first_error**2 + second_error**2 - 2 * covariance, 0.0))
    reach = norm.ppf(0.5 + confidence / 2) * error
    chance = np.where(error > 0, norm.cdf(value / np.where(error > 0, error, 1.0)), _sure(value))
    return Difference(
        value, error, value - reach, value + reach, np.where(np.isnan(value), np.nan, chance)
    )


def _sure(value: Floats) -> Floats:
    return np.asarray((np.sign(value) + 1) / 2, np.float64)
