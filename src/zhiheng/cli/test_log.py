"""`zhiheng log check`: what it prints, writes and refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.testing import CliRunner, Result

from small_logs import duty, raw_rules
from zhiheng.cli import log
from zhiheng.errors import BadInput, Problem, WrongUse

EVENTS = """case,activity,timestamp
met,Begin,2018-01-01
met,Do,2018-03-02
late,Begin,2018-01-01
late,Do,2018-03-03
ended in time,Begin,2018-01-01
ended in time,End,2018-03-02
ended after,Begin,2018-01-01
ended after,End,2018-03-03
overdue,Begin,2018-01-01
due today,Begin,2018-01-09
due in ten days,Begin,2018-01-19
due in eleven,Begin,2018-01-20
"=cmd|' /C calc'!A0",Do,2018-03-10
"""
"""As of 2018-03-10 each case stands as its name says."""

DUTY = duty(start=["begun"], stop=["done"], within={"days": 60}, discharged_by=["ended"])
NEVER = duty("never", start=["ended_twice"], stop=["done"], within={"days": 5}, optional_start=True)
NODES = {"begun": "Begin", "done": "Do", "ended": "End", "ended_twice": "End again"}


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A log and its duties in the working directory."""
    (tmp_path / "log.csv").write_text(EVENTS, "utf-8")
    rules = raw_rules(DUTY, NEVER, nodes=NODES)
    (tmp_path / "duties.yaml").write_text(yaml.safe_dump(rules), "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ZHIHENG_LANG", raising=False)
    return tmp_path


def run(*words: str) -> Result:
    app = typer.Typer()
    log.register(app)
    app.command("other")(lambda: None)
    arguments = ["log", "check", "log.csv", "--duties", "duties.yaml", *words]
    return CliRunner().invoke(app, arguments)


def told(*words: str) -> dict[str, Any]:
    result = run(*words, "--json")
    assert result.exit_code == 0
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def refusal(*words: str) -> Problem:
    result = run(*words)
    assert isinstance(result.exception, Problem)
    return result.exception


def test_json_has_every_state_the_reasons_and_what_is_open() -> None:
    report = told()
    assert (report["cases"], report["events"], report["as_of"]) == (9, 13, "2018-03-10")
    found = report["duties"][0]
    assert found["states"] == {
        "not_applicable": 0, "not_due": 3, "met": 1, "late": 1, "overdue": 1, "excused": 0,
        "discharged": 2, "undeterminable": 1,
    }  # fmt: skip
    assert found["reasons"] == {"fact_missing": 1, "ended_in_time": 1, "ended_after_limit": 1}
    assert found["missing"] == {"begun": 1}
    assert (found["open"], found["due_soon"]) == (4, 2)
    assert found["cites"] == [[{"document": "law", "place": "art. 1", "grade": "text"}]]


def test_soon_is_as_many_days_as_one_says() -> None:
    ahead = {n: told("--soon", str(n))["duties"][0]["due_soon"] for n in (0, 9, 10, 11)}
    assert ahead == {0: 1, 9: 1, 10: 2, 11: 3}


def test_as_of_an_earlier_day_less_has_happened() -> None:
    report = told("--as-of", "2018-03-02")
    assert (report["last_day"], report["as_of"]) == ("2018-03-02", "2018-03-02")
    assert report["duties"][0]["states"]["not_due"] == 6
    assert report["duties"][0]["states"]["late"] == 0


def test_people_read_the_same_in_chinese_and_english(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run()
    assert result.exit_code == 0
    assert (
        "log.csv：9 件案件，13 个事件，2018-01-01 至 2018-03-10；截至 2018-03-10" in result.stdout
    )
    assert "尚未完成 4：其中已逾期 1，10 日内到期 2" in result.stdout
    assert "某法 art. 1" in result.stdout
    monkeypatch.setenv("ZHIHENG_LANG", "en")
    english = run().stdout
    assert "open 4: overdue 1, due within 10 days 2" in english
    assert "Some law art. 1" in english
    assert not any("一" <= letter <= "鿿" for letter in english)


def test_a_duty_that_concerns_nobody_and_an_activity_that_never_occurs_are_said() -> None:
    assert "没有案件涉及该职责" in run().stdout
    (notice,) = told()["notices"]
    assert "End again" in notice["en"]
    assert notice["zh"] in run().stdout


def test_findings_name_case_article_and_days_and_no_spreadsheet_runs_them() -> None:
    assert run("--findings", "out/findings.csv").exit_code == 0
    content = Path("out/findings.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    assert [(row["case"], row["state"], row["detail"]) for row in rows] == [
        ("late", "late", ""),
        ("overdue", "overdue", ""),
        ("'=cmd|' /C calc'!A0", "undeterminable", "begun"),
    ]
    assert rows[0]["article"] == "某法 art. 1"
    assert [rows[0][name] for name in ("start", "due", "stop", "days_over")] == [
        "2018-01-01", "2018-03-02", "2018-03-03", "1",
    ]  # fmt: skip
    assert [rows[1][name] for name in ("due", "stop", "days_over")] == ["2018-03-02", "", "8"]


def test_findings_without_any_row_are_a_file_with_its_header() -> None:
    Path("log.csv").write_text("case,activity,timestamp\nA,Begin,2018-01-01\n", "utf-8")
    assert run("--findings", "none.csv").exit_code == 0
    assert len(Path("none.csv").read_text("utf-8-sig").splitlines()) == 1


@pytest.mark.parametrize("target", ["log.csv", "./duties.yaml", "findings.doc", "."])
def test_findings_never_go_where_they_must_not(target: str) -> None:
    before = Path("log.csv").read_bytes(), Path("duties.yaml").read_bytes()
    assert isinstance(refusal("--findings", target), WrongUse)
    assert (Path("log.csv").read_bytes(), Path("duties.yaml").read_bytes()) == before


@pytest.mark.parametrize("words", [("--as-of", "31.12.2018"), ("--duties", "none.yaml")])
def test_wrong_use_is_told_from_bad_input(words: tuple[str, str]) -> None:
    assert isinstance(refusal(*words), WrongUse)


def test_a_negative_number_of_days_is_wrong_use() -> None:
    assert run("--soon", "-1").exit_code == 2


def test_bad_input_writes_nothing() -> None:
    Path("log.csv").write_text(EVENTS + "X,Begin,2018-02-30\n", "utf-8")
    problem = refusal("--findings", "findings.csv")
    assert isinstance(problem, BadInput)
    assert problem.place == "log.csv:15"
    assert not Path("findings.csv").exists()


def test_provisional_due_days_are_said_where_the_calendar_is_chinas() -> None:
    rules = raw_rules(DUTY, nodes=NODES, calendar="china")
    Path("duties.yaml").write_text(yaml.safe_dump(rules), "utf-8")
    Path("log.csv").write_text("case,activity,timestamp\nA,Begin,2026-12-01\n", "utf-8")
    notices = [notice["en"] for notice in told()["notices"]]
    assert any("Provisional due days" in notice for notice in notices)


def test_cases_without_events_and_times_in_utc_are_said() -> None:
    Path("log.xes").write_text(
        '<log><trace><string key="concept:name" value="A"/><event>'
        '<string key="concept:name" value="Begin"/>'
        '<date key="time:timestamp" value="2018-01-01T16:00:00Z"/></event></trace>'
        '<trace><string key="concept:name" value="B"/></trace></log>',
        "utf-8",
    )
    app = typer.Typer()
    log.register(app)
    app.command("other")(lambda: None)
    words = ["log", "check", "log.xes", "--duties", "duties.yaml", "--json"]
    notices = " ".join(
        n["en"] for n in json.loads(CliRunner().invoke(app, words).stdout)["notices"]
    )
    assert "without any event, not counted: 1" in notices
    assert "UTC" in notices
