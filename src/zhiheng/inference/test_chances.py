"""Chances of reaching a line, and differences with their error."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import beta, binom

from zhiheng.inference.chances import chance_of_score, chance_of_share
from zhiheng.inference.differences import difference


def test_a_file_more_or_less_decides_at_the_line_when_all_are_read():
    assert chance_of_share(0.9, 89, 100, 100) == 0.0
    assert chance_of_share(0.9, 90, 100, 100) == 1.0
    assert chance_of_share(0.9, 91, 100, 100) == 1.0


def test_the_chance_is_that_of_the_files_not_read():
    """Against the integral of the binomial over Jeffreys' posterior, by quadrature."""
    right, read, files, line = 46, 50, 120, 0.9
    needed = 108 - right

    def at(p: float) -> float:
        return float(binom.sf(needed - 1, files - read, p) * beta.pdf(p, right + 0.5, 4.5))

    found = chance_of_share(line, right, read, files)
    assert found == pytest.approx(quad(at, 0, 1, points=[0.9])[0], abs=1e-9)


def test_a_line_that_is_a_whole_number_of_files_is_not_moved_by_binary_fractions():
    # 0.07 × 100 is 7.000000000000001 in binary numbers.
    assert chance_of_share(0.07, 7, 50, 100) == 1.0
    assert chance_of_share(0.07, 6, 100, 100) == 0.0


def test_what_is_out_of_reach_has_no_chance():
    assert chance_of_share(0.9, 0, 20, 100) == 0.0
    # 80 of the 80 unread would be needed.
    assert 0.0 < chance_of_share(0.9, 10, 20, 100) < 1e-8


def test_of_one_file_unread_the_chance_is_jeffreys_mean():
    assert chance_of_share(1.0, 9, 9, 10) == pytest.approx(float(Fraction(19, 20)))


def test_a_score_on_the_line_has_an_even_chance_and_without_error_it_is_there():
    found = chance_of_score(90.0, np.array([90.0, 90.0, 89.9, np.nan]), np.array([2.0, 0, 0, 1]))
    assert found[:3].tolist() == [0.5, 1.0, 0.0]
    assert np.isnan(found[3])


def test_few_degrees_of_freedom_make_the_chance_less_sure():
    values, errors = np.array([92.0]), np.array([1.0])
    few, many = (float(chance_of_score(90.0, values, errors, df)[0]) for df in (3, np.inf))
    assert few == pytest.approx(0.930337, abs=1e-6)  # t with 3 degrees at 2
    assert many == pytest.approx(0.977250, abs=1e-6)  # the normal law at 2


def test_a_difference_has_the_error_of_both_less_what_they_share():
    apart = difference(*map(np.array, ([90.0], [88.0], [3.0], [4.0])))
    assert apart.error.tolist() == [5.0]
    assert apart.low[0] == pytest.approx(2 - 1.959963984540054 * 5)
    shared = difference(*map(np.array, ([90.0], [88.0], [3.0], [4.0])), covariance=12.0)
    assert shared.error.tolist() == [1.0]
    assert shared.first_higher[0] == pytest.approx(0.977250, abs=1e-6)


def test_two_without_error_differ_as_they_stand():
    found = difference(
        *map(np.array, ([90.0, 80.0, np.nan], [80.0, 80.0, 1.0], [0.0] * 3, [0.0] * 3))
    )
    assert found.first_higher[:2].tolist() == [1.0, 0.5]
    assert np.isnan(found.first_higher[2])
