"""Every limit is tried at its last moment, just before it and just after; every deadline over a
holiday and with a make-up working day."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from zhiheng.calendar import load_calendar
from zhiheng.checks.boundaries import untried
from zhiheng.law.load import load_law
from zhiheng.law.model import Duty, FieldLimit, Limit, LimitWhen, Version

CALENDAR = load_calendar()


@pytest.mark.parametrize("duty", load_law().duties.values(), ids=lambda duty: duty.id)
def test_no_limit_of_the_law_is_left_untried(duty: Duty) -> None:
    assert untried(duty, CALENDAR) == []


START, STOP = "payment_arrived", "arrival_notified"
AT, BEFORE, AFTER = (
    "no case has the act at the limit",
    "no case has the act just before the limit",
    "no case has the act just after the limit",
)
HOLIDAY = "no case turns on a public holiday"
MAKE_UP = "no case turns on a make-up working day"


def case(begun: str, done: str | None = None, **more: Any) -> dict[str, Any]:
    """One payment, checked long afterwards."""
    told = {START: begun, "as_of": "2027-12-31", "expect": "met", **more}
    return told if done is None else {STOP: done, **told}


def missing(duty_kind: str, cases: list[dict[str, Any]], *versions: dict[str, Any]) -> list[str]:
    """What is untried of a duty of these versions."""
    duty = load_law().duties["payment.notified"]
    bare = Version(
        valid_from="2016-01-01", start=(START,), stop=(STOP,), cites=duty.versions[0].cites
    )
    made = tuple(msgspec.structs.replace(bare, **version) for version in versions)
    changed = msgspec.structs.replace(duty, kind=duty_kind, versions=made, cases=tuple(cases))
    return untried(changed, CALENDAR)


def shown(limit: dict[str, Any], *pairs: tuple[str, str], **more: Any) -> list[str]:
    """What is untried where the cases have these starts and stops."""
    cases = [case(begun, done, **more) for begun, done in pairs]
    return missing("deadline", cases, {"within": msgspec.convert(limit, Limit)})


def test_without_cases_everything_is_missing() -> None:
    assert shown({"days": 5}) == [BEFORE, AT, AFTER, HOLIDAY, MAKE_UP]
    assert shown({"hours": 5}) == shown({"days": 5, "roll": False}) == [BEFORE, AT, AFTER]


def test_days_are_counted_from_the_day_after_the_start() -> None:
    three = [("2018-03-05", f"2018-03-{day:02}") for day in (7, 8, 9)]
    assert shown({"days": 3, "roll": False}, three[1]) == [BEFORE, AFTER]
    assert shown({"days": 3, "roll": False}, *three) == []


def test_the_day_before_and_after_a_working_day_limit_may_be_a_working_day() -> None:
    # 2018-03-12 is the Monday on which five working days end.
    around = [("2018-03-05", f"2018-03-{day:02}") for day in (9, 12, 13)]
    assert shown({"working_days": 5}, *around) == [HOLIDAY, MAKE_UP]


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


def test_a_case_whose_clock_stops_or_that_decides_nothing_does_not_try_the_limit() -> None:
    assert AT in shown({"days": 3}, ("2018-03-05", "2018-03-08"), intervals=[])
    assert AT in shown({"days": 3}, ("2018-03-05", "2018-03-08"), expect="not_applicable")


def test_an_act_that_had_not_happened_yet_does_not_try_the_limit() -> None:
    assert AT in shown({"days": 3}, ("2018-03-05", "2018-03-08"), as_of="2018-03-07")


def test_the_limit_of_an_earlier_version_is_tried_too() -> None:
    three = [case("2018-03-05", f"2018-03-{day:02}") for day in (7, 8, 9)]
    limit = Limit(days=3, roll=False)
    earlier = {"within": limit, "valid_from": "2016-01-01", "valid_to": "2017-12-31"}
    later = {"within": limit, "valid_from": "2018-01-01"}
    found = missing("deadline", three, earlier, later)
    assert found == [f"{one} in the version of 2016-01-01" for one in (BEFORE, AT, AFTER)]


def test_a_special_limit_a_wait_and_a_length_on_record_are_tried_for_themselves() -> None:
    three = [case("2018-03-05", f"2018-03-{day:02}") for day in (7, 8, 9)]
    base = {"within": Limit(days=3, roll=False)}
    special = LimitWhen({"payment.direction": ["in"]}, Limit(days=1, roll=False))
    asked = [f"{one} of `within_when 0`" for one in (BEFORE, AT, AFTER)]
    assert missing("deadline", three, {**base, "within_when": (special,)}) == asked
    waiting = {**base, "at_least": Limit(days=2, roll=False)}
    assert missing("deadline", three, waiting) == [f"{BEFORE} of `at_least`"]
    length = {"within_field": FieldLimit("payment.amount", "days", roll=False)}
    assert len(missing("deadline", three, length)) == len(NEEDED)
    set_at_three = [{**one, "payment.amount": 3} for one in three]
    assert missing("deadline", set_at_three, length) == []


NEEDED = (BEFORE, AT, AFTER)


def test_what_is_recent_is_tried_at_the_first_day_that_serves() -> None:
    within = {"within": Limit(months=1)}
    three = [case("2018-03-31", f"2018-{day}") for day in ("02-27", "02-28", "03-01")]
    assert missing("recent", three, within) == []
    assert missing("recent", three[:1], within) == [BEFORE, AT]
    assert missing("recent", [case("2018-03-31", "2018-03-31")], within) == list(NEEDED)


def turned(limit: dict[str, Any], begun: str, done: str | None = None, **more: Any) -> set[str]:
    """Which kinds of days off one case turns on."""
    found = missing("deadline", [case(begun, done, **more)], {"within": Limit(**limit)})
    return {HOLIDAY, MAKE_UP} - set(found)


def test_working_days_turn_on_holidays_and_make_up_days_between() -> None:
    # From Thursday 27 September 2018 two make-up days and seven days off until 9 October.
    assert turned({"working_days": 5}, "2018-09-27", "2018-10-09") == {HOLIDAY}
    assert turned({"working_days": 5}, "2018-09-27", "2018-10-10") == {MAKE_UP}
    assert turned({"working_days": 5}, "2018-09-27", due="2018-10-09") == {HOLIDAY, MAKE_UP}
    assert turned({"working_days": 5}, "2018-03-05", "2018-03-12") == set()


def test_a_last_day_turns_on_a_holiday_it_rolls_over_and_a_make_up_day_it_stays_on() -> None:
    assert turned({"days": 3}, "2018-04-02", "2018-04-08") == {HOLIDAY}  # 5 April is Qingming
    assert turned({"days": 3}, "2018-09-26", "2018-09-30") == {MAKE_UP}  # Saturday the 29th works
    assert turned({"days": 3}, "2018-03-08", "2018-03-12") == set()  # a plain Sunday


def test_a_case_far_from_the_day_in_question_does_not_turn_on_it() -> None:
    assert turned({"days": 3}, "2018-04-02", "2018-04-03") == set()
    assert turned({"days": 3}, "2018-04-02", as_of="2018-12-31") == set()
    assert turned({"days": 3}, "2018-04-02", as_of="2018-04-08") == {HOLIDAY}
