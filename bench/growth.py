"""How a job grows: the slope of log(time) against log(cases). 1 is linear, 2 quadratic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log


def slope(cases: Sequence[float], seconds: Sequence[float]) -> float | None:
    """The least-squares slope; None where there are fewer than two different sizes.

    Raises ValueError where the two differ in length, or a value is not positive.
    """
    points = [(log(size), log(time)) for size, time in zip(cases, seconds, strict=True)]
    if len({size for size, _ in points}) < 2:
        return None
    middle = sum(x for x, _ in points) / len(points)
    spread = sum((x - middle) ** 2 for x, _ in points)
    return sum((x - middle) * y for x, y in points) / spread


def growths(walls: Mapping[int, Mapping[str, float]]) -> dict[str, float | None]:
    """The slope of every job, by name, from its wall seconds at each number of cases."""
    names = dict.fromkeys(name for jobs in walls.values() for name in jobs)
    return {
        name: slope(
            [cases for cases, jobs in walls.items() if name in jobs],
            [jobs[name] for jobs in walls.values() if name in jobs],
        )
        for name in names
    }
