from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.calendar import MISSING, from_day, load_calendar, to_day
from zhiheng.calendar.every_day import every_day

DAYS = st.dates(date(1900, 1, 1), date(2190, 12, 31)).map(to_day)
COMMON = st.dates(date(2000, 1, 1), date(2050, 12, 31)).map(to_day)


@given(DAYS, st.integers(0, 3000))
def test_working_days_are_calendar_days_and_nothing_rolls(day: int, count: int) -> None:
    calendar = every_day()
    assert calendar.working(day)
    assert calendar.roll_forward(day) == day
    assert calendar.add_workdays(day, count) == calendar.add_days(day, count) == day + count
    assert calendar.workdays_between(day, day + count) == count
    assert not calendar.is_provisional(day)


@given(COMMON, st.integers(0, 100))
def test_months_end_as_on_the_calendar_of_china(day: int, months: int) -> None:
    assert every_day().add_months(day, months) == load_calendar().add_months(day, months)


def test_a_month_from_the_last_of_january_ends_with_february() -> None:
    day = every_day().add_months(to_day(date(1999, 1, 31)), 1)
    assert from_day(day) == date(1999, 2, 28)


def test_a_missing_day_stays_missing() -> None:
    days = np.array([MISSING, 0], np.int32)
    assert every_day().add_workdays(days, 5).tolist() == [MISSING, 5]


def test_the_span_ends_with_whole_years() -> None:
    calendar = every_day()
    assert from_day(calendar.first_day) == date(1900, 1, 1)
    assert from_day(calendar.last_day) == date(2199, 12, 31)
    assert calendar.add_months(calendar.last_day, 0) == calendar.last_day
