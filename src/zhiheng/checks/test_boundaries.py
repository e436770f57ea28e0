"""Every limit in force is tried at its last moment, just before it and just after."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from zhiheng.calendar import load_calendar
from zhiheng.checks.boundaries import untried
from zhiheng.law.load import load_law
from zhiheng.law.model import Duty, Limit

CALENDAR = load_calendar()


@pytest.mark.parametrize("duty", load_law().duties.values(), ids=lambda duty: duty.id)
def test_no_limit_of_the_law_is_left_untried(duty: Duty) -> None:
    assert untried(duty, CALENDAR) == []


def shown(limit: dict[str, Any], *pairs: tuple[str, str], **more: Any) -> list[str]:
    """What is untried where the cases have these starts and stops."""
    duty = load_law().duties["payment.notified"]
    version = msgspec.structs.replace(duty.versions[0], within=msgspec.convert(limit, Limit))
    start, stop = version.start[0], version.stop[0]
    cases = tuple({start: begun, stop: done, **more} for begun, done in pairs)
    return untried(msgspec.structs.replace(duty, versions=(version,), cases=cases), CALENDAR)


AT, BEFORE, AFTER = (
    "no case has the act at the limit",
    "no case has the act just before the limit",
    "no case has the act just after the limit",
)


def test_without_cases_all_three_are_missing() -> None:
    assert shown({"days": 5}) == [BEFORE, AT, AFTER]


def test_days_are_counted_from_the_day_after_the_start() -> None:
    assert shown({"days": 3}, ("2018-03-05", "2018-03-08")) == [BEFORE, AFTER]
    three = [("2018-03-05", f"2018-03-{day:02}") for day in (7, 8, 9)]
    assert shown({"days": 3}, *three) == []


def test_the_day_before_and_after_a_working_day_limit_may_be_a_working_day() -> None:
    # 2018-03-12 is the Monday on which five working days end.
    around = [("2018-03-05", f"2018-03-{day:02}") for day in (9, 12, 13)]
    assert shown({"working_days": 5}, *around) == []


def test_a_limit_that_rolls_is_tried_at_the_day_it_rolls_to() -> None:
    # 2018-03-11 is a Sunday.
    assert AT not in shown({"days": 3}, ("2018-03-08", "2018-03-12"))
    assert AT in shown({"days": 3, "roll": False}, ("2018-03-08", "2018-03-12"))


def test_months_end_on_the_same_day_number() -> None:
    assert AT not in shown({"months": 6}, ("2018-03-05", "2018-09-05"))


def test_hours_are_tried_to_the_minute_and_not_without_one() -> None:
    assert AT not in shown({"hours": 48}, ("2018-03-06 10:00", "2018-03-08 10:00"))
    assert AFTER not in shown({"hours": 48}, ("2018-03-06 10:00", "2018-03-08 10:01"))
    assert shown({"hours": 48}, ("2018-03-06", "2018-03-08")) == [BEFORE, AT, AFTER]


def test_a_case_whose_clock_stops_does_not_try_the_limit() -> None:
    assert AT in shown({"days": 3}, ("2018-03-05", "2018-03-08"), intervals=[])
