"""A calendar on which every day is a working day, for rules that know calendar days alone."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np

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
    arrays = {
        "is_working": np.ones(len(days), np.bool_),
        "workdays_before": np.arange(len(days) + 1, dtype=np.int32),
        "roll": days,
        "nth_workday": days,
        "month_of": np.repeat(np.arange(len(length), dtype=np.int32), length),
        "month_first": edges[:-1],
        "month_length": length,
    }
    for array in arrays.values():
        array.flags.writeable = False
    return Calendar(first, last, first, last, **arrays)
