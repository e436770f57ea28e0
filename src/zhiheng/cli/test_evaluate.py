"""`zhiheng evaluate` on several editions at once, and with the scores only."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from zhiheng.cli import app
from zhiheng.cli.test_ledger import run
from zhiheng.errors import WrongUse
from zhiheng.indexes.editions import available_editions
from zhiheng.store.trace import read

DATED = ("--as-of", "2019-06-28", "--period", "2018-07-01..2019-06-28")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("evaluate")
    run("simulate", "--province", "陕西", "--cases", 800, "--seed", 5, "--out", home / "data")
    run("intake", home / "data", "--store", home / "store")
    return home / "store"


def evaluate(store: Path, out: Path, *more: object) -> str:
    return run("evaluate", "--store", store, *DATED, "--out", out, *more)


@pytest.fixture(scope="module")
def every(store: Path) -> tuple[Path, list[dict[str, Any]]]:
    """The scores of every edition, as files and as they are printed."""
    out = store.parent / "every"
    return out, json.loads(evaluate(store, out, "--edition", "all", "--scores", "--json"))


@pytest.mark.parametrize("name", available_editions())
def test_an_edition_among_all_scores_as_it_does_alone_with_its_report(
    store: Path, every: tuple[Path, list[dict[str, Any]]], name: str, tmp_path: Path
) -> None:
    alone = json.loads(evaluate(store, tmp_path, "--edition", name, "--json"))
    (among,) = (each for each in every[1] if each["edition"] == name)
    assert among == alone
    assert (tmp_path / "report.xlsx").is_file()


def test_only_the_scores_are_written_where_only_they_are_asked_for(
    every: tuple[Path, list[dict[str, Any]]],
) -> None:
    names = {file.name for file in every[0].iterdir()}
    assert names == {"scores.json", "scores.csv", "scores.parquet"}


def test_the_rows_hold_every_score(
    every: tuple[Path, list[dict[str, Any]]],
) -> None:
    out, document = every
    expected = {
        (of["edition"], court["court"], node): score
        for of in document
        for court in of["courts"]
        for node, score in court["scores"].items()
    }
    rows = pq.read_table(out / "scores.parquet").to_pylist()
    assert len(rows) == len(expected) > 20_000
    for row in rows:
        score = expected[(row["edition"], row["court"], row["node"])]
        assert {name: row[name] for name in score if name != "source"} == {
            name: value for name, value in score.items() if name != "source"
        }
    with (out / "scores.csv").open(encoding="utf-8-sig") as file:
        assert len(list(csv.DictReader(file))) == len(rows)


def test_several_editions_are_reported_each_in_a_folder_of_its_own(
    store: Path, tmp_path: Path
) -> None:
    words = ("--edition", "core-3+1", "--edition", "triplet-2024", "--edition", "core-3+1")
    found = json.loads(evaluate(store, tmp_path, *words, "--json"))
    assert [each["edition"] for each in found] == ["core-3+1", "triplet-2024"]
    for name in ("core-3+1", "triplet-2024"):
        assert (tmp_path / name / "report.xlsx").is_file()
        assert (tmp_path / name / "html" / "index.html").is_file()


def test_the_trace_keeps_what_explain_takes_up_again(store: Path, tmp_path: Path) -> None:
    words = ("--edition", "all", "--assume", "excused_counts=excluded", "--no-pages")
    evaluate(store, tmp_path, *words)
    last = list(read(store / "trace.jsonl"))[-1]
    assert last["edition"] == "cass-2017" and last["editions"] == list(available_editions())
    assert last["assume"] == ["excused_counts=excluded"]
    found = json.loads((tmp_path / "scores.json").read_text("utf-8"))
    assert "excluded" in found[0]["assumptions"]["excused_counts"]


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("--edition", "all", "--answers", "sheet.xlsx"), "--answers"),
        (("--report-lang", "fr"), "--report-lang"),
        (("--edition", "all", "--assume", "no_such_thing=1"), "--assume"),
    ],
)
def test_what_does_not_go_together_is_refused(
    store: Path, tmp_path: Path, words: tuple[str, ...], option: str
) -> None:
    asked = ("evaluate", "--store", store, *DATED, "--out", tmp_path / "out", *words)
    done = CliRunner().invoke(app, [str(word) for word in asked])
    assert isinstance(done.exception, WrongUse) and done.exception.place == option
    assert not (tmp_path / "out").exists()
