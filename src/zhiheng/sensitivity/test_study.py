"""Replays of an index against the same index scored anew, one replay at a time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from zhiheng.cli import app
from zhiheng.composites.data import Data
from zhiheng.composites.normalise import Scale
from zhiheng.composites.plan import Plan, plan_of
from zhiheng.composites.result import score
from zhiheng.composites.tree import Node, Tree
from zhiheng.errors import BadInput
from zhiheng.sensitivity.analysis import analyse, kinds_apart
from zhiheng.sensitivity.factors import draw
from zhiheng.sensitivity.sources import Figures
from zhiheng.sensitivity.study import Study, alternatives_alone, refuse_pairs, with_aggregation

NODES = (
    Node("all", ""),
    Node("one", "all", 2.0),
    Node("two", "all", 1.0),
    Node("a", "one", 1.0),
    Node("b", "one", 3.0, -1),
    Node("c", "two", 1.0),
    Node("d", "two", 1.0),
)
UNITS = tuple("甲乙丙丁戊己")
SCALE = Scale(70.0, 130.0)
RANDOM = np.random.Generator(np.random.PCG64(8))
FIGURES = {code: RANDOM.uniform(10, 90, len(UNITS)) for code in "abcd"}
FIGURES["c"][2] = np.nan
ERRORS = {code: np.full(len(UNITS), 4.0) for code in "ab"}


def study(**changes: object) -> Study:
    plan = plan_of(Tree(NODES), "minmax", scale=SCALE)
    full = Study(
        plan,
        Figures(FIGURES, ERRORS),
        0.25,
        ("minmax", "rank"),
        ("arithmetic", "harmonic"),
        True,
        FIGURES,
        UNITS,
    )
    return replace(full, **changes)  # type: ignore[arg-type]


def scored_anew(plan: Plan, figures: dict[str, np.ndarray]) -> np.ndarray:
    found = score(plan, Data(UNITS, figures))
    return found.scores[:, plan.tree.codes.index("all")]


def test_a_replay_is_the_index_scored_with_what_was_drawn():
    of = study()
    draws = draw(of.factors, 40, (3,))
    for numbers in draws.values():
        assert numbers.shape[0] == 40
    found = of.run(draws)
    for at in range(40):
        one = {name: numbers[at : at + 1] for name, numbers in draws.items()}
        plan, figures = by_hand(of, one)
        assert found[at] == pytest.approx(scored_anew(plan, figures), nan_ok=True, rel=1e-12)


def by_hand(of: Study, one: dict[str, np.ndarray]) -> tuple[Plan, dict[str, np.ndarray]]:
    """What one replay's numbers mean, told a second time without arrays of replays."""
    from scipy.stats import norm

    factors = {}
    for level, codes in ((1, ("one", "two")), (2, ("a", "b", "c", "d"))):
        numbers = one[f"weights.{level}"][0]
        factors.update({c: 1 + 0.25 * (2 * u - 1) for c, u in zip(codes, numbers, strict=True)})
    out = int(one["left_out"][0, 0] * 5)
    left = "abcd"[out] if out < 4 else ""
    nodes = [
        replace(n, weight=0.0 if n.code == left else n.weight * factors.get(n.code, 1.0))
        for n in NODES
    ]
    method = of.normalise[int(one["normalise"][0, 0] * 2)]
    aggregation = of.aggregate[int(one["aggregate"][0, 0] * 2)]
    plan = plan_of(Tree(tuple(nodes)), method, (aggregation,), scale=SCALE)
    shifts = norm.ppf(one["data"][0]) * 4.0
    figures = dict(FIGURES)
    figures["a"] = figures["a"] + shifts[:6]
    figures["b"] = figures["b"] + shifts[6:]
    return plan, figures


def test_what_is_not_drawn_stays_as_it_is_in_force():
    of = study()
    found = of.run(draw(of.factors[:1], 5, (1,)))
    assert found.shape == (5, 6)
    alone = study(weights=0.0).run({"data": np.full((1, 12), 0.5)})
    assert alone[0] == pytest.approx(of.in_force)


def test_levels_that_have_no_sibling_are_not_varied():
    chain = Tree((Node("all", ""), Node("x", "all"), Node("p", "x"), Node("q", "x")))
    of = Study(plan_of(chain, "none"), Figures({"p": np.ones(2), "q": np.ones(2)}), 0.25)
    assert [factor.id for factor in of.factors] == ["weights.2"]


def test_each_alternative_by_itself_is_the_index_scored_so():
    of = study(source=Figures(FIGURES))
    found = {one.title.en: one for one in alternatives_alone(of)}
    assert set(found) == {
        "normalisation: rank",
        "aggregation: harmonic",
        *(f"without {code}" for code in "abcd"),
    }
    changed = scored_anew(with_aggregation(of.plan, "harmonic"), dict(FIGURES))
    expected = float(np.mean(changed - of.in_force))
    assert found["aggregation: harmonic"].mean_score_shift == pytest.approx(expected)


def test_choices_and_errors_are_reported_apart_and_together():
    of = study()
    found = analyse(of.run, of.factors, of.in_force, 64, 1)
    assert [each.varied for each in found] == ["method", "data", "both"]
    assert [factor.id for factor in found[1].replays.factors] == ["data"]
    assert found[0].replays.total.shape == (1 + len(UNITS), 5)
    assert [kind for kind, _ in kinds_apart(of.factors[:1])] == ["method"]
    again = analyse(of.run, of.factors, of.in_force, 64, 1)
    assert np.array_equal(found[2].replays.scores, again[2].replays.scores, equal_nan=True)


def test_no_error_in_the_data_moves_nobody():
    of = study(
        source=Figures(FIGURES, {"a": np.zeros(6)}),
        weights=0.0,
        normalise=(),
        aggregate=(),
        leave_out=False,
    )
    (found,) = analyse(of.run, of.factors, of.in_force, 32, 1)
    assert found.shift == 0.0
    assert found.spread.rank_low.tolist() == found.spread.rank_high.tolist()


def test_methods_that_do_not_go_together_are_named():
    with pytest.raises(BadInput, match=r"zscore \+ geometric"):
        refuse_pairs(study(normalise=("minmax", "zscore"), aggregate=("geometric",)))


def test_the_command_writes_the_same_tables_twice(tmp_path: Path):
    tree, data, errors = (tmp_path / name for name in ("tree.csv", "data.csv", "errors.csv"))
    rows = ["code,parent,weight,direction"]
    rows += [f"{n.code},{n.parent},{n.weight},{n.direction}" for n in NODES]
    tree.write_text("\n".join(rows), encoding="utf-8")
    data.write_text("unit,a,b,c,d\nP,1,2,3,4\nQ,4,3,,1\nR,2,2,5,6\n", encoding="utf-8")
    errors.write_text("unit,a\nP,0.5\nQ,0.2\n", encoding="utf-8")
    run = CliRunner().invoke
    scored = run(
        app,
        ["index", "score", "--tree", str(tree), "--data", str(data), "--out", str(tmp_path / "o")],
    )
    assert scored.exit_code == 0, scored.output
    for name in ("first", "second"):
        words = ["index", "sensitivity", str(tmp_path / "o" / "log.json"), "--errors", str(errors)]
        words += ["--normalise", "minmax,rank", "--replays", "16", "--out", str(tmp_path / name)]
        found = run(app, words)
        assert found.exit_code == 0, found.output
    for name in ("ranks.csv", "factors.csv", "alone.csv"):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()
    lines = (tmp_path / "first" / "ranks.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + 3 * 3
    assert lines[1].startswith("method,P,")


def test_nothing_to_vary_is_said(tmp_path: Path):
    (tmp_path / "t.csv").write_text("code,parent\nall,\na,all\n", encoding="utf-8")
    (tmp_path / "d.csv").write_text("unit,a\nP,1\nQ,2\n", encoding="utf-8")
    out = tmp_path / "o"
    run = CliRunner().invoke
    run(
        app,
        [
            "index",
            "score",
            "--tree",
            str(tmp_path / "t.csv"),
            "--data",
            str(tmp_path / "d.csv"),
            "--out",
            str(out),
        ],
    )
    words = ["index", "sensitivity", str(out / "log.json"), "--weights", "0", "--keep-all"]
    found = run(app, [*words, "--out", str(tmp_path / "s")])
    assert isinstance(found.exception, BadInput)
    assert not (tmp_path / "s").exists()
