"""From a made-up province to screens: what was put in is found, no row more, no row less."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from zhiheng.cli import app
from zhiheng.law.load import load_law
from zhiheng.law.screens import load_screens
from zhiheng.simulate.calibration import parameters
from zhiheng.store.trace import read


def zhiheng(*words: str) -> str:
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize(
    ("first", "last", "cases"),
    [("2018-01-01", "2019-12-31", "4000"), ("2017-05-01", "2018-02-18", "1500")],
)
def test_the_screens_find_exactly_what_was_put_in(
    tmp_path: Path, first: str, last: str, cases: str
) -> None:
    data, store, out = tmp_path / "data", tmp_path / "store", tmp_path / "rows.csv"
    zhiheng("simulate", "--out", str(data), "--cases", cases, "--seed", "11",
            "--from", first, "--to", last)  # fmt: skip
    zhiheng("intake", str(data), "--store", str(store))
    asked = ("screen", "--store", str(store), "--as-of", last, "--json")
    report = json.loads(zhiheng(*asked, "--out", str(out)))
    with (data / "truth" / "screens.csv").open(encoding="utf-8") as file:
        known = Counter(
            {(row["court"], row["screen"], row["detail"]): int(row["count"])
             for row in csv.DictReader(file)}
        )  # fmt: skip
    found = Counter(
        {(count["court"], screen["screen"], count["detail"]): count["rows"]
         for screen in report["screens"] for count in screen["counts"]}
    )  # fmt: skip
    assert found == known
    with out.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert Counter((row["court"], row["screen"], row["detail"]) for row in rows) == known
    assert [entry["action"] for entry in read(store / "trace.jsonl")][-1] == "screen"
    if cases == "4000":  # a year and more: everything there is to find is in it
        of = {(screen, detail) for _, screen, detail in known}
        every = {(name, d) for name, one in load_screens().items() for d in one.details}
        assert every - of <= {("closing.withdrawn_at_end", "refiled")}


def test_the_same_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    data, store = tmp_path / "data", tmp_path / "store"
    zhiheng("simulate", "--out", str(data), "--cases", "400", "--seed", "3")
    zhiheng("intake", str(data), "--store", str(store))
    asked = ("screen", "--store", str(store), "--as-of", "2019-12-31", "--out")
    for suffix in ("csv", "jsonl", "parquet"):
        files = [tmp_path / f"{name}.{suffix}" for name in ("one", "two")]
        for file in files:
            zhiheng(*asked, str(file))
        assert files[0].read_bytes() == files[1].read_bytes()


def test_the_bounds_the_simulation_counts_by_are_those_of_the_screens() -> None:
    settings = {name: one.settings(load_law()) for name, one in load_screens().items()}
    assert parameters()["screen_bounds"].value == {
        "late_entry": settings["entry.late"]["more_than"],
        "per_minute": settings["entry.burst"]["per_minute"],
        "per_hour": settings["entry.burst"]["per_hour"],
        "batch_days": settings["entry.batch"]["days"],
        "spike_window": settings["closing.spike"]["window"],
        "spike_neighbours": settings["closing.spike"]["neighbours"],
        "end_window": settings["closing.withdrawn_at_end"]["window"],
        "one_in": settings["closing.spike"]["one_in"],
        "luck_percent": settings["rate.full"]["percent"],
        "luck_one_in": settings["rate.full"]["one_in"],
        "team_months": settings["team.rotation"]["limit"],
    }
