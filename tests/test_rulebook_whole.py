"""The rulebook is whole: every row borne or accounted for, and whatever bears it proved."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from zhiheng.cli import app
from zhiheng.law.load import load_law
from zhiheng.law.rulebook import Standing, load_rulebook
from zhiheng.reports.law.coverage import standings

ROOT = Path(__file__).parents[1]
ROWS = load_rulebook().rows
NAMED = [name for name, row in ROWS.items() if row.proved_by]
STANDINGS = {one.row: one for one in standings(load_law(), load_rulebook())}


def test_the_rulebook_is_whole() -> None:
    result = CliRunner().invoke(app, ["--lang", "en", "law", "coverage", "--strict"])
    lacking = [line for line in result.output.splitlines() if " lacks: " in line]
    assert (lacking, result.exit_code) == ([], 0)


def test_rows_without_cases_name_their_tests() -> None:
    assert set(NAMED) >= {one.row for one in STANDINGS.values() if needs_tests(one)}


@pytest.mark.parametrize("row", NAMED)
def test_the_tests_a_row_names_are_there_and_speak_of_what_bears_it(row: str) -> None:
    texts = [(ROOT / path).read_text(encoding="utf-8") for path in ROWS[row].proved_by]
    assert all("def test_" in text for text in texts)
    bearers = set(STANDINGS[row].bearers) - set(STANDINGS[row].duties)
    assert bearers
    assert [name for name in bearers if not any(name in text for text in texts)] == []


def needs_tests(one: Standing) -> bool:
    return one.state == "computed" and not one.duties
