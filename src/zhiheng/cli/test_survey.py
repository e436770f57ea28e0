"""`zhiheng survey`: from the form to the auxiliary figures."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from zhiheng.cli import survey
from zhiheng.errors import BadInput, WrongUse
from zhiheng.survey.authored import questionnaire

PRIVATE = ("张三", "13800000000", "34.2661", "device-9", "Alice", "610000198001010014")


def run(*words: object) -> Result:
    app = typer.Typer()
    survey.register(app)
    app.command("other")(lambda: None)
    return CliRunner().invoke(app, ["survey", *map(str, words)])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("ZHIHENG_LANG", raising=False)
    (tmp_path / "courts.csv").write_text("代字,名称\n陕0101,甲法院\n陕0102,乙法院\n", "utf-8")
    words = ("--courts", tmp_path / "courts.csv", "--mapping", tmp_path / "mapping.csv")
    result = run("form", "lawyers", "--out", tmp_path / "form.xlsx", *words)
    assert result.exit_code == 0, result.output
    responses(tmp_path)
    return tmp_path


def responses(home: Path) -> None:
    """Twelve lawyers of two courts who say "mostly" to everything, with what must not get out."""
    asked = [one.name for one in questionnaire("lawyers").questions if one.group == "acts"]
    heads = [
        "SubmissionDate", "court", "side", "cases", *(f"acts-{name}" for name in asked),
        "remarks", "gps-Latitude", "phone", "meta-instanceID", "KEY", "SubmitterName", "DeviceID",
    ]  # fmt: skip
    name, phone, place, device, user, identity = PRIVATE
    after = (f"{name} {identity}", place, phone)
    rows = [
        ["2026-01-01", f"陕010{n % 2 + 1}", "applicants", "9", *("mostly" for _ in asked), *after,
         f"u{n}", f"u{n}", user, device]
        for n in range(12)
    ]  # fmt: skip
    with (home / "export.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([heads, *rows])


def score(home: Path, *words: object) -> Result:
    return run(
        "score", "--form", home / "form.xlsx", "--mapping", home / "mapping.csv",
        "--responses", home / "export.csv", "--out", home / "out", *words,
    )  # fmt: skip


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def test_answers_become_auxiliary_figures_without_an_interval(home: Path) -> None:
    result = score(home, "--invited", "40")
    assert result.exit_code == 0, result.output
    assert "收回 12 份：完整 12" in result.output
    assert "AAPOR RR1 30.0%" in result.output
    assert "不是概率样本，不给区间" in result.output
    found = {(one["indicator"], one["group"]): one for one in rows(home / "out" / "auxiliary.csv")}
    assert float(found["basic.1.4.1", ""]["mean"]) == 75
    assert float(found["basic.1.1.2", "陕0101"]["mean"]) == 25  # "mostly" too much security
    assert found["basic.1.4.1", "陕0102"]["respondents"] == "6"
    assert found["basic.1.4.1", "陕0102"]["label"] == "乙法院"
    assert set(found["basic.1.4.1", ""]) & {"low", "high", "se"} == set()


def test_nothing_private_is_written_or_said(home: Path) -> None:
    result = score(home)
    written = "".join(path.read_text("utf-8") for path in (home / "out").glob("*.csv"))
    assert "device" in written  # the column is named as unread
    for word in PRIVATE:
        assert word not in written
        assert word not in result.output
    unread = [one["column"] for one in rows(home / "out" / "unread.csv")]
    assert {"remarks", "gps-Latitude", "phone", "SubmitterName", "DeviceID"} <= set(unread)


def test_the_same_answers_give_the_same_bytes(home: Path) -> None:
    def written() -> dict[str, bytes]:
        assert score(home).exit_code == 0
        return {path.name: path.read_bytes() for path in (home / "out").glob("*.csv")}

    first = written()
    assert set(first) == {"auxiliary.csv", "questions.csv", "response.csv", "unread.csv"}
    assert written() == first


def test_a_draw_sends_the_reader_to_the_estimates_of_the_sample(home: Path) -> None:
    (home / "draw.json").write_text("{}", "utf-8")
    result = score(home, "--design", home / "draw.json")
    assert "zhiheng sample" in result.output
    (home / "draw.json").write_text("not json", "utf-8")
    assert isinstance(score(home, "--design", home / "draw.json").exception, BadInput)


def test_more_answers_than_invitations_are_refused(home: Path) -> None:
    error = score(home, "--invited", "11").exception
    assert isinstance(error, BadInput)
    assert not (home / "out").exists()


def test_free_text_is_no_group(home: Path) -> None:
    error = score(home, "--by", "remarks").exception
    assert isinstance(error, WrongUse)
    assert error.place == "--by"


def test_an_export_without_a_scored_question_is_refused(home: Path) -> None:
    text = (home / "export.csv").read_text("utf-8").replace("acts-control_prompt", "x")
    (home / "export.csv").write_text(text, "utf-8")
    error = score(home).exception
    assert isinstance(error, BadInput)
    assert "control_prompt" in error.what.en


def test_a_form_is_checked_and_shown(home: Path) -> None:
    result = run("read", home / "form.xlsx")
    assert result.exit_code == 0
    assert "zhiheng_lawyers" in result.output
    shown = json.loads(run("read", home / "form.xlsx", "--json").stdout)
    assert shown["questions"]["side"]["kind"] == "one"
    (home / "bad.xlsx").write_bytes(b"x")
    assert isinstance(run("read", home / "bad.xlsx").exception, BadInput)


def test_a_questionnaire_there_is_not_is_refused(home: Path) -> None:
    error = run("form", "judges", "--out", home / "x.xlsx").exception
    assert isinstance(error, WrongUse)
    assert "parties" in error.remedy.en
