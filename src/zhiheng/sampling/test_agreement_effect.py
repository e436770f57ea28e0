"""What reviewers add to an item's variance, against a population of which it is known."""

from __future__ import annotations

import numpy as np
import pytest

from zhiheng.sampling.agreement_effect import Effect, of_double_readings, of_shares

FILES, REVIEWERS = 240, 6
BETWEEN, FILE, RESIDUE = 0.04, 0.2, 0.1


def reading(rng: np.random.Generator, between: float) -> tuple[float, Effect, Effect, float]:
    """One review: the mean of the first readings, both estimates, the usual s²/n."""
    strict = rng.normal(0, np.sqrt(between), REVIEWERS)
    files = rng.normal(0, np.sqrt(FILE), FILES)
    one = rng.permutation(np.arange(FILES) % REVIEWERS)
    other = (one + rng.integers(1, REVIEWERS, FILES)) % REVIEWERS
    answers = [files + strict[who] + rng.normal(0, np.sqrt(RESIDUE), FILES) for who in (one, other)]
    loads = np.bincount(one, minlength=REVIEWERS).astype(float)
    variance = float(answers[0].var(ddof=1))
    twice = of_double_readings(answers[0], answers[1], (one, other), loads, variance)
    shares = of_shares(answers[0], one)
    assert twice and shares
    return float(answers[0].mean()), twice, shares, variance / FILES


@pytest.mark.parametrize("between", [BETWEEN, 0.0])
def test_the_variance_between_reviewers_is_met_on_average(between: float) -> None:
    rng = np.random.default_rng(11)
    found = [reading(rng, between) for _ in range(1500)]
    # Standard errors of these averages are near 0.0007 at most.
    assert np.mean([twice.raw for _, twice, _, _ in found]) == pytest.approx(between, abs=0.003)
    assert np.mean([shares.raw for _, _, shares, _ in found]) == pytest.approx(between, abs=0.003)


def test_the_variance_of_the_mean_is_the_sampling_variance_and_what_is_added() -> None:
    rng = np.random.default_rng(12)
    found = [reading(rng, BETWEEN) for _ in range(3000)]
    true = np.var([mean for mean, *_ in found])
    usual = np.mean([sampling for *_, sampling in found])
    added = np.mean([twice.added for _, twice, _, _ in found])
    assert true > 3 * usual  # reviewers are most of it
    assert usual + added == pytest.approx(true, rel=0.08)


def test_inflation_is_one_and_rho_times_the_load_less_one() -> None:
    # Two reviewers, 10 answers each; σ_b² known from its definition below.
    first, second = np.array([1.0, 1, 0, 1]), np.array([0.0, 1, 0, 0])
    who = (np.array([0, 0, 0, 0]), np.array([1, 1, 1, 1]))
    effect = of_double_readings(first, second, who, np.array([10.0, 10.0]), 0.25)
    # Σd² = 2 = 8(b + e); Σ_g s²/k = 2·4/4 = 2 = 16 b + 4 e  →  b = 1/12.
    assert effect is not None
    assert effect.between == pytest.approx(1 / 12)
    assert effect.rho == pytest.approx(1 / 3)
    assert effect.inflation == pytest.approx(1 + 9 / 3)
    assert effect.added == pytest.approx(1 / 12 * (200 / 400 - 1 / 20))
    # The same said twice: the sampling variance times (inflation - 1).
    assert effect.added == pytest.approx(0.25 / 20 * (effect.inflation - 1))


def test_pairs_that_never_met_again_tell_nothing() -> None:
    who = (np.array([0, 2]), np.array([1, 3]))
    answers = np.array([1.0, 0.0])
    assert of_double_readings(answers, answers, who, np.ones(4), 0.25) is None
    assert of_shares(answers, np.array([0, 0])) is None
