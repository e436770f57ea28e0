"""A check that is told the period leaves nothing to count to the evaluation after it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from zhiheng.checks import over_parts
from zhiheng.cli import app
from zhiheng.errors import WrongUse
from zhiheng.measures import layered

DAY = ("--as-of", "2019-12-31")
PERIOD = ("--period", "2019-01-01..2019-12-31")


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def done(*words: object) -> str:
    result = run(*words)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def store(tmp_path: Path) -> Path:
    done("simulate", "--cases", 400, "--seed", 9, "--out", tmp_path / "data")
    done("intake", tmp_path / "data", "--store", tmp_path / "store")
    return tmp_path / "store"


def scores(store: Path, out: Path) -> bytes:
    asked = (*DAY, *PERIOD, "--edition", "all", "--scores", "--out", out)
    done("evaluate", "--store", store, *asked)
    return (out / "scores.csv").read_bytes()


def forbidden(*words: Any) -> Any:
    raise AssertionError("counted again")


def test_nothing_is_read_or_judged_again(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = done("check", "--store", store, *DAY)
    expected = scores(store, tmp_path / "before")
    for kept in (store / "kept").iterdir():
        kept.unlink()
    assert done("check", "--store", store, *DAY, *PERIOD) == plain
    monkeypatch.setattr(over_parts, "load_part", forbidden)
    monkeypatch.setattr(layered, "figures_of", forbidden)
    assert scores(store, tmp_path / "after") == expected
    assert done("check", "--store", store, *DAY) == plain


@pytest.mark.parametrize(
    "other", [("--duty", "inquiry.network"), ("--court", "陕01"), ("--findings", "all.csv")]
)
def test_a_period_is_counted_for_whole_stores_only(store: Path, other: tuple[str, str]) -> None:
    result = run("check", "--store", store, *DAY, *PERIOD, *other)
    assert isinstance(result.exception, WrongUse)
    assert other[0] in str(result.exception)
