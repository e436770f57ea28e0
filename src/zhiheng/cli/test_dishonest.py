"""`zhiheng dishonest`: the ledger, the joint sanctions, bidders on the list."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from zhiheng.cli import dishonest
from zhiheng.cli.test_intake_support import take_in, write
from zhiheng.errors import BadInput, WrongUse
from zhiheng.intake.privacy import keep_secret, pseudonym, pseudonym_of
from zhiheng.store.engine import connect
from zhiheng.store.lake import open_store
from zhiheng.store.trace import read

OFFICIAL, FIRM, CHILD, OTHER = (
    "610000198001010014", "91990000MA00000001", "610000201001010018", "610000197001010010",
)  # fmt: skip
CLEAR = "否,否,否,否"
FILES = {
    "courts": "court,name,level\n"
    "陕0102,西安市新城区人民法院,基层\n陕0103,西安市碑林区人民法院,基层\n",
    "cases": "case,case_number,court,kind,filed,closed,closing_kind\n"
    "1,（2018）陕0102执1号,陕0102,首次执行,2018-01-03,,\n"
    "2,（2018）陕0102执2号,陕0102,首次执行,2018-01-03,2018-03-05,执行完毕\n"
    "3,（2018）陕0103执1号,陕0103,首次执行,2018-01-03,,\n",
    "parties": "party,case,role,kind,name,person,minor,able_to_perform,obstructs,evades,"
    "breached_reporting,breached_restriction,breached_settlement,security_given,"
    "control_sufficient,not_yet_liable,other_bar\n"
    f"11,1,被执行人,自然人,张三丰,{OFFICIAL},否,否,否,是,否,否,否,{CLEAR}\n"
    f"12,1,被执行人,自然人,李小四,{CHILD},是,是,否,否,否,否,否,{CLEAR}\n"
    f"21,2,被执行人,法人,陕西某某公司,{FIRM},否,是,否,否,否,否,否,{CLEAR}\n"
    f"31,3,被执行人,自然人,王五六,{OTHER},否,,否,否,否,否,否,{CLEAR}\n",
    "listings": "listing,case,party,kind,ground,listed,decided,period_months,lifted\n"
    "91,1,11,失信,规避执行,2018-02-01,2018-02-01,24,\n"
    "92,1,12,失信,有履行能力而拒不履行,2018-02-01,2018-02-01,,\n"
    "93,2,21,失信,有履行能力而拒不履行,2018-02-01,2018-02-01,,2018-03-20\n",
}
BIDDERS = (
    f"投标,角色,证件号码\n甲,投标人,{OTHER}\n乙,投标人,{OTHER}\n乙,投标人,{OFFICIAL.lower()}\n"
    f"丙,评标专家,\n丁,投标人,{FIRM}\n{OFFICIAL},投标人,{OTHER}\n"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("list")
    take_in(folder / "store", write(folder / "data", FILES))
    (folder / "bidders.csv").write_text(BIDDERS, "utf-8")
    return folder


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZHIHENG_LANG", raising=False)


def run(*words: object) -> Result:
    app = typer.Typer()
    dishonest.register(app)
    app.command("other")(lambda: None)
    return CliRunner().invoke(app, ["dishonest", *map(str, words)])


def status(home: Path, *words: object, as_of: str = "2018-06-30") -> list[dict[str, Any]]:
    result = run("status", "--store", home / "store", "--as-of", as_of, "--json", *words)
    assert result.exit_code == 0, result.output
    rows: list[dict[str, Any]] = json.loads(result.stdout)["rows"]
    return rows


def test_the_ledger_answers_for_every_entry_and_candidate(home: Path) -> None:
    found = {row["party"]: row for row in status(home)}
    assert [(key, row["state"], row["verdict"]) for key, row in sorted(found.items())] == [
        ("11", "on_list", "may"),
        ("12", "on_list", "must_not"),
        ("21", "off_list", "may"),
        ("31", "candidate", "unknown"),
    ]
    assert (found["11"]["ends"], found["11"]["delete_by"]) == ("2020-02-01", "2020-02-05")
    assert found["12"]["bars"] == "minor" and "第四条" in found["12"]["places"]
    assert (found["21"]["delete_by"], found["21"]["deletion"]) == ("2018-03-08", "done_late")
    assert found["31"]["missing"] == "able_to_perform"
    assert "obligation" in found["11"]["not_published"]


def test_the_ledger_is_that_of_the_day(home: Path) -> None:
    before = {row["party"]: row for row in status(home, as_of="2018-03-09")}
    assert (before["21"]["state"], before["21"]["deletion"]) == ("on_list", "overdue")
    early = {row["party"]: row["state"] for row in status(home, as_of="2018-01-31")}
    assert set(early.values()) == {"candidate"} and "12" not in early


def test_another_courts_case_is_not_found(home: Path) -> None:
    words = ("status", "--store", home / "store", "--as-of", "2018-06-30")
    there = run(*words, "--court", "陕0103", "--case", "（2018）陕0102执1号").exception
    nowhere = run(*words, "--court", "陕0103", "--case", "（2018）陕0102执9号").exception
    assert isinstance(there, BadInput) and isinstance(nowhere, BadInput)
    assert there.what == nowhere.what
    own = status(home, "--court", "陕0102", "--case", "(2018)陕0102执1号")
    assert {row["party"] for row in own} == {"11", "12"}
    assert {row["court"] for row in status(home, "--court", "陕0103")} == {"陕0103"}


def test_the_ledger_goes_to_a_file_and_leaves_a_trace(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "ledger.csv"
    words = ("status", "--store", home / "store", "--as-of", "2018-06-30", "--out", out)
    result = run(*words)
    assert "逾期未删除 0" in result.stdout and "不得列入 1" in result.stdout
    with out.open(encoding="utf-8-sig") as file:
        assert {row["party"] for row in csv.DictReader(file)} == {"11", "12", "21", "31"}
    last = list(read(home / "store" / "trace.jsonl"))[-1]
    assert (last["action"], last["as_of"]) == ("dishonest status", "2018-06-30")
    assert isinstance(run(*words[:-1], tmp_path / "ledger.doc").exception, WrongUse)


def test_an_entry_is_shown_as_it_may_be_published(home: Path) -> None:
    words = ("published", "--store", home / "store", "--as-of", "2018-06-30")
    entries = json.loads(run(*words, "--case", "（2018）陕0102执1号", "--json").stdout)["entries"]
    evader, minor = entries
    assert evader["values"]["case_number"] == "（2018）陕0102执1号"
    assert evader["values"]["number"] == "***" and evader["masked"] == ["name", "number"]
    assert {"sex", "age", "obligation"} <= set(evader["missing"])
    assert (minor["values"], minor["withheld"]) == ({}, "minor")
    shown = run(*words, "--case", "（2018）陕0102执1号").stdout
    assert "张三丰" not in shown and "李*" not in shown
    assert "未成年人" in shown and "由法院依本院卷宗填写" in shown
    gone = run(*words, "--case", "（2018）陕0102执2号").stdout
    assert "不在名单上" in gone and "陕西***" not in gone
    other = run(*words, "--court", "陕0103", "--case", "（2018）陕0102执1号")
    assert isinstance(other.exception, BadInput)


def bid(home: Path, *words: object, as_of: str = "2018-06-30") -> Result:
    return run("bid", home / "bidders.csv", "--store", home / "store", "--as-of", as_of, *words)


def test_one_listed_member_makes_the_consortium_listed(home: Path) -> None:
    found = json.loads(bid(home, "--json").stdout)["bids"]
    assert [one["listed"] for one in found] == [False, True, None, False, False]
    assert [one["consortium"] for one in found] == [False, True, False, False, False]
    assert [member["listed"] for member in found[1]["members"]] == [False, True]


def test_a_restriction_ends_when_the_entry_is_deleted(home: Path) -> None:
    def firm(as_of: str) -> bool:
        return bool(json.loads(bid(home, "--json", as_of=as_of).stdout)["bids"][3]["listed"])

    assert [firm(day) for day in ("2018-01-31", "2018-02-01", "2018-03-19", "2018-03-20")] == [
        False, True, True, False,
    ]  # fmt: skip


def test_no_number_is_ever_printed_or_traced(home: Path) -> None:
    said = bid(home).stdout + bid(home, "--json").stdout
    said += run("status", "--store", home / "store", "--as-of", "2018-06-30").stdout
    said += json.dumps(status(home), ensure_ascii=False)
    said += (home / "store" / "trace.jsonl").read_text("utf-8")
    for number in (OFFICIAL, FIRM, CHILD, OTHER):
        assert number not in said and number.lower() not in said
        assert pseudonym_of(number, open_store(home / "store").secret) not in said
    assert "张三丰" not in said and "不能代替全国名单" in said


def test_a_list_of_bidders_that_cannot_be_used_is_refused(home: Path, tmp_path: Path) -> None:
    for text in ("投标,角色\n甲,投标人\n", f"role,number\nking,{OTHER}\n"):
        file = tmp_path / "bad.csv"
        file.write_text(text, "utf-8")
        words = ("bid", file, "--store", home / "store", "--as-of", "2018-06-30")
        assert isinstance(run(*words).exception, BadInput)
    words = ("bid", tmp_path / "none.csv", "--store", home / "store", "--as-of", "2018-06-30")
    assert isinstance(run(*words).exception, BadInput)


def test_a_number_is_looked_up_under_the_pseudonym_intake_gave_it() -> None:
    con, secret = connect(), bytes(range(32))
    keep_secret(con, secret)
    for number in (OFFICIAL, " 6100-0019800101001x", "é"):
        stored = con.con.execute(f"SELECT {pseudonym('?')}", [number]).fetchone()
        assert stored == (pseudonym_of(number, secret),)
    assert pseudonym_of(" - ", secret) == ""


def test_the_measures_that_bind_a_kind_of_person(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(json.loads(run("measures", "--json").stdout)["measures"]) == 32
    shown = run("measures", "--binds", "controller").stdout
    assert shown.count("三（") == 6 and "三（十九）" in shown and "按季度" in shown
    monkeypatch.setenv("ZHIHENG_LANG", "en")
    assert "actual controller" in run("measures", "--binds", "controller").stdout
    assert isinstance(run("measures", "--binds", "cousin").exception, WrongUse)
