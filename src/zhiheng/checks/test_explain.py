"""Outcomes told in words: what a duty exempts, looks back to, or takes its length from."""

from __future__ import annotations

from typing import Any

import pytest

from every_duty import LAWS
from zhiheng.calendar import load_calendar
from zhiheng.checks.cases import day_of, frame_of
from zhiheng.checks.duty import check
from zhiheng.checks.explain import Explanation, explain
from zhiheng.checks.setting import Setting
from zhiheng.checks.wording import paragraph

LAW = LAWS[1]
"""One duty of every make."""

AS_OF = "2018-12-31"


def explained(name: str, **facts: Any) -> Explanation:
    case = {"as_of": AS_OF, **facts}
    duty, setting = LAW.duties[name], Setting(LAW, load_calendar(), day_of(AS_OF))
    frame = frame_of(duty, case)
    return explain(duty, frame, check(duty, frame, setting), 0, setting)


def told(name: str, **facts: Any) -> tuple[str, str]:
    one = explained(name, **facts)
    return paragraph(one, LAW, "zh"), paragraph(one, LAW, "en")


def test_an_exemption_is_told() -> None:
    facts = {"asset_found": "2018-05-02", "asset.kind": "deposit", "party.deceased": False}
    zh, en = told("exempt.deadline", **facts)
    assert "不适用" in zh and "除外情形" in zh
    assert "not applicable" in en and "exempt from the rule" in en.lower()


def test_a_limit_on_record_is_told_with_its_length() -> None:
    facts = {
        "entrusted": "2018-09-26",
        "entrustment.matter": "inquiry",
        "entrustment.urgent": False,
    }
    zh, en = told("field.days", **facts, **{"entrustment.days_set": 3})
    assert "期限3日" in zh and "到期日为2018-09-29" in zh and "逾期未办" in zh
    assert "limit 3 calendar days" in en
    zh, en = told("field.days", **facts)
    assert "无法判定" in zh and "办理期限天数" in zh
    assert "handling period" in en


@pytest.mark.parametrize(
    ("days", "state", "act"),
    [
        (["2018-05-31", "2018-11-30"], "met", "2018-11-30"),
        (["2018-08-30"], "met", "2018-08-30"),
        (["2018-08-29", "2018-12-01"], "overdue", None),
    ],
)
def test_what_is_recent_is_told_with_the_day_that_serves(
    days: list[str], state: str, act: str | None
) -> None:
    facts = {"closed": "2018-11-30", "inquiry_repeated": days, "case.special_class": "none"}
    one = explained("recent.months", **facts)
    assert (one.state, one.limit, one.due) == (state, None, day_of("2018-11-30"))
    zh, en = told("recent.months", **facts)
    assert "须在该日或此前3个月内办理" in zh and "in the 3 months before it" in en
    assert ("符合" in zh) if act else ("不符合" in zh and "没有记录" in zh)
    assert one.stop == (day_of(act) if act else None)
    assert not act or act in zh


def test_a_parents_node_goes_by_its_own_name() -> None:
    facts = {"asset_found": "2018-05-02", "asset.kind": "deposit", "party.deceased": True}
    zh, _ = told("exempt.deadline", **facts, **{"party.sanction": "2018-05-10"})
    assert "义务消灭" in zh and "执行制裁" in zh
