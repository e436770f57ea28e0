"""Draws by size: chances over every start, certainty units, exactness."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.sampling.pps import systematic

SIZES = st.lists(st.integers(0, 60), min_size=1, max_size=10)
START = st.fractions(0, 1).filter(lambda start: start < 1)


@given(SIZES, st.integers(1, 12), START)
def test_as_many_units_are_drawn_as_asked_for_and_none_twice(sizes, n, start) -> None:
    found = systematic(sizes, n, start)
    there = sum(size > 0 for size in sizes)
    assert len({taken.unit for taken in found}) == len(found) == min(n, there)
    assert sum(taken.probability == 1 for taken in found) >= sum(taken.certain for taken in found)


@given(SIZES, st.integers(1, 12), START)
def test_certain_units_do_not_depend_on_the_start(sizes, n, start) -> None:
    of = [{t.unit for t in systematic(sizes, n, at) if t.certain} for at in (start, Fraction(0))]
    assert of[0] == of[1]


@pytest.mark.parametrize(
    ("sizes", "uncertain"), [([5, 3, 8, 4], 20), ([1] * 6, 6), ([40, 3, 2, 5, 7], 17)]
)
def test_over_all_starts_a_unit_is_drawn_as_often_as_its_chance_says(
    sizes: list[int], uncertain: int
) -> None:
    """The start counts only by the piece it falls in: the middles of pieces see them all."""
    starts = uncertain
    counts, chance = dict.fromkeys(range(len(sizes)), 0), {}
    for k in range(starts):
        for taken in systematic(sizes, 2, Fraction(2 * k + 1, 2 * starts)):
            counts[taken.unit] += 1
            chance[taken.unit] = taken.probability
    assert {unit: Fraction(count, starts) for unit, count in counts.items()} == chance
    assert sum(chance.values()) == 2


def test_a_unit_that_becomes_too_large_once_another_is_certain_is_certain_too() -> None:
    found = systematic([100, 30, 10, 10, 10], 3, Fraction(1, 3))
    assert [taken.unit for taken in found if taken.certain] == [0, 1]
