"""Sizes and margins: textbook numbers, and each undoing the other."""

from __future__ import annotations

import math

import pytest
from scipy.stats import norm

from zhiheng.sampling.size import margin_of, size_for_mean, size_for_share

TWO = 2 * norm.cdf(2) - 1
"""The level at which textbooks of Cochran's time put t = 2."""


def test_cochrans_island() -> None:
    """Cochran 1977, 4.4: 3,200 people, ± 5 %, t = 2: n0 = 400, n = 356."""
    assert size_for_share(0.05, 0.5, level=TWO) == 400
    assert size_for_share(0.05, 0.5, population=3200, level=TWO) == 356


def test_of_a_small_stock_the_correction_counts_the_file_itself() -> None:
    """400 / (1 + 399/100) = 80.2; without the "- 1" it would be 80."""
    assert size_for_share(0.05, 0.5, population=100, level=TWO) == 81


def test_the_poll_everybody_knows() -> None:
    assert size_for_share(0.03) == 1068
    assert size_for_share(0.05) == 385


def test_clusters_and_missing_files_ask_for_more() -> None:
    assert size_for_share(0.05, design_effect=2) == 769
    assert size_for_share(0.05, response=0.8) == 482


def test_no_more_is_asked_for_than_there_is() -> None:
    assert size_for_share(0.001, population=40) == 40
    assert size_for_share(0.05, population=40, response=0.5) == 40


def test_a_mean_needs_what_its_deviation_asks_for() -> None:
    assert size_for_mean(2, 10, level=TWO) == 100
    assert size_for_mean(2, 10, population=400, level=TWO) == 80


def test_the_margin_of_the_size_is_the_margin_asked_for() -> None:
    n = size_for_share(0.04, 0.9, population=5000)
    assert margin_of([5000], [n], 0.9) <= 0.04 < margin_of([5000], [n - 1], 0.9)


def test_strata_add_up_and_one_taken_whole_adds_nothing() -> None:
    one = margin_of([100], [20], 0.9)
    assert margin_of([100, 100], [20, 100], 0.9) == pytest.approx(one / 2)


def test_a_stratum_left_out_has_no_margin() -> None:
    assert math.isnan(margin_of([100, 50], [20, 0]))
