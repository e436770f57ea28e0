"""Every case that stands beside the law, run through the engine."""

from __future__ import annotations

from typing import Any

import pytest

from law_cases import day_of, frame_of, judged_members
from zhiheng.calendar import load_calendar
from zhiheng.checks.composite import check_composite
from zhiheng.checks.duty import check
from zhiheng.checks.outcomes import STATES, Outcomes
from zhiheng.checks.setting import Setting
from zhiheng.law.load import load_law
from zhiheng.law.model import Duty

CASES = [
    pytest.param(duty, case, id=f"{duty.id}: {case['name']}")
    for duty in load_law().duties.values()
    for case in duty.cases
]


def outcome(duty: Duty, case: dict[str, Any]) -> Outcomes:
    setting = Setting(load_law(), load_calendar(), day_of(case["as_of"]))
    frame = frame_of(duty, case)
    if duty.kind == "composite":
        return check_composite(duty, frame, setting, judged_members(case))
    return check(duty, frame, setting)


@pytest.mark.parametrize(("duty", "case"), CASES)
def test_the_engine_agrees_with_the_case_beside_the_law(duty: Duty, case: dict[str, Any]) -> None:
    got = outcome(duty, case)
    assert STATES[got.state[0]] == case["expect"]
    if "due" in case:
        assert got.due[0] == day_of(case["due"])
    if "days_over" in case:
        assert got.days_over[0] == case["days_over"]
    if "band" in case:
        assert got.band[0] == case["band"]
    if "detail" in case:
        assert got.details[got.detail[0]] == case["detail"]


@pytest.mark.parametrize("duty", load_law().duties.values(), ids=lambda duty: duty.id)
def test_every_duty_is_proved_met_breached_and_not_applicable(duty: Duty) -> None:
    expected = {case["expect"] for case in duty.cases}
    assert {"met", "not_applicable"} <= expected
    assert expected & {"late", "overdue"}


def test_all_eight_states_occur_in_the_cases() -> None:
    found = {case["expect"] for duty in load_law().duties.values() for case in duty.cases}
    assert found == set(STATES)
