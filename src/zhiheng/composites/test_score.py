"""Whole trees against published indexes and a plain recursion; availability, gates, replays."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.composites.aggregate import METHODS
from zhiheng.composites.bounds import Bounds
from zhiheng.composites.data import Data
from zhiheng.composites.gates import Gate
from zhiheng.composites.normalise import Scale
from zhiheng.composites.plan import Plan, plan_of
from zhiheng.composites.result import Result, score
from zhiheng.composites.score import slopes, tree_weights, walk
from zhiheng.composites.test_aggregate import plain
from zhiheng.composites.tree import Node, Tree, tree_of
from zhiheng.errors import BadInput

NAN = float("nan")


def data_of(**columns: list[float]) -> Data:
    count = len(next(iter(columns.values())))
    units = tuple(f"u{at}" for at in range(count))
    return Data(units, {code: np.array(values, float) for code, values in columns.items()})


def flat(*codes: str, **more: object) -> Tree:
    return tree_of([Node("all", ""), *(Node(code, "all", **more) for code in codes)])  # type: ignore[arg-type]


def root(result: Result) -> list[float | None]:
    values = result.scores[:, result.plan.tree.codes.index(result.plan.tree.root)].tolist()
    return [None if value != value else value for value in values]


HDI = (
    Node("HDI", "", aggregate="geometric"),
    Node("le_2022", "HDI"),
    Node("education", "HDI"),
    Node("eys_2022", "education"),
    Node("mys_2022", "education"),
    Node("gnipc_2022", "HDI"),
)
POSTS = {
    "le_2022": Bounds(20, 85),
    "eys_2022": Bounds(0, 18),
    "mys_2022": Bounds(0, 15),
    "gnipc_2022": Bounds(100, 75000, log=True),
}
"""UNDP, Human Development Report 2023/24, technical note 1."""


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def columns_of(file: Path, codes: list[str]) -> Data:
    rows = rows_of(file)
    units = tuple(next(iter(row.values())) for row in rows)
    return Data(units, {code: np.array([float(row[code]) for row in rows]) for code in codes})


def test_the_human_development_index_of_2022_comes_out(shared: Callable[..., Path]):
    file = shared("statistics", "hdi_2022_inputs_and_expected.csv")
    plan = plan_of(tree_of(HDI), "goalposts", ("arithmetic", "geometric"), POSTS, Scale(0, 1))
    found = score(plan, columns_of(file, list(POSTS)), rank_decimals=3)
    rows = rows_of(file)
    assert len(rows) == 193
    # Published to three decimals.
    assert np.abs(found.scores[:, 0] - [float(row["hdi_2022"]) for row in rows]).max() < 0.0005
    assert np.abs(found.scores[:, 0] - [float(row["calc"]) for row in rows]).max() < 1e-12
    assert found.ranks.tolist() == [float(row["hdi_rank_2022"]) for row in rows]


def test_the_technology_achievement_index_ranks_as_the_handbook_prints(
    shared: Callable[..., Path],
):
    """OECD and JRC, Handbook (2008), Tables 23 (equal weights) and 38 (linear, geometric)."""
    folder = shared("statistics", "oecd_tai")
    posts = rows_of(folder / "tai_goalposts_hdr2001.csv")
    codes = [row["indicator"] for row in posts]
    data = columns_of(folder / "tai23_raw_tableA2.csv", codes)
    bounds = {}
    for row in posts:
        ends = [float(row["lower"]), float(row["upper"])]
        # The raw table holds these two indicators as logarithms already.
        logs = [math.log10(end) for end in ends] if row["scale"] == "log10" else ends
        bounds[row["indicator"]] = Bounds(*logs)
    equal = score(plan_of(flat(*codes), "goalposts", bounds=bounds), data)
    product = score(plan_of(flat(*codes), "none", ("geometric",)), data)
    table23, table38 = (rows_of(folder / f"tai_ranks_table{n}.csv") for n in (23, 38))
    assert equal.ranks.tolist() == [float(row["EW"]) for row in table23]
    assert equal.ranks.tolist() == [float(row["LIN"]) for row in table38]
    assert product.ranks.tolist() == [float(row["GME"]) for row in table38]


def test_a_node_needs_its_share_of_children_whatever_they_weigh():
    data = data_of(a=[1, 1, 1], b=[4, 4, NAN], c=[7, NAN, NAN])
    for least, expected in (
        ("2/3", [4, 2.5, None]),
        ("0.6667", [4, None, None]),
        ("1", [4, None, None]),
        ("0", [4, 2.5, 1]),
    ):
        plan = plan_of(flat("a", "b", "c"), "none", availability=Fraction(least))
        found = score(plan, data)
        assert root(found) == expected
    assert found.availability[:, 0].tolist() == pytest.approx([1, 2 / 3, 1 / 3])


def test_a_share_written_as_a_double_is_reached_by_that_share():
    # As doubles are printed 5/6 lies above itself, 2/3 below.
    for count, of in ((5, 6), (2, 3), (7, 12), (1, 3)):
        data = data_of(**{f"c{at}": [1.0 if at < count else NAN] for at in range(of)})
        plan = plan_of(flat(*data.columns), "none", availability=Fraction(repr(count / of)))
        assert root(score(plan, data)) == [1.0]


def test_a_node_with_nothing_below_it_stays_empty_and_has_no_rank():
    found = score(plan_of(flat("a", "b"), "none"), data_of(a=[NAN, 3, 3], b=[NAN, NAN, 3]))
    assert root(found) == [None, 3, 3]
    assert str(found.ranks.tolist()) == "[nan, 1.0, 1.0]"


def test_coverage_is_the_share_of_the_weight_that_has_data():
    tree = tree_of(
        [
            Node("all", ""),
            Node("a", "all", 1),
            Node("p", "all", 3),
            Node("b", "p", 1),
            Node("c", "p", 3),
        ]
    )
    plan = plan_of(tree, "none", availability=Fraction(1, 2))
    found = score(plan, data_of(a=[1, NAN, 1], b=[1, 1, NAN], c=[1, NAN, NAN]))
    assert found.coverage[:, 0].tolist() == [1, 3 / 16, 1 / 4]
    assert found.coverage[:, 2].tolist() == [1, 1 / 4, 0]


def test_data_below_a_node_without_a_score_cover_nothing_above_it():
    tree = tree_of([Node("all", ""), Node("a", "all"), Node("p", "all"), *(
        Node(code, "p") for code in "bcd")])  # fmt: skip
    plan = plan_of(tree, "none", availability=Fraction(1, 2))
    found = score(plan, data_of(a=[1], b=[1], c=[NAN], d=[NAN]))
    assert found.coverage[0].tolist() == pytest.approx([1 / 2, 1, 1 / 3, 1, 0, 0])


def test_methods_by_level_count_from_the_lowest_and_a_nodes_own_goes_first():
    three = tree_of([*HDI[1:], Node("HDI", "")])
    plan = plan_of(three, "none", ("arithmetic", "geometric"))
    assert plan.aggregate == {"education": "arithmetic", "HDI": "geometric"}
    assert plan_of(tree_of(HDI), "none").aggregate["HDI"] == "geometric"
    with pytest.raises(BadInput) as caught:
        plan_of(three, "none", ("arithmetic",) * 3)
    assert "2 levels (1: education; 2: HDI)" in caught.value.what.en


def test_a_negative_value_under_a_product_names_unit_node_and_value():
    with pytest.raises(BadInput) as caught:
        score(plan_of(flat("a", "b"), "none", ("geometric",)), data_of(a=[1, 2], b=[1, -3]))
    assert caught.value.place == "u1"
    assert "'all'" in caught.value.what.en and "b = -3.0" in caught.value.what.en


def test_a_value_without_a_logarithm_names_unit_and_indicator():
    plan = plan_of(flat("a"), "goalposts", bounds={"a": Bounds(1, 9, log=True)})
    with pytest.raises(BadInput) as caught:
        score(plan, data_of(a=[1, 0]))
    assert caught.value.place == "u1" and "'a'" in caught.value.what.en


def test_what_has_no_place_is_said_with_the_indicator():
    found = score(plan_of(flat("a", "b")), data_of(a=[2, 2], b=[1, 3]))
    assert root(found) == [0, 100]
    assert [note.en for note in found.notes] == [
        "minmax is not defined for 'a' (its values are all alike, or too few): it counts as having"
        " no value."
    ]
    turned = score(plan_of(flat("a", direction=-1), "fraction-of-max"), data_of(a=[1, 2]))
    assert "turns the order round" in turned.notes[0].en
    empty = score(plan_of(flat("a", "b")), data_of(a=[NAN, NAN], b=[1, 3]))
    assert "has no value" in empty.notes[0].en


@pytest.mark.parametrize(
    ("method", "bounds"),
    [("goalposts", {}), ("goalposts", {"a": Bounds(lower=1)}), ("target", {"a": Bounds(lower=1)})],
)
def test_an_indicator_without_the_bounds_it_needs_is_refused(
    method: str, bounds: dict[str, Bounds]
):
    with pytest.raises(BadInput, match="'a'"):
        plan_of(flat("a"), method, bounds=bounds)


def gated(*gates: Gate, **more: object) -> Plan:
    tree = tree_of([Node("all", ""), Node("a", "all"), Node("p", "all"), Node("b", "p")])
    return plan_of(tree, "none", gates=gates, **more)  # type: ignore[arg-type]


def test_a_veto_makes_a_node_nought_and_the_nodes_above_feel_it():
    plan = gated(Gate("p", "b", "<", 60, "veto", "raw", NAN))
    found = score(plan, data_of(a=[80, 80, 80], b=[59, 60, NAN]))
    assert root(found) == [40, 70, 80]
    (fired,) = found.way.fired
    assert fired.where.tolist() == [True, False, False]
    assert fired.untested.tolist() == [False, False, True]
    assert fired.before.tolist()[0] == 59 and fired.after.tolist()[0] == 0


def test_a_cap_holds_a_node_down_and_never_lifts_it():
    plan = gated(Gate("all", "a", ">=", 50, "cap", "score", 60))
    found = score(plan, data_of(a=[80, 80, 49], b=[90, 20, 99]))
    assert root(found) == [60, 50, 74]


def test_a_gate_may_look_at_another_branch_and_at_figures_without_weight():
    looks = Gate("p", "a", "<", 10, "veto", "score", 1.0)
    beside = Gate("all", "cases", ">", 5, "cap", "raw", 2.0)
    plan = gated(looks, beside)
    found = score(plan, data_of(b=[90, 90], a=[9, 10], cases=[0, 6]))
    assert root(found) == [5, 2]


def test_a_vetoed_node_falls_to_the_lower_end_of_the_range():
    gate = Gate("all", "a", "<", 2, "veto", "raw", NAN)
    plan = plan_of(flat("a"), "minmax", scale=Scale(10, 20), gates=(gate,))
    assert root(score(plan, data_of(a=[1, 2, 3]))) == [10, 15, 20]
    with pytest.raises(BadInput, match="lowest"):
        plan_of(flat("a"), "zscore", gates=(gate,))


def test_gates_that_wait_for_each_other_or_look_at_nothing_are_refused():
    with pytest.raises(BadInput, match="wait for each other"):
        gated(Gate("p", "all", "<", 1, "veto", "score", NAN))
    with pytest.raises(BadInput, match="'q'"):
        gated(Gate("q", "a", "<", 1, "veto", "raw", NAN))
    with pytest.raises(BadInput, match="'q'"):
        gated(Gate("a", "q", "<", 1, "veto", "score", NAN))


def random_tree(random: Random) -> Tree:
    nodes = [Node("n0", "", aggregate=random.choice(METHODS))]
    for at in range(1, random.randint(2, 12)):
        parent = f"n{random.randrange(max(0, at - 4), at)}"
        nodes.append(Node(f"n{at}", parent, random.choice([0.5, 1, 2, 7])))
    inner = {node.parent for node in nodes}
    return tree_of(
        Node(
            n.code, n.parent, n.weight, aggregate=random.choice(METHODS) if n.code in inner else ""
        )
        for n in nodes
    )


def recursion(tree: Tree, code: str, leaves: dict[str, float], least: Fraction) -> float:
    """The score of one unit's node, straight from the definition."""
    below = tree.children.get(code)
    if below is None:
        return leaves[code]
    values = [recursion(tree, child, leaves, least) for child in below]
    there = sum(value == value for value in values)
    if Fraction(there, len(below)) < least:
        return NAN
    weights = [tree.by_code[child].weight for child in below]
    return plain(tree.by_code[code].aggregate, values, weights)


@given(seed=st.integers(0, 2**32))
def test_every_tree_scores_as_the_plain_recursion(seed: int):
    random = Random(seed)
    tree = random_tree(random)
    least = Fraction(random.randint(0, 4), 4)
    values = {
        code: [random.choice([NAN, random.uniform(50, 100)]) for _ in range(5)]
        for code in tree.leaves
    }
    found = score(plan_of(tree, "none", availability=least), data_of(**values))
    for unit in range(5):
        leaves = {code: column[unit] for code, column in values.items()}
        expected = [recursion(tree, code, leaves, least) for code in tree.codes]
        assert found.scores[unit].tolist() == pytest.approx(expected, rel=1e-10, nan_ok=True)


@given(seed=st.integers(0, 2**32))
def test_replays_under_other_weights_are_runs_with_those_weights(seed: int):
    random = Random(seed)
    tree = random_tree(random)
    values = {code: [random.choice([NAN, 60.0, 75.0, 90.0])] * 3 for code in tree.leaves}
    data, plan = data_of(**values), plan_of(tree, "none")
    weights = np.array([[random.uniform(0.1, 3) for _ in tree.codes] for _ in range(4)])
    columns = {code: weights[:, at, None] for at, code in enumerate(tree.codes)}
    found = walk(plan, data.columns, columns).values[tree.root]
    found = np.broadcast_to(found, (4, 3))
    for at, row in enumerate(weights):
        nodes = zip(tree.nodes, row, strict=True)
        other = tree_of(Node(n.code, n.parent, float(w), aggregate=n.aggregate) for n, w in nodes)
        alone = score(plan_of(other, "none"), data).scores[:, tree.codes.index(tree.root)]
        assert found[at].tolist() == pytest.approx(alone.tolist(), rel=1e-12, nan_ok=True)


@given(seed=st.integers(0, 2**32))
def test_slopes_are_those_of_finite_differences_through_the_whole_tree(seed: int):
    random = Random(seed)
    tree = random_tree(random)
    plan = plan_of(tree, "none")
    leaves = {c: np.array([random.choice([NAN, random.uniform(5, 9)])]) for c in tree.leaves}
    weights = tree_weights(plan)
    found = slopes(plan, walk(plan, leaves, weights), weights)
    assert found.shape == (1, len(tree.codes), len(tree.leaves))
    for at, leaf in enumerate(tree.leaves):
        ends = []
        for step in (1e-4, -1e-4):
            moved = walk(plan, {**leaves, leaf: leaves[leaf] + step}, weights).values
            ends.append(np.array([moved[code][0] for code in tree.codes]))
        expected = np.nan_to_num((ends[0] - ends[1]) / 2e-4)
        assert found[0, :, at] == pytest.approx(expected, rel=1e-5, abs=1e-7)


def test_a_score_that_a_gate_has_set_does_not_move():
    plan = gated(Gate("p", "b", "<", 60, "veto", "raw", NAN))
    data = data_of(a=[80.0, 80.0], b=[59.0, 61.0])
    found = score(plan, data)
    moved = slopes(plan, found.way, tree_weights(plan))
    assert moved[:, 0, 1].tolist() == [0, 0.5] and moved[:, 0, 0].tolist() == [0.5, 0.5]


def test_a_cap_stops_what_is_above_it_and_lets_the_rest_move():
    plan = gated(Gate("p", "a", ">", 0, "cap", "raw", 60))
    found = score(plan, data_of(a=[80.0, 80.0], b=[59.0, 61.0]))
    moved = slopes(plan, found.way, tree_weights(plan))
    assert moved[:, 0, 1].tolist() == [0.5, 0]
