"""One duty on every subject of a frame: which version, triggered or not, due when, done or not.

Deadlines live in `deadline`, composites (which need the outcomes of their members) in `composite`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhiheng.calendar import MISSING, Days
from zhiheng.checks import outcomes as o
from zhiheng.checks.clock import NEVER, due_day
from zhiheng.checks.columns import Rows
from zhiheng.checks.deadline import judge_deadline
from zhiheng.checks.frame import Frame, earliest, which_first
from zhiheng.checks.outcomes import Outcomes, Partial, Piece, blank, laid_into
from zhiheng.checks.predicates import holds
from zhiheng.checks.recurring import last_recent, missed_window
from zhiheng.checks.setting import Setting
from zhiheng.checks.timed import timed
from zhiheng.checks.trigger import Trigger, laid_over, triggered
from zhiheng.choose import choose
from zhiheng.law.model import Duty, Version

Judge = Callable[[Version, Frame, Trigger, Setting], Outcomes]


MOST = 0.7
"""From this share of concerned subjects on, picking them out costs more than it saves."""


def check(duty: Duty, frame: Frame, setting: Setting, judge: Judge | None = None) -> Outcomes:
    """Outcomes of `duty` on the subjects of `frame` (already as of the setting's day).

    Each subject is judged by the version in force on the day its duty began.
    """
    return check_begun(duty, frame, setting, judge).of_all()


def check_begun(duty: Duty, frame: Frame, setting: Setting, judge: Judge | None = None) -> Partial:
    """The same, of the subjects on which anything began the duty (or could have: an act without
    its beginning)."""
    rows, begun = begun_on(duty, frame)
    lost = done_without_start(duty, frame)
    found = [(rows, begun), *([(lost, frame.of(lost))] if len(lost) else [])]
    pieces = (Piece(at, _check(duty, of, setting, judge)) for at, of in found)
    return Partial(tuple(pieces), len(frame))


def _check(duty: Duty, frame: Frame, setting: Setting, judge: Judge | None) -> Outcomes:
    judged_by = judge or JUDGES[duty.kind]
    total: Outcomes | None = None
    for version in duty.versions:
        found = _by_version(version, duty, frame, setting, judged_by)
        total = _silent(found) if total is None else _merge(total, found)
    return total if total is not None else blank(len(frame))


def _silent(found: Outcomes) -> Outcomes:
    """Where nothing triggered the duty after all (an act that need not be done), nothing is told
    of its beginning either."""
    start = choose(found.reason == o.NOT_TRIGGERED, np.int32(MISSING), found.start)
    return replace(found, start=start)


def _by_version(
    version: Version, duty: Duty, frame: Frame, setting: Setting, judge: Judge
) -> Outcomes:
    """Outcomes by one version: the subjects it does not concern are settled without a judge."""
    trigger = triggered(version, duty, frame)
    rows = np.flatnonzero(trigger.live)
    if len(rows) >= MOST * len(frame):
        return judge(version, frame, trigger, setting)
    if not len(rows):
        return trigger.settled
    judged = judge(version, frame.of(rows), trigger.of_live(rows), setting)
    return laid_into(trigger.settled, rows, judged)


def begun_on(duty: Duty, frame: Frame) -> tuple[Rows, Frame]:
    """The subjects on which a node that begins the duty was passed; worked out once for all
    duties that begin alike."""
    nodes = tuple(dict.fromkeys(node for version in duty.versions for node in version.start))
    known = frame.memo.get(("begun", nodes))
    if known is None:
        rows = np.flatnonzero(_passed_any(frame, nodes))
        begun = frame if len(rows) == len(frame) else frame.of(rows)
        known = frame.memo[("begun", nodes)] = (rows, begun)
    found: tuple[Rows, Frame] = known
    return found


def done_without_start(duty: Duty, frame: Frame) -> Rows:
    """Subjects on which the act of a deadline is on record and nothing that begins the duty."""
    if duty.kind != "deadline" or duty.versions[-1].optional_start:
        return np.zeros(0, np.intp)
    starts = tuple(node for version in duty.versions for node in version.start)
    acted = _passed_any(frame, duty.versions[-1].stop)
    return np.flatnonzero(acted & ~_passed_any(frame, starts))


def _passed_any(frame: Frame, nodes: tuple[str, ...]) -> NDArray[np.bool_]:
    """Whether any of the nodes was passed; worked out once for all duties that ask."""
    if ("passed", nodes) not in frame.memo:
        passed = np.zeros(len(frame), np.bool_)
        for node in nodes:
            if node in frame.days:
                passed |= frame.days[node] != MISSING
        frame.memo["passed", nodes] = passed
    known: NDArray[np.bool_] = frame.memo["passed", nodes]
    return known


def _merge(first: Outcomes, second: Outcomes) -> Outcomes:
    """Take the second where it says more than "this version is not the one"."""
    silent = (o.NOT_TRIGGERED, o.NOT_IN_FORCE)
    weaker = np.isin(second.reason, silent) & ~(
        (first.reason == o.NOT_TRIGGERED) & (second.reason == o.NOT_IN_FORCE)
    )
    details = (*first.details, *second.details[1:])
    shift = len(first.details) - 1
    moved = choose(second.detail > 0, second.detail + shift, 0)

    def pick(a: NDArray[Any], b: NDArray[Any]) -> NDArray[Any]:
        return choose(weaker, a, b).astype(a.dtype)

    return Outcomes(
        state=pick(first.state, second.state),
        reason=pick(first.reason, second.reason),
        detail=pick(first.detail, moved),
        start=pick(first.start, second.start),
        due=pick(first.due, second.due),
        stop=pick(first.stop, second.stop),
        days_over=pick(first.days_over, second.days_over),
        band=pick(first.band, second.band),
        details=details,
    )


def judge_presence(version: Version, frame: Frame, trigger: Trigger, setting: Setting) -> Outcomes:
    """The act is there or not; without a limit it is judged at a node, some grace after it."""
    stop = earliest(frame, version.stop)
    due = _judging_day(version, frame, setting)
    strict = version.by is not None and version.by.strict
    counted = stop if strict else choose(stop != MISSING, np.minimum(stop, due), MISSING)
    result = timed(version, frame, trigger, counted.astype(np.int32), due, setting)
    done = trigger.live & (stop != MISSING)
    open_ended = result.reason == o.CLOCK_STOPPED  # no node to judge by yet, not a stopped clock
    return replace(
        result,
        reason=choose(open_ended, o.PLAIN, result.reason).astype(np.int8),
        stop=choose(done, stop, result.stop).astype(np.int32),
    )


def _judging_day(version: Version, frame: Frame, setting: Setting) -> Days:
    if version.by is None:
        return np.full(len(frame), NEVER, np.int32)
    day = frame.day(version.by.node)
    if version.by.grace is not None:
        day = due_day(day, setting.law.grace(version.by.grace), setting.calendar)
    return choose(day == MISSING, NEVER, day).astype(np.int32)


def judge_condition(version: Version, frame: Frame, trigger: Trigger, setting: Setting) -> Outcomes:
    """Something must hold on the day it is judged; otherwise it fails from that day on."""
    truth = holds(version.requires, frame, trigger.start)
    state = choose(truth.true, o.MET, choose(truth.false, o.OVERDUE, o.UNDETERMINABLE))
    reason = choose(truth.false, o.CONDITION_FAILS, choose(truth.true, o.PLAIN, o.FACT_MISSING))
    result = laid_over(trigger, trigger.live, state, reason, truth.fact, truth.facts)
    failed = trigger.live & truth.false
    return replace(
        result,
        due=choose(trigger.live, trigger.start, MISSING).astype(np.int32),
        days_over=choose(failed, setting.as_of - trigger.start, MISSING).astype(np.int32),
    )


def judge_prohibition(
    version: Version, frame: Frame, trigger: Trigger, setting: Setting
) -> Outcomes:
    """An act that may not be done while something holds."""
    truth = holds(version.forbidden_when, frame, trigger.start)
    state = choose(truth.true, o.LATE, choose(truth.false, o.MET, o.UNDETERMINABLE))
    reason = choose(truth.true, o.BARRED, choose(truth.false, o.PLAIN, o.FACT_MISSING))
    result = laid_over(trigger, trigger.live, state, reason, truth.fact, truth.facts)
    return replace(result, stop=choose(trigger.live, trigger.start, MISSING).astype(np.int32))


def judge_recurring(version: Version, frame: Frame, trigger: Trigger, setting: Setting) -> Outcomes:
    """An act repeated in every window after the start, for so long or until an event ends it."""
    ended = earliest(frame, version.ended_by)
    windows = missed_window(version, frame, trigger.start, ended, setting)
    fell_away = trigger.live & (windows.elapsed == 0) & (ended != MISSING)
    state = choose(windows.elapsed > 0, o.MET, o.NOT_DUE)
    state = choose(windows.missed != MISSING, o.OVERDUE, state)
    state = choose(fell_away, o.DISCHARGED, state)
    reason = choose(windows.missed != MISSING, o.WINDOW_MISSED, o.PLAIN)
    reason = choose(fell_away, o.ENDED_IN_TIME, reason)
    detail = choose(fell_away, which_first(frame, version.ended_by, ended), 0)
    result = laid_over(trigger, trigger.live, state, reason, detail, ("", *version.ended_by))
    missed = trigger.live & (windows.missed != MISSING)
    return replace(
        result,
        due=choose(trigger.live, choose(missed, windows.missed, windows.next), MISSING).astype(
            np.int32
        ),
        days_over=choose(missed, setting.as_of - windows.missed, MISSING).astype(np.int32),
    )


def judge_recent(version: Version, frame: Frame, trigger: Trigger, setting: Setting) -> Outcomes:
    """An act that must lie in the time before the start; otherwise it fails from that day on."""
    found = last_recent(version, frame, trigger.start, setting)
    failed = trigger.live & (found == MISSING)
    state = choose(failed, o.OVERDUE, o.MET)
    reason = choose(failed, o.NOTHING_RECENT, o.PLAIN)
    nothing = np.zeros(len(frame), np.int8)
    result = laid_over(trigger, trigger.live, state, reason, nothing, ("",))
    return replace(
        result,
        due=choose(trigger.live, trigger.start, MISSING).astype(np.int32),
        stop=choose(trigger.live, found, MISSING).astype(np.int32),
        days_over=choose(failed, setting.as_of - trigger.start, MISSING).astype(np.int32),
    )


JUDGES: dict[str, Judge] = {
    "deadline": judge_deadline,
    "presence": judge_presence,
    "condition": judge_condition,
    "prohibition": judge_prohibition,
    "recurring": judge_recurring,
    "recent": judge_recent,
}
"""How each kind of duty is judged."""
