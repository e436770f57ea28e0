"""`zhiheng freezes`: the ledger of a made-up province, what it prints, writes and refuses."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner, Result

from zhiheng.cli import app, freezes
from zhiheng.errors import BadInput, WrongUse
from zhiheng.store.engine import connect
from zhiheng.store.lake import open_store
from zhiheng.store.trace import read

AS_OF = "2019-06-30"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up province in a store, its truth beside it."""
    root = tmp_path_factory.mktemp("freezes")
    data, store = str(root / "data"), str(root / "store")
    for words in (
        ("simulate", "--out", data, "--cases", "2500", "--seed", "7", "--from", "2018-01-01",
         "--to", AS_OF),
        ("intake", data, "--store", store),
    ):  # fmt: skip
        result = CliRunner().invoke(app, words)
        assert result.exit_code == 0, result.output
    return root


def run(place: Path, *words: str) -> Result:
    store = ("--store", str(place / "store"), "--as-of", AS_OF)
    return CliRunner().invoke(app, ["--lang", "en", "freezes", *store, *words])


def report(place: Path, *words: str) -> dict[str, Any]:
    result = run(place, "--json", *words)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def truth(place: Path, duty: str, state: str) -> int:
    with (place / "data" / "truth" / "outcomes.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if (row["duty"], row["state"]) == (duty, state)]
    return sum(int(row["count"]) for row in rows)


def test_the_ledger_remarks_on_what_was_made_wrong_and_on_nothing_else(place: Path) -> None:
    lines = report(place)["controls"]
    remarks = Counter(remark for line in lines for remark in line["remarks"])
    assert remarks["too_long"] > 0
    assert remarks["frozen_differs"] == truth(place, "freeze.amount", "overdue") > 0
    assert remarks["more_than_it_holds"] <= truth(place, "deduct.within_frozen", "overdue")
    assert set(remarks) <= {
        "too_long", "frozen_differs", "more_than_it_holds", "renewed_too_late", "not_longer",
        "rank_differs",
    }  # fmt: skip


def test_what_lapses_soon_comes_first(place: Path) -> None:
    lines = report(place, "--within", "60")["controls"]
    soon = [line["days_left"] is not None and line["days_left"] <= 60 for line in lines]
    count = sum(soon)
    assert count and all(soon[:count])
    days = [line["days_left"] for line in lines[:count]]
    assert days == sorted(days)


def test_every_state_of_a_control_occurs(place: Path) -> None:
    states = {line["state"] for line in report(place)["controls"]}
    assert {"effective", "waiting", "lapsed", "released"} <= states


def test_the_sums_are_those_of_the_lines(place: Path) -> None:
    found = report(place)
    for sums in found["courts"]:
        lines = [line for line in found["controls"] if line["court"] == sums["court"]]
        live = [line for line in lines if line["state"] in ("effective", "waiting")]
        assert sums["in_force"] == len(live)
        assert sums["held"] == sum(line["held"] or 0 for line in live)


def test_one_court_sees_its_place_behind_another(place: Path) -> None:
    everything = report(place)["controls"]
    waiting = next(line for line in everything if line["state"] == "waiting")
    of_court = report(place, "--court", waiting["court"])["controls"]
    assert {line["court"] for line in of_court} == {waiting["court"]}
    assert waiting in of_court
    of_case = report(place, "--case", waiting["case"])["controls"]
    assert {line["case"] for line in of_case} == {waiting["case"]}


def test_all_lines_are_written_and_a_trace_is_left(place: Path, tmp_path: Path) -> None:
    out = tmp_path / "ledger.csv"
    result = run(place, "--out", str(out))
    assert "in force" in result.output
    assert "more: --out FILE" in result.output
    with out.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(report(place)["controls"])
    last = list(read(place / "store" / "trace.jsonl"))[-1]
    assert (last["action"], last["as_of"]) == ("freezes", AS_OF)


def test_wrong_use_is_refused(place: Path, tmp_path: Path) -> None:
    assert isinstance(run(place, "--out", str(tmp_path / "x.docx")).exception, WrongUse)
    assert isinstance(run(place, "--case", "（2018）陕0102执999999号").exception, BadInput)
    other = typer.Typer()
    freezes.register(other)
    words = ["--store", str(place / "store"), "--as-of", "soon"]
    assert isinstance(CliRunner().invoke(other, words).exception, WrongUse)


def test_the_number_of_an_account_never_enters_the_store(place: Path) -> None:
    sent = pq.read_table(place / "data" / "controls.parquet", columns=["control", "account"])
    con = connect()
    kept = con.to_pyarrow(open_store(place / "store").relation(con, "controls"))
    by_control = dict(zip(kept["control"].to_pylist(), kept["account"].to_pylist(), strict=True))
    pairs = {
        (number, by_control[control])
        for control, number in zip(
            *(sent[name].to_pylist() for name in sent.column_names), strict=True
        )
        if number is not None
    }
    assert pairs
    assert all(re.fullmatch("[0-9a-f]{16}", mark) for _, mark in pairs)
    assert len(pairs) == len({number for number, _ in pairs}) == len({mark for _, mark in pairs})


def test_a_court_the_store_does_not_have_is_refused(place: Path) -> None:
    result = run(place, "--court", "陕9999")
    assert isinstance(result.exception, BadInput)
    assert "no such court" in str(result.exception)
