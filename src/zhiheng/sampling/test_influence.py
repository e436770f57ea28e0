"""Standard errors up a tree: against refitting it, by hand and by small differences."""

from __future__ import annotations

import numpy as np
import pytest

from zhiheng.sampling.design import Design, design_of
from zhiheng.sampling.estimates import Estimates, means, ratios
from zhiheng.sampling.influence import node_influence, nodes
from zhiheng.sampling.variance import covariance

WEIGHTS = np.array([0.5, 0.3, 0.2])


def leaves(seed: int = 1) -> tuple[Design, Estimates]:
    random = np.random.default_rng(seed)
    applies = random.random((90, 3)) < [0.95, 0.7, 0.4]
    yes = (random.random((90, 3)) < [0.9, 0.8, 0.95]) & applies
    design = design_of(90, strata=np.repeat([0, 1, 2], 30), population=np.repeat([90, 400, 50], 30))
    return design, ratios(design, yes, applies)


def tree(values: np.ndarray) -> np.ndarray:
    """Arithmetic, geometric and harmonic mean of the leaves, and a mean of the first two."""
    arithmetic = WEIGHTS @ values
    geometric = np.exp(WEIGHTS @ np.log(values))
    harmonic = 1 / (WEIGHTS @ (1 / values))
    return np.array([arithmetic, geometric, harmonic, (arithmetic + geometric) / 2])


def partials(values: np.ndarray) -> np.ndarray:
    """Their derivatives by the leaves (nodes, leaves)."""
    _, geometric, harmonic, _ = tree(values)
    above = WEIGHTS * geometric / values
    return np.array([WEIGHTS, above, WEIGHTS * harmonic**2 / values**2, (WEIGHTS + above) / 2])


def test_a_weighted_sum_of_items_read_in_the_same_files_has_the_error_of_the_summed_file() -> None:
    random = np.random.default_rng(2)
    y = random.random((30, 3)) < 0.8
    design = design_of(30, population=[300] * 30)
    found = nodes(means(design, y), np.array([0.0]), WEIGHTS[None, :])
    direct = means(design, y @ WEIGHTS)
    assert found.standard_errors(design)[0] == pytest.approx(
        direct.standard_errors(design)[0], rel=1e-12
    )


def test_every_node_has_the_error_that_its_gradient_gives() -> None:
    design, found = leaves()
    slopes = partials(found.values)
    up = covariance(design, node_influence(found.influence, slopes))
    np.testing.assert_allclose(up, slopes @ found.covariance(design) @ slopes.T, rtol=1e-10)


def test_the_influence_of_a_file_on_a_node_is_what_its_weight_moves() -> None:
    random = np.random.default_rng(1)
    applies = random.random((90, 3)) < [0.95, 0.7, 0.4]
    yes = (random.random((90, 3)) < [0.9, 0.8, 0.95]) & applies
    design, found = leaves()
    influence = node_influence(found.influence, partials(found.values))
    for file in (0, 31, 77):
        weights = np.array([design.weights, design.weights])
        weights[:, file] += [1e-5, -1e-5]
        moved = [tree((w @ yes) / (w @ applies)) for w in weights]
        np.testing.assert_allclose((moved[0] - moved[1]) / 2e-5, influence[file], rtol=1e-5)


def test_a_leaf_that_is_not_there_moves_no_node() -> None:
    _, found = leaves()
    gone = np.column_stack([found.influence, np.zeros(90)])
    slopes = np.column_stack([partials(found.values), np.zeros(4)])
    np.testing.assert_array_equal(
        node_influence(gone, slopes), node_influence(found.influence, partials(found.values))
    )
