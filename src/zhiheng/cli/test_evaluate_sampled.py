"""`zhiheng evaluate` with files drawn and read, and the region made of it."""

from __future__ import annotations

import csv
import hashlib
import shutil
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from zhiheng.cli import app
from zhiheng.cli.test_ledger import run
from zhiheng.errors import Problem

DATED = ("--as-of", "2019-06-28", "--period", "2018-07-01..2019-06-28")
ITEMS = ("1.7.1", "1.8.1", "1.12.1")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store, a draw of six files a court, and what was read in them."""
    home = tmp_path_factory.mktemp("sampled")
    run("simulate", "--province", "陕西", "--cases", 1500, "--seed", 5, "--out", home / "data")
    run("intake", home / "data", "--store", home / "store")
    draw("--decision", "lower_bound", home=home)
    write_reviews(home)
    return home


def draw(*more: str, home: Path) -> None:
    words = (
        "--store",
        home / "store",
        "--as-of",
        "2019-06-28",
        "--where",
        "filed",
        "--by",
        "court",
    )
    run(
        "sample",
        "draw",
        *words,
        "--each",
        "--n",
        6,
        "--seed",
        "公开",
        "--out",
        home / "draw",
        *more,
    )


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def write_reviews(home: Path) -> None:
    drawn = rows(home / "draw" / "sample.csv")
    lines = ["file,item,answer"]
    for row in drawn:
        if row["level"] not in ("basic", "intermediate"):
            continue
        for item in ITEMS:
            code = f"{row['level']}.{item}"
            chance = int(hashlib.sha256(f"{row['id']}{code}".encode()).hexdigest(), 16) / 2**256
            lines.append(f"{row['id']},{code},{'是' if chance < 0.85 else '否'}")
    (home / "reviews.csv").write_text("\n".join(lines), encoding="utf-8")


def evaluate(home: Path, out: Path, *more: object) -> str:
    files = ("--draw", home / "draw", "--reviews", home / "reviews.csv")
    return run("evaluate", "--store", home / "store", *DATED, *files, "--out", out, *more)


def refused(home: Path, *more: object) -> Problem:
    words = (
        "evaluate",
        "--store",
        home / "store",
        *DATED,
        "--scores",
        "--out",
        home / "none",
        *more,
    )
    found = CliRunner().invoke(app, [str(word) for word in words])
    assert isinstance(found.exception, Problem), found.output
    return found.exception


def test_sampled_courts_get_errors_ranks_and_a_region(home: Path, tmp_path: Path) -> None:
    evaluate(home, tmp_path / "out", "--scores")
    courts = rows(tmp_path / "out" / "certainty" / "courts.csv")
    basic = [row for row in courts if row["level"] == "basic" and row["files"] != "0"]
    unsure = [row for row in basic if float(row["error"] or 0) > 0]
    assert len(unsure) > 20
    for row in unsure:
        assert float(row["low"]) <= float(row["score"]) <= float(row["high"])
        assert int(row["best_rank"]) <= int(row["rank"]) <= int(row["worst_rank"])
        assert int(row["files"]) <= 6 <= int(row["cases"])
    run("index", "region", "--courts", tmp_path / "out" / "certainty" / "courts.csv",
        "--level", "basic", "--out", tmp_path / "region")  # fmt: skip
    found = {row["weighting"]: row for row in rows(tmp_path / "region" / "region.csv")}
    assert set(found) == {"by_cases", "by_courts", "equally"}
    scored = [row for row in basic if row["score"]]
    parts = Counter(row["part"] for row in courts if row["level"] == "basic")
    kept = Counter(row["part"] for row in scored)
    # A court stands for those of its part of which nothing was read.
    weights = [float(row["cases"]) * parts[row["part"]] / kept[row["part"]] for row in scored]
    pairs = zip(weights, scored, strict=True)
    mean = sum(w * float(row["score"]) for w, row in pairs) / sum(weights)
    assert float(found["by_cases"]["value"]) == pytest.approx(mean)


def test_the_same_draw_and_readings_give_the_same_bytes(home: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        evaluate(home, tmp_path / name, "--scores")
    for file in sorted((tmp_path / "first" / "certainty").iterdir()):
        assert file.read_bytes() == (tmp_path / "second" / "certainty" / file.name).read_bytes()
    names = {file.name for file in (tmp_path / "first" / "certainty").iterdir()}
    assert names == {"courts.csv", "nodes.csv", "differences.csv"}


def test_without_a_draw_the_tables_of_an_earlier_report_are_gone(
    home: Path, tmp_path: Path
) -> None:
    evaluate(home, tmp_path, "--scores")
    assert (tmp_path / "certainty").is_dir()
    run("evaluate", "--store", home / "store", *DATED, "--scores", "--out", tmp_path)
    assert not (tmp_path / "certainty").exists()


def test_a_sample_that_is_not_what_was_drawn_is_refused(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "draw", tmp_path / "draw")
    sample = tmp_path / "draw" / "sample.csv"
    lines = sample.read_text("utf-8-sig").splitlines()
    spare = (tmp_path / "draw" / "replacements.csv").read_text("utf-8-sig").splitlines()[1]
    sample.write_text("\n".join([*lines[:-1], spare]), encoding="utf-8")
    said = refused(home, "--draw", tmp_path / "draw", "--reviews", home / "reviews.csv")
    assert "not what was drawn" in said.what.en


def test_files_not_read_are_missed_unless_that_is_allowed(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "draw", tmp_path / "draw")
    write_reviews_to(home, tmp_path)
    files = ("--draw", tmp_path / "draw", "--reviews", tmp_path / "reviews.csv")
    assert "have no answers" in refused(home, *files).what.en
    out = tmp_path / "out"
    run("evaluate", "--store", home / "store", *DATED, "--scores", "--out", out, *files,
        "--allow-missing")  # fmt: skip
    first = unread(home)["court"]
    (court,) = (r for r in rows(out / "certainty" / "courts.csv") if r["court"] == first)
    drawn = sum(row["court"] == first for row in rows(tmp_path / "draw" / "sample.csv"))
    assert int(court["files"]) == drawn - 1


def write_reviews_to(home: Path, place: Path) -> None:
    """The readings without those of one file."""
    lines = (home / "reviews.csv").read_text("utf-8").splitlines()
    first = unread(home)["id"]
    kept = [line for line in lines if not line.startswith(f"{first},")]
    (place / "reviews.csv").write_text("\n".join(kept), encoding="utf-8")


def unread(home: Path) -> dict[str, str]:
    sample = rows(home / "draw" / "sample.csv")
    return next(row for row in sample if row["level"] == "intermediate")


def test_what_was_declared_before_the_draw_cannot_be_changed_after_it(home: Path) -> None:
    files = ("--draw", home / "draw", "--reviews", home / "reviews.csv", "--edition", "cass-2018")
    said = refused(home, *files, "--assume", "sample_decision=point")
    assert "'lower_bound'" in said.what.en
    assert said.exit_code == 2


def test_a_draw_without_readings_is_no_use(home: Path) -> None:
    assert "go together" in refused(home, "--draw", home / "draw").what.en
    said = refused(home, "--draw", home, "--reviews", home / "reviews.csv")
    assert "no record of a draw" in said.what.en


def test_a_record_without_its_groups_is_no_record(home: Path, tmp_path: Path) -> None:
    shutil.copy(home / "draw" / "sample.csv", tmp_path)
    for text in ('{"settings": {"courts": 3}}', '{"settings": {}, "groups": 1}', "{}", "[]"):
        (tmp_path / "draw.json").write_text(text.replace("{}, ", '{"courts": 1}, '), "utf-8")
        said = refused(home, "--draw", tmp_path, "--reviews", home / "reviews.csv")
        assert "no record of a draw" in said.what.en


def test_courts_whose_error_cannot_be_told_are_counted(home: Path, tmp_path: Path) -> None:
    lines = (home / "reviews.csv").read_text("utf-8").splitlines()
    first: dict[str, str] = {}
    for row in rows(home / "draw" / "sample.csv"):
        first.setdefault(row["court"], row["id"])
    kept = [line for line in lines if line.split(",")[0] in {"file", *first.values()}]
    (tmp_path / "r.csv").write_text("\n".join(kept), encoding="utf-8")
    files = ("--draw", home / "draw", "--reviews", tmp_path / "r.csv", "--allow-missing")
    words = ("--store", home / "store", *DATED, "--scores", "--out", tmp_path)
    said = run("evaluate", *words, *files)
    courts = rows(tmp_path / "certainty" / "courts.csv")
    for level in ("basic", "intermediate"):
        own = [row for row in courts if row["level"] == level]
        untold = sum(row["files"] == "1" and not row["error"] for row in own)
        assert untold > 1
        assert f"{untold} 个法院的误差无法得知" in said or f"Of {untold} courts" in said


def test_courts_drawn_before_files_carry_their_chance_to_the_region(
    home: Path, tmp_path: Path
) -> None:
    dated = ("--as-of", "2019-06-28", "--where", "filed")
    run("sample", "draw", "--store", home / "store", *dated, "--by", "court", "--courts", 20,
        "--n", 120, "--seed", "公开", "--out", tmp_path / "draw")  # fmt: skip
    lines = ["file,item,answer"]
    for place, row in enumerate(rows(tmp_path / "draw" / "sample.csv")):
        level = "intermediate" if row["level"] == "intermediate" else "basic"
        if row["level"] != "high":
            lines.append(f"{row['id']},{level}.1.7.1,{'否' if place % 5 == 0 else '是'}")
    (tmp_path / "reviews.csv").write_text("\n".join(lines), encoding="utf-8")
    run("evaluate", "--store", home / "store", *DATED, "--scores", "--out", tmp_path / "out",
        "--draw", tmp_path / "draw", "--reviews", tmp_path / "reviews.csv")  # fmt: skip
    drawn = {row["court"]: row for row in rows(tmp_path / "draw" / "sample.csv")}
    courts = rows(tmp_path / "out" / "certainty" / "courts.csv")
    read = [row for row in courts if row["files"] != "0"]
    assert read
    for row in read:
        its = drawn[row["court"]]
        there = float(its["population_within"] or its["population"])
        assert float(row["cases"]) == there
        chance = float(its["probability"]) * there / int(row["files"])
        assert float(row["chance"]) == pytest.approx(chance, rel=1e-12)
        assert row["low"]
    assert {row["chance"] for row in courts if row["files"] == "0"} == {""}
    run("index", "region", "--courts", tmp_path / "out" / "certainty" / "courts.csv",
        "--level", "basic", "--out", tmp_path / "region")  # fmt: skip
    found = {row["weighting"]: row for row in rows(tmp_path / "region" / "region.csv")}
    basic = [row for row in read if row["level"] == "basic" and row["score"]]
    weights = [float(row["cases"]) / float(row["chance"]) for row in basic]
    mean = sum(w * float(row["score"]) for w, row in zip(weights, basic, strict=True))
    assert float(found["by_cases"]["value"]) == pytest.approx(mean / sum(weights))


def test_readers_who_name_files_by_case_number_add_to_the_error(home: Path, tmp_path: Path) -> None:
    """A strict and a lenient reader of the same files, once by id and once by case number."""
    drawn = [row for row in rows(home / "draw" / "sample.csv") if row["level"] == "basic"]
    errors = []
    for column in ("id", "case_number"):
        lines = ["file,item,reviewer,answer"]
        for place, row in enumerate(drawn):
            own = ("甲", "乙") if place % 4 == 0 else ("甲",)
            lines += [
                f"{row[column]},basic.1.7.1,{who},{'否' if who == '甲' and place % 3 else '是'}"
                for who in own
            ]
        (tmp_path / "ratings.csv").write_text("\n".join(lines), encoding="utf-8")
        evaluate(home, tmp_path / column, "--scores", "--ratings", tmp_path / "ratings.csv")
        found = rows(tmp_path / column / "certainty" / "courts.csv")
        errors.append([row["error"] for row in found])
    evaluate(home, tmp_path / "without", "--scores")
    plain = [row["error"] for row in rows(tmp_path / "without" / "certainty" / "courts.csv")]
    assert errors[0] == errors[1] != plain


def test_ratings_of_other_files_and_options_without_a_draw_are_refused(
    home: Path, tmp_path: Path
) -> None:
    (tmp_path / "r.csv").write_text("file,item,reviewer,answer\nX,basic.1.7.1,甲,1\n", "utf-8")
    files = ("--draw", home / "draw", "--reviews", home / "reviews.csv")
    said = refused(home, *files, "--ratings", tmp_path / "r.csv")
    assert "None of these files" in said.what.en
    for words in (("--ratings", tmp_path / "r.csv"), ("--allow-missing",)):
        said = refused(home, *words)
        assert (said.place, said.exit_code) == (words[0], 2)


def test_what_was_read_and_counts_nowhere_is_refused(home: Path, tmp_path: Path) -> None:
    text = (home / "reviews.csv").read_text("utf-8")
    files = ("--draw", home / "draw", "--reviews", tmp_path / "r.csv")
    swapped = text.replace("intermediate.1.7.1", "basic.1.7.1")
    (tmp_path / "r.csv").write_text(swapped, encoding="utf-8")
    said = refused(home, *files)
    assert "'basic.1.7.1' is no leaf of the level of 陕01 (intermediate)" in said.what.en
    shutil.copytree(home / "draw", tmp_path / "draw")
    (tmp_path / "draw" / "frame.csv").unlink()
    for name in ("sample.csv", "replacements.csv"):
        path = tmp_path / "draw" / name
        path.write_text(path.read_text("utf-8-sig").replace(",陕01,", ",川01,"), encoding="utf-8")
    (tmp_path / "r.csv").write_text(text, encoding="utf-8")
    said = refused(home, "--draw", tmp_path / "draw", "--reviews", tmp_path / "r.csv")
    assert "1 courts that are not scored here, among them '川01'" in said.what.en
