"""`zhiheng review`: a review from the draw to the final answers."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
import typer
from typer.testing import CliRunner, Result

from zhiheng.cli import review
from zhiheng.errors import BadInput, WrongUse
from zhiheng.sampling.draw import Settings, draw
from zhiheng.sampling.frames import read_frame
from zhiheng.sampling.record import write_draw

SEED = "2026"


def run(*words: object) -> Result:
    app = typer.Typer()
    review.register(app)
    app.command("other")(lambda: None)
    return CliRunner().invoke(app, ["review", *map(str, words)])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("ZHIHENG_LANG", raising=False)
    files = "".join(f"F{n},陕010{n % 2 + 1}\n" for n in range(20))
    (tmp_path / "sample.csv").write_text("file,court\n" + files, "utf-8")
    (tmp_path / "reviewers.csv").write_text("评查人,法院\n张,陕0101\n李,陕0102\n王,\n", "utf-8")
    (tmp_path / "items.csv").write_text("item,question\na,发出报告财产令？\n", "utf-8")
    return tmp_path


def assigned(home: Path, *words: object) -> Result:
    return run(
        "assign", "--sample", home / "sample.csv", "--reviewers", home / "reviewers.csv",
        "--items", home / "items.csv", "--seed", SEED, "--out", home / "out", *words,
    )  # fmt: skip


def fill(folder: Path, spoilt: str) -> None:
    """Every reviewer answers yes, but one answers no everywhere."""
    for path in folder.glob("*.xlsx"):
        book = openpyxl.load_workbook(path)
        page = book.worksheets[0]
        for row in range(2, page.max_row + 1):
            page.cell(row, 6, "否" if page.cell(row, 5).value == spoilt else "是")
        book.save(path)


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def test_a_review_goes_from_the_draw_to_the_final_answers(home: Path) -> None:
    result = assigned(home, "--share", 0.5)
    assert result.exit_code == 0, result.output
    assert "20 件案卷，其中 10 件评查两次" in result.output
    fill(home / "out", "王")
    found = run("agreement", "--reviews", home / "out", "--json")
    (item,) = json.loads(found.stdout)["items"]
    with_wang = {
        one["file"] for one in rows(home / "out" / "assignment.csv") if one["reviewer"] == "王"
    }
    double = [one["file"] for one in rows(home / "out" / "assignment.csv") if one["reading"] == "2"]
    differ = sorted(set(double) & with_wang)
    assert item["files"] == 10
    assert item["percent"]["value"] == pytest.approx(1 - len(differ) / 10)
    refused = run("adjudicate", "--reviews", home / "out", "--out", home / "final.csv")
    assert isinstance(refused.exception, BadInput)
    assert refused.output.count("分歧未决") == len(differ) > 0
    assert not (home / "final.csv").exists()
    decisions = "file,item,answer,decided_by,decided_on,reason\n" + "".join(
        f"{file},a,是,合议,2026-03-01,卷内有\n" for file in differ
    )
    (home / "decisions.csv").write_text(decisions, "utf-8")
    settled = run(
        "adjudicate", "--reviews", home / "out", "--decisions", home / "decisions.csv",
        "--out", home / "final.csv",
    )  # fmt: skip
    assert settled.exit_code == 0, settled.output
    finals = {one["file"]: (one["answer"], one["basis"]) for one in rows(home / "final.csv")}
    assert all(finals[file] == ("1", "decided") for file in differ)
    log = rows(home / "final.log.csv")
    assert {(one["reviewer"], one["read"]) for one in log} == {("王", "0")}


def test_open_differences_can_be_left_empty(home: Path) -> None:
    (home / "r.csv").write_text("file,item,reviewer,answer\nF1,a,张,1\nF1,a,李,0\n", "utf-8")
    result = run("adjudicate", "--reviews", home / "r.csv", "--leave-open", "--out", home / "f.csv")
    assert result.exit_code == 0
    assert rows(home / "f.csv")[0] == {
        "file": "F1", "item": "a", "answer": "", "basis": "open", "readings": "2",
    }  # fmt: skip


def test_a_decision_where_nothing_differs_is_refused(home: Path) -> None:
    (home / "r.csv").write_text("file,item,reviewer,answer\nF1,a,张,1\n", "utf-8")
    head = "file,item,answer,decided_by,decided_on,reason\n"
    (home / "d.csv").write_text(head + "F1,a,0,王,2026-03-01,x\n", "utf-8")
    words = ("--reviews", home / "r.csv", "--decisions", home / "d.csv", "--out", home / "f.csv")
    error = run("adjudicate", *words).exception
    assert isinstance(error, BadInput)
    assert error.place == "d.csv:2"


def test_the_same_seed_writes_the_same_bytes(home: Path) -> None:
    def written() -> dict[str, bytes]:
        assert assigned(home).exit_code == 0
        return {path.name: path.read_bytes() for path in (home / "out").glob("*.*")}

    first = written()
    assert len(first) >= 4
    assert written() == first


def test_agreement_is_shown_and_written_in_the_readers_language(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = "".join(f"F{n},a,张,1\nF{n},a,李,1\n" for n in range(12))
    (home / "r.csv").write_text("file,item,reviewer,answer\n" + answers, "utf-8")
    words = ("agreement", "--reviews", home / "r.csv", "--out", home / "agreement")
    assert "kappa 无定义" in run(*words).output
    monkeypatch.setenv("ZHIHENG_LANG", "en")
    monkeypatch.setenv("COLUMNS", "250")
    assert "kappa is undefined" in run(*words).output
    (row,) = rows(home / "agreement" / "items.csv")
    assert (row["kappa"], row["ac"], row["notes"]) == ("", "1.0", "one_category")


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (("assign", "--sample", "x", "--reviewers", "x", "--seed", "1", "--share", "2",
          "--out", "o"), "--share"),
        (("agreement", "--reviews", "r.csv", "--scale", "metric"), "--scale"),
        (("agreement", "--reviews", "r.csv", "--weights", "cubic"), "--weights"),
    ],
)  # fmt: skip
def test_a_wrong_word_is_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], place: str
) -> None:
    (home / "r.csv").write_text("file,item,reviewer,answer\nF1,a,张,1\n", "utf-8")
    monkeypatch.chdir(home)
    error = run(*words).exception
    assert isinstance(error, WrongUse)
    assert error.place == place


def test_a_made_up_review_of_a_draw_goes_to_final_answers_that_are_nearly_true(home: Path) -> None:
    cases = [f"{n},（2019）陕010{n % 2 + 1}执{n}号,陕010{n % 2 + 1},basic" for n in range(1, 81)]
    frame = home / "frame.csv"
    frame.write_text("\n".join(["id,case_number,court,level", *cases, "99,x,陕,high"]), "utf-8")
    drawn = draw(read_frame(frame), Settings("lot", 40, ("court",), minimum=1))
    write_draw(drawn, home / "draw")
    words = ("--draw", home / "draw", "--seed", 5, "--error", 0.05)
    run("assign", "--sample", home / "draw/sample.csv", "--reviewers", home / "reviewers.csv",
        "--share", 1, "--seed", SEED, "--out", home / "out")  # fmt: skip
    result = run(
        "simulate", *words, "--assignment", home / "out/assignment.csv", "--out", home / "read"
    )
    assert "80 件" in result.output and "另有 1 件" in result.output
    run("adjudicate", "--reviews", home / "read/readings.csv",
        "--decisions", home / "read/decisions.csv", "--out", home / "final.csv")  # fmt: skip
    truth = {(r["file"], r["item"]): r["answer"] for r in rows(home / "read/truth.csv")}
    ids = {r["case_number"]: r["id"] for r in rows(home / "draw/sample.csv")}
    read = [r for r in rows(home / "final.csv") if r["file"] in ids]
    wrong = sum(r["answer"] != truth[ids[r["file"]], r["item"]] for r in read)
    single = rows(home / "read/reviews.csv")
    once = sum(r["answer"] != truth[r["file"], r["item"]] for r in single)
    assert len(truth) == 80 * 13 and len(read) == 39 * 13 == len(single)
    assert once > 5 * wrong, "only what two misread alike stays"
    again = run("simulate", *words, "--out", home / "again")
    assert again.exit_code == 0
    names = ("truth.csv", "reviews.csv")
    assert all((home / "read" / n).read_bytes() == (home / "again" / n).read_bytes() for n in names)
    assert not (home / "again" / "readings.csv").exists()


def test_a_made_up_review_needs_the_level_of_each_file(home: Path) -> None:
    frame = home / "frame.csv"
    frame.write_text("id,court\n1,陕0102\n2,陕0102\n", "utf-8")
    write_draw(draw(read_frame(frame), Settings("lot", 1)), home / "draw")
    result = run("simulate", "--draw", home / "draw", "--seed", 5, "--out", home / "read")
    assert isinstance(result.exception, BadInput) and "level" in result.exception.what.en
    assert not (home / "read").exists()
