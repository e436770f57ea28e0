"""`zhiheng ruling check`: what it prints."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from zhiheng.cli import ruling
from zhiheng.errors import BadInput
from zhiheng.rulings.test_rulings import GOOD, changed


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "good.txt").write_text(GOOD, "utf-8")
    (tmp_path / "bad.txt").write_text(changed(("、报告财产令", "")), "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ZHIHENG_LANG", raising=False)


def run(*words: str) -> Result:
    app = typer.Typer()
    ruling.register(app)
    app.command("other")(lambda: None)
    return CliRunner().invoke(app, ["ruling", "check", *words])


def test_flags_are_findings_and_no_bad_input() -> None:
    done = run("bad.txt")
    assert done.exit_code == 0
    assert "提示 1 项" in done.stdout
    assert "1. [未见] 已责令被执行人报告财产：裁定未载。" in done.stdout
    assert "120,000.00 − 20,000.00 = 100,000.00" in done.stdout
    assert "由人判断" in done.stdout


def test_a_sound_ruling_says_so_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIHENG_LANG", "en")
    done = run("good.txt")
    assert "Flags: none" in done.stdout
    assert "a person decides" in done.stdout


def test_json_holds_everything_with_its_spans() -> None:
    report = json.loads(run("bad.txt", "--json").stdout)
    assert [one["id"] for one in report["flags"]] == ["report_ordered"]
    assert report["arithmetic"]["claim"] == 12_000_000
    assert report["facts"]["ruling_day"] == "2018-07-05"
    text = changed(("、报告财产令", ""))
    for one in report["facts"]["statements"]:
        span = one["span"]
        assert text[span["start"] : span["end"]] == span["text"]
    cited = {cite["document"] for one in report["conditions"] for cite in one["cites"]}
    assert cited <= set(report["documents"])


def test_what_is_no_ruling_is_bad_input() -> None:
    Path("other.txt").write_text("民事判决书", "utf-8")
    assert isinstance(run("other.txt").exception, BadInput)
