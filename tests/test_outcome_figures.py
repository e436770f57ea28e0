"""Figures that rest on outcomes, held against plain loops over the ledgers of the same store."""

from __future__ import annotations

import json
from collections import defaultdict
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
from zhiheng.scoring.evaluate import court_figures
from zhiheng.scoring.run import Run
from zhiheng.store.lake import open_store

FIRST, LAST = date(2018, 7, 1), date(2019, 6, 30)
Rows = list[dict[str, Any]]


def zhiheng(*words: object) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("figures")
    zhiheng("simulate", "--out", home / "data", "--cases", 2500, "--seed", 9)
    zhiheng("intake", home / "data", "--store", home / "store")
    return home / "store"


MEANINGS = ("disposable", "any_asset", "unless_exhausted")


@pytest.fixture(scope="module", params=MEANINGS)
def meaning(request: pytest.FixtureRequest) -> str:
    """What a case with property is (assumption with_property)."""
    return str(request.param)


@pytest.fixture(scope="module")
def figures(store: Path, meaning: str) -> dict[tuple[str, str], tuple[float, float]]:
    period = Period(to_day(FIRST), to_day(LAST))
    edition, law = load_edition("core-3+1"), load_law().assuming({"with_property": meaning})
    run = Run(open_store(store), law, edition, period, period.last, Answers({}))
    return court_figures(run)


@pytest.fixture(scope="module")
def closed(store: Path, meaning: str) -> Rows:
    """Enforcement cases closed in the period, each with what its assets say."""
    words = ("--store", store, "--as-of", LAST, "--json")
    cases: Rows = json.loads(zhiheng("ledger", "cases", *words))
    assets: Rows = json.loads(zhiheng("ledger", "assets", *words))
    known = [row for row in assets if meaning == "any_asset" or not row["not_disposable_ground"]]
    owned = {row["case_number"] for row in known}
    first, last = FIRST.isoformat(), LAST.isoformat()

    def with_property(row: dict[str, Any]) -> bool:
        exhausted = row["closure.substance"] == "met"
        return not exhausted if meaning == "unless_exhausted" else row["case_number"] in owned

    return [
        {**row, "with_property": with_property(row)}
        for row in cases
        if row["kind"] in ("first", "resumed") and first <= (row["closed"] or "") <= last
    ]


def terms(figure: str, row: dict[str, Any]) -> tuple[bool, bool]:
    satisfied, timely = row["closing_kind"] == "satisfied", row["case.closed_in_time"] == "met"
    return {
        "in_time_closing_rate": (timely, row["case.closed_in_time"] in ("met", "late")),
        "closed_within_limit_with_property": (satisfied and timely, row["with_property"]),
        "satisfied_with_property": (satisfied, row["with_property"]),
        "in_limit_satisfaction_rate": (satisfied and timely, row["kind"] == "first"),
    }[figure]


@pytest.mark.parametrize(
    "figure",
    [
        "in_time_closing_rate", "closed_within_limit_with_property",
        "satisfied_with_property", "in_limit_satisfaction_rate",
    ],
)  # fmt: skip
def test_a_figure_of_outcomes_agrees_with_a_loop_over_the_ledger(
    figure: str, closed: Rows, figures: dict[tuple[str, str], tuple[float, float]]
) -> None:
    expected: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in closed:
        above, below = terms(figure, row)
        expected[row["court"]][0] += above and below
        expected[row["court"]][1] += below
    known = {court: tuple(pair) for court, pair in expected.items() if pair[1]}
    found = {court: pair for (court, name), pair in figures.items() if name == figure}
    assert found == known
    assert len(known) > 80


def test_the_meanings_are_the_choices_of_the_assumption() -> None:
    assert tuple(load_law().assumptions["with_property"].choices) == MEANINGS
