"""`zhiheng sample`: what it prints, writes and refuses, and how it exits."""

from __future__ import annotations

import csv
import dataclasses
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from zhiheng.cli import app
from zhiheng.errors import BadInput, WrongUse
from zhiheng.sampling.allocation import KINDS
from zhiheng.sampling.design import LONELY
from zhiheng.sampling.frames import COURT, ID
from zhiheng.sampling.from_store import WHERE
from zhiheng.sampling.items import METHODS, ItemEstimate
from zhiheng.sampling.record import HEADINGS
from zhiheng.sampling.reviews import ANSWER, ITEM, NO, YES


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIHENG_LANG", "en")


@pytest.fixture
def frame(tmp_path: Path) -> Path:
    file = tmp_path / "frame.csv"
    rows = [f"{court}-{k},{court}" for court, n in (("A", 300), ("B", 120)) for k in range(n)]
    file.write_text("\n".join(["id,court", *rows]), encoding="utf-8")
    return file


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["sample", *map(str, words)])


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def drawn(frame: Path, *more: object) -> Path:
    out = frame.parent / "draw"
    result = run(
        "draw", "--frame", frame, "--seed", "s", "--by", "court", "--n", 60, "--out", out, *more
    )
    assert result.exit_code == 0, result.output
    return out


def answered(out: Path) -> Path:
    file = out.parent / "reviews.csv"
    ids = [row["id"] for row in rows(out / "sample.csv")]
    lines = [f"{one},served,{int(k % 10 > 0)}" for k, one in enumerate(ids)]
    file.write_text("\n".join(["id,item,answer", *lines]), encoding="utf-8")
    return file


def test_plan_says_what_a_margin_needs_and_what_a_line_lets_through(frame: Path) -> None:
    words = ("plan", "--frame", frame, "--by", "court", "--margin", 0.05, "--share", 0.9)
    report = json.loads(run(*words, "--line", 0.9, "--truth", 0.97, "--json").stdout)
    assert (report["files"], report["drawn"]) == (420, 105)
    assert report["margin"] == pytest.approx(0.05, abs=0.0005)
    assert [(row["stratum"], row["drawn"]) for row in report["strata"]] == [("A", 75), ("B", 30)]
    court = report["chances"][1]
    assert (court["files"], court["drawn"]) == (300, 75)
    assert court["lower"][0] < court["estimate"][0] <= court["upper"][0] <= 1
    said = run(*words, "--line", 0.9).stdout
    assert report["digest"] in said
    assert "105 of 420 files" in said and "the chance to pass" in said


def test_plan_for_each_court_asks_for_the_margin_in_each(frame: Path) -> None:
    report = json.loads(
        run("plan", "--frame", frame, "--by", "court", "--margin", 0.05, "--each", "--json").stdout
    )
    assert all(row["margin"] <= 0.05 for row in report["strata"])
    assert [row["drawn"] for row in report["strata"]] == [169, 92]


def test_plan_speaks_chinese_by_default(frame: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZHIHENG_LANG")
    said = run("plan", "--frame", frame, "--n", 40, "--line", 0.9).stdout
    assert "共 420 件，抽 40 件" in said and "达标的概率" in said


def test_draw_writes_what_verify_draws_again(frame: Path) -> None:
    out = drawn(frame)
    assert len(rows(out / "sample.csv")) == 60 == len(rows(out / "replacements.csv"))
    assert json.loads((out / "draw.json").read_text("utf-8"))["settings"]["seed"] == "s"
    assert (out / "frame.csv").exists()
    result = run("verify", out, "--frame", frame)
    assert result.exit_code == 0 and "nothing differs" in result.stdout


def test_another_draw_is_not_written_over_the_first(frame: Path) -> None:
    out = drawn(frame)
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    assert drawn(frame) == out  # the same again changes nothing
    again = ("--frame", frame, "--by", "court", "--n", 60, "--out", out)
    result = run("draw", *again, "--seed", "one I like better")
    assert isinstance(result.exception, WrongUse)
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before


def test_verify_says_where_a_draw_differs_and_exits_with_1(frame: Path) -> None:
    out = drawn(frame)
    sample = out / "sample.csv"
    lines = sample.read_text("utf-8-sig").splitlines()
    sample.write_text("\n".join(lines[:-1]) + "\n", "utf-8")
    result = run("verify", out, "--frame", frame)
    assert result.exit_code == 1
    assert f"sample.csv lacks {lines[-1].split(',')[0]}." in result.stdout


def test_estimate_prints_and_writes_shares_with_errors(frame: Path) -> None:
    out = drawn(frame)
    words = ("estimate", "--sample", out / "sample.csv", "--reviews", answered(out))
    result = run(*words, "--by", "court", "--out", out / "estimates")
    assert result.exit_code == 0, result.output
    assert "served  90.0%  SE" in result.stdout and "n=60/60  N=420" in result.stdout
    every, a, b = rows(out / "estimates" / "estimates.csv")
    assert (every["court"], a["court"], b["court"]) == ("", "A", "B")
    # Drawn: 43 of A with 5 no, 17 of B with 1.
    weighed = 1 - (5 / 43 * 300 + 1 / 17 * 120) / 420
    assert float(every["estimate"]) == pytest.approx(weighed)
    assert float(every["low"]) < 0.9 < float(every["high"])
    between = rows(out / "estimates" / "covariance.csv")
    assert float(between[0]["served"]) == pytest.approx(float(every["se"]) ** 2)
    first = (out / "estimates" / "estimates.csv").read_bytes()
    report = json.loads(run(*words, "--by", "court", "--out", out / "again", "--json").stdout)
    assert (out / "again" / "estimates.csv").read_bytes() == first
    assert report["estimates"][0]["yes"] == 54


def test_a_store_is_drawn_from_and_leaves_its_frame(tmp_path: Path) -> None:
    for words in (
        ("simulate", "--out", tmp_path / "data", "--cases", "400", "--seed", "5"),
        ("intake", tmp_path / "data", "--store", tmp_path / "store"),
    ):
        assert CliRunner().invoke(app, list(map(str, words))).exit_code == 0
    out = tmp_path / "draw"
    source = ("--store", tmp_path / "store", "--as-of", "2019-12-31")
    result = run("draw", *source, "--seed", "s", "--n", 40, "--out", out, "--courts", 5)
    assert result.exit_code == 0, result.output
    frame = rows(out / "frame.csv")
    assert {row["closed"] <= "2019-12-31" and row["closed"] != "" for row in frame} == {True}
    assert set(frame[0]) >= {"id", "case_number", "court", "level", "kind", "filed"}
    assert run("verify", out).exit_code == 0
    earlier = ("--store", tmp_path / "store", "--as-of", "2018-06-30", "--where", "filed")
    assert run("draw", *earlier, "--seed", "s", "--n", 9, "--out", tmp_path / "then").exit_code == 0
    then = {row["closed"] for row in rows(tmp_path / "then" / "frame.csv")}
    assert "" in then and max(then) <= "2018-06-30"
    everything = json.loads(run("plan", *source, "--where", "filed", "--n", 10, "--json").stdout)
    still = json.loads(run("plan", *source, "--where", "open", "--n", 10, "--json").stdout)
    assert everything["files"] == still["files"] + len(frame)


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "--n", 5),
        ("plan", "--frame", "F"),
        ("plan", "--frame", "F", "--n", 5, "--margin", 0.1),
        ("plan", "--frame", "F", "--n", 500),
        ("plan", "--frame", "F", "--n", 5, "--allocation", "best"),
        ("plan", "--frame", "F", "--n", 50, "--by", "court", "--allocation", "neyman"),
        ("plan", "--store", "F", "--as-of", "2019-12-31", "--where", "some", "--n", 5),
        ("draw", "--frame", "F", "--n", 50, "--seed", "", "--out", "O"),
        ("draw", "--frame", "F", "--n", 50, "--seed", "s", "--out", "O", "--courts", 2,
         "--by", "court", "--by", "id"),
    ],
)  # fmt: skip
def test_a_call_that_cannot_work_is_refused(frame: Path, words: tuple[object, ...]) -> None:
    named = {"F": frame, "O": frame.parent / "out"}
    result = run(*(named.get(word, word) for word in words))  # type: ignore[call-overload]
    assert isinstance(result.exception, WrongUse), result.output
    assert not (frame.parent / "out").exists()


def test_bad_files_are_refused_by_name(frame: Path, tmp_path: Path) -> None:
    out = drawn(frame)
    reviews = answered(out)
    for words in (
        ("plan", "--frame", tmp_path / "none.csv", "--n", 5),
        ("verify", tmp_path, "--frame", frame),
        ("estimate", "--sample", frame, "--reviews", reviews, "--out", out),
        ("estimate", "--sample", out / "sample.csv", "--reviews", frame, "--out", out),
        (
            "estimate",
            "--sample",
            out / "sample.csv",
            "--reviews",
            reviews,
            "--by",
            "x",
            "--out",
            out,
        ),
    ):
        result = run(*words)
        assert isinstance(result.exception, BadInput), words
        assert result.exception.place


def test_neymans_allocation_takes_deviations_from_a_table(frame: Path, tmp_path: Path) -> None:
    (tmp_path / "sds.csv").write_text("stratum,sd\nA,0.1\nB,0.5\n", encoding="utf-8")
    words = ("--by", "court", "--n", 60, "--allocation", "neyman", "--sds", tmp_path / "sds.csv")
    report = json.loads(run("plan", "--frame", frame, *words, "--json").stdout)
    assert [row["drawn"] for row in report["strata"]] == [20, 40]


def test_the_reference_page_names_every_heading_answer_and_choice() -> None:
    page = (Path(__file__).parents[3] / "docs" / "reference" / "sampling.md").read_text("utf-8")
    fields = [field.name for field in dataclasses.fields(ItemEstimate)]
    choices = [*LONELY, *METHODS, *KINDS, *WHERE, *ID, *COURT, *ITEM, *ANSWER, *YES, *NO]
    spans = re.findall(r"`([^`\n]+)`", page)
    written = {word for span in spans for word in (span, *re.split(r"[ |]", span))}
    assert {*HEADINGS, *fields, *choices} <= written
