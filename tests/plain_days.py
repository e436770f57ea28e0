"""Working days, months and periods, one day at a time: the oracle's calendar.

It reads the same notices as the product's calendar and shares none of its arrays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache

from zhiheng.calendar.notices import notices
from zhiheng.law.model import Limit

ONE_DAY = timedelta(days=1)


@cache
def named_days() -> dict[date, bool]:
    """Every day a notice names: whether it is worked. A later notice overrides an earlier one."""
    found = {}
    for notice in notices():
        for one in notice.breaks:
            found.update(dict.fromkeys(spanned(one.rest), False))
            found.update(dict.fromkeys(spanned(one.work), True))
    return found


def spanned(spans: Sequence[str]) -> Iterator[date]:
    """The days of spans written as a day or as first..last."""
    for span in spans:
        ends = span.split("..")
        day = date.fromisoformat(ends[0])
        while day <= date.fromisoformat(ends[-1]):
            yield day
            day += ONE_DAY


def works(day: date) -> bool:
    """Monday to Friday, unless a notice says otherwise."""
    return named_days().get(day, day.weekday() < 5)


def rolled(day: date) -> date:
    """The day itself where it is worked, else the next day that is."""
    while not works(day):
        day += ONE_DAY
    return day


def months_on(day: date, count: int) -> date:
    """The same day number so many months on, or the last day of that month."""
    years, month = divmod(day.month - 1 + count, 12)
    number = day.day
    while True:
        try:
            return date(day.year + years, month + 1, number)
        except ValueError:
            number -= 1


def last_of(start: date, limit: Limit) -> date:
    """The last day of a period as counted, before it rolls; the first day is not counted."""
    if limit.months is not None:
        return months_on(start, limit.months)
    if limit.days is not None:
        return start + timedelta(days=limit.days)
    day, left = start, limit.working_days or 0
    while left:
        day += ONE_DAY
        left -= works(day)
    return day


def rolls(limit: Limit) -> bool:
    """Whether a last day on a rest day moves: days and months do unless the limit says not."""
    if limit.roll is not None:
        return limit.roll
    return limit.days is not None or limit.months is not None


def end_of(start: date, limit: Limit) -> date:
    """The last day of a period, rolled where it rolls."""
    last = last_of(start, limit)
    return rolled(last) if rolls(limit) else last
