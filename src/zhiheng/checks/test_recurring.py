"""Windows after a start: they follow one another without overlap, and each needs the act."""

from __future__ import annotations

from datetime import date

import msgspec
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.calendar import MISSING, from_day, load_calendar, to_day
from zhiheng.checks.frame import DayLists, Frame
from zhiheng.checks.recurring import Windows, missed_window
from zhiheng.checks.setting import Setting
from zhiheng.law.load import load_law
from zhiheng.law.model import Limit, Version

LAW = load_law()
HALF_YEARLY = LAW.duties["closure.follow_up"].versions[0]
MONTHLY = msgspec.structs.replace(HALF_YEARLY, every=Limit(days=30), during=Limit(days=90))
START = date(2018, 3, 8)
acts_on_record = st.lists(st.dates(START, date(2023, 12, 31)), max_size=14)
checks = st.dates(START, date(2024, 1, 1))


def windows(version: Version, acts: list[date], as_of: date, ended: date | None = None) -> Windows:
    days = np.array(sorted(to_day(day) for day in acts), np.int32)
    lists = {version.stop[0]: DayLists(np.zeros(len(days), np.intp), days)}
    frame = Frame("case", np.array([1]), np.array([1]), lists=lists)
    start = np.array([to_day(START)], np.int32)
    until = np.array([MISSING if ended is None else to_day(ended)], np.int32)
    return missed_window(version, frame, start, until, Setting(LAW, load_calendar(), to_day(as_of)))


def missed(version: Version, acts: list[date], as_of: date) -> date | None:
    day = windows(version, acts, as_of).missed[0]
    return None if day == MISSING else from_day(day)


def test_a_window_whose_last_day_is_a_saturday_ends_on_the_monday() -> None:
    monday = date(2018, 9, 10)
    assert missed(HALF_YEARLY, [], date(2018, 9, 10)) is None
    assert missed(HALF_YEARLY, [], date(2018, 9, 11)) == monday
    assert missed(HALF_YEARLY, [monday], date(2018, 9, 11)) is None


def test_windows_are_counted_in_the_unit_they_are_given_in() -> None:
    assert missed(MONTHLY, [], date(2018, 12, 31)) == date(2018, 4, 8)  # a Sunday that is worked
    assert windows(MONTHLY, [], date(2018, 12, 31)).elapsed[0] == 3


def test_an_ending_on_the_last_day_of_a_window_asks_nothing_of_it() -> None:
    at_the_end = windows(MONTHLY, [], date(2018, 12, 31), ended=date(2018, 4, 8))
    the_day_after = windows(MONTHLY, [], date(2018, 12, 31), ended=date(2018, 4, 9))
    assert (at_the_end.elapsed[0], the_day_after.elapsed[0]) == (0, 1)


@given(
    st.lists(st.dates(START, date(2023, 12, 31)), max_size=14), st.dates(START, date(2024, 1, 1))
)
def test_one_act_serves_one_window_at_most(acts: list[date], as_of: date) -> None:
    found = windows(HALF_YEARLY, acts, as_of)
    if found.missed[0] == MISSING:
        assert len(set(acts)) >= found.elapsed[0]


@given(acts_on_record, st.dates(START, date(2023, 12, 31)), checks)
def test_a_further_act_never_makes_a_window_missed(
    acts: list[date], one_more: date, as_of: date
) -> None:
    before, after = (
        windows(HALF_YEARLY, acts, as_of),
        windows(HALF_YEARLY, [*acts, one_more], as_of),
    )
    assert after.missed[0] == MISSING or after.missed[0] >= before.missed[0] > MISSING


@given(acts_on_record, checks, checks)
def test_a_window_once_missed_stays_missed(acts: list[date], a: date, b: date) -> None:
    before, after = (windows(HALF_YEARLY, acts, day).missed[0] for day in sorted((a, b)))
    assert before in (MISSING, after)
