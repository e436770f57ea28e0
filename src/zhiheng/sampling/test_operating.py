"""Chances to pass a line, against counting every sample."""

from __future__ import annotations

from math import comb

import pytest

from zhiheng.sampling.intervals import exact_finite
from zhiheng.sampling.operating import RULES, chances, least_passing

N, FILES, LINE = 12, 40, 0.9


@pytest.mark.parametrize("rule", RULES)
def test_chances_are_those_of_counting_samples(rule: str) -> None:
    truths = [0.7, 0.85, 0.9, 0.975, 1.0]
    for truth, chance in zip(truths, chances(rule, LINE, N, FILES, truths), strict=True):
        good = round(truth * FILES)
        passing = 0
        for yes in range(N + 1):
            low, high = exact_finite(yes, N, FILES)
            shown = {"estimate": yes / N, "lower": low, "upper": high}[rule]
            passing += comb(good, yes) * comb(FILES - good, N - yes) * (shown >= LINE)
        assert chance == pytest.approx(passing / comb(FILES, N), abs=1e-12)


def test_a_court_at_97_percent_is_rarely_shown_beyond_doubt_with_few_files() -> None:
    """30 of 1,000: even 30 of 30 does not put the lower bound at 90 %."""
    assert least_passing("lower", 0.9, 30, 1000) == 31
    assert chances("lower", 0.9, 30, 1000, [0.97]) == [0.0]
    few, many = (chances("lower", 0.9, n, 1000, [0.97])[0] for n in (60, 200))
    assert few < 0.5 < 0.95 < many


def test_who_is_below_the_line_is_shown_above_it_at_most_in_one_of_40_draws() -> None:
    assert chances("lower", 0.9, 100, 1000, [0.899])[0] <= 0.025
    assert 1 - chances("upper", 0.9, 100, 1000, [0.9])[0] <= 0.025


def test_the_estimate_alone_is_a_coin_at_the_line() -> None:
    assert 0.3 < chances("estimate", 0.9, 100, 1000, [0.9])[0] < 0.7


def test_a_line_in_decimals_is_met_by_the_whole_number_it_means() -> None:
    assert least_passing("estimate", 0.9, 50, 1000) == 45
    assert 0.55 * 100 > 55  # in binary
    assert least_passing("estimate", 0.55, 100, 1000) == 55


def test_a_census_decides_by_the_truth() -> None:
    assert chances("lower", 0.9, 40, 40, [0.875, 0.9]) == [0.0, 1.0]


def test_any_interval_may_stand_behind_the_rule() -> None:
    assert least_passing("lower", 0.9, 100, 1000, method="wilson") == 96
