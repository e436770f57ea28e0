"""The day a time limit ends: counting, clock stops, roll-forward, extension.

Counting: the first day is not counted; a last day on a rest day rolls to the next working day; a
month ends on the same day number or the month's last day; hours run from the minute (see
law/data/counting.yaml). Days on which the clock stands are left out, each once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zhiheng.calendar import MISSING, Calendar, Days
from zhiheng.checks.columns import Rows
from zhiheng.checks.frame import Frame, Intervals
from zhiheng.checks.setting import Setting
from zhiheng.choose import choose
from zhiheng.law.model import ClockStop, Extension, FieldLimit, Limit

NEVER = 20_000_000
"""A day after every real one: where the clock stands still there is no due day yet."""


@dataclass(frozen=True, eq=False)
class Period:
    """One period of each of some subjects: `rows` are theirs, an open end is MISSING."""

    rows: Rows
    first: Days
    last: Days


Stops = tuple[Period, ...]
"""Days on which the clock stands, merged: the k-th entry has each subject's k-th period in order
of time, of those subjects that have so many."""


Merged = tuple[NDArray[np.int64], Days, Days]
"""Periods sorted by case and day: case, first, last."""

AT_MOST_DAYS = {"days": 1, "working_days": 7, "months": 31}
"""So many calendar days one of a unit is at most, holidays within a run of them set aside."""


@dataclass(frozen=True, eq=False)
class Lengths:
    """A limit of another length for each subject: `count` is MISSING where it is not known."""

    unit: Literal["days", "working_days", "months"]
    count: Days
    roll: bool | None = None

    @classmethod
    def of(cls, rule: FieldLimit, frame: Frame, start: Days, calendar: Calendar) -> Lengths:
        """The lengths a fact gives from each start; one that is missing, negative or longer than
        the calendar reaches is not known."""
        fact = frame.fields.get(rule.field)
        if fact is None:
            return cls(rule.unit, np.full(len(frame), MISSING, np.int32), rule.roll)
        given = fact.values.astype(np.int64)
        reached = start + (given + 1) * AT_MOST_DAYS[rule.unit] < calendar.last_day
        sound = fact.known & (given >= 0) & reached
        return cls(rule.unit, choose(sound, given, MISSING).astype(np.int32), rule.roll)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whose length is known."""
        return np.asarray(self.count != MISSING)

    def rolls(self) -> bool:
        """Whether a last day on a rest day moves to the next working day."""
        return self.roll if self.roll is not None else self.unit != "working_days"


def due_day(
    start: Days, limit: Limit | Lengths, calendar: Calendar, stops: Stops | None = None
) -> Days:
    """Last day on which the act is in time; MISSING where `start` or the length is, NEVER while
    stopped.

    Raises ValueError for hours, which end at a minute (see `deadline`).
    """
    base = _counted(start, limit, calendar)
    if stops is not None:
        base = _after_stops(base, start, limit, calendar, stops)
    if not limit.rolls():
        return base
    running = base < NEVER
    return choose(running, calendar.roll_forward(choose(running, base, MISSING)), base).astype(
        np.int32
    )


def _counted(start: Days, limit: Limit | Lengths, calendar: Calendar) -> Days:
    if limit.unit == "days":
        return calendar.add_days(start, limit.count)
    if limit.unit == "working_days":
        return calendar.add_workdays(start, limit.count)
    if limit.unit == "months":
        return calendar.add_months(start, limit.count)
    raise ValueError("hours end at a minute, not on a day")


def _after_stops(
    base: Days, start: Days, limit: Limit | Lengths, calendar: Calendar, stops: Stops
) -> Days:
    """Move `base` on by the days (of the limit's unit) that lie in a stop before it."""
    due = base.copy()
    for period in stops:
        rows, last = period.rows, period.last
        begins = np.maximum(period.first, start[rows] + np.int32(1))
        here = due[rows]
        hit = (start[rows] != MISSING) & (begins <= here) & (here < NEVER)
        due[rows[hit & (last == MISSING)]] = NEVER
        ended = hit & (last != MISSING) & (last >= begins)
        due[rows[ended]] = _moved(here[ended], begins[ended], last[ended], limit, calendar)
    return due


def _moved(due: Days, first: Days, last: Days, limit: Limit | Lengths, calendar: Calendar) -> Days:
    if limit.unit == "working_days":
        return calendar.add_workdays(due, calendar.workdays_between(first - np.int32(1), last))
    return calendar.add_days(due, last - first + np.int32(1))


def stops_of(frame: Frame, kinds: tuple[ClockStop, ...], setting: Setting) -> Stops | None:
    """The merged stops of every subject's case; None where there is no interval at all.

    A stop that ends after the day of the check still stands on that day.
    """
    asked = (kinds, setting.as_of)
    if asked not in frame.intervals.memo:
        frame.intervals.memo[asked] = _stopped(frame.intervals, kinds, setting)
    merged: Merged | None = frame.intervals.memo[asked]
    return None if merged is None else _of_subjects(*merged, frame.case)


def _stopped(intervals: Intervals, kinds: tuple[ClockStop, ...], setting: Setting) -> Merged | None:
    """The merged periods of all cases: case, first, last; None where there is none."""
    known = intervals.still_open(setting.as_of)
    parts = [_capped(known.of_kind(stop.kind), stop, setting.calendar) for stop in kinds]
    case = np.concatenate([part.case for part in parts]) if parts else np.zeros(0, np.int64)
    if not len(case):
        return None
    first = np.concatenate([part.first for part in parts])
    last = np.concatenate([part.last for part in parts])
    return _merged(case, first, last)


def _capped(part: Intervals, stop: ClockStop, calendar: Calendar) -> Intervals:
    if stop.at_most is None:
        return part
    longest = _counted(part.first, stop.at_most, calendar)
    last = choose(part.last == MISSING, longest, np.minimum(part.last, longest))
    # An open interval is over once its longest permitted length is: the clock runs again.
    return Intervals(part.case, part.kind, part.first, last.astype(np.int32), part.approved_by)


def _merged(case: NDArray[np.int64], first: Days, last: Days) -> Merged:
    """Overlapping and adjoining periods of one case as one, sorted by case and day."""
    end = choose(last == MISSING, NEVER, last).astype(np.int64)
    order = np.lexsort((first, case))
    case, begin, end = case[order], first[order].astype(np.int64), end[order]
    new_case = np.r_[True, case[1:] != case[:-1]]
    offset = np.cumsum(new_case) * (4 * NEVER)  # keeps one case's days apart from the next's
    reach = np.maximum.accumulate(end + offset)
    new = np.r_[True, (begin + offset)[1:] > reach[:-1] + 1]
    starts = np.flatnonzero(new)
    ends = np.r_[starts[1:], len(case)] - 1
    until = reach[ends] - offset[ends]
    until = choose(until >= NEVER, MISSING, until)
    return case[starts], begin[starts].astype(np.int32), until.astype(np.int32)


def _of_subjects(
    case: NDArray[np.int64], first: Days, last: Days, subjects: NDArray[np.int64]
) -> Stops:
    """Periods sorted by case and day, handed to every subject of their case."""
    new = np.flatnonzero(np.r_[True, case[1:] != case[:-1]]) if len(case) else np.zeros(0, np.intp)
    rank = np.arange(len(case)) - np.repeat(new, np.diff(np.r_[new, len(case)]))
    order = np.argsort(subjects, kind="stable")
    begin = np.searchsorted(subjects, case, side="left", sorter=order)
    count = np.searchsorted(subjects, case, side="right", sorter=order) - begin
    return tuple(
        _handed(order, *(values[rank == k] for values in (first, last, begin, count)))
        for k in range(int(rank.max(initial=-1)) + 1)
    )


def _handed(order: Rows, first: Days, last: Days, begin: Rows, count: Rows) -> Period:
    period = np.repeat(np.arange(len(count)), count)
    within = np.arange(len(period)) - np.repeat(np.cumsum(count) - count, count)
    return Period(order[begin[period] + within], first[period], last[period])


def extended(due: Days, frame: Frame, rule: Extension) -> Days:
    """The later of the due day and the last day of a properly approved extension begun by then.

    An extension begun within another prolongs it.
    """
    due = due.copy()
    for period in _of_subjects(*_extensions(frame.intervals, rule), frame.case):
        rows, here = period.rows, due[period.rows]
        timely = (period.first <= here) & (here < NEVER)
        due[rows] = choose(timely, np.maximum(here, period.last), here)
    return due


def _extensions(intervals: Intervals, rule: Extension) -> Merged:
    """Properly approved extensions of all cases: case, first, last; sorted."""
    if rule not in intervals.memo:
        found = intervals.of_kind(rule.kind)
        found = found.where(np.isin(found.approved_by, rule.approved_by) & (found.last != MISSING))
        found = found.where(np.lexsort((found.first, found.case)))
        intervals.memo[rule] = (found.case, found.first, found.last)
    known: Merged = intervals.memo[rule]
    return known
