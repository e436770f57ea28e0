"""`zhiheng explain` answers at once: one case, or one leaf of one court, needs neither the query
engine nor all of a part."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from zhiheng.cli import app
from zhiheng.store.lake import open_store
from zhiheng.store.trace import read

SLOW = ("ibis", "pandas", "duckdb", "rich", "pyarrow.dataset")
"""What takes as long to load as a whole explanation."""

ALONE = f"""
import sys
from zhiheng.cli import main
try:
    main()
finally:
    print([name for name in {SLOW} if name in sys.modules], file=sys.stderr)
"""


def run(*words: object) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("explain")
    run("simulate", "--cases", 300, "--seed", 3, "--out", home / "data")
    run("intake", home / "data", "--store", home / "store")
    run("check", "--store", home / "store", "--as-of", "2019-12-31", "--json")
    return home / "store"


NUMBER = "（2018）陕0102执1号"


@pytest.mark.parametrize("duty", ["inquiry.network", "closure.compliant"])
def test_an_explanation_loads_neither_the_engine_nor_pandas(store: Path, duty: str) -> None:
    words = ["explain", "--store", str(store), "--case", NUMBER, "--duty", duty]
    done = subprocess.run(
        [sys.executable, "-c", ALONE, *words], capture_output=True, encoding="utf-8", check=True
    )
    assert NUMBER in done.stdout
    assert done.stderr.splitlines()[-1] == "[]"


@pytest.mark.parametrize("leaf", ["basic.1.3.1", "basic.1.9.1", "basic.3.3.1", "basic.1.1.1"])
def test_nor_does_that_of_a_leaf_which_rests_on_outcomes(store: Path, leaf: str) -> None:
    asked = ["--court", "陕0102", "--leaf", leaf, "--period", "2018-01-01..2019-12-31", "--json"]
    done = subprocess.run(
        [sys.executable, "-c", ALONE, "explain", "--store", str(store), *asked],
        capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["leaf"] == leaf
    assert done.stderr.splitlines()[-1] == "[]"


def test_a_figure_of_records_is_asked_by_a_query_compiled_before(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIHENG_CACHE", str(tmp_path))
    period = ("--period", "2018-01-01..2019-12-31")
    words = ("explain", "--store", store, *period, "--leaf", "basic.3.1.1", "--json", "--court")
    first = run(*words, "陕0102")
    found = []
    for court in ("陕0102", "陕0103"):
        command = [sys.executable, "-c", ALONE, *map(str, words), court]
        found.append(subprocess.run(command, capture_output=True, encoding="utf-8", check=True))
    assert [done.stderr.splitlines()[-1] for done in found] == ["['duckdb']"] * 2
    assert found[0].stdout == first != found[1].stdout


def test_a_row_of_the_rulebook_is_explained_duty_by_duty(store: Path) -> None:
    words = ("explain", "--store", store, "--case", NUMBER, "--json", "--duty")
    every = json.loads(run(*words, "A05"))
    duties = list(dict.fromkeys(one["duty"] for one in every))
    assert len(duties) > 1
    assert every == [one for duty in duties for one in json.loads(run(*words, duty))]


def test_each_duty_that_was_looked_at_is_traced(store: Path) -> None:
    run("explain", "--store", store, "--case", NUMBER, "--duty", "A05")
    traced = [e for e in read(open_store(store).path / "trace.jsonl") if e["action"] == "view"]
    assert {entry["case"] for entry in traced if "case" in entry} == {NUMBER}
    assert len({entry["duty"] for entry in traced if "duty" in entry}) > 1


def test_timelines_that_are_not_there_yet_are_made(store: Path, tmp_path: Path) -> None:
    words = ("explain", "--case", NUMBER, "--as-of", "2019-12-31", "--json", "--duty", "A05")
    run("intake", store.parent / "data", "--store", tmp_path / "fresh")
    fresh = json.loads(run(*words, "--store", tmp_path / "fresh"))
    assert fresh == json.loads(run(*words, "--store", store))
