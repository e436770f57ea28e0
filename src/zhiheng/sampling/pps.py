"""Courts drawn with a chance proportional to their size: systematic, exact, re-drawable.

Units so large that their chance would reach 1 are taken first, all of them (certainty units), until
none is left that large. The rest lie end to end in the order given, each as long as its size, and
every `interval`-th point from a start within the first interval takes the unit it falls in (Madow
1949). All arithmetic is of whole numbers and fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Taken:
    """A unit drawn: its place in the order given, its chance, and whether it was certain."""

    unit: int
    probability: Fraction
    certain: bool


def systematic(sizes: Sequence[int], n: int, start: Fraction) -> list[Taken]:
    """n units of these sizes, in their order; start: from 0 up to but not including 1.

    Fewer units than n with a size: all of them are taken.
    """
    certain = _certain(sizes, n)
    rest = [unit for unit in range(len(sizes)) if unit not in certain]
    total, many = sum(sizes[unit] for unit in rest), n - len(certain)
    found = [Taken(unit, Fraction(1), True) for unit in certain]
    if many > 0 and total > 0:
        step = Fraction(total, many)
        reached, point = Fraction(0), start * step
        for unit in rest:
            reached += sizes[unit]
            if point < reached:
                found.append(Taken(unit, sizes[unit] / step, False))
                point += step
    return sorted(found, key=lambda taken: taken.unit)


def _certain(sizes: Sequence[int], n: int) -> set[int]:
    certain: set[int] = set()
    while True:
        rest = {unit: size for unit, size in enumerate(sizes) if unit not in certain and size > 0}
        many, total = n - len(certain), sum(rest.values())
        large = {unit for unit, size in rest.items() if size * many >= total}
        if many <= 0 or not large:
            return certain
        certain |= large
