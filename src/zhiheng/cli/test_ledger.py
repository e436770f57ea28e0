"""`zhiheng ledger` as a user runs it, held against `zhiheng check`."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from zhiheng.cli import app
from zhiheng.errors import Problem

AS_OF = "2019-06-30"
KINDS = ("case", "party", "asset", "payment", "clue", "document", "interval")


def run(*words: object) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    if isinstance(done.exception, Problem):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("ledger")
    run("simulate", "--province", "陕西", "--cases", 1500, "--seed", 3, "--out", home / "data")
    run("intake", home / "data", "--store", home / "store")
    return home / "store"


def rows(store: Path, kind: str, *more: object) -> list[dict[str, Any]]:
    words = ("ledger", kind, "--store", store, "--as-of", AS_OF, *more, "--json")
    found: list[dict[str, Any]] = json.loads(run(*words))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_ledger_has_every_outcome_the_check_has(store: Path, kind: str) -> None:
    found = rows(store, kind)
    assert found
    words = ("check", "--store", store, "--as-of", AS_OF, "--json")
    checked = {row["duty"]: row["states"] for row in json.loads(run(*words))["duties"]}
    own = [name for name in found[0] if name in checked]
    assert own
    for duty in own:
        states = Counter(row[duty] for row in found)
        assert states == Counter({state: n for state, n in checked[duty].items() if n})


def test_the_next_due_day_is_the_first_of_what_is_open(store: Path) -> None:
    seen = 0
    for row in rows(store, "payments"):
        duties = [name for name in row if f"{name}.due" in row]
        open_ones = [
            row[f"{duty}.due"]
            for duty in duties
            if row[duty] == "not_due" and row[f"{duty}.due"] is not None
        ]
        assert row["next_due"] == min(open_ones, default=None)
        assert row["overdue"] == sum(row[duty] == "overdue" for duty in duties)
        seen += bool(open_ones)
    assert seen


@pytest.mark.parametrize("days", [0, 1, 10])
def test_only_what_is_overdue_or_due_soon_can_be_asked_for(store: Path, days: int) -> None:
    last = (date.fromisoformat(AS_OF) + timedelta(days=days)).isoformat()
    expected = [
        row
        for row in rows(store, "payment")
        if row["overdue"] or (row["next_due"] is not None and row["next_due"] <= last)
    ]
    assert rows(store, "payment", "--within", days) == expected


def test_one_case_of_one_court_can_be_asked_for(store: Path) -> None:
    one = rows(store, "案件", "--court", "陕0102")[0]
    number = one["case_number"]
    assert rows(store, "cases", "--case", number) == [one]
    with pytest.raises(Problem, match="no such case"):
        rows(store, "cases", "--case", number, "--court", "陕0103")


def test_names_in_a_ledger_stay_masked(store: Path) -> None:
    names = {row["name"] for row in rows(store, "parties")}
    assert names
    assert all(name is None or "*" in name for name in names)


def test_all_rows_can_be_written_to_a_file(store: Path, tmp_path: Path) -> None:
    said = run("ledger", "assets", "--store", store, "--as-of", AS_OF, "--out", tmp_path / "l.csv")
    text = (tmp_path / "l.csv").read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) == 1 + len(rows(store, "assets"))
    assert "l.csv" in said


def test_a_ledger_looked_at_leaves_a_trace(store: Path) -> None:
    rows(store, "assets")
    last = (store / "trace.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    assert json.loads(last)["ledger"] == "asset"


def test_a_kind_without_duties_is_refused_with_those_there_are(store: Path) -> None:
    with pytest.raises(Problem, match="There is no ledger") as refused:
        rows(store, "officers")
    assert "payments（执行款）" in refused.value.remedy.zh


def test_a_court_the_store_does_not_have_is_refused(store: Path) -> None:
    with pytest.raises(Problem, match="no such court"):
        rows(store, "assets", "--court", "陕9999")
