"""One duty on every subject of a frame: which version, triggered or not, due when, done or not.

Composites need the outcomes of their members and live in `composite`; everything else is here and
in `recurring`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhiheng.calendar import MISSING, Days, to_day
from zhiheng.checks import outcomes as o
from zhiheng.checks.clock import NEVER, due_day, extended, minutes_taken, stops_of
from zhiheng.checks.frame import Frame, earliest, which_first
from zhiheng.checks.outcomes import Outcomes, blank
from zhiheng.checks.predicates import Truth, holds
from zhiheng.checks.recurring import missed_window
from zhiheng.checks.setting import Setting
from zhiheng.law.model import Duty, Version

Flags = NDArray[np.bool_]
Codes = NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class Trigger:
    """Where a version applies: `live` subjects are judged further, the rest are settled."""

    start: Days
    start_minute: NDArray[np.int16]
    live: Flags
    settled: Outcomes


Judge = Callable[[Version, Frame, Trigger, Setting], Outcomes]


def check(duty: Duty, frame: Frame, setting: Setting, judge: Judge | None = None) -> Outcomes:
    """Outcomes of `duty` on the subjects of `frame` (already as of the setting's day).

    Each subject is judged by the version in force on the day its duty began.
    """
    judged_by = judge or JUDGES[duty.kind]
    total = blank(len(frame))
    for version in duty.versions:
        trigger = triggered(version, duty, frame)
        total = _merge(total, judged_by(version, frame, trigger, setting))
    return total


def triggered(version: Version, duty: Duty, frame: Frame) -> Trigger:
    """Which subjects a version concerns, and the outcomes of those it does not."""
    start, minute = earliest(frame, version.start)
    stop, _ = earliest(frame, version.stop)
    scope = holds(version.applies, frame)
    begun = start != MISSING
    in_force = begun & (start >= to_day(version.first_day))
    if version.last_day is not None:
        in_force &= start <= to_day(version.last_day)
    live = in_force & scope.true
    settled = _settled(version, duty, begun, in_force, scope, stop)
    return Trigger(start, minute, live, replace(settled, start=np.where(in_force, start, MISSING)))


def _settled(
    version: Version, duty: Duty, begun: Flags, in_force: Flags, scope: Truth, stop: Days
) -> Outcomes:
    base = blank(len(begun))
    n_facts = len(scope.facts)
    reason = np.where(begun & ~in_force, o.NOT_IN_FORCE, base.reason)
    reason = np.where(in_force & scope.false, o.OUT_OF_SCOPE, reason)
    unknown = in_force & scope.unknown
    orphaned = _done_without_start(version, duty, begun, scope, stop)
    open_question = unknown | orphaned
    return replace(
        base,
        state=np.where(open_question, o.UNDETERMINABLE, base.state).astype(np.int8),
        reason=np.where(open_question, o.FACT_MISSING, reason).astype(np.int8),
        detail=np.where(unknown, scope.fact, np.where(orphaned, n_facts, 0)).astype(np.int16),
        stop=np.where(orphaned, stop, base.stop).astype(np.int32),
        details=(*scope.facts, version.start[0]),
    )


def _done_without_start(
    version: Version, duty: Duty, begun: Flags, scope: Truth, stop: Days
) -> Flags:
    """The act is on record but not the event that made it due: a fact is missing."""
    if duty.kind != "deadline" or version.optional_start:
        return np.zeros(len(begun), np.bool_)
    if duty.versions[-1] is not version:  # which version applies is unknown; say it once
        return np.zeros(len(begun), np.bool_)
    return np.asarray(~begun & (stop != MISSING) & scope.true)


def _merge(first: Outcomes, second: Outcomes) -> Outcomes:
    """Take the second where it says more than "this version is not the one"."""
    silent = (o.NOT_TRIGGERED, o.NOT_IN_FORCE)
    weaker = np.isin(second.reason, silent) & ~(
        (first.reason == o.NOT_TRIGGERED) & (second.reason == o.NOT_IN_FORCE)
    )
    details = (*first.details, *second.details[1:])
    shift = len(first.details) - 1
    moved = np.where(second.detail > 0, second.detail + shift, 0)

    def pick(a: NDArray[Any], b: NDArray[Any]) -> NDArray[Any]:
        return np.where(weaker, a, b).astype(a.dtype)

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


def judge_deadline(version: Version, frame: Frame, trigger: Trigger, setting: Setting) -> Outcomes:
    """From start to stop within a limit, or not before one."""
    stop, stop_minute = earliest(frame, version.stop)
    if version.within is None:
        return _judge_wait(version, trigger, stop, setting)
    if version.within.unit == "hours":
        return _judge_hours(version, frame, trigger, stop, stop_minute, setting)
    due = _due_days(version, frame, trigger.start, setting)
    result = _timed(version, frame, trigger, stop, due, setting)
    return _not_too_early(result, version, trigger, stop, setting)


def _due_days(version: Version, frame: Frame, start: Days, setting: Setting) -> Days:
    stops = stops_of(frame, version.clock_stops, setting.calendar)
    assert version.within is not None
    due = due_day(start, version.within, setting.calendar, stops)
    for other in version.within_when:
        chosen = holds(other.when, frame).true
        due = np.where(chosen, due_day(start, other.within, setting.calendar, stops), due)
    if version.extended_by is not None:
        due = extended(due, frame, version.extended_by)
    return due.astype(np.int32)


def _timed(
    version: Version, frame: Frame, trigger: Trigger, stop: Days, due: Days, setting: Setting
) -> Outcomes:
    """The common course: met, late, discharged, excused, not yet due, overdue."""
    live, done = trigger.live, stop != MISSING
    ended, _ = earliest(frame, version.discharged_by)
    fell_away = live & ~done & (ended != MISSING)
    over_since = np.where(done, stop, np.where(fell_away, ended, setting.as_of))
    over = live & (over_since > due)
    excused = _excused(version, frame, due)
    state = np.where(live & done, np.where(over, o.LATE, o.MET), o.NOT_DUE)
    state = np.where(live & ~done & over, o.OVERDUE, state)
    state = np.where(excused & np.isin(state, (o.LATE, o.OVERDUE)), o.EXCUSED, state)
    state = np.where(fell_away, o.DISCHARGED, state)
    reason = np.where(due >= NEVER, o.CLOCK_STOPPED, o.PLAIN)
    reason = np.where(state == o.EXCUSED, o.APPROVED_GROUND, reason)
    reason = np.where(fell_away, np.where(over, o.ENDED_AFTER_LIMIT, o.ENDED_IN_TIME), reason)
    cause = which_first(frame, version.discharged_by, ended)
    detail = np.where(fell_away, cause, 0)
    if version.only_if_done:
        live = live & done
    result = _laid_over(trigger, live, state, reason, detail, ("", *version.discharged_by))
    days_over = np.where(over & live, over_since - due, MISSING)
    return replace(
        result,
        due=np.where(live & (due < NEVER), due, MISSING).astype(np.int32),
        stop=np.where(live & done, stop, result.stop).astype(np.int32),
        days_over=days_over.astype(np.int32),
        band=_bands(version, trigger.start, np.where(done, stop, setting.as_of), live, setting),
    )


def _laid_over(
    trigger: Trigger,
    live: Flags,
    state: Codes,
    reason: Codes,
    detail: Codes,
    details: tuple[str, ...],
) -> Outcomes:
    """Settled outcomes, with the live subjects' own laid over them."""
    settled = trigger.settled
    shift = len(settled.details) - 1
    own = np.where(detail > 0, detail + shift, 0)
    return replace(
        settled,
        state=np.where(live, state, settled.state).astype(np.int8),
        reason=np.where(live, reason, settled.reason).astype(np.int8),
        detail=np.where(live, own, settled.detail).astype(np.int16),
        details=(*settled.details, *details[1:]),
    )


def _excused(version: Version, frame: Frame, due: Days) -> Flags:
    """Where a ground and a timely approval are on record."""
    rule = version.excused_by
    if rule is None:
        return np.zeros(len(frame), np.bool_)
    approved = frame.day(rule.node)
    ground = holds(rule.when, frame).true
    return np.asarray(ground & (approved != MISSING) & (approved <= due))


def _bands(
    version: Version, start: Days, until: NDArray[np.int_], live: Flags, setting: Setting
) -> NDArray[np.int8]:
    """Index of the first band the act (or, undone, the day of the check) still falls in."""
    band = np.full(len(start), -1, np.int8)
    if not version.bands:
        return band
    band = np.where(live, len(version.bands), band)
    for index in range(len(version.bands) - 1, -1, -1):
        band = np.where(
            live & (until <= due_day(start, version.bands[index], setting.calendar)), index, band
        )
    return band.astype(np.int8)


def _judge_wait(version: Version, trigger: Trigger, stop: Days, setting: Setting) -> Outcomes:
    """An act that may not come before a limit has passed; not doing it breaches nothing."""
    base = trigger.settled
    live = trigger.live & (stop != MISSING)
    nothing = np.zeros(len(stop), np.int8)
    result = _laid_over(trigger, live, nothing + o.MET, nothing, nothing, ("",))
    result = replace(result, stop=np.where(live, stop, base.stop).astype(np.int32))
    return _not_too_early(result, version, trigger, stop, setting)


def _not_too_early(
    result: Outcomes, version: Version, trigger: Trigger, stop: Days, setting: Setting
) -> Outcomes:
    limit = version.at_least or version.more_than
    if limit is None:
        return result
    threshold = due_day(trigger.start, limit, setting.calendar)
    enough = stop > threshold if version.more_than else stop >= threshold
    early = trigger.live & (stop != MISSING) & ~enough
    judged = trigger.live & (stop != MISSING)
    return replace(
        result,
        state=np.where(early, o.LATE, result.state).astype(np.int8),
        reason=np.where(early, o.TOO_EARLY, result.reason).astype(np.int8),
        due=np.where(judged & (result.due == MISSING) | early, threshold, result.due).astype(
            np.int32
        ),
    )


def _judge_hours(
    version: Version,
    frame: Frame,
    trigger: Trigger,
    stop: Days,
    stop_minute: NDArray[np.int16],
    setting: Setting,
) -> Outcomes:
    """Hours run from the minute; where a minute is missing only the certain cases are decided."""
    assert version.within is not None
    allowed = version.within.count * 60
    minute = trigger.start_minute
    known = trigger.start != MISSING
    latest = trigger.start.astype(np.int64) * 1440 + np.where(minute >= 0, minute, 1439) + allowed
    due = np.where(known, latest // 1440, MISSING).astype(np.int32)
    result = _timed(version, frame, trigger, stop, due, setting)
    least, most = minutes_taken(trigger.start, minute, stop, stop_minute)
    done = trigger.live & (stop != MISSING)
    state = np.where(done & (most <= allowed), o.MET, result.state)
    state = np.where(done & (least > allowed), o.LATE, state)
    open_question = done & (most > allowed) & (least <= allowed)
    late = done & (least > allowed)
    return replace(
        result,
        state=np.where(open_question, o.UNDETERMINABLE, state).astype(np.int8),
        reason=np.where(open_question, o.FACT_MISSING, result.reason).astype(np.int8),
        detail=np.where(open_question, len(result.details), result.detail).astype(np.int16),
        days_over=np.where(
            late, np.maximum(stop - due, 0), np.where(done, MISSING, result.days_over)
        ).astype(np.int32),
        details=(*result.details, "minute"),
    )


def judge_presence(version: Version, frame: Frame, trigger: Trigger, setting: Setting) -> Outcomes:
    """The act is there or not; without a limit it is judged at a node, some grace after it."""
    stop, _ = earliest(frame, version.stop)
    due = _judging_day(version, frame, setting)
    strict = version.by is not None and version.by.strict
    counted = stop if strict else np.where(stop != MISSING, np.minimum(stop, due), MISSING)
    result = _timed(version, frame, trigger, counted.astype(np.int32), due, setting)
    done = trigger.live & (stop != MISSING)
    open_ended = result.reason == o.CLOCK_STOPPED  # no node to judge by yet, not a stopped clock
    return replace(
        result,
        reason=np.where(open_ended, o.PLAIN, result.reason).astype(np.int8),
        stop=np.where(done, stop, result.stop).astype(np.int32),
    )


def _judging_day(version: Version, frame: Frame, setting: Setting) -> Days:
    if version.by is None:
        return np.full(len(frame), NEVER, np.int32)
    day = frame.day(version.by.node)
    if version.by.grace is not None:
        day = due_day(day, setting.law.grace(version.by.grace), setting.calendar)
    return np.where(day == MISSING, NEVER, day).astype(np.int32)


def judge_condition(version: Version, frame: Frame, trigger: Trigger, setting: Setting) -> Outcomes:
    """Something must hold on the day it is judged; otherwise it fails from that day on."""
    truth = holds(version.requires, frame, trigger.start)
    state = np.where(truth.true, o.MET, np.where(truth.false, o.OVERDUE, o.UNDETERMINABLE))
    reason = np.where(truth.false, o.CONDITION_FAILS, np.where(truth.true, o.PLAIN, o.FACT_MISSING))
    result = _laid_over(trigger, trigger.live, state, reason, truth.fact, truth.facts)
    failed = trigger.live & truth.false
    return replace(
        result,
        due=np.where(trigger.live, trigger.start, MISSING).astype(np.int32),
        days_over=np.where(failed, setting.as_of - trigger.start, MISSING).astype(np.int32),
    )


def judge_prohibition(
    version: Version, frame: Frame, trigger: Trigger, setting: Setting
) -> Outcomes:
    """An act that may not be done while something holds."""
    truth = holds(version.forbidden_when, frame, trigger.start)
    state = np.where(truth.true, o.LATE, np.where(truth.false, o.MET, o.UNDETERMINABLE))
    reason = np.where(truth.true, o.BARRED, np.where(truth.false, o.PLAIN, o.FACT_MISSING))
    result = _laid_over(trigger, trigger.live, state, reason, truth.fact, truth.facts)
    return replace(result, stop=np.where(trigger.live, trigger.start, MISSING).astype(np.int32))


def judge_recurring(version: Version, frame: Frame, trigger: Trigger, setting: Setting) -> Outcomes:
    """An act repeated in every window after the start, for so long or until an event ends it."""
    ended, _ = earliest(frame, version.ended_by)
    windows = missed_window(version, frame, trigger.start, ended, setting)
    fell_away = trigger.live & (windows.elapsed == 0) & (ended != MISSING)
    state = np.where(windows.elapsed > 0, o.MET, o.NOT_DUE)
    state = np.where(windows.missed != MISSING, o.OVERDUE, state)
    state = np.where(fell_away, o.DISCHARGED, state)
    reason = np.where(windows.missed != MISSING, o.WINDOW_MISSED, o.PLAIN)
    reason = np.where(fell_away, o.ENDED_IN_TIME, reason)
    detail = np.where(fell_away, which_first(frame, version.ended_by, ended), 0)
    result = _laid_over(trigger, trigger.live, state, reason, detail, ("", *version.ended_by))
    missed = trigger.live & (windows.missed != MISSING)
    return replace(
        result,
        due=np.where(trigger.live, np.where(missed, windows.missed, windows.next), MISSING).astype(
            np.int32
        ),
        days_over=np.where(missed, setting.as_of - windows.missed, MISSING).astype(np.int32),
    )


JUDGES: dict[str, Judge] = {
    "deadline": judge_deadline,
    "presence": judge_presence,
    "condition": judge_condition,
    "prohibition": judge_prohibition,
    "recurring": judge_recurring,
}
"""How each kind of duty is judged."""
