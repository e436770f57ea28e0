"""The whole way as a user walks it: simulate, take in, check, evaluate, explain."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from zhiheng.law.load import load_law
from zhiheng.store.lake import open_store

CASES, AS_OF, PERIOD = 3000, "2019-12-31", "2018-01-01..2019-12-31"
ZHIHENG = Path(sys.executable).with_name("zhiheng")


def zhiheng(*words: object, expect: int = 0) -> str:
    done = subprocess.run([ZHIHENG, *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout if expect == 0 else done.stdout + done.stderr


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("province")
    zhiheng("simulate", "--province", "陕西", "--cases", CASES, "--seed", 7, "--out", home / "data")
    zhiheng("intake", home / "data", "--store", home / "store")
    zhiheng("evaluate", *dated(home), "--out", home / "report")
    return home


def dated(home: Path) -> tuple[object, ...]:
    return ("--store", home / "store", "--as-of", AS_OF, "--period", PERIOD)


def truth(home: Path) -> dict[tuple[str, str], int]:
    total: Counter[tuple[str, str]] = Counter()
    with (home / "data" / "truth" / "outcomes.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            total[(row["duty"], row["state"])] += int(row["count"])
    return {key: count for key, count in total.items() if count}


def test_the_check_finds_exactly_what_was_made_late(walked: Path) -> None:
    words = ("--store", walked / "store", "--as-of", AS_OF, "--json")
    report = json.loads(zhiheng("check", *words))
    found = {
        (row["duty"], state): count
        for row in report["duties"]
        for state, count in row["states"].items()
        if count and state != "not_applicable"
    }
    known = {key: n for key, n in truth(walked).items() if key[1] != "not_applicable"}
    assert found == known
    assert len(known) > 100


def test_each_court_is_judged_as_it_was_made(walked: Path) -> None:
    words = ("--store", walked / "store", "--as-of", AS_OF, "--court", "陕0102", "--json")
    report = json.loads(zhiheng("check", *words))
    with (walked / "data" / "truth" / "outcomes.csv").open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["court"] == "陕0102"]
    known = {(r["duty"], r["state"]): int(r["count"]) for r in rows if int(r["count"])}
    found = {
        (row["duty"], state): count
        for row in report["duties"]
        for state, count in row["states"].items()
        if count
    }
    assert {k: v for k, v in found.items() if k[1] != "not_applicable"} == {
        k: v for k, v in known.items() if k[1] != "not_applicable"
    }


def test_every_intermediate_and_basic_court_has_scores_with_their_coverage(walked: Path) -> None:
    report = json.loads(zhiheng("evaluate", *dated(walked), "--out", walked / "r2", "--json"))
    courts = [c for c in report["courts"] if c["level"] in ("intermediate", "basic")]
    assert len(courts) == 120
    for court in courts:
        total = court["scores"]["total"]
        assert total["state"] == "scored"
        assert 0 < total["coverage"] < 0.8  # no answers were given
        assert 0 <= total["value"] <= 100
    (high,) = [c for c in report["courts"] if c["level"] == "high"]
    assert high["scores"]["total"]["state"] == "no_data"
    assert high["scores"]["total"]["value"] is None


def test_the_same_evaluation_twice_gives_the_same_bytes(walked: Path) -> None:
    zhiheng("evaluate", *dated(walked), "--out", walked / "again")
    for name in ("report.xlsx", "html/index.html", "html/courts/_9655_0102/index.html"):
        assert (walked / "report" / name).read_bytes() == (walked / "again" / name).read_bytes()


def test_answers_are_scored_and_raise_the_coverage(walked: Path) -> None:
    sheet = walked / "answers.xlsx"
    zhiheng("forms", sheet, "--edition", "cass-2017", "--store", walked / "store")
    book = openpyxl.load_workbook(sheet)
    answered = 0
    for page in book.worksheets:
        rows = list(page.iter_rows(min_row=1, max_row=3, values_only=True))
        header = next((r for r in rows if r and "有/无" in [str(c) for c in r]), None)
        if header is None:
            continue
        titles = [str(cell) for cell in header]
        at = {name: titles.index(name) for name in ("有/无", "数值", "分子", "分母")}
        proof = next(i for i, name in enumerate(titles) if "证明" in name or "依据" in name)
        code = next(i for i, name in enumerate(titles) if "代字" in name)
        for row in page.iter_rows(min_row=2):
            if row[code].value == "陕0102":
                answered += fill(row, at, proof)
    assert answered > 0
    book.save(sheet)
    words = (*dated(walked), "--answers", sheet, "--out", walked / "answered", "--json")
    report = json.loads(zhiheng("evaluate", *words))
    court = next(c for c in report["courts"] if c["court"] == "陕0102")
    plain = json.loads(zhiheng("evaluate", *dated(walked), "--out", walked / "r3", "--json"))
    before = next(c for c in plain["courts"] if c["court"] == "陕0102")
    assert court["scores"]["total"]["coverage"] > before["scores"]["total"]["coverage"]


def fill(row: tuple[openpyxl.cell.Cell, ...], at: dict[str, int], proof: int) -> int:
    """Answer 有 where the leaf takes it; other kinds of answers are left open here."""
    from zhiheng.indexes.editions import load_edition

    edition = load_edition("cass-2017")
    leaf = next((edition.leaf(str(c.value)) for c in row if edition.leaf(str(c.value))), None)
    if leaf is None or leaf.answer_kind != "choice":
        return 0
    row[at["有/无"]].value = "有"
    row[proof].value = "院发〔2018〕1号"
    return 1


def a_late_case(home: Path) -> tuple[str, str]:
    listed = home / "late.csv"
    words = ("--store", home / "store", "--as-of", AS_OF, "--duty", "inquiry.network")
    zhiheng("check", *words, "--findings", listed)
    with listed.open(encoding="utf-8-sig") as file:
        row = next(row for row in csv.DictReader(file) if row["state"] == "late")
    return row["case_number"], row["due"]


def test_an_outcome_is_explained_down_to_the_article(walked: Path) -> None:
    number, due = a_late_case(walked)
    words = ("--store", walked / "store", "--case", number, "--duty", "inquiry.network")
    said = zhiheng("explain", *words)
    assert "迟延完成" in said
    assert "5个工作日" in said
    assert due in said
    assert "网络查询及时性" in said
    (plain,) = json.loads(zhiheng("explain", *words, "--json"))
    assert plain["state"] == "late"
    assert plain["start_node"] == "filed"
    assert plain["days_over"] > 0
    assert plain["cites"]


def test_a_row_stands_for_every_duty_that_bears_it(walked: Path) -> None:
    number, _ = a_late_case(walked)
    bearing = {duty.id for duty in load_law().named("B02")}
    assert len(bearing) > 1
    words = ("--case", number, "--duty", "b02", "--json")
    told = json.loads(zhiheng("explain", "--store", walked / "store", *words))
    assert {one["duty"] for one in told} == bearing
    checked = ("check", "--store", walked / "store", "--as-of", AS_OF, "--duty", "B02", "--json")
    assert {row["duty"] for row in json.loads(zhiheng(*checked))["duties"]} >= bearing


def test_a_composite_names_the_members_and_the_subjects_it_fails_on(walked: Path) -> None:
    listed = walked / "findings.csv"
    words = ("--store", walked / "store", "--as-of", AS_OF)
    zhiheng("check", *words, "--findings", listed)
    with listed.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    failing = next(
        row
        for row in rows
        if row["duty"] == "closure.substance" and row["detail"] == "closure.spending_restricted"
    )
    own = [row for row in rows if row["case_number"] == failing["case_number"]]
    debtors = {row["subject_id"] for row in own if row["duty"] == "closure.spending_restricted"}
    asked = ("explain", *words[:2], "--case", failing["case_number"], "--duty", "closure.substance")
    (plain,) = json.loads(zhiheng(*asked, "--json"))
    (member,) = (one for one in plain["members"] if one["duty"] == "closure.spending_restricted")
    assert member["standing"] == "fails"
    failed = {one["id"]: one for one in member["subjects"] if one["state"] in ("late", "overdue")}
    assert set(failed) == debtors
    assert all("*" in one["name"] for one in failed.values())
    for language, said in (("zh", "当事人"), ("en", "party")):
        told = zhiheng("--lang", language, *asked)
        assert all(f"{said} {debtor}" in told for debtor in debtors)


def test_an_outcome_is_explained_under_the_assumptions_it_was_checked_with(walked: Path) -> None:
    words = ("check", "--store", walked / "store", "--as-of", AS_OF, "--duty", "closure.compliant")
    zhiheng(*words, "--findings", walked / "closures.csv")
    with (walked / "closures.csv").open(encoding="utf-8-sig") as file:
        number = next(row["case_number"] for row in csv.DictReader(file))
    ask = ("explain", "--store", walked / "store", "--case", number, "--duty", "closure.compliant")

    def members() -> set[str]:
        (plain,) = json.loads(zhiheng(*ask, "--json"))
        return {member["duty"] for member in plain["members"]}

    assert "closure.registered" in members()
    zhiheng(*words, "--assume", "closure_checks=conditions")
    assert "closure.registered" not in members()
    zhiheng(*words)
    assert "closure.registered" in members()


def test_a_score_is_explained_by_all_the_cases_behind_it(walked: Path) -> None:
    words = ("--store", walked / "store", "--court", "陕0102", "--json", "--leaf")
    share = json.loads(zhiheng("explain", *words, "basic.1.4.1"))
    counted = Counter(row["state"] for row in share["rows"])
    good, bad = counted["met"], counted["late"] + counted["overdue"]
    assert (share["numerator"], share["denominator"]) == (good, good + bad)
    assert share["value"] == pytest.approx(100 * good / (good + bad))
    rate = json.loads(zhiheng("explain", *words, "basic.3.1.1"))
    assert rate["denominator"] == len(rate["rows"])
    satisfied = sum(row["closing_kind"] == "satisfied" for row in rate["rows"])
    assert rate["numerator"] == satisfied


def test_every_view_leaves_a_trace(walked: Path) -> None:
    number, _ = a_late_case(walked)
    zhiheng("explain", "--store", walked / "store", "--case", number, "--duty", "inquiry.network")
    trace = (walked / "store" / "trace.jsonl").read_text(encoding="utf-8")
    entries = [json.loads(line) for line in trace.splitlines() if line]
    assert {"intake", "evaluate", "view"} <= {entry["action"] for entry in entries}
    assert any(entry.get("case") == number for entry in entries)


def test_an_assumption_can_be_chosen_and_changes_the_score(walked: Path) -> None:
    scores = []
    for choice in ("equal_steps", "first_band_only"):
        words = (*dated(walked), "--out", walked / "assumed", "--json")
        report = json.loads(zhiheng("evaluate", *words, "--assume", f"inquiry_bands={choice}"))
        court = next(c for c in report["courts"] if c["court"] == "陕0102")
        scores.append(court["scores"]["basic.1.3.1"]["value"])
        assert report["assumptions"]["inquiry_bands"].startswith(choice)
    assert scores[1] < scores[0]


@pytest.mark.parametrize(
    "words",
    [
        ("check", "--as-of", "2019-13-01"),
        ("check", "--as-of", AS_OF, "--duty", "no.such"),
        ("check", "--as-of", AS_OF, "--assume", "no_such=1"),
        ("check", "--as-of", AS_OF, "--findings", "findings.docx"),
        ("evaluate", "--as-of", AS_OF, "--period", "2019-12-31..2018-01-01", "--out", "x"),
        ("evaluate", "--as-of", AS_OF, "--period", "2019", "--out", "x"),
        ("explain", "--case", "（2018）陕0102执1号"),
        ("explain", "--court", "陕0102", "--leaf", "basic.9.9.9"),
    ],
    ids=" ".join,
)
def test_wrong_use_says_what_to_do_and_exits_with_two(walked: Path, words: tuple[str, ...]) -> None:
    said = zhiheng(words[0], "--store", walked / "store", *words[1:], expect=2)
    assert "处理办法" in said


def test_a_case_the_store_does_not_have_is_refused(walked: Path) -> None:
    words = (
        "--store",
        walked / "store",
        "--case",
        "（2018）陕0102执99999号",
        "--duty",
        "inquiry.network",
    )
    assert "没有这个案件" in zhiheng("explain", *words, expect=1)
    assert "no such case" in zhiheng("--lang", "en", "explain", *words, expect=1)


def test_nothing_to_check_is_refused_rather_than_found_in_order(
    walked: Path, tmp_path: Path
) -> None:
    words = ("--as-of", AS_OF, "--court", "陕9999")
    assert "没有这个法院" in zhiheng("check", "--store", walked / "store", *words, expect=1)
    open_store(tmp_path / "empty", create=True)
    said = zhiheng("check", "--store", tmp_path / "empty", "--as-of", AS_OF, expect=1)
    assert "无从检查" in said


def test_a_directory_without_a_store_is_refused(tmp_path: Path) -> None:
    said = zhiheng("check", "--store", tmp_path, "--as-of", AS_OF, expect=2)
    assert "处理办法" in said


def test_as_of_an_earlier_day_later_events_have_not_happened(walked: Path) -> None:
    words = ("--store", walked / "store", "--as-of", "2018-06-30", "--json")
    early = {r["duty"]: r["states"] for r in json.loads(zhiheng("check", *words))["duties"]}
    late = truth(walked)
    assert early["inquiry.network"]["met"] < late[("inquiry.network", "met")]
    assert early["inquiry.network"]["not_due"] > 0
