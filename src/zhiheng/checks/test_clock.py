"""The day a time limit ends: what may move it, which way, and what may not."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.calendar import MISSING, Days, from_day, load_calendar, to_day
from zhiheng.checks.clock import NEVER, Lengths, due_day, extended, stops_of
from zhiheng.checks.frame import Field, Frame, Intervals, no_intervals
from zhiheng.checks.setting import Setting
from zhiheng.law.load import load_law
from zhiheng.law.model import ClockStop, Extension, FieldLimit, Limit

CALENDAR = load_calendar()
LAST = to_day(date(2030, 12, 31))
KINDS = (ClockStop("suspension"), ClockStop("stay", Limit(months=3)))
EXTENDED = Extension("extension", ("president",))

starts = st.dates(date(2015, 1, 1), date(2028, 12, 31))
units = st.sampled_from(["days", "working_days", "months"])
limits = st.builds(
    lambda unit, count, roll: Limit(**{unit: count}, roll=roll),
    units,
    st.integers(0, 40),
    st.sampled_from([None, True, False]),
)
spans = st.lists(
    st.tuples(
        st.sampled_from(["suspension", "stay", "dispute"]),
        st.integers(-60, 400),
        st.integers(-1, 200),
    ),
    max_size=5,
)
"""Kind, first day after the start, days more until the last."""


def intervals(start: date, rows: list[tuple[str, int, int]], by: str = "president") -> Intervals:
    if not rows:
        return no_intervals()
    firsts = [to_day(start) + after for _, after, _ in rows]
    return Intervals(
        np.ones(len(rows), np.int64),
        np.array([kind for kind, _, _ in rows]),
        np.array(firsts, np.int32),
        np.array([one + more for one, (_, _, more) in zip(firsts, rows, strict=True)], np.int32),
        np.array([by] * len(rows)),
    )


def one_case(periods: Intervals) -> Frame:
    return Frame("case", np.array([1]), np.array([1]), intervals=periods)


def due(start: date, limit: Limit, rows: list[tuple[str, int, int]] | None = None) -> date:
    return from_day(due_number(start, limit, rows or [])[0])


def due_number(start: date, limit: Limit, rows: list[tuple[str, int, int]]) -> Days:
    setting = Setting(load_law(), CALENDAR, LAST)
    stops = stops_of(one_case(intervals(start, rows)), KINDS, setting)
    return due_day(np.array([to_day(start)], np.int32), limit, CALENDAR, stops)


@given(starts, units, st.integers(0, 40), st.integers(0, 40))
def test_a_longer_limit_never_ends_earlier(start: date, unit: str, a: int, b: int) -> None:
    shorter, longer = sorted((a, b))
    assert due(start, Limit(**{unit: shorter})) <= due(start, Limit(**{unit: longer}))


@given(starts, starts, limits)
def test_a_later_start_never_ends_earlier(a: date, b: date, limit: Limit) -> None:
    assert due(min(a, b), limit) <= due(max(a, b), limit)


@given(starts, limits, spans, spans)
def test_a_further_stop_never_makes_the_due_day_earlier(
    start: date,
    limit: Limit,
    some: list[tuple[str, int, int]],
    more: list[tuple[str, int, int]],
) -> None:
    assert due(start, limit, some) <= due(start, limit, some + more)


@given(starts, limits, spans, st.randoms())
def test_the_order_in_which_stops_are_on_record_does_not_matter(
    start: date, limit: Limit, rows: list[tuple[str, int, int]], random: np.random.Generator
) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert due(start, limit, rows) == due(start, limit, shuffled)


@given(starts, limits, spans)
def test_the_same_stop_twice_counts_once(
    start: date, limit: Limit, rows: list[tuple[str, int, int]]
) -> None:
    assert due(start, limit, rows) == due(start, limit, rows + rows)


@given(starts, limits, st.integers(1, 90), st.integers(1, 200))
def test_a_stop_that_begins_after_the_due_day_does_not_help(
    start: date, limit: Limit, after: int, length: int
) -> None:
    unrolled = due(start, Limit(**{limit.unit: limit.count}, roll=False))
    begins = (unrolled - start).days + after
    assert due(start, limit, [("suspension", begins, length)]) == due(start, limit)


@given(starts, st.integers(1, 60), st.integers(1, 60), st.integers(0, 200))
def test_a_stop_within_the_limit_moves_the_day_by_its_days(
    start: date, days: int, begins: int, more: int
) -> None:
    limit = Limit(days=days, roll=False)
    row = ("suspension", min(begins, days), more)
    assert due(start, limit, [row]) == due(start, limit) + timedelta(days=more + 1)


@given(starts, limits, spans)
def test_a_rolled_day_is_a_working_day_and_the_first_there_is(
    start: date, limit: Limit, rows: list[tuple[str, int, int]]
) -> None:
    still, rolled = (due(start, limit_with(limit, roll), rows) for roll in (False, True))
    assert CALENDAR.working(to_day(rolled))
    between = range(to_day(still), to_day(rolled))
    assert not any(CALENDAR.working(day) for day in between)


def limit_with(limit: Limit, roll: bool) -> Limit:
    return Limit(**{limit.unit: limit.count}, roll=roll)


def test_an_open_stop_stands_the_clock_and_an_open_stay_runs_out() -> None:
    start = date(2018, 3, 5)
    for kind, expected in (("suspension", NEVER), ("stay", to_day(date(2018, 12, 6)))):
        periods = intervals(start, [(kind, 27, 0)])
        still_open = Intervals(
            periods.case,
            periods.kind,
            periods.first,
            np.array([MISSING], np.int32),
            periods.approved_by,
        )
        setting = Setting(load_law(), CALENDAR, to_day(date(2018, 12, 31)))
        stops = stops_of(one_case(still_open), KINDS, setting)
        found = due_day(np.array([to_day(start)], np.int32), Limit(months=6), CALENDAR, stops)
        assert found[0] == expected


def test_a_stop_that_ends_after_the_day_of_the_check_is_open_on_that_day() -> None:
    start = date(2018, 3, 5)
    setting = Setting(load_law(), CALENDAR, to_day(date(2018, 4, 10)))
    stops = stops_of(one_case(intervals(start, [("suspension", 27, 30)])), KINDS, setting)
    found = due_day(np.array([to_day(start)], np.int32), Limit(months=6), CALENDAR, stops)
    assert found[0] == NEVER


def test_no_interval_and_no_start_are_no_stop_and_no_due_day() -> None:
    setting = Setting(load_law(), CALENDAR, LAST)
    assert stops_of(one_case(no_intervals()), KINDS, setting) is None
    unknown = np.array([MISSING], np.int32)
    stops = stops_of(one_case(intervals(date(2018, 3, 5), [("stay", 0, 9)])), KINDS, setting)
    assert due_day(unknown, Limit(days=3), CALENDAR, stops)[0] == MISSING


def test_hours_do_not_end_on_a_day() -> None:
    with pytest.raises(ValueError, match="minute"):
        due_day(np.zeros(1, np.int32), Limit(hours=48), CALENDAR)


@given(starts, spans, st.integers(0, 300))
def test_an_extension_never_makes_the_due_day_earlier(
    start: date, rows: list[tuple[str, int, int]], days: int
) -> None:
    periods = intervals(start, [("extension", after, more) for _, after, more in rows])
    before = np.array([to_day(start) + days], np.int32)
    assert extended(before, one_case(periods), EXTENDED)[0] >= before[0]


@pytest.mark.parametrize(
    ("begins", "by", "counts"),
    [(30, "president", True), (31, "president", False), (30, "clerk", False), (30, "", False)],
)
def test_an_extension_counts_if_begun_by_the_due_day_and_approved_by_one_who_may(
    begins: int, by: str, counts: bool
) -> None:
    start = date(2018, 3, 5)
    periods = intervals(start, [("extension", begins, 60)], by)
    before = np.array([to_day(start) + 30], np.int32)
    expected = to_day(start) + 90 if counts else before[0]
    assert extended(before, one_case(periods), EXTENDED)[0] == expected


def test_a_length_that_is_missing_negative_or_beyond_the_calendar_is_not_known() -> None:
    given = Field(np.array([3, 0, -1, 10**6, 5]), np.array([True, True, True, True, False]))
    n = len(given.values)
    frame = Frame("entrustment", np.arange(n), np.arange(n), {"entrustment.days_set": given})
    start = np.full(n, to_day(date(2018, 3, 5)), np.int32)
    for unit in ("days", "working_days", "months"):
        rule = FieldLimit("entrustment.days_set", unit)  # type: ignore[arg-type]
        lengths = Lengths.of(rule, frame, start, CALENDAR)
        assert lengths.known.tolist() == [True, True, False, False, False]
        due = due_day(start, lengths, CALENDAR)
        assert due[1] == start[1] and (due[2:] == MISSING).all()
        assert due[0] == due_day(start[:1], Limit(**{unit: 3}), CALENDAR)[0]
