"""The calendar against tables with the weekdays spelled out and against a plain-Python oracle."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.calendar import MISSING, from_day, load_calendar, to_day
from zhiheng.calendar.days import FIRST_DAY, LAST_DAY
from zhiheng.calendar.notices import notices
from zhiheng.errors import BadInput

CALENDAR = load_calendar()
NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day(text: str) -> int:
    """A day written as 'Fri 2017-09-29'; the weekday must be right."""
    weekday, iso = text.split()
    when = date.fromisoformat(iso)
    assert NAMES[when.weekday()] == weekday, text
    return to_day(when)


# start, working days, the n-th working day after the start
WORKDAYS = [
    # Make-up Saturday before National Day 2017; 1 to 8 October off.
    ("Thu 2017-09-28", 1, "Fri 2017-09-29"),
    ("Thu 2017-09-28", 2, "Sat 2017-09-30"),
    ("Thu 2017-09-28", 3, "Mon 2017-10-09"),
    # An ordinary weekend; the start may be a rest day.
    ("Fri 2017-03-03", 1, "Mon 2017-03-06"),
    ("Sat 2017-03-04", 1, "Mon 2017-03-06"),
    ("Sun 2017-03-05", 5, "Fri 2017-03-10"),
    # Spring Festival 2017: Sunday 22 January worked, 27 January to 2 February off.
    ("Fri 2017-01-20", 1, "Sun 2017-01-22"),
    ("Thu 2017-01-26", 1, "Fri 2017-02-03"),
    ("Thu 2017-01-26", 2, "Sat 2017-02-04"),
    ("Thu 2017-01-26", 3, "Mon 2017-02-06"),
    # Labour Day 2019 as changed: 1 to 4 May off, Sundays 28 April and 5 May worked.
    ("Fri 2019-04-26", 1, "Sun 2019-04-28"),
    ("Tue 2019-04-30", 1, "Sun 2019-05-05"),
    # Spring Festival 2020 as extended: Saturday 1 February, once a make-up day, is off.
    ("Thu 2020-01-23", 1, "Mon 2020-02-03"),
    # Victory day 2015: 3 to 5 September off, Sunday 6 September worked.
    ("Wed 2015-09-02", 1, "Sun 2015-09-06"),
    ("Wed 2015-09-02", 2, "Mon 2015-09-07"),
    # Over the turn of the year.
    ("Fri 2018-12-28", 1, "Sat 2018-12-29"),
    ("Fri 2018-12-28", 2, "Wed 2019-01-02"),
    ("Wed 2017-03-01", 0, "Wed 2017-03-01"),
]

ROLLS = [
    ("Fri 2017-09-29", "Fri 2017-09-29"),
    ("Sat 2017-09-30", "Sat 2017-09-30"),
    ("Sun 2017-10-01", "Mon 2017-10-09"),
    ("Sun 2017-10-08", "Mon 2017-10-09"),
    ("Mon 2017-10-09", "Mon 2017-10-09"),
    ("Sat 2017-03-11", "Mon 2017-03-13"),
    ("Sat 2018-02-24", "Sat 2018-02-24"),
    ("Sat 2020-02-01", "Mon 2020-02-03"),
]

MONTHS = [
    ("Tue 2017-01-31", 1, "Tue 2017-02-28"),
    ("Sun 2016-01-31", 1, "Mon 2016-02-29"),
    ("Mon 2017-01-30", 1, "Tue 2017-02-28"),
    ("Sat 2017-01-28", 1, "Tue 2017-02-28"),
    ("Fri 2017-01-27", 1, "Mon 2017-02-27"),
    ("Fri 2017-03-31", 6, "Sat 2017-09-30"),
    ("Tue 2017-02-28", 1, "Tue 2017-03-28"),
    ("Thu 2017-08-31", 6, "Wed 2018-02-28"),
    ("Mon 2016-02-29", 12, "Tue 2017-02-28"),
    ("Fri 2017-12-15", 1, "Mon 2018-01-15"),
    ("Fri 2017-03-31", -1, "Tue 2017-02-28"),
    ("Fri 2017-03-31", 0, "Fri 2017-03-31"),
]


@pytest.mark.parametrize(("start", "n", "due"), WORKDAYS)
def test_a_limit_in_working_days_skips_holidays_and_counts_make_up_days(
    start: str, n: int, due: str
) -> None:
    assert CALENDAR.add_workdays(day(start), n) == day(due)


@pytest.mark.parametrize(("start", "n", "due"), [row for row in WORKDAYS if row[1] > 0])
def test_working_days_between_tell_the_day_before_the_limit_from_the_limit_and_the_day_after(
    start: str, n: int, due: str
) -> None:
    after_due = CALENDAR.roll_forward(day(due) + 1)
    assert CALENDAR.workdays_between(day(start), day(due) - 1) == n - 1
    assert CALENDAR.workdays_between(day(start), day(due)) == n
    assert CALENDAR.workdays_between(day(start), after_due) == n + 1


@pytest.mark.parametrize(("last", "rolled"), ROLLS)
def test_a_last_day_on_a_rest_day_rolls_to_the_next_working_day(last: str, rolled: str) -> None:
    assert CALENDAR.roll_forward(day(last)) == day(rolled)


@pytest.mark.parametrize(("start", "n", "due"), MONTHS)
def test_a_month_ends_on_the_same_day_number_or_the_months_last_day(
    start: str, n: int, due: str
) -> None:
    assert CALENDAR.add_months(day(start), n) == day(due)


def test_calendar_days_count_every_day() -> None:
    assert CALENDAR.add_days(day("Fri 2017-09-29"), 10) == day("Mon 2017-10-09")


def test_a_missing_day_or_count_stays_missing_in_every_function() -> None:
    days = np.array([MISSING, day("Fri 2017-09-29")], np.int32)
    for found in (
        CALENDAR.add_days(days, 3),
        CALENDAR.add_workdays(days, 3),
        CALENDAR.add_months(days, 3),
        CALENDAR.roll_forward(days),
        CALENDAR.workdays_between(days, day("Fri 2017-09-29")),
    ):
        assert found.dtype == np.int32
        assert found[0] == MISSING
        assert found[1] != MISSING
    assert CALENDAR.add_days(MISSING, 1) == MISSING
    assert CALENDAR.add_workdays(day("Fri 2017-09-29"), MISSING) == MISSING
    assert not CALENDAR.is_provisional(MISSING)
    assert CALENDAR.describe(MISSING, 17000) == []


def test_a_day_outside_the_span_is_refused_with_the_span_named() -> None:
    for outside in (FIRST_DAY - 1, LAST_DAY + 1):
        with pytest.raises(BadInput, match="2000-01-01 to 2060-12-31"):
            CALENDAR.roll_forward(outside)
    with pytest.raises(BadInput):
        CALENDAR.add_workdays(LAST_DAY, 1)
    with pytest.raises(BadInput):
        CALENDAR.add_months(LAST_DAY, 2)


def test_a_negative_number_of_working_days_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_workdays(17000, -1)


def test_days_outside_the_published_years_are_provisional() -> None:
    days = np.array(
        [day(t) for t in ("Sun 2006-12-31", "Mon 2007-01-01", "Thu 2026-12-31", "Fri 2027-01-01")],
        np.int32,
    )
    assert CALENDAR.is_provisional(days).tolist() == [True, False, False, True]


def test_beyond_the_published_years_only_saturday_and_sunday_are_rest_days() -> None:
    assert CALENDAR.working(day("Fri 2027-10-01"))
    assert not CALENDAR.working(day("Sat 2027-10-02"))


def test_an_explanation_names_the_holidays_skipped_and_the_make_up_days_with_the_notice() -> None:
    found = CALENDAR.describe(day("Fri 2017-09-29"), day("Mon 2017-10-09"))
    told = [(from_day(s.first), from_day(s.last), s.working, s.holiday) for s in found]
    assert told == [
        (date(2017, 9, 30), date(2017, 9, 30), True, "中秋节、国庆节"),
        (date(2017, 10, 1), date(2017, 10, 8), False, "中秋节、国庆节"),
    ]
    assert {stretch.notice.number for stretch in found} == {"国办发明电〔2016〕17号"}


def test_an_explanation_covers_neither_the_first_day_nor_anything_after_the_last() -> None:
    eve, holiday = day("Sat 2017-09-30"), day("Tue 2017-10-03")
    found = CALENDAR.describe(eve, holiday)
    assert [(s.first, s.last) for s in found] == [(eve + 1, holiday)]


def test_an_extended_holiday_is_told_by_the_notice_that_extended_it() -> None:
    found = CALENDAR.describe(day("Thu 2020-01-23"), day("Mon 2020-02-03"))
    assert [s.notice.number for s in found] == ["国办发明电〔2019〕16号", "国办发明电〔2020〕1号"]


def test_the_arrays_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        CALENDAR.roll[0] = 0


# --- the oracle: dates and loops, straight from the notices -------------------------------------


def oracle_is_working(when: date) -> bool:
    found = when.weekday() < 5
    for notice in notices():
        for one in notice.breaks:
            if when.isoformat() in one.work:
                found = True
            for span in one.rest:
                ends = [date.fromisoformat(text) for text in span.split("..")]
                if ends[0] <= when <= ends[-1]:
                    found = False
    return found


def oracle_add_workdays(when: date, n: int) -> date:
    while n:
        when += timedelta(days=1)
        n -= oracle_is_working(when)
    return when


def oracle_add_months(when: date, n: int) -> date:
    year, month = divmod(when.year * 12 + when.month - 1 + n, 12)
    return date(year, month + 1, min(when.day, monthrange(year, month + 1)[1]))


dates = st.dates(date(2006, 12, 1), date(2027, 3, 1))


@given(dates, st.integers(0, 40))
def test_working_days_agree_with_the_oracle(when: date, n: int) -> None:
    due = CALENDAR.add_workdays(to_day(when), n)
    assert from_day(due) == oracle_add_workdays(when, n)
    assert CALENDAR.workdays_between(to_day(when), due) == n


@given(dates)
def test_rolling_agrees_with_the_oracle(when: date) -> None:
    expected = when
    while not oracle_is_working(expected):
        expected += timedelta(days=1)
    assert from_day(CALENDAR.roll_forward(to_day(when))) == expected


@given(dates, st.integers(-24, 60))
def test_months_agree_with_the_oracle(when: date, n: int) -> None:
    assert from_day(CALENDAR.add_months(to_day(when), n)) == oracle_add_months(when, n)


@given(dates, dates)
def test_working_days_between_agree_with_the_oracle_and_change_sign(a: date, b: date) -> None:
    low, high = sorted((a, b))
    inside = (low + timedelta(days=i + 1) for i in range(min(200, (high - low).days)))
    high = low + timedelta(days=min(200, (high - low).days))
    expected = sum(oracle_is_working(when) for when in inside)
    assert CALENDAR.workdays_between(to_day(low), to_day(high)) == expected
    assert CALENDAR.workdays_between(to_day(high), to_day(low)) == -expected


@given(st.lists(st.one_of(st.just(MISSING), dates.map(to_day)), max_size=30), st.integers(0, 300))
def test_an_array_gives_what_its_days_give_one_by_one(days: list[int], n: int) -> None:
    array = np.array(days, np.int32)
    counts = np.full(len(days), n, np.int32)
    assert CALENDAR.add_workdays(array, counts).tolist() == [
        CALENDAR.add_workdays(one, n) for one in days
    ]
    assert CALENDAR.add_months(array, counts).tolist() == [
        CALENDAR.add_months(one, n) for one in days
    ]
    assert CALENDAR.roll_forward(array).tolist() == [CALENDAR.roll_forward(one) for one in days]
