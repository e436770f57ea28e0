"""The rescaled bootstrap: its moments, its seed, and what it is there for."""

from __future__ import annotations

import numpy as np
import pytest

from zhiheng.errors import BadInput
from zhiheng.sampling.bootstrap import bootstrap, replicate_weights
from zhiheng.sampling.design import design_of, post_stratified
from zhiheng.sampling.estimates import ratios, totals

STRATA = np.repeat([0, 1, 2], [10, 6, 4])
SIZES = np.repeat([25, 40, 4], [10, 6, 4])
Y = np.random.default_rng(3).normal(5, 2, 20)


def test_replicates_of_a_total_vary_as_its_variance_estimator_says() -> None:
    design = design_of(20, strata=STRATA, population=SIZES)
    weights = replicate_weights(design, 40_000, seed=1)
    found = weights @ Y
    estimate = totals(design, Y)
    assert found.mean() == pytest.approx(estimate.values[0], rel=2e-3)
    assert found.var() == pytest.approx(estimate.covariance(design)[0, 0], rel=0.03)


def test_no_weight_is_negative_and_a_stratum_taken_whole_keeps_its_own() -> None:
    weights = replicate_weights(design_of(20, strata=STRATA, population=SIZES), 500, seed=2)
    assert weights.min() >= 0
    assert (weights[:, STRATA == 2] == 1).all()


def test_the_same_seed_gives_the_same_replicates() -> None:
    design = design_of(20, strata=STRATA, population=SIZES)
    first, again = (replicate_weights(design, 50, seed=7) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert (replicate_weights(design, 50, seed=8) != first).any()


def test_a_large_sample_is_taken_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    design = design_of(20, strata=STRATA, population=SIZES)
    monkeypatch.setattr("zhiheng.sampling.bootstrap._WEIGHTS", 20 * 300)
    found = bootstrap(design, Y, np.ones(20), lambda leaves: leaves, 1000, seed=4).values[:, 0]
    assert len(found) == 1000 == len(np.unique(found))
    mean = ratios(design, Y, np.ones(20))
    assert found.std() == pytest.approx(mean.standard_errors(design)[0], rel=0.1)


def test_replicates_of_a_smooth_function_agree_with_its_linearised_covariance() -> None:
    random = np.random.default_rng(5)
    applies = random.random((200, 2)) < 0.9
    yes = (random.random((200, 2)) < [0.9, 0.8]) & applies
    design = design_of(200, strata=np.repeat([0, 1], 100), population=np.repeat([900, 300], 100))
    found = bootstrap(design, yes, applies, lambda leaves: leaves, 4000, seed=1)
    linear = ratios(design, yes, applies).covariance(design)
    np.testing.assert_allclose(np.diag(found.covariance()), np.diag(linear), rtol=0.08)


def test_a_cliff_gets_the_interval_that_linearisation_cannot_give() -> None:
    """Full marks from 90 % on, half below: near the line the score is one or the other."""
    yes = np.repeat([1, 0], [91, 9])
    design = design_of(100, population=[1000] * 100)

    def score(leaves):
        return np.where(leaves[:, 0] >= 0.9, 1.0, 0.5)

    found = bootstrap(design, yes, np.ones(100), score, 2000, seed=1)
    assert found.intervals() == [(0.5, 1.0)]
    assert 0.5 < found.values.mean() < 1


def test_post_strata_are_fitted_again_in_every_replicate() -> None:
    cells = np.tile([0, 1], 10)
    design = post_stratified(
        design_of(20, strata=STRATA, population=SIZES), cells, {"0": 30.0, "1": 39.0}
    )
    weights = replicate_weights(design, 100, seed=1)
    np.testing.assert_allclose(weights[:, cells == 0].sum(axis=1), 30)
    np.testing.assert_allclose(weights[:, cells == 1].sum(axis=1), 39)


def test_a_lonely_stratum_is_refused() -> None:
    design = design_of(3, strata=["a", "a", "b"], population=[5, 5, 4])
    with pytest.raises(BadInput, match="'b'"):
        replicate_weights(design, 10, seed=1)
