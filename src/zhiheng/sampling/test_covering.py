"""Intervals against a population known to the last file: how often they hold the truth."""

from __future__ import annotations

import pytest

from zhiheng.sampling.covering import NAIVE, Population, coverage_of, made_population

DRAWS = 1000
RATES = (0.97, 0.93, 0.90)


def equal_sizes() -> Population:
    """Three strata of unequal size, sampled alike: weights from 30 to 60 and more."""
    return made_population(7, RATES, (12, 20, 30), (300, 150, 60), 0.03, (60, 80, 100))


def courts_first() -> Population:
    """Courts drawn within strata, then files within courts."""
    return made_population(7, RATES, (12, 20, 30), (300, 150, 60), 0.03, (15, 15, 15), (6, 8, 10))


@pytest.mark.parametrize("population", [equal_sizes(), courts_first()])
def test_the_default_interval_holds_the_truth_in_about_95_of_100_draws(
    population: Population,
) -> None:
    assert 0.93 <= coverage_of("logit", population, DRAWS, seed=3).held <= 0.97


@pytest.mark.parametrize("population", [equal_sizes(), courts_first()])
def test_korn_and_graubards_does_too(population: Population) -> None:
    assert 0.93 <= coverage_of("korn-graubard", population, DRAWS, seed=3).held <= 0.98


def test_taking_the_sample_for_a_simple_one_does_not() -> None:
    naive = coverage_of(NAIVE, equal_sizes(), DRAWS, seed=3)
    assert naive.held < 0.90
    assert naive.below > 10 * naive.above  # the oversampled stratum drags it down


def test_the_same_seed_gives_the_same_coverage() -> None:
    assert coverage_of("logit", equal_sizes(), 20, 5) == coverage_of("logit", equal_sizes(), 20, 5)
