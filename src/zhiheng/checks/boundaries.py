"""Whether the cases beside a duty try its limits where counting goes wrong.

Every limit of every version: at its last moment, one step before it and one after. Every deadline
that counts working days or rolls: once over a public holiday, and once with a make-up working day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec
import numpy as np

from zhiheng.calendar import MISSING, Calendar
from zhiheng.checks.cases import Case, day_of, frame_of
from zhiheng.checks.clock import due_day
from zhiheng.checks.deadline import A_DAY
from zhiheng.checks.explain import limit_on, version_on
from zhiheng.checks.frame import Frame, earliest, minutes_of
from zhiheng.law.model import Duty, Limit, Version

NEEDED = {-1: "just before the limit", 0: "at the limit", 1: "just after the limit"}
"""Steps from the limit that a case has to show: a day, a working day or a minute."""

UNDECIDED = ("not_applicable", "undeterminable")
"""A case with such an outcome tries no limit."""


@dataclass(frozen=True)
class Tried:
    """One case as it tries one limit of one version of a duty."""

    version: Version
    role: str
    limit: Limit
    start: int
    stop: int
    case: Case
    one: Frame


def untried(duty: Duty, calendar: Calendar) -> list[str]:
    """What no case beside the duty shows; empty where nothing is missing or it has no limit."""
    tried = [one for case in duty.cases for one in _tried(duty, case)]
    missing = []
    for version in duty.versions:
        for role in _roles(duty, version):
            own = [one for one in tried if one.version is version and one.role == role]
            missing += _steps_missing(duty, version, role, own, calendar)
    if any(_heeds_days_off(version) for version in duty.versions) and duty.kind == "deadline":
        missing += _days_off_missing(tried, calendar)
    return missing


def _roles(duty: Duty, version: Version) -> Iterator[str]:
    """The limits of a version by where they stand; of `within_when` the n-th (from 0)."""
    if duty.kind not in ("deadline", "recent"):
        return
    for role in ("within", "within_field", "at_least", "more_than"):
        if getattr(version, role):
            yield role
    yield from (f"within_when {n}" for n in range(len(version.within_when)))


def _tried(duty: Duty, case: Case) -> Iterator[Tried]:
    """The limits a case tries; none where other days do not count or nothing is decided."""
    if (
        "intervals" in case
        or case["expect"] in UNDECIDED
        or duty.kind not in ("deadline", "recent")
    ):
        return
    one = frame_of(duty, case)
    version = version_on(duty, one)
    if version is None:
        return
    start, stop = (int(earliest(one, nodes)[0]) for nodes in (version.start, version.stop))
    for role, limit in _limits_on(version, one):
        yield Tried(version, role, limit, start, stop, case, one)


def _limits_on(version: Version, one: Frame) -> Iterator[tuple[str, Limit]]:
    limit = limit_on(version, one) if version.within or version.within_field else None
    special = [n for n, other in enumerate(version.within_when) if other.within is limit]
    if limit is not None and special:
        yield f"within_when {special[-1]}", limit
    elif limit is not None:
        yield ("within_field" if version.within_field else "within"), limit
    for role in ("at_least", "more_than"):
        wait = getattr(version, role)
        if wait is not None:
            yield role, wait


def _steps_missing(
    duty: Duty, version: Version, role: str, tried: list[Tried], calendar: Calendar
) -> list[str]:
    steps = _recent_steps if duty.kind == "recent" else _steps
    shown = {step for one in tried for step in steps(one, calendar)}
    where = "" if len(duty.versions) == 1 else f" in the version of {version.valid_from}"
    named = "" if role == "within" else f" of `{role}`"
    return [
        f"no case has the act {words}{named}{where}"
        for step, words in NEEDED.items()
        if step not in shown
    ]


def _steps(tried: Tried, calendar: Calendar) -> Iterator[int]:
    """How far the act lies from the limit."""
    if tried.stop == MISSING:
        return
    if tried.limit.unit == "hours":
        yield from _minutes_apart(tried, tried.limit)
        return
    last = _due(tried.start, tried.limit, calendar)
    yield tried.stop - last
    if tried.limit.unit == "working_days" and calendar.working(tried.stop):
        yield calendar.workdays_between(last, tried.stop)


def _minutes_apart(tried: Tried, limit: Limit) -> Iterator[int]:
    assert limit.hours is not None
    ends = []
    for nodes, day in ((tried.version.start, tried.start), (tried.version.stop, tried.stop)):
        least, most = minutes_of(tried.one, nodes, np.array([day], np.int32))
        if least[0] != most[0]:  # the minute is not told
            return
        ends.append(day * A_DAY + int(least[0]))
    yield ends[1] - ends[0] - limit.hours * 60


def _recent_steps(tried: Tried, calendar: Calendar) -> Iterator[int]:
    """How far each day of the act lies inside the time before the start."""
    back = -tried.limit.count
    months = tried.limit.unit == "months"
    since = (calendar.add_months if months else calendar.add_days)(tried.start, back)
    for node in tried.version.stop:
        if node in tried.one.lists:
            yield from (since - int(day) for day in tried.one.lists[node].day)


def _due(start: int, limit: Limit, calendar: Calendar) -> int:
    return int(due_day(np.array([start], np.int32), limit, calendar)[0])


def _heeds_days_off(version: Version) -> bool:
    """Whether days off can move the end of any limit of a version."""
    limits = [version.within, version.at_least, version.more_than]
    limits += [other.within for other in version.within_when]
    field = version.within_field
    return any(limit and (limit.unit == "working_days" or limit.rolls()) for limit in limits) or (
        field is not None and (field.unit == "working_days" or field.roll is not False)
    )


def _days_off_missing(tried: list[Tried], calendar: Calendar) -> Iterator[str]:
    """A case turns on a day off where its outcome, or the due day it tells, would be another if
    nobody had published that day."""

    def no_holidays(day: int) -> bool:
        return _is_weekday(day) or calendar.working(day)

    def no_make_up_days(day: int) -> bool:
        return _is_weekday(day) and calendar.working(day)

    if not any(_turns_on(one, no_holidays, calendar) for one in tried):
        yield "no case turns on a public holiday"
    if not any(_turns_on(one, no_make_up_days, calendar) for one in tried):
        yield "no case turns on a make-up working day"


def _turns_on(tried: Tried, works: Callable[[int], bool], calendar: Calendar) -> bool:
    limit = tried.limit
    if limit.unit == "hours" or not (limit.unit == "working_days" or limit.rolls()):
        return False
    due, other = _due(tried.start, limit, calendar), _ends(tried.start, limit, works, calendar)
    day = day_of(tried.case["as_of"]) if tried.stop == MISSING else tried.stop
    decides = min(due, other) < day <= max(due, other)
    return due != other and (decides or day_of(tried.case.get("due")) == due)


def _ends(start: int, limit: Limit, works: Callable[[int], bool], calendar: Calendar) -> int:
    """The last day of a period were other days worked."""
    if limit.unit == "working_days":
        day, left = start, limit.count
        while left:
            day += 1
            left -= works(day)
        return day
    day = _due(start, msgspec.structs.replace(limit, roll=False), calendar)
    while not works(day):
        day += 1
    return day


def _is_weekday(day: int) -> bool:
    return bool(np.is_busday(np.datetime64(day, "D")))
