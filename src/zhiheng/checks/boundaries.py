"""Whether the cases beside a duty with a limit try the last moment, the one before, the one
after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from zhiheng.calendar import Calendar, to_day
from zhiheng.law.model import Duty, Limit, Version

NEEDED = {-1: "just before the limit", 0: "at the limit", 1: "just after the limit"}
"""Steps from the limit that a case has to show: a day, a working day or a minute."""


def untried(duty: Duty, calendar: Calendar) -> list[str]:
    """What no case of a deadline shows, for the limit in force; empty where nothing is missing
    or the duty has no limit."""
    version = duty.versions[-1]
    limit = version.within or version.at_least or version.more_than
    if duty.kind != "deadline" or limit is None:
        return []
    shown = {step for case in duty.cases for step in _steps(case, version, limit, calendar)}
    return [f"no case has the act {words}" for step, words in NEEDED.items() if step not in shown]


def _steps(
    case: dict[str, Any], version: Version, limit: Limit, calendar: Calendar
) -> Iterator[int]:
    """How far each act lies from the limit; nothing where other days do not count."""
    if "intervals" in case:
        return
    start = _first(case, version.start)
    for name in version.stop:
        stop = case.get(name)
        if start is not None and isinstance(stop, str):
            yield from _apart(start, stop, limit, calendar)


def _apart(start: str, stop: str, limit: Limit, calendar: Calendar) -> Iterator[int]:
    if limit.hours is not None:
        if len(start) > len("2018-01-01") and len(stop) > len("2018-01-01"):
            passed = datetime.fromisoformat(stop) - datetime.fromisoformat(start)
            yield int(passed.total_seconds()) // 60 - limit.hours * 60
        return
    last, done = _last(_day(start), limit, calendar), _day(stop)
    yield done - last
    if limit.unit == "working_days" and calendar.working(done):
        yield calendar.workdays_between(last, done)


def _last(start: int, limit: Limit, calendar: Calendar) -> int:
    if limit.unit == "working_days":
        return calendar.add_workdays(start, limit.count)
    months = limit.unit == "months"
    last = (calendar.add_months if months else calendar.add_days)(start, limit.count)
    return calendar.roll_forward(last) if limit.rolls() else last


def _first(case: dict[str, Any], names: tuple[str, ...]) -> str | None:
    found = [case[name] for name in names if isinstance(case.get(name), str)]
    return min(found, default=None)


def _day(text: str) -> int:
    return to_day(date.fromisoformat(text[:10]))
