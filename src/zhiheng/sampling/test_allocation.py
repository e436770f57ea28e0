"""Allocations: sums, bounds, and the numbers one works out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.errors import WrongUse
from zhiheng.sampling.allocation import KINDS, allocated, spread

SIZES = st.lists(st.integers(0, 400), min_size=1, max_size=12)


@given(SIZES, st.data(), st.sampled_from(KINDS), st.integers(0, 5))
def test_parts_add_up_and_stay_within_what_a_stratum_has(sizes, data, kind, minimum) -> None:
    low = sum(min(minimum, size) for size in sizes)
    n = data.draw(st.integers(low, sum(sizes)))
    count = len(sizes)
    deviations = data.draw(st.lists(st.floats(0, 10), min_size=count, max_size=count))
    found = allocated(n, sizes, kind, deviations, minimum)
    assert sum(found) == n
    for part, size in zip(found, sizes, strict=True):
        assert min(minimum, size) <= part <= size


@given(SIZES, st.data())
def test_without_a_bound_in_the_way_a_part_is_within_one_of_its_quota(sizes, data) -> None:
    n = data.draw(st.integers(0, sum(sizes)))
    found = allocated(n, sizes)
    for part, size in zip(found, sizes, strict=True):
        quota = Fraction(n * size, sum(sizes)) if sum(sizes) else 0
        assert quota - 1 < part < quota + 1


def plain(n: int, low: list[int], high: list[int], weights: list[Fraction]) -> list[Fraction]:
    """Fix what lies beyond a bound, spread the rest, again and again (of one side at a time)."""
    fixed: dict[int, int] = {}
    while True:
        free = [h for h in range(len(high)) if h not in fixed]
        rest = n - sum(fixed.values())
        total = sum(weights[h] for h in free)
        parts = {h: rest * weights[h] / total for h in free} if free else {}
        over = sum(max(parts[h] - high[h], 0) for h in free)
        under = sum(max(low[h] - parts[h], 0) for h in free)
        if not over and not under:
            return [Fraction(fixed.get(h, 0)) if h in fixed else parts[h] for h in range(len(high))]
        for h in free:
            if over >= under and parts[h] > high[h]:
                fixed[h] = high[h]
            elif under > over and parts[h] < low[h]:
                fixed[h] = low[h]


@given(st.data(), st.integers(1, 8))
def test_parts_are_within_one_of_what_fixing_and_spreading_again_gives(data, count) -> None:
    high = data.draw(st.lists(st.integers(1, 50), min_size=count, max_size=count))
    low = [data.draw(st.integers(0, size)) for size in high]
    weights = [Fraction(data.draw(st.integers(1, 30))) for _ in high]
    n = data.draw(st.integers(sum(low), sum(high)))
    exact = plain(n, low, high, weights)
    for part, wanted in zip(spread(n, low, high, weights), exact, strict=True):
        assert abs(part - wanted) < 1


def test_neyman_gives_more_to_where_files_differ() -> None:
    """Cochran 1977, 5.5: n_h = n N_h S_h / Σ N_h S_h: 400·4 : 600·8 = 1 : 3."""
    assert allocated(80, [400, 600], "neyman", [4.0, 8.0]) == [20, 60]


def test_what_a_small_stratum_cannot_take_goes_to_the_others_in_proportion() -> None:
    assert allocated(100, [10, 1000, 2000], "equal") == [10, 45, 45]
    assert allocated(60, [10, 100, 100], "neyman", [50.0, 1.0, 2.0]) == [10, 17, 33]


def test_a_stratum_without_spread_gets_the_minimum_until_the_others_are_full() -> None:
    assert allocated(20, [50, 50], "neyman", [0.0, 1.0], minimum=2) == [2, 18]
    assert allocated(70, [50, 50], "neyman", [0.0, 1.0], minimum=2) == [20, 50]


def test_ties_go_to_the_first_stratum() -> None:
    assert allocated(5, [10, 10, 10, 10]) == [2, 1, 1, 1]


@pytest.mark.parametrize(("n", "minimum"), [(31, 0), (5, 2)])
def test_what_cannot_be_is_refused_with_the_bounds(n: int, minimum: int) -> None:
    with pytest.raises(WrongUse, match="at least"):
        allocated(n, [10, 10, 10], minimum=minimum)
