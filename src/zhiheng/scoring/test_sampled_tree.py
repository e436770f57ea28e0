"""Trees over items read in a sample: every node's error, whatever means it uses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from zhiheng.composites.aggregate import combine
from zhiheng.composites.gates import Gate
from zhiheng.composites.plan import Plan, plan_of
from zhiheng.composites.tree import Node, Tree
from zhiheng.errors import BadInput
from zhiheng.sampling.bootstrap import replicate_weights
from zhiheng.sampling.design import design_of
from zhiheng.sampling.readings import Readings, Sampled
from zhiheng.scoring.sampled_tree import NodeEstimate, estimate_nodes

NODES = (
    Node("all", ""),
    Node("x", "all", 2.0),
    Node("y", "all", 1.0),
    Node("a", "x", 3.0),
    Node("b", "x", 1.0),
    Node("c", "y", 1.0, -1),
)
ITEMS = ("a", "b", "c")


def plan(aggregate: str = "arithmetic", gates: tuple[Gate, ...] = ()) -> Plan:
    return plan_of(Tree(NODES), "none", (aggregate,), gates=gates)


def found(seed: int = 1, files: int = 160) -> Readings:
    """Files of two strata, the answers of a file alike."""
    rng = np.random.default_rng(seed)
    strata = np.repeat(["甲", "乙"], [files // 4, files - files // 4])
    of_file = rng.random(files)[:, None]
    yes = 0.5 * of_file + 0.5 * rng.random((files, 3)) < [0.85, 0.7, 0.35]
    applies = rng.random((files, 3)) < 0.9
    design = design_of(files, strata=strata, population=np.where(strata == "甲", 100, 900))
    columns = {"id": tuple(map(str, range(files))), "court": tuple(strata.tolist())}
    sampled = Sampled("sample.csv", columns, tuple(range(2, files + 2)))
    return Readings(sampled, design, ITEMS, yes & applies, applies, np.ones_like(yes), 0)


def by_node(rows: list[NodeEstimate], court: str = "") -> dict[str, NodeEstimate]:
    return {row.node: row for row in rows if row.court == court}


@pytest.mark.parametrize("aggregate", ["arithmetic", "geometric", "harmonic"])
def test_every_node_has_the_value_of_its_means_and_varies_as_its_replicates_do(aggregate: str):
    of = found()
    rows = by_node(estimate_nodes(plan(aggregate), of))
    weights = replicate_weights(of.design, 4000, 5)
    shares = 100 * (weights @ of.yes) / (weights @ of.applies)
    a, b, c = shares.T
    x = combine(aggregate, [a, b], [3.0, 1.0])
    root = combine(aggregate, [x, 100 - c], [2.0, 1.0])
    whole = 100 * (of.design.weights @ of.yes) / (of.design.weights @ of.applies)
    plain = combine(aggregate, [np.array(whole[0]), np.array(whole[1])], [3.0, 1.0])
    assert rows["x"].value == pytest.approx(float(plain))
    assert rows["x"].error == pytest.approx(x.std(), rel=0.05)
    assert rows["all"].error == pytest.approx(root.std(), rel=0.05)
    assert rows["y"].value == pytest.approx(100 - whole[2])
    for row in rows.values():
        assert row.low < row.value < row.high
        assert row.how == "linearised"


def test_an_interval_of_a_leaf_that_counts_against_is_turned_round():
    of = found()
    turned = by_node(estimate_nodes(plan(), of))["c"]
    straight = tuple(Node(n.code, n.parent, n.weight) for n in NODES)
    plain = by_node(estimate_nodes(plan_of(Tree(straight), "none"), of))["c"]
    assert (turned.low, turned.high) == pytest.approx((100 - plain.high, 100 - plain.low))


def test_above_a_gate_the_bootstrap_tells_the_error():
    of = found()
    gate = Gate("x", "a", "<", 98.8, "cap", "score", 50.0)
    rows = by_node(estimate_nodes(plan(gates=(gate,)), of, replicates=2000))
    assert [rows[node].how for node in ("all", "x", "y", "a")] == [
        "bootstrap",
        "bootstrap",
        "linearised",
        "linearised",
    ]
    weights = replicate_weights(of.design, 2000, 1)
    a, b, _ = (100 * (weights @ of.yes) / (weights @ of.applies)).T
    x = (3 * a + b) / 4
    capped = np.where(a < 98.8, np.minimum(x, 50.0), x)
    assert rows["x"].error == pytest.approx(capped.std(ddof=1))
    assert 0.05 < np.mean(a < 98.8) < 0.95  # the cliff lies within what the sample leaves open
    again = by_node(estimate_nodes(plan(gates=(gate,)), of, replicates=2000))
    assert again == rows


def test_courts_are_domains_of_the_draw():
    of = found()
    rows = estimate_nodes(plan(), of, "court")
    own = np.array(of.sampled.columns["court"]) == "甲"
    share = of.yes[own, 0].sum() / of.applies[own, 0].sum()
    assert by_node(rows, "甲")["a"].value == pytest.approx(100 * share)
    assert {row.court for row in rows} == {"", "甲", "乙"}


def test_leaves_that_were_not_read_have_no_value_and_none_at_all_is_refused():
    of = found()
    more = plan_of(Tree((*NODES, Node("d", "y", 1.0))), "none")
    rows = by_node(estimate_nodes(more, of))
    assert np.isnan(rows["d"].value)
    assert rows["y"].value == rows["c"].value
    other = plan_of(Tree((Node("r", ""), Node("q", "r"))), "none")
    with pytest.raises(BadInput, match="No item read is a leaf"):
        estimate_nodes(other, of)


def test_a_leaf_all_right_in_every_file_read_has_an_error():
    of = found()
    yes = of.yes.copy()
    yes[:, 0] = of.applies[:, 0]
    rows = by_node(estimate_nodes(plan(), replace(of, yes=yes)))
    n = (of.design.weights[of.applies[:, 0]].sum()) ** 2 / (
        of.design.weights[of.applies[:, 0]] ** 2
    ).sum()
    left = 1 - 160 / 1000
    expected = 100 * np.sqrt(left * (n + 0.5) * 0.5 / ((n + 1) ** 2 * (n + 2)))
    assert rows["a"].value == 100.0
    assert rows["a"].error == pytest.approx(expected)
