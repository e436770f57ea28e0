"""A programme's target values against the figures of a simulated province."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from zhiheng.calendar import to_day
from zhiheng.cli import app
from zhiheng.indexes.answers import Answers
from zhiheng.indexes.editions import load_edition
from zhiheng.law.load import load_law
from zhiheng.measures.period import Period
from zhiheng.scoring.evaluate import evaluate
from zhiheng.scoring.run import Run
from zhiheng.store.lake import open_store


def zhiheng(*words: object) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("milestones")
    span = ("--from", "2017-05-01", "--to", "2018-03-31")
    zhiheng("simulate", "--out", home / "data", "--cases", 1500, *span)
    zhiheng("intake", home / "data", "--store", home / "store")
    return home / "store"


def held(store: Path, *more: object) -> list[dict[str, Any]]:
    words = ("indexes", "milestones", "--store", store, "--as-of", "2018-03-31", *more, "--json")
    found: list[dict[str, Any]] = json.loads(zhiheng(*words))
    return found


def test_every_target_is_held_against_every_court_and_all_together(store: Path) -> None:
    found = held(store)
    by_target: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in found:
        by_target.setdefault((row["item"], row["figure"]), []).append(row)
    assert len(by_target) == 6
    for rows in by_target.values():
        whole, *courts = rows
        assert whole["court"] == "" and len(courts) == 120
        for part in ("numerator", "denominator"):
            assert whole[part] == pytest.approx(sum(court[part] for court in courts))
        for row in rows:
            if row["denominator"] == 0:
                assert row["value"] is None and row["reached"] is None
            else:
                assert row["reached"] == (row["value"] >= row["target"])
    assert {row["reached"] for row in found} == {True, False, None}


def test_a_figure_looks_back_over_the_months_the_assumption_names(store: Path) -> None:
    def last(*more: object) -> dict[str, Any]:
        of_all = [row for row in held(store, *more) if not row["court"]]
        return of_all[-1]

    year, half = last(), last("--assume", "milestone_period=months_6")
    assert year["period"][0] < half["period"][0]
    assert year["period"][1] == half["period"][1] == year["due"]
    assert year["denominator"] > half["denominator"] > 0


def test_the_figures_are_those_of_an_evaluation_of_the_same_period(store: Path) -> None:
    first, last = to_day(date(2017, 2, 1)), to_day(date(2018, 1, 31))
    edition = load_edition("wuhan-2016")
    run = Run(open_store(store), load_law(), edition, Period(first, last), last, Answers({}))
    evaluated = {(row["court"], row["figure"]): row for row in evaluate(run).figures.to_pylist()}
    compared = 0
    for row in held(store):
        if row["item"] == "wuhan-2016.goal.3" and row["court"] and row["denominator"]:
            other = evaluated[(row["court"], row["figure"])]
            assert other["numerator"] == row["numerator"]
            assert other["denominator"] == row["denominator"]
            compared += 1
    assert compared > 100


def test_before_the_first_day_nothing_is_held(store: Path) -> None:
    words = ("indexes", "milestones", "--store", store, "--as-of", "2016-12-30")
    assert json.loads(zhiheng(*words, "--json")) == []
    assert "没有到期的目标" in zhiheng(*words)
