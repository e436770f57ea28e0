"""The whole way from a made-up province to outcomes: the checker finds exactly what was put in."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from zhiheng.calendar import load_calendar, to_day
from zhiheng.checks.outcomes import STATES
from zhiheng.checks.setting import Setting
from zhiheng.cli import app
from zhiheng.law.load import load_law
from zhiheng.measures.tally import tally_of
from zhiheng.store.lake import open_store


def zhiheng(*words: str) -> str:
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    return result.output


def counted(store: Path, last: str) -> Counter[tuple[str, str, str]]:
    """How often the checker finds each state, by court and duty."""
    law = load_law()
    setting = Setting(law, load_calendar(), to_day(date.fromisoformat(last)))
    tally = tally_of(open_store(store), setting)
    return Counter(
        {
            (court, duty, state): int(count)
            for court, duty, counts in tally.items()
            for state, count in zip(STATES, counts, strict=True)
            if count and state != "not_applicable"
        }
    )


@pytest.mark.parametrize(
    ("first", "last", "form"),
    [
        ("2018-01-01", "2019-12-31", "parquet"),
        ("2017-05-01", "2018-02-18", "csv"),  # ends inside the Spring Festival
    ],
)
def test_the_checker_finds_exactly_what_was_put_in(
    tmp_path: Path, first: str, last: str, form: str
) -> None:
    data, store = tmp_path / "data", tmp_path / "store"
    zhiheng(
        "simulate", "--out", str(data), "--cases", "4000", "--seed", "11", "--format", form,
        "--encoding", "gb18030", "--from", first, "--to", last,
    )  # fmt: skip
    zhiheng("intake", str(data), "--store", str(store))
    with (data / "truth" / "outcomes.csv").open(encoding="utf-8") as file:
        known = Counter(
            {
                (row["court"], row["duty"], row["state"]): int(row["count"])
                for row in csv.DictReader(file)
            }
        )
    assert len(known) > 1000
    assert counted(store, last) == known
