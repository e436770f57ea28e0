"""How many files a margin needs, and which margin a number of files gives (Cochran 1977, 4.4-4.7).

The margin is half the width of the usual interval at the level asked for. `design_effect` is what
clustering or weights multiply the variance by; `response` is the share of drawn files that will be
found and readable.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from scipy.special import ndtri


def size_for_share(
    margin: float,
    share: float = 0.5,
    population: float = math.inf,
    level: float = 0.95,
    design_effect: float = 1.0,
    response: float = 1.0,
) -> int:
    """Files to draw so that a share about `share` is known within ± margin."""
    first = _z(level) ** 2 * share * (1 - share) / margin**2 * design_effect
    return _whole(first / (1 + (first - 1) / population), population, response)


def size_for_mean(
    margin: float,
    deviation: float,
    population: float = math.inf,
    level: float = 0.95,
    design_effect: float = 1.0,
    response: float = 1.0,
) -> int:
    """Files to draw so that the mean of something with this standard deviation is known within
    ± margin."""
    first = (_z(level) * deviation / margin) ** 2 * design_effect
    return _whole(first / (1 + first / population), population, response)


def margin_of(
    sizes: Sequence[int],
    drawn: Sequence[int],
    share: float = 0.5,
    level: float = 0.95,
    design_effect: float = 1.0,
) -> float:
    """± of a share about `share` in every stratum, from a stratified draw.

    Σ (N_h/N)² (1 - n_h/N_h) S² / n_h with S² = p(1-p) N_h/(N_h-1). NaN where a stratum with files
    has none drawn.
    """
    total, variance = sum(sizes), 0.0
    for size, n in zip(sizes, drawn, strict=True):
        if size and not n:
            return math.nan
        if size > n:
            spread = share * (1 - share) * size / (size - 1)
            variance += (size / total) ** 2 * (1 - n / size) * spread / n
    return float(_z(level) * math.sqrt(variance * design_effect))


def _z(level: float) -> float:
    return float(ndtri((1 + level) / 2))


def _whole(wanted: float, population: float, response: float) -> int:
    # A hair above a whole number is rounding, not another file.
    return int(min(math.ceil(math.ceil(wanted - 1e-9) / response - 1e-9), population))
