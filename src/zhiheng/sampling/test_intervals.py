"""Intervals against published numbers, against counting, and at the edges."""

from __future__ import annotations

from math import comb
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from zhiheng.sampling.intervals import METHODS, Share, exact, exact_finite, interval


def simple(yes: int, n: int, df: int = 10**9) -> Share:
    p = yes / n
    return Share(p, p * (1 - p) / n, n, df, n)


# Newcombe, Statistics in Medicine 17 (1998), table I: 81/263, 15/148, 0/20, 1/29.
@pytest.mark.parametrize(
    ("yes", "n", "wilson", "clopper"),
    [
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0.0000, 0.1611), (0.0000, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
    ],
)
def test_score_and_exact_intervals_are_those_newcombe_printed(yes, n, wilson, clopper) -> None:
    assert interval(simple(yes, n), "wilson") == pytest.approx(wilson, abs=5e-5)
    assert exact(yes, n) == pytest.approx(clopper, abs=5e-5)


def test_the_exact_interval_is_that_of_rs_help_page() -> None:
    """R help of binom.test: Mendel's 682 of 925 (Conover 1971): 0.7076683, 0.7654066."""
    assert exact(682, 925) == pytest.approx((0.7076683, 0.7654066), abs=5e-8)


def test_korn_graubard_of_a_simple_draw_is_the_exact_interval() -> None:
    share = Share(0.9, 0.9 * 0.1 / 50, 50, 49, 50)
    assert interval(share, "korn-graubard") == pytest.approx(exact(45, 50), rel=1e-9)


@pytest.mark.parametrize("method", ["logit", "wilson", "korn-graubard"])
def test_all_yes_has_an_interval_with_width(method: str) -> None:
    low, high = interval(Share(1.0, 0.0, 40, 39, 40), method)
    assert high == pytest.approx(1.0, abs=1e-12)
    assert 0.88 < low < 0.93
    flipped = interval(Share(0.0, 0.0, 40, 39, 40), method)
    assert flipped == pytest.approx((0.0, 1 - low), abs=1e-12)


def test_all_yes_falls_back_on_the_exact_interval() -> None:
    assert interval(Share(1.0, 0.0, 40, 39, 40), "logit")[0] == pytest.approx(0.025 ** (1 / 40))


def test_fewer_degrees_of_freedom_and_unequal_weights_widen_the_interval_at_the_edge() -> None:
    best = interval(Share(1.0, 0.0, 40, 39, 40), "logit")[0]
    assert interval(Share(1.0, 0.0, 40, 5, 40), "logit")[0] < best
    assert interval(Share(1.0, 0.0, 40, 39, 25), "logit")[0] < best


def test_a_census_has_no_interval_to_speak_of() -> None:
    assert interval(Share(0.975, 0.0, 40, 39, 40, whole=True), "logit") == (0.975, 0.975)


def test_without_a_degree_of_freedom_there_is_no_interval() -> None:
    assert all(np.isnan(interval(Share(0.5, 0.1, 2, 0, 2), method)).all() for method in METHODS)


@given(
    st.floats(0.001, 0.999),
    st.integers(5, 500),
    st.integers(2, 60),
    st.sampled_from(sorted(METHODS)),
)
def test_an_interval_holds_the_estimate_and_mirrors(p: float, n: int, df: int, method: str) -> None:
    share = Share(p, p * (1 - p) / n, n, df, n)
    low, high = interval(share, method)
    assert 0 <= low <= p <= high <= 1
    mirrored = interval(Share(1 - p, share.variance, n, df, n), method)
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-9)


def counted(yes: int, n: int, population: int, tail: float = 0.025) -> tuple[float, float]:
    """The exact interval by counting samples, truth by truth."""
    inside = []
    for truth in range(population + 1):
        ways = [comb(truth, k) * comb(population - truth, n - k) for k in range(n + 1)]
        every = sum(ways)
        if sum(ways[yes:]) > tail * every and sum(ways[: yes + 1]) > tail * every:
            inside.append(truth / population)
    return inside[0], inside[-1]


@pytest.mark.parametrize(("n", "population"), [(7, 30), (20, 25), (10, 10), (1, 5)])
def test_the_interval_of_a_finite_population_is_that_of_counting(n: int, population: int) -> None:
    for yes in range(n + 1):
        assert exact_finite(yes, n, population) == counted(yes, n, population)


def test_the_interval_of_a_finite_population_covers_whatever_the_truth() -> None:
    n, population = 12, 60
    bounds = [exact_finite(yes, n, population) for yes in range(n + 1)]
    for truth in range(population + 1):
        held = sum(
            comb(truth, yes) * comb(population - truth, n - yes)
            for yes, (low, high) in enumerate(bounds)
            if low <= truth / population <= high
        )
        assert held >= 0.95 * comb(population, n)


def test_a_large_population_is_like_drawing_with_replacement() -> None:
    assert exact_finite(45, 50, 100_000) == pytest.approx(exact(45, 50), abs=2e-4)


def held(method: str, n: int, population: int, truth: float) -> float:
    """How often, over all simple samples, the interval holds the truth."""
    good, found = round(truth * population), 0.0
    for yes, chance in enumerate(hypergeom.pmf(np.arange(n + 1), population, good, n)):
        if chance > 1e-9:
            p = yes / n
            share = Share(p, (1 - n / population) * p * (1 - p) / (n - 1), n, n - 1, n)
            bounds = (
                exact_finite(yes, n, population) if method == "exact" else interval(share, method)
            )
            found += chance * (bounds[0] - 1e-12 <= good / population <= bounds[1] + 1e-12)
    return found


def test_the_page_on_sampling_error_prints_what_intervals_hold() -> None:
    page = Path(__file__).parents[3] / "docs" / "explanation" / "sampling-error.md"
    lines = page.read_text("utf-8").splitlines()
    head = next(at for at, line in enumerate(lines) if line.startswith("| files | drawn |"))
    names = ("logit", "wilson", "korn-graubard", "exact", "wald")
    rows = [
        [cell.strip(" %").replace(",", "") for cell in line.strip("|").split("|")]
        for line in lines[head + 2 : lines.index("", head)]
    ]
    assert len(rows) == 6
    for population, n, truth, *shares in rows:
        for name, share in zip(names, shares, strict=True):
            found = 100 * held(name, int(n), int(population), float(truth) / 100)
            assert found == pytest.approx(float(share), abs=0.051), (population, n, truth, name)
