"""Every screen finds on random stores exactly what its slow restatement finds."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from plain_screens import PLAIN
from random_stores import FIRST, random_store, relations
from zhiheng.law.load import load_law
from zhiheng.law.screens import load_screens
from zhiheng.screens.rows import COLUMNS, Scope
from zhiheng.screens.run import ROWS, expression
from zhiheng.store.engine import connect

SEEDS = range(12)
BEARERS = {
    "A32": {"entry.late", "entry.after_closing"},
    "A14": {"account.shared"},
    "G01": {"power.exercised"},
    "G02": {"allocation.designated"},
    "G03": {"team.rotation"},
}
"""Rows of the rulebook and the screens that bear them."""
STRICT = {
    "step_holders": "separated",
    "team_stay": "joined",
    "late_entry": "same_day",
    "entry_burst": "strict",
    "entry_batch": "days_3",
    "closing_spike": "fortnight",
    "end_rush": "days_31",
    "identical_kinds": "with_decisions",
    "luck": "line_95",
}


def found(name: str, store: Any, parameters: Any, scope: Scope) -> Counter[tuple[Any, ...]]:
    con = connect()
    rows = con.to_pyarrow(expression(name, relations(store), con, parameters, scope)).to_pylist()
    assert all(row["screen"] == name for row in rows)
    return Counter(tuple(row[column] for column in COLUMNS) for row in rows)


def restated(name: str, store: Any, parameters: Any, scope: Scope) -> Counter[tuple[Any, ...]]:
    rows = PLAIN[name](store, parameters, scope.first, scope.last)
    return Counter(tuple({**row, "screen": name}.get(column) for column in COLUMNS) for row in rows)


def scope_of(seed: int) -> Scope:
    return (Scope(FIRST + 700), Scope(FIRST + 700, FIRST + 60), Scope(FIRST + 300))[seed % 3]


@pytest.mark.parametrize("name", list(ROWS))
def test_a_screen_finds_what_a_loop_finds(name: str) -> None:
    total: Counter[str] = Counter()
    for seed in SEEDS:
        law = load_law().assuming(STRICT if seed % 2 else {})
        parameters, store = load_screens()[name].settings(law), random_store(seed)
        expected = restated(name, store, parameters, scope_of(seed))
        assert found(name, store, parameters, scope_of(seed)) == expected, seed
        total.update(row[1] for row in expected.elements())
    assert set(total) == set(load_screens()[name].details), "a detail was never found"


@pytest.mark.parametrize("row", BEARERS)
def test_the_screens_that_bear_a_row_are_all_restated(row: str) -> None:
    borne = {name for name, screen in load_screens().items() if screen.rulebook == row}
    assert borne == BEARERS[row]
    assert borne <= PLAIN.keys() & ROWS.keys()


def test_every_screen_has_rows_and_a_restatement() -> None:
    assert list(load_screens()) == list(ROWS) == list(PLAIN)


@pytest.mark.parametrize("name", list(ROWS))
def test_an_empty_store_gives_no_row(name: str) -> None:
    store: Any = {table: [] for table in random_store(0)}
    assert not found(name, store, load_screens()[name].settings(load_law()), Scope(FIRST))
