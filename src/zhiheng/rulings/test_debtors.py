"""Rulings against several debtors: what is evidenced for whom, and who is left out."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.rulings import CheckedRuling, check_text
from zhiheng.rulings.model import Finding
from zhiheng.rulings.test_rulings import GOOD, flags

TWO = GOOD.replace(
    "被执行人：丙某。", "被执行人：丙某。\n被执行人：陕西丁成商贸有限公司（以下简称丁成公司）。"
)


def changed(old: str, new: str) -> str:
    assert TWO.count(old) == 1, old
    return TWO.replace(old, new)


def finding(checked: CheckedRuling, condition: str) -> Finding:
    return next(one for one in checked.conditions if one.id == condition)


def states(text: str, condition: str) -> list[str]:
    return [one.state for one in finding(check_text(text), condition).debtors]


def test_debtors_are_read_off_the_heading_and_masked() -> None:
    debtors = check_text(TWO).facts.debtors
    assert [(one.number, one.masked) for one in debtors] == [(1, "丙*"), (2, "陕西***")]
    assert debtors[1].names == ("陕西丁成商贸有限公司", "丁成公司")


def test_what_is_said_of_the_debtors_is_said_of_each() -> None:
    assert flags(TWO) == set()
    assert states(TWO, "spending_restricted") == ["evidenced", "evidenced"]


ONE_LEFT_OUT = [
    ("notice_issued", "向被执行人发出执行通知书、", "向丙某发出执行通知书，向被执行人发出"),
    ("report_ordered", "发出执行通知书、报告财产令", "发出执行通知书，向丙某发出报告财产令"),
    ("spending_restricted", "对被执行人限制消费，并将其", "对丙某限制消费，并将被执行人"),
    ("network_queried", "通过网络查控系统查询", "通过网络查控系统对丙某查询"),
]


@pytest.mark.parametrize("condition, old, new", ONE_LEFT_OUT)
def test_the_debtor_left_out_is_named(condition: str, old: str, new: str) -> None:
    text = changed(old, new)
    if condition == "spending_restricted":
        # 被执行人 behind a name speaks of whoever was named last.
        assert states(text, condition) == ["evidenced", "not_evidenced"]
    found = finding(check_text(text), condition)
    assert found.state == "not_evidenced"
    assert found.reason.zh == "被执行人2（陕西***）：裁定未载。"
    assert condition in flags(text)


def test_a_short_name_the_heading_gives_is_known() -> None:
    text = changed("对被执行人限制消费", "对丁成公司限制消费")
    assert states(text, "spending_restricted") == ["not_evidenced", "evidenced"]
    assert states(text, "dishonest_listed") == ["not_assessable", "evidenced"]


def test_both_named_are_both_meant() -> None:
    text = changed("对被执行人限制消费", "对丙某、丁成公司限制消费")
    assert states(text, "spending_restricted") == ["evidenced", "evidenced"]


def test_a_name_within_a_longer_one_is_not_its_own() -> None:
    text = TWO.replace("被执行人：丙某。", "被执行人：丁成。")
    text = text.replace("对被执行人限制消费", "对丁成公司限制消费")
    assert states(text, "spending_restricted") == ["not_evidenced", "evidenced"]


def test_what_is_called_for_with_one_debtor_is_asked_of_that_one() -> None:
    text = changed("四、2018", "丙某下落不明。\n四、2018").replace(
        "前往被执行人住所地", "前往登记中心"
    )
    found = finding(check_text(text), "searched_for")
    assert [one.state for one in found.debtors] == ["not_evidenced", "not_applicable"]
    assert "丙*" in found.reason.zh


def test_one_contradiction_outweighs_what_is_evidenced() -> None:
    text = changed(
        "发出执行通知书、报告财产令", "发出执行通知书、报告财产令。未向丙某发出报告财产令"
    )
    assert finding(check_text(text), "report_ordered").state == "contradicted"


def test_a_single_debtor_is_judged_as_before() -> None:
    assert all(one.debtors == () for one in check_text(GOOD).conditions)


def test_the_words_of_the_body_are_no_names() -> None:
    text = GOOD.replace("一、2018", "被执行人未履行义务。\n一、2018")
    assert [one.masked for one in check_text(text).facts.debtors] == ["丙*"]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="被执行人丙某丁成公司，。：（）一案\n ", max_size=60))
def test_no_heading_breaks_the_reading(noise: str) -> None:
    checked = check_text(noise + TWO)
    numbers = [one.number for one in checked.facts.debtors]
    assert numbers == list(range(1, len(numbers) + 1))
    known = {number for said in checked.facts.statements for number in said.of}
    assert known <= set(numbers)
    json.dumps([one.masked for one in checked.facts.debtors])
