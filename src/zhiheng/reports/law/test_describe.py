"""A duty described for a lawyer: everything is said, in words."""

from __future__ import annotations

import re

import msgspec
import pytest

from every_duty import LAWS
from zhiheng.law.load import load_law
from zhiheng.law.model import Citation, Duty, Limit, Member, Text, Version
from zhiheng.reports.law.describe import LABELS, OWN_LINES, Part, describe
from zhiheng.reports.law.words import (
    ROW_KINDS,
    ROW_STATES,
    cite_words,
    limit_of,
    name_words,
    predicate_words,
)

LAW = load_law()


def parts(name: str, language: str = "en") -> list[Part]:
    return describe(LAW.duties[name], LAW, language)


def text(name: str, language: str = "en") -> str:
    found = []
    for part in parts(name, language):
        found += [part.heading, *part.lines]
        found += [" ".join(row) for row in part.table[1]] if part.table else []
    return "\n".join(found)


def test_every_field_of_a_version_has_words() -> None:
    assert set(Version.__struct_fields__) == {*LABELS, *OWN_LINES}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", LAW.duties)
def test_every_duty_can_be_described(name: str, language: str) -> None:
    said = text(name, language)
    assert "Limit(" not in said and "Struct" not in said and "{" not in said
    assert all(version.valid_from in said for version in LAW.duties[name].versions)


@pytest.mark.parametrize("name", LAW.duties)
def test_every_node_and_fact_goes_by_its_chinese_name(name: str) -> None:
    version_lines = [line for part in parts(name, "zh")[1:2] for line in part.lines]
    assert not [line for line in version_lines if re.search(r"[a-z]+[._][a-z]+", line)]


def test_authority_limit_excuse_and_who_checked_are_told() -> None:
    said = text("payment.paid_out")
    assert "within: 30 calendar days" in said
    assert "excused by: " in said and "bureau head" in said
    assert "第十条" in said
    assert "verified on: 2026-11-22" in said


def test_clock_stops_extension_and_assumptions_are_told() -> None:
    said = text("case.closed_in_time")
    assert "(at most 3 months)" in said
    assert "approved by president, vice-president" in said
    assert "[stopped_days]" in said and "(in force)" in said
    assert "3 months: " in said


def test_a_citation_from_recollection_is_marked() -> None:
    assert "from recollection, text not verified" in text("closure.heard")
    assert "凭记忆" in text("closure.heard", "zh")
    read = Citation("cpl", "art. 1")
    assert "recollection" not in cite_words(read, LAW, "en")


def test_a_duty_nobody_checked_says_so() -> None:
    assert "verified on: nobody yet" in text("closure.registered")


def test_the_cases_stand_in_a_table_with_their_outcome() -> None:
    (table,) = (part.table for part in parts("preservation.executed") if part.table)
    headings, rows = table
    assert headings[0] == "case" and len(rows) == len(LAW.duties["preservation.executed"].cases)
    assert ("executed on the tenth day", "met") in [(row[0], row[3]) for row in rows]


def test_intervals_and_members_of_a_case_are_told_in_words() -> None:
    assert "期间" in text("case.closed_in_time", "zh") and "公告" in text(
        "case.closed_in_time", "zh"
    )
    assert "public_service" not in text("case.closed_in_time")
    assert "not satisfied" in text("closure.substance")


def test_each_version_has_a_part_of_its_own() -> None:
    headings = [part.heading for part in parts("clue.verified")]
    assert "In force 2007-01-01 to 2017-04-30" in headings
    assert "In force 2017-05-01 to now" in headings


def test_predicates_read_as_clauses() -> None:
    kind = predicate_words({"case.kind": ["first", None]}, LAW, "en")
    assert kind.endswith(": first enforcement or not recorded")
    assert predicate_words({"sealed": "present"}, LAW, "zh").endswith("有记录")
    compared = predicate_words({"payment.amount": {"ge": 5, "le": "$payment.amount"}}, LAW, "en")
    assert "≥ 5" in compared and "$" not in compared
    either = {"any_of": [{"sealed": "present"}, {"frozen": "present"}]}
    assert ") or (" in predicate_words(either, LAW, "en")


def test_an_unknown_name_goes_by_itself() -> None:
    assert name_words("nothing.known", LAW, "zh") == "nothing.known"


def test_a_kind_of_limit_that_is_a_minimum_is_told_as_one() -> None:
    assert limit_of(LAW.duties["closure.three_months"], "en") == "more than 3 months"
    assert limit_of(LAW.duties["closure.substance"], "en") == ""


def test_a_group_of_members_is_told_as_a_choice() -> None:
    group = Member(any_of=(Member("closure.heard"), Member("closure.inquiry")))
    version = Version("2017-01-01", ("filed",), (Citation("cpl", "1"),), all_of=(group,))
    duty = Duty("x", Text("甲", "X"), "case", "composite", "local", "S.", (version,))
    said = "\n".join(describe(duty, LAW, "en")[1].lines)
    assert " or " in said


def test_a_limit_that_does_not_roll_says_so() -> None:
    duty = LAW.duties["stay.length"]
    assert "does not roll" in text("stay.length")
    rolling = msgspec.structs.replace(duty.versions[0], within=Limit(months=3))
    shown = describe(msgspec.structs.replace(duty, versions=(rolling,)), LAW, "en")
    assert not any("does not roll" in line for line in shown[1].lines)


def test_every_state_and_kind_of_row_has_words() -> None:
    assert set(ROW_STATES) == {"computed", "review_question", "out_of_scope", "open"}
    assert len(ROW_KINDS) == 6


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        ("exempt.deadline", "不适用于：", "does not apply where: "),
        ("field.days", "期限：按办理期限天数（日）", "within: as set by handling period (days)"),
        ("recent.months", "种类：事前应有之事", "kind: act that must lie in the time before"),
        ("share.compared", "< 申请执行标的额的20%", "< 20% of amount claimed (yuan)"),
        ("exempt.condition", "执行制裁有记录", "sanction imposed is on record"),
    ],
)
def test_every_way_of_writing_a_duty_has_words(name: str, zh: str, en: str) -> None:
    law = LAWS[1]
    for language, said in (("zh", zh), ("en", en)):
        parts = describe(law.duties[name], law, language)
        assert any(said in line for part in parts for line in part.lines), parts
