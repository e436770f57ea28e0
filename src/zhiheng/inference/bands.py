"""Bands: courts next to one another in which no two can be told apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.inference.told_apart import Apart, Floats


@dataclass(frozen=True)
class Band:
    """Units in the order of their values, the best first, by their places."""

    members: tuple[int, ...]


def bands_of(values: Floats, apart: Apart) -> tuple[Band, ...]:
    """The longest runs of units, ordered by value, in which no unit is told apart from another.

    A run that lies within another is left out; a unit between two runs stands in both, as units
    in the middle often do. Units without a value stand in none.
    """
    places = [int(p) for p in np.argsort(-values, kind="stable") if not np.isnan(values[p])]
    different = apart.better | apart.better.T
    found: list[Band] = []
    end = 0
    for start in range(len(places)):
        reach = _reach(places, start, max(end, start + 1), different)
        if reach > end:
            found.append(Band(tuple(places[start:reach])))
            end = reach
    return tuple(found)


def _reach(places: list[int], start: int, end: int, different: np.ndarray) -> int:
    """How far the run from `start`, known to hold until `end`, goes on."""
    while end < len(places) and not different[places[end], places[start:end]].any():
        end += 1
    return end
