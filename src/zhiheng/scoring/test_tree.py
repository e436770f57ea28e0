"""Weights, coverage and what is missing, up the tree."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.indexes.editions import load_edition
from zhiheng.indexes.model import IndexSet
from zhiheng.scoring import tree
from zhiheng.scoring.columns import column_of
from zhiheng.scoring.results import Score
from zhiheng.scoring.tree import ROOT


def scored(value: float, coverage: float = 1.0) -> Score:
    return Score("x", "scored", value, coverage)


def combine(node: str, weights: list[float], children: list[Score], full: bool = False) -> Score:
    """One court's node from its children."""
    return tree.combine(node, weights, [column_of("x", [each]) for each in children], full).at(0)


def score_tree(index: IndexSet, leaves: dict[str, Score]) -> dict[str, Score]:
    """One court's tree."""
    columns = {name: column_of(name, [score]) for name, score in leaves.items()}
    return {name: column.at(0) for name, column in tree.score_tree(index, columns).items()}


NO_DATA = Score("x", "no_data", None, 0.0)
NOT_APPLICABLE = Score("x", "not_applicable", None, 0.0)


def test_a_parent_is_the_weighted_mean_of_its_children() -> None:
    got = combine("p", [75, 25], [scored(80), scored(40)])
    assert (got.value, got.coverage) == (70.0, 1.0)


def test_a_leaf_without_data_is_not_zero_but_lowers_the_coverage() -> None:
    got = combine("p", [75, 25], [scored(80), NO_DATA])
    assert (got.value, got.coverage) == (80.0, 0.75)


def test_a_leaf_that_does_not_apply_costs_neither_score_nor_coverage() -> None:
    got = combine("p", [75, 25], [scored(80), NOT_APPLICABLE])
    assert (got.value, got.coverage) == (80.0, 1.0)


def test_a_leaf_that_does_not_apply_may_count_as_full_marks() -> None:
    got = combine("p", [75, 25], [scored(80), NOT_APPLICABLE], full=True)
    assert (got.value, got.coverage) == (85.0, 1.0)


def test_nothing_known_gives_no_data_and_nothing_applicable_not_applicable() -> None:
    assert combine("p", [50, 50], [NO_DATA, NOT_APPLICABLE]).state == "no_data"
    assert combine("p", [50, 50], [NOT_APPLICABLE, NOT_APPLICABLE]).state == "not_applicable"


def test_partial_coverage_of_a_child_is_carried_up_by_weight() -> None:
    assert combine("p", [60, 40], [scored(1, 0.5), scored(1, 1.0)]).coverage == pytest.approx(0.7)


@given(st.data())
def test_a_tree_stays_within_its_leaves_and_has_every_node(data: st.DataObject) -> None:
    index = load_edition("cass-2017").sets["basic"]
    leaves = {
        node.indicator.id: data.draw(
            st.one_of(
                st.just(NO_DATA),
                st.just(NOT_APPLICABLE),
                st.builds(scored, st.floats(0, 100), st.floats(0.01, 1)),
            )
        )
        for node in index.leaves()
    }
    scores = score_tree(index, leaves)
    assert set(scores) == {node.indicator.id for node in index.walk()} | {ROOT}
    values = [leaf.value for leaf in leaves.values() if leaf.value is not None]
    root = scores[ROOT]
    if values:
        assert root.value is not None
        assert min(values) - 1e-9 <= root.value <= max(values) + 1e-9
        assert 0 < root.coverage <= 1 + 1e-12
    else:
        assert root.value is None


def test_full_marks_everywhere_are_one_hundred_on_every_set() -> None:
    for index in load_edition("cass-2017").sets.values():
        leaves = {node.indicator.id: scored(100) for node in index.leaves()}
        assert score_tree(index, leaves)[ROOT].value == pytest.approx(100)


def test_many_courts_at_once_score_as_each_does_alone() -> None:
    draw = Random(3)
    choices = [NO_DATA, NOT_APPLICABLE, scored(17.3, 0.31), scored(98.6), scored(0.0, 0.7)]
    children = [[draw.choice(choices) for _ in range(200)] for _ in range(3)]
    weights = [29.5, 50.25, 20.25]
    for full in (False, True):
        columns = [column_of("x", each) for each in children]
        together = tree.combine("p", weights, columns, full)
        alone = [combine("p", weights, list(of), full) for of in zip(*children, strict=True)]
        assert [together.at(place) for place in range(200)] == alone
