"""How one outcome came about: trigger, limit, days left out, holidays, due day, act, article.

Plain facts first (`Explanation`), worded afterwards in `wording`; the arithmetic is the checks'
own, asked again with its steps kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec
import numpy as np

from zhiheng.calendar import MISSING, Stretch, to_day
from zhiheng.checks.clock import NEVER, due_day, stops_of
from zhiheng.checks.frame import Frame, earliest, which_first
from zhiheng.checks.members import MemberResult
from zhiheng.checks.outcomes import REASONS, STATES, Outcomes
from zhiheng.checks.predicates import holds
from zhiheng.checks.setting import Setting
from zhiheng.law.model import Duty, FieldLimit, Limit, Version


@dataclass(frozen=True)
class Stop:
    """A period left out of the count; `last` is None while it runs."""

    kind: str
    first: int
    last: int | None


@dataclass(frozen=True)
class Explanation:
    """One outcome with everything it rests on. Days are since 1970-01-01; None is not known.

    `unrolled` is the last day before it moved off a rest day; `stretches` are the days off and
    make-up days between start and due day, with their notices; `back` the time before the start
    in which the act had to lie; `members` those of a composite, each with its subjects.
    """

    duty: str
    subject: int
    state: str
    reason: str
    detail: str
    version_from: str | None
    start_node: str | None
    start: int | None
    stop_node: str | None
    stop: int | None
    limit: Limit | None
    unrolled: int | None
    due: int | None
    days_over: int | None
    days_counted: int | None
    working_days_counted: int | None
    stops: tuple[Stop, ...]
    stretches: tuple[Stretch, ...]
    cites: tuple[tuple[str, str, str], ...]
    provisional: bool
    back: Limit | None = None
    members: tuple[MemberResult, ...] = ()


def explain(
    duty: Duty, frame: Frame, outcomes: Outcomes, row: int, setting: Setting
) -> Explanation:
    """The outcome of `duty` on the subject in `row` of `frame` (as of the setting's day)."""
    one = single(frame, row)
    version = version_on(duty, one)
    start, due = known(outcomes.start[row]), known(outcomes.due[row])
    stop = known(outcomes.stop[row])
    until = stop if stop is not None else setting.as_of
    recent = duty.kind == "recent"
    limit = limit_on(version, one) if version and not recent else None
    unrolled = _unrolled(limit, one, version, start, setting)
    return Explanation(
        duty=duty.id,
        subject=int(frame.key[row]),
        state=STATES[outcomes.state[row]],
        reason=REASONS[outcomes.reason[row]],
        detail=outcomes.details[outcomes.detail[row]],
        version_from=version.valid_from if version else None,
        start_node=_node(one, version.start, start) if version else None,
        start=start,
        stop_node=_act(one, version, stop) if version else None,
        stop=stop,
        limit=limit,
        unrolled=unrolled,
        due=due,
        days_over=known(outcomes.days_over[row]),
        days_counted=None if start is None else until - start,
        working_days_counted=(
            None if start is None else int(setting.calendar.workdays_between(start, until))
        ),
        stops=_stops(one, version, setting),
        stretches=_stretches(start, unrolled, due, limit, setting),
        cites=_cites(version, setting),
        provisional=due is not None and bool(setting.calendar.is_provisional(due)),
        back=version.within if version and recent else None,
    )


def single(frame: Frame, row: int) -> Frame:
    """The frame of one subject only."""
    index = np.array([row])
    yes = np.ones(1, np.bool_)
    lists = {
        node: replace(
            days, row=np.zeros(int((days.row == row).sum()), np.intp), day=days.day[days.row == row]
        )
        for node, days in frame.lists.items()
    }
    return Frame(
        frame.subject,
        frame.key[index],
        frame.case[index],
        {name: fact.take(index, yes) for name, fact in frame.fields.items()},
        {node: days[index] for node, days in frame.days.items()},
        {node: minutes[index] for node, minutes in frame.minutes.items()},
        lists,
        frame.intervals.where(frame.intervals.case == frame.case[row]),
    )


def known(day: np.integer) -> int | None:
    """A day as a plain int; None where it is not known."""
    return None if int(day) == MISSING or int(day) >= NEVER else int(day)


def version_on(duty: Duty, one: Frame) -> Version | None:
    """The version in force for one subject on the day that governs (as a rule the day the duty
    began); None where none is."""
    for version in duty.versions:
        nodes = version.stop if version.governed_by == "stop" else version.start
        day = int(earliest(one, nodes)[0])
        if day == MISSING or day < to_day(version.first_day):
            continue
        if version.last_day is None or day <= to_day(version.last_day):
            return version
    return None


def limit_on(version: Version, one: Frame) -> Limit | None:
    """The limit that applies to one subject; None where it hangs on a fact that is not known."""
    for other in reversed(version.within_when):  # the last that applies decides
        if holds(other.when, one).true[0]:
            return other.within
    if version.within_field is not None:
        return _length(version.within_field, one)
    return version.within or version.more_than or version.at_least or version.every


def _length(rule: FieldLimit, one: Frame) -> Limit | None:
    """The limit a fact of the subject sets; None where it is not known."""
    fact = one.fields.get(rule.field)
    if fact is None or not fact.known[0] or int(fact.values[0]) < 0:
        return None
    return msgspec.convert({rule.unit: int(fact.values[0]), "roll": rule.roll}, Limit)


def _act(one: Frame, version: Version, day: int | None) -> str | None:
    """The node that was the act: the first passed on that day, or any time on it."""
    for node in version.stop:
        if node in one.lists and day in one.lists[node].day:
            return node
    return _node(one, version.stop, day)


def _node(one: Frame, nodes: tuple[str, ...], day: int | None) -> str | None:
    if day is None or not nodes:
        return None
    position = int(which_first(one, nodes, np.array([day], np.int32))[0])
    return nodes[position - 1] if position else nodes[0]


def _unrolled(
    limit: Limit | None, one: Frame, version: Version | None, start: int | None, setting: Setting
) -> int | None:
    if limit is None or version is None or start is None or limit.unit == "hours":
        return None
    stops = stops_of(one, version.clock_stops, setting)
    still = msgspec.structs.replace(limit, roll=False)
    return known(due_day(np.array([start], np.int32), still, setting.calendar, stops)[0])


def _stops(one: Frame, version: Version | None, setting: Setting) -> tuple[Stop, ...]:
    kinds = {stop.kind for stop in version.clock_stops} if version else set()
    found = one.intervals.still_open(setting.as_of)
    return tuple(
        Stop(str(kind), int(first), known(last))
        for kind, first, last in zip(found.kind, found.first, found.last, strict=True)
        if kind in kinds
    )


def _stretches(
    start: int | None, unrolled: int | None, due: int | None, limit: Limit | None, setting: Setting
) -> tuple[Stretch, ...]:
    """The days off and make-up days that mattered: all of them where working days are counted,
    else those the last day rolled over."""
    if start is None or due is None or limit is None or unrolled is None or due < start:
        return ()
    since = start if limit.unit == "working_days" else unrolled - 1
    return tuple(setting.calendar.describe(since, due)) if unrolled < due or since == start else ()


def _cites(version: Version | None, setting: Setting) -> tuple[tuple[str, str, str], ...]:
    if version is None:
        return ()
    documents = setting.law.documents
    return tuple(
        (documents[c.document].number or documents[c.document].title.zh, c.place, c.grade)
        for c in version.cites
    )
