"""Normalisation: numbers worked by hand from the formulas, and a slow oracle of them."""

from __future__ import annotations

import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.composites.bounds import Bounds
from zhiheng.composites.normalise import METHODS, Scale, normalise

NAN = float("nan")


def on(method: str, values: list[float], direction: int = 1, **bounds: object) -> list[float]:
    limits = Bounds(**bounds)  # type: ignore[arg-type]
    found = normalise(method, np.array(values, float), direction, limits).tolist()
    return [None if one != one else one for one in found]


def test_minmax_puts_the_worst_at_the_lower_end_and_the_best_at_the_upper():
    assert on("minmax", [2, 4, NAN, 10]) == [0, 25, None, 100]
    assert on("minmax", [2, 4, NAN, 10], -1) == [100, 75, None, 0]
    onto = normalise("minmax", np.array([2.0, 4, 10]), 1, None, Scale(70, 130))
    assert onto.tolist() == [70, 85, 130]


def test_bounds_replace_the_observed_ends_of_minmax_and_do_not_clip():
    assert on("minmax", [0, 5, 15], lower=0, upper=10) == [0, 50, 150]
    assert on("minmax", [0, 5, 15], upper=10, clip=True) == [0, 50, 100]
    assert on("minmax", [1, 5, 11], lower=0) == pytest.approx([100 / 11, 500 / 11, 100])


def test_goalposts_clip_unless_told_otherwise_and_turn_round():
    assert on("goalposts", [-5, 5, 15], lower=0, upper=10) == [0, 50, 100]
    assert on("goalposts", [-5, 5, 15], lower=0, upper=10, clip=False) == [-50, 50, 150]
    assert on("goalposts", [-5, 4, 15], -1, lower=0, upper=10) == [100, 60, 0]


def test_a_log_scale_places_by_logarithms():
    # Norway 2022, income index: (ln 69190 - ln 100) / (ln 75000 - ln 100), UNDP technical note 1.
    (found,) = on("goalposts", [69189.76], lower=100, upper=75000, log=True)
    assert found == pytest.approx(98.78, abs=0.005)
    assert on("minmax", [1, 10, 100], log=True) == pytest.approx([0, 50, 100])


def test_zscores_have_the_sample_standard_deviation_one():
    found = on("zscore", [1, 2, 3, 6])
    assert found == pytest.approx([(x - 3) / statistics.stdev([1, 2, 3, 6]) for x in (1, 2, 3, 6)])
    assert on("zscore", [1, 2, 3, 6], -1) == pytest.approx([-x for x in found])
    scaled = normalise("zscore", np.array([1.0, 2, 3, 6]), 1, None, Scale(mean=100, sd=10))
    assert scaled.tolist() == pytest.approx([100 + 10 * x for x in found])


def test_a_mean_far_above_the_spread_costs_a_zscore_no_digits():
    near = [0.0, 1.5, 2.25, 4.0, 0.5, 3.125, 1.0]
    far = [2.0**40 + value for value in near]
    assert on("zscore", far) == on("zscore", near)


def test_the_best_has_the_highest_rank_and_ties_the_lowest_of_theirs():
    assert on("rank", [5, 1, 5, NAN, 9]) == [2, 1, 2, None, 4]
    assert on("rank", [5, 1, 5, NAN, 9], -1) == [2, 4, 2, None, 1]
    assert on("percentile", [5, 1, 5, NAN, 9]) == pytest.approx([1 / 3, 0, 1 / 3, None, 1])


def test_the_target_is_one_and_the_worst_value_nought():
    assert on("target", [2, 6, 12], target=10) == [0, 0.5, 1.25]
    assert on("target", [2, 6, 12], target=10, clip=True) == [0, 0.5, 1]
    assert on("target", [2, 6, 12], -1, target=4) == [1.25, 0.75, 0]
    assert on("target", [2, 6, 12], upper=10) == [0, 0.5, 1.25]


def test_a_share_of_the_maximum_follows_the_sign_of_the_direction():
    assert on("fraction-of-max", [1, 2, 4]) == [0.25, 0.5, 1]
    assert on("fraction-of-max", [1, 2, 4], -1) == [1, 2, 4]
    assert on("none", [0, 2], -1) == [0, -2]
    assert str(on("none", [0.0], -1)[0]) == "0.0"


@pytest.mark.parametrize("method", ["minmax", "zscore"])
def test_values_all_alike_have_no_place(method: str):
    assert on(method, [0.1, 0.1, 0.1]) == [None] * 3
    assert on(method, [3]) == [None]


def test_what_is_not_defined_is_no_value():
    assert on("percentile", [3]) == [None]
    assert on("fraction-of-max", [0, -3]) == [None, None]
    assert on("target", [2, 6], target=2) == [None, None]
    for method in METHODS:
        assert on(method, [NAN, NAN], lower=0, upper=1) == [None, None]


@pytest.mark.parametrize("method", [m for m in METHODS if m not in ("fraction-of-max",)])
@given(
    values=st.lists(st.one_of(st.just(NAN), st.integers(-99, 99)), min_size=1, max_size=12),
    direction=st.sampled_from([1, -1]),
)
def test_better_is_never_lower_and_what_is_missing_stays_missing(
    method: str, values: list[float], direction: int
):
    target = 200 * direction
    found = on(method, values, direction, lower=-50.0, upper=50.0, target=target)
    assert all(a is None for a, x in zip(found, values, strict=True) if x != x)
    placed = sorted(
        (x * direction, a) for a, x in zip(found, values, strict=True) if a is not None and x == x
    )
    assert [a for _, a in placed] == sorted(a for _, a in placed)
