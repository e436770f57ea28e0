"""Growth of a job with the number of cases."""

import pytest

from bench.growth import growths, slope


def test_twice_the_time_for_twice_the_cases_is_a_slope_of_one() -> None:
    assert slope([10, 100, 1000], [0.2, 2, 20]) == pytest.approx(1)


def test_a_quadratic_job_has_a_slope_of_two() -> None:
    assert slope([10, 20, 40], [1, 4, 16]) == pytest.approx(2)


def test_a_job_that_takes_as_long_at_any_size_has_a_slope_of_nought() -> None:
    assert slope([10, 1000], [3, 3]) == pytest.approx(0)


def test_the_slope_is_that_of_least_squares_on_the_logarithms() -> None:
    # log2: (0, 0), (1, 2), (2, 2) → sum of products 2, of squares 2.
    assert slope([1, 2, 4], [1, 4, 4]) == pytest.approx(1)


def test_one_size_tells_nothing_of_growth() -> None:
    assert slope([1000], [3]) is None
    assert slope([1000, 1000], [3, 4]) is None
    assert slope([], []) is None


def test_a_job_measured_at_some_sizes_only_is_judged_by_those() -> None:
    walls = {10: {"a": 1.0, "b": 1.0}, 100: {"a": 10.0}, 1000: {"a": 100.0, "b": 1.0}}
    found = growths(walls)
    assert list(found) == ["a", "b"]
    assert found["a"] == pytest.approx(1)
    assert found["b"] == pytest.approx(0)
