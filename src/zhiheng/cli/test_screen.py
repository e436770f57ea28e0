"""`zhiheng screen` and `zhiheng law powers`: what they print and how they exit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from zhiheng.cli import app
from zhiheng.law.screens import load_screens


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZHIHENG_LANG", raising=False)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("screen")
    made = run("simulate", "--out", str(home / "data"), "--cases", "300", "--seed", "5")
    taken = run("intake", str(home / "data"), "--store", str(home / "store"))
    assert (made.exit_code, taken.exit_code) == (0, 0)
    return home / "store"


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def asked(store: Path, *more: str) -> Result:
    return run("screen", "--store", str(store), "--as-of", "2019-12-31", *more)


def test_the_list_names_every_screen_with_its_row_and_assumptions() -> None:
    result = run("screen", "--list")
    assert result.exit_code == 0
    assert all(name in result.stdout for name in load_screens())
    assert "power.exercised  G01" in result.stdout
    assert "假设 late_entry=next_day" in result.stdout


def test_a_screen_prints_count_courts_reason_and_assumption(store: Path) -> None:
    result = asked(store, "--screen", "entry.late")
    assert result.exit_code == 0
    assert "行，" in result.stdout and "个法院" in result.stdout
    assert load_screens()["entry.late"].why.zh in result.stdout
    assert "假设 late_entry=next_day" in result.stdout
    assert "entry.batch" not in result.stdout


def test_one_court_has_only_its_own_rows(store: Path) -> None:
    report = json.loads(asked(store, "--screen", "entry.late", "--json").stdout)
    courts = {count["court"]: count["rows"] for count in report["screens"][0]["counts"]}
    court = max(courts, key=lambda name: courts[name])
    own = asked(store, "--screen", "entry.late", "--court", court, "--json")
    counts = json.loads(own.stdout)["screens"][0]["counts"]
    assert {count["court"] for count in counts} == {court}


def test_a_shorter_period_has_fewer_rows(store: Path) -> None:
    def rows(*more: str) -> int:
        report = json.loads(asked(store, "--screen", "entry.late", "--json", *more).stdout)
        found: int = report["screens"][0]["rows"]
        return found

    assert 0 < rows("--period", "2019-01-01..2019-03-31") < rows()
    assert rows("--assume", "late_entry=days_7") < rows()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--screen", "nothing"), "没有筛查"),
        (("--court", "京01"), "没有法院"),
        (("--out", "rows.txt"), "不能写成"),
        (("--assume", "nothing=1"), "没有这样的假设"),
    ],
)
def test_a_wrong_word_is_refused_with_what_there_is(
    store: Path, words: tuple[str, ...], told: str
) -> None:
    result = asked(store, *words)
    assert result.exit_code != 0
    assert told in result.exception.what.zh  # type: ignore[union-attr]


def test_without_a_store_the_remedy_is_told() -> None:
    result = run("screen", "--as-of", "2019-12-31")
    assert "--store" in result.exception.what.zh  # type: ignore[union-attr]


def test_the_powers_are_listed_with_who_may() -> None:
    lines = run("law", "powers").stdout.splitlines()
    by_number = {line.split("\t")[0]: line.split("\t") for line in lines}
    assert by_number["81"][5] == "院长"
    assert by_number["77"][5] == "法官（须经院长批准）"
    assert "印作117" in by_number["99"][7]


def test_the_powers_as_json_are_whole() -> None:
    listed = json.loads(run("law", "powers", "--json").stdout)
    assert len(listed["powers"]) == 121
    assert listed["powers"][50]["nodes"] == ["enforcement_notice"]
