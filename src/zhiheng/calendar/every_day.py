"""A calendar on which every day is a working day, for rules that know calendar days alone."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from zhiheng.calendar.days import Calendar
from zhiheng.calendar.notices import to_day

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""The span of the calendar: logs outside China may lie long before any notice."""


@cache
def every_day() -> Calendar:
    """A calendar from 1900 to 2199 without a rest day: nothing rolls, nothing is provisional."""
    first, last = to_day(date(FIRST_YEAR, 1, 1)), to_day(date(LAST_YEAR, 12, 31))
    days = np.arange(first, last + 1, dtype=np.int32)
    months = np.arange(f"{FIRST_YEAR}-01", f"{LAST_YEAR + 1}-02", dtype="datetime64[M]")
    edges = months.astype("datetime64[D]").astype(np.int32)
    length = np.diff(edges).astype(np.int32)
    number = np.arange(len(length), dtype=np.int32)
    return Calendar(
        first_day=first,
        last_day=last,
        first_published_day=first,
        last_published_day=last,
        is_working=_frozen(np.ones(len(days), np.bool_)),
        workdays_before=_frozen(np.arange(len(days) + 1, dtype=np.int32)),
        roll=_frozen(days),
        nth_workday=_frozen(days),
        month_of=_frozen(np.repeat(number, length)),
        month_first=_frozen(edges[:-1]),
        month_length=_frozen(length),
    )


A = TypeVar("A", bound=np.generic)


def _frozen(array: NDArray[A]) -> NDArray[A]:
    array.flags.writeable = False
    return array
