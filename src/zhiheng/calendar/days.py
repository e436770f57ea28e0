"""The calendar that every time limit is counted on: arrays built once, functions over arrays.

A day is an int32: days since 1970-01-01, civil date in China. `MISSING` (the int32 minimum)
stands for a day or count that is not known and stays MISSING through every function.
Each function takes and returns either a plain int or an int32 array; counts (`n`) may be an int
beside an array of days, or an array of the same shape.

Counting: the first day is not counted, and a last day on a rest day rolls to the next working day
(Civil Procedure Law on time limits, 期间: article 82 in the text of 2012, article 85 since 2022).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from zhiheng.calendar.notices import Notice, Ruling, from_day, notices, rulings, to_day
from zhiheng.choose import choose
from zhiheng.errors import BadInput, Message

Days = NDArray[np.int32]
D = TypeVar("D", int, Days)

MISSING = int(np.iinfo(np.int32).min)
"""A day or count that is not known."""

FIRST_DAY = to_day(date(2000, 1, 1))
LAST_DAY = to_day(date(2060, 12, 31))


@dataclass(frozen=True)
class Stretch:
    """Days in a row on which a notice departs from Monday to Friday (for explanations)."""

    first: int
    last: int
    working: bool
    holiday: str
    notice: Notice


@dataclass(frozen=True, eq=False)
class Calendar:
    """Working days and months of a span of days, as arrays indexed by `day - first_day`.

    is_working[d]       whether day d is a working day
    workdays_before[d]  number of working days before day d (one entry more than there are days)
    roll[d]             the first working day that is not before day d
    nth_workday[k]      the k-th working day, counted from 0
    month_of[d]         months since the span's first month; month_first[m], month_length[m]
    """

    first_day: int
    last_day: int
    first_published_day: int
    last_published_day: int
    is_working: NDArray[np.bool_]
    workdays_before: Days
    roll: Days
    nth_workday: Days
    month_of: Days
    month_first: Days
    month_length: Days

    def add_days(self, start: D, n: D | int) -> D:
        """The n-th calendar day after `start`; `start` itself is not counted."""
        days, counts, known = _known(start, n)
        return _like(start, choose(known, days + counts, np.int32(MISSING)))

    def add_workdays(self, start: D, n: D | int) -> D:
        """The n-th working day after `start` (n ≥ 0; 0 gives `start` as it is)."""
        days, counts, known = _known(start, n)
        if np.any(counts < 0):
            raise ValueError("a number of working days cannot be negative")
        upto = self.workdays_before[self._index(days, known) + 1]
        ahead = _take(self.nth_workday, upto + counts - 1, known & (counts > 0))
        return _like(start, choose(known, choose(counts > 0, ahead, days), MISSING))

    def add_months(self, start: D, n: D | int) -> D:
        """The same day number n months on, or that month's last day where it has no such day."""
        days, counts, known = _known(start, n)
        month = self.month_of[self._index(days, known)]
        offset = choose(known, days - self.month_first[month], 0)
        length = _take(self.month_length, month + counts, known)
        first = _take(self.month_first, month + counts, known)
        return _like(start, choose(known, first + np.minimum(offset, length - 1), MISSING))

    def roll_forward(self, day: D) -> D:
        """The day itself where it is a working day, else the next working day."""
        days, _, known = _known(day, 0)
        return _like(day, choose(known, self.roll[self._index(days, known)], MISSING))

    def workdays_between(self, a: D, b: D | int) -> D:
        """Working days after `a` up to and with `b`; negative where `b` lies before `a`."""
        days, ends, known = _known(a, b)
        upto_a = self.workdays_before[self._index(days, known) + 1]
        upto_b = self.workdays_before[self._index(ends, known) + 1]
        return _like(a, choose(known, upto_b - upto_a, MISSING))

    def working(self, day: int) -> bool:
        """Whether one known day is a working day."""
        return bool(self.is_working[self._index(np.asarray(day), np.asarray(True))])

    def is_provisional(self, day: Days | int) -> NDArray[np.bool_]:
        """Whether a day lies outside the years that notices cover (never where MISSING).

        Beyond them only Monday to Friday is known: a due day there may still move.
        """
        days = np.asarray(day, np.int32)
        outside = (days < self.first_published_day) | (days > self.last_published_day)
        return np.asarray(outside & (days != MISSING))

    def describe(self, from_day: int, to_day: int) -> list[Stretch]:
        """Days off and make-up days after `from_day` up to and with `to_day`, in order of time.

        Empty where either end is MISSING or no notice names a day in between.
        """
        if MISSING in (from_day, to_day):
            return []
        named = (rulings().get(day) for day in range(from_day + 1, to_day + 1))
        return list(_stretches([ruling for ruling in named if ruling is not None]))

    def _index(self, days: Days, known: NDArray[np.bool_]) -> Days:
        """Positions of known days in the arrays (0 for unknown ones)."""
        position = choose(known, days - np.int32(self.first_day), np.int32(0))
        if position.size and (position.min() < 0 or position.max() >= len(self.is_working)):
            raise outside_span()
        return position


@cache
def load_calendar() -> Calendar:
    """The calendar from 2000 to 2060, built once."""
    covered = [notice.year for notice in notices()]
    working = _working_days()
    month_of, month_first, month_length = _months()
    nth_workday = (np.flatnonzero(working) + FIRST_DAY).astype(np.int32)
    before = np.concatenate([[0], np.cumsum(working)]).astype(np.int32)
    return Calendar(
        first_day=FIRST_DAY,
        last_day=LAST_DAY,
        first_published_day=to_day(date(min(covered), 1, 1)),
        last_published_day=to_day(date(max(covered), 12, 31)),
        is_working=_frozen(working),
        workdays_before=_frozen(before),
        roll=_frozen(nth_workday[before[:-1]]),
        nth_workday=_frozen(nth_workday),
        month_of=_frozen(month_of),
        month_first=_frozen(month_first),
        month_length=_frozen(month_length),
    )


def outside_span() -> BadInput:
    """The error for a day that the calendar does not reach."""
    first, last = from_day(FIRST_DAY), from_day(LAST_DAY)
    return BadInput(
        Message(
            f"日期超出日历范围（{first} 至 {last}）。",
            f"A day lies outside the calendar ({first} to {last}).",
        ),
        Message("请核对该日期。", "Check the date."),
    )


def _working_days() -> NDArray[np.bool_]:
    span = np.arange(FIRST_DAY, LAST_DAY + 1)
    working = (span + 3) % 7 < 5  # 1970-01-01 was a Thursday, so Monday is 0
    for day, ruling in rulings().items():
        working[day - FIRST_DAY] = ruling.working
    return working


def _months() -> tuple[Days, Days, Days]:
    start = np.datetime64(from_day(FIRST_DAY), "M")
    stop = np.datetime64(from_day(LAST_DAY), "M") + 2
    edges = np.arange(start, stop).astype("datetime64[D]").astype(np.int32)
    length = np.diff(edges).astype(np.int32)
    return np.repeat(np.arange(len(length), dtype=np.int32), length), edges[:-1], length


def _stretches(named: list[Ruling]) -> Iterator[Stretch]:
    """Rulings of one holiday, kind and notice on days in a row, as one stretch each."""
    numbered = enumerate(named)
    for _, group in groupby(numbered, lambda pair: (pair[1].day - pair[0], _kind(pair[1]))):
        days = [ruling for _, ruling in group]
        first, last = days[0], days[-1]
        yield Stretch(first.day, last.day, first.working, first.holiday, first.notice)


def _kind(ruling: Ruling) -> tuple[bool, str, str]:
    return ruling.working, ruling.holiday, ruling.notice.number


def _known(start: Days | int, n: Days | int) -> tuple[Days, Days, NDArray[np.bool_]]:
    """Both as int32 arrays, and where neither is MISSING; 0 stands where one is."""
    days, counts = np.asarray(start, np.int32), np.asarray(n, np.int32)
    known = np.asarray((days != MISSING) & (counts != MISSING))
    if known.all():
        return days, counts, known
    zero = np.int32(0)
    return choose(known, days, zero), choose(known, counts, zero), known


def _take(values: Days, position: Days, known: NDArray[np.bool_]) -> Days:
    position = choose(known, position, np.int32(0))
    if position.size and (position.min() < 0 or position.max() >= len(values)):
        raise outside_span()
    return values[position]


def _like(start: D, days: NDArray[np.generic]) -> D:
    return (
        int(days.astype(np.int32)) if isinstance(start, int) else days.astype(np.int32, copy=False)
    )


A = TypeVar("A", bound=np.generic)


def _frozen(array: NDArray[A]) -> NDArray[A]:
    array.flags.writeable = False
    return array
