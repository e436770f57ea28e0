"""A point in time as a log writes it: the civil day and minute on the spot, never those of UTC."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from zhiheng.calendar import to_day

DAY_ONLY, WALL_CLOCK, WITH_OFFSET = 0, 1, 2
"""What was written: a day; a time of day; a time of day with its distance from UTC."""

NO_MINUTE = -1

_WRITTEN = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T\s]\s*(\d{1,2})[:：时](\d{2})(?:[:：分](\d{2})(?:[.,](\d+))?秒?|分)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)


class Moment(NamedTuple):
    """A civil day, its minute (NO_MINUTE where none is written), and what orders one day's events.

    `order` is microseconds into the day, less the offset from UTC where one is written; it compares
    only with moments of the same `kind`. `utc`: the offset is zero.
    """

    day: int
    minute: int
    kind: int
    order: int
    utc: bool


def read_moment(text: str) -> Moment | None:
    """A date, or a date with a time, year first; None where there is no such day or time."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day_of_month, hour, minute, second, fraction, offset = found.groups()
    try:
        day = to_day(date(int(year), int(month), int(day_of_month)))
    except ValueError:
        return None
    if hour is None:
        return Moment(day, NO_MINUTE, DAY_ONLY, 0, False)
    away = _minutes_from_utc(offset)
    if int(hour) > 23 or int(minute) > 59 or int(second or 0) > 59 or away is None:
        return None
    of_day = int(hour) * 60 + int(minute)
    micro = int(second or 0) * 1_000_000 + int((fraction or "0")[:6].ljust(6, "0"))
    kind = WALL_CLOCK if offset is None else WITH_OFFSET
    order = (of_day - away) * 60_000_000 + micro
    return Moment(day, of_day, kind, order, offset is not None and away == 0)


def _minutes_from_utc(offset: str | None) -> int | None:
    """The offset in minutes (0 where none is written); None where no place on earth has it."""
    if offset is None or offset == "Z":
        return 0
    digits = offset[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    if int(digits[2:]) > 59 or minutes > 14 * 60:
        return None
    return -minutes if offset[0] == "-" else minutes
