"""`zhiheng law`: what it prints and how it exits."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
import typer
from typer.testing import CliRunner, Result

from zhiheng.cli import law
from zhiheng.errors import WrongUse
from zhiheng.law import load
from zhiheng.law.load import load_law
from zhiheng.law.rulebook import load_rulebook


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZHIHENG_LANG", raising=False)


def run(*words: str) -> Result:
    app = typer.Typer()
    law.register(app)
    app.command("other")(lambda: None)
    return CliRunner().invoke(app, ["law", *words])


def test_list_names_every_duty_with_row_limit_and_who_checked() -> None:
    result = run("list")
    assert result.exit_code == 0
    (line,) = (one for one in result.stdout.splitlines() if "payment.paid_out " in one)
    cells = line.split()
    assert cells[:2] == ["payment.paid_out", "A16"]
    assert {"执行款发放及时性", "法定", "30日", "2017-05-01"} <= set(cells)
    assert all(duty in result.stdout for duty in load_law().duties)


def test_list_as_json_is_in_the_order_of_the_rulebook() -> None:
    rows = json.loads(run("list", "--json").stdout)
    assert len(rows) == len(load_law().duties)
    assert [row["row"] for row in rows] == sorted(row["row"] for row in rows)
    assert rows[0]["limit"] == "10 calendar days" and rows[0]["cases"] > 5


def test_show_tells_authority_versions_and_the_cases() -> None:
    shown = run("show", "clue.verified").stdout
    assert "2007-01-01至2017-04-30施行" in shown and "2017-05-01至今施行" in shown
    assert "法释〔2017〕8号" in shown and "第二条第一款" in shown
    assert "verified on the eighth day" in shown and "迟延完成" in shown


def test_show_speaks_english_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIHENG_LANG", "en")
    shown = run("show", "A16").stdout
    assert "within: 30 calendar days" in shown
    assert "The cases that prove it" in shown


def test_show_takes_a_row_and_shows_every_duty_that_bears_it() -> None:
    shown = run("show", "b02").stdout
    assert all(f"closure.{name}  " in shown for name in ("heard", "ruling_made", "procedure"))
    assert len(json.loads(run("show", "B02", "--json").stdout)) > 1


def test_show_as_json_carries_documents_and_assumptions() -> None:
    shown = json.loads(run("show", "case.closed_in_time", "--json").stdout)
    assert shown["documents"]["fafa-2006-35"]["number"] == "法发〔2006〕35号"
    assert "choices" in shown["assumed"]["stopped_days"]


def test_showing_a_duty_there_is_not_is_wrong_use() -> None:
    assert isinstance(run("show", "nothing").exception, WrongUse)


def test_coverage_tells_every_row_and_counts_the_states() -> None:
    found = json.loads(run("coverage", "--json").stdout)
    assert [row["row"] for row in found["rows"]] == list(load_rulebook().rows)
    assert sum(found["counts"].values()) == len(found["rows"])
    by_row = {row["row"]: row for row in found["rows"]}
    assert by_row["A16"]["state"] == "computed" and by_row["A16"]["cases"] > 5
    assert by_row["A29"]["state"] == "review_question" and by_row["A29"]["question"]["zh"]
    assert by_row["J04"]["state"] == "out_of_scope" and by_row["J04"]["out_of_scope"]["en"]


def test_coverage_is_strict_only_when_asked() -> None:
    open_rows = json.loads(run("coverage", "--json").stdout)["counts"]["open"]
    assert run("coverage").exit_code == 0
    assert run("coverage", "--strict").exit_code == (1 if open_rows else 0)
    assert f"合计 {len(load_rulebook().rows)}" in run("coverage").stdout


def test_verify_passes_the_law_the_product_ships_with_and_tells_remarks() -> None:
    result = run("verify")
    assert result.exit_code == 0
    assert "合格" in result.stdout and "from recollection" in result.stdout
    assert json.loads(run("verify", "--json").stdout)["problems"] == []


def test_verify_fails_a_law_whose_cases_prove_too_little(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = load_law()
    duty = msgspec.structs.replace(sound.duties["payment.notified"], cases=())
    bare = msgspec.structs.replace(sound, duties={**sound.duties, duty.id: duty})
    monkeypatch.setattr(load, "load_law", lambda: bare)
    result = run("verify")
    assert result.exit_code == 1
    assert "payment.notified: no case shows it met" in result.stdout
    assert "payment.notified: no case has the act at the limit" in result.stdout


def test_reference_writes_the_pages(tmp_path: Path) -> None:
    result = run("reference", str(tmp_path))
    assert result.exit_code == 0
    written = sorted(file.name for file in tmp_path.iterdir())
    assert written == ["coverage.md", "duties.md", "node-limits.md", "powers.md", "screens.md"]
