"""`zhiheng warnings` held against the ledgers of the same store."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from zhiheng.cli.test_ledger import run
from zhiheng.errors import Problem

AS_OF = "2019-06-28"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("warnings")
    run("simulate", "--province", "陕西", "--cases", 1500, "--seed", 5, "--out", home / "data")
    run("intake", home / "data", "--store", home / "store")
    return home / "store"


def warnings(store: Path, *more: object) -> list[dict[str, Any]]:
    words = ("warnings", "--store", store, "--as-of", AS_OF, *more, "--json")
    found: list[dict[str, Any]] = json.loads(run(*words))
    return found


@pytest.mark.parametrize("within", [0, 1, 14])
def test_what_is_overdue_or_due_in_time_is_warned_of_and_nothing_else(
    store: Path, within: int
) -> None:
    last = (date.fromisoformat(AS_OF) + timedelta(days=within)).isoformat()
    words = ("ledger", "payments", "--store", store, "--as-of", AS_OF, "--json")
    expected: Counter[tuple[str, str]] = Counter()
    for row in json.loads(run(*words)):
        for duty in (name for name in row if f"{name}.due" in row):
            due = row[f"{duty}.due"]
            soon = row[duty] == "not_due" and due is not None and due <= last
            expected[(row["subject_id"], duty)] += row[duty] == "overdue" or soon
    found = warnings(store, "--within", within)
    of_payments = Counter(
        (row["subject_id"], row["duty"]) for row in found if row["subject_kind"] == "payment"
    )
    assert of_payments == Counter({key: n for key, n in expected.items() if n})
    assert of_payments


def test_days_left_count_from_the_day_asked_about(store: Path) -> None:
    for row in warnings(store, "--within", 14):
        if row["due"] is not None:
            left = (date.fromisoformat(row["due"]) - date.fromisoformat(AS_OF)).days
            assert row["days_left"] == left
            # A condition fails on its very day; a limit is over the day after.
            assert left <= 0 if row["state"] == "overdue" else left >= 0


def test_the_list_can_be_narrowed_to_one_officer(store: Path) -> None:
    every = warnings(store)
    officer = next(row["officer"] for row in every if row["officer"])
    mine = [row for row in every if row["officer"] == officer]
    assert warnings(store, "--officer", officer) == mine
    assert f"{officer}" in run("warnings", "--store", store, "--as-of", AS_OF, "--officer", officer)


def test_a_court_the_store_does_not_have_is_refused(store: Path) -> None:
    with pytest.raises(Problem, match="no such court"):
        warnings(store, "--court", "陕9999")
