"""From start to stop within a limit, or not before one: in days, months, working days or hours.

Where a fact the limit hangs on is missing, only what is certain is decided.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zhiheng.calendar import MISSING, Days
from zhiheng.checks import outcomes as o
from zhiheng.checks.clock import Lengths, due_day, extended, stops_of
from zhiheng.checks.frame import Frame, earliest, minutes_of
from zhiheng.checks.outcomes import Outcomes
from zhiheng.checks.predicates import holds
from zhiheng.checks.setting import Setting
from zhiheng.checks.timed import doubtful, timed
from zhiheng.checks.trigger import Codes, Flags, Trigger, laid_over
from zhiheng.choose import choose
from zhiheng.law.model import FieldLimit, Limit, Version

A_DAY = 24 * 60
"""Minutes."""


@dataclass(frozen=True, eq=False)
class Due:
    """The due day of each subject: `soonest` and `latest` differ where `fact` (an index into
    `facts`) would say which limit applies and is missing."""

    soonest: Days
    latest: Days
    fact: Codes
    facts: tuple[str, ...]


def judge_deadline(version: Version, frame: Frame, trigger: Trigger, setting: Setting) -> Outcomes:
    """An act within a limit, or not before one has passed, or both."""
    stop = earliest(frame, version.stop)
    if version.within_field is not None:
        result = _judge_length(version, version.within_field, frame, trigger, stop, setting)
        return _not_too_early(result, version, trigger, stop, setting)
    if version.within is None:
        return _judge_wait(version, trigger, stop, setting)
    if version.within.unit == "hours":
        return _judge_hours(version, frame, trigger, stop, version.within.count, setting)
    result = _judge_days(version, frame, trigger, stop, version.within, setting)
    return _not_too_early(result, version, trigger, stop, setting)


def _judge_days(
    version: Version, frame: Frame, trigger: Trigger, stop: Days, limit: Limit, setting: Setting
) -> Outcomes:
    due = _due(version, frame, trigger.start, limit, setting)
    result = timed(version, frame, trigger, stop, due.latest, setting)
    if not due.fact.any():
        return result
    strict = timed(version, frame, trigger, stop, due.soonest, setting)
    return doubtful(result, result.state != strict.state, due.fact, due.facts)


def _judge_length(
    version: Version,
    rule: FieldLimit,
    frame: Frame,
    trigger: Trigger,
    stop: Days,
    setting: Setting,
) -> Outcomes:
    """A limit whose length is a fact of the subject; where it is not known nothing is decided."""
    lengths = Lengths.of(rule, frame, trigger.start, setting.calendar)
    due = due_day(
        trigger.start, lengths, setting.calendar, stops_of(frame, version.clock_stops, setting)
    )
    if version.extended_by:
        due = choose(lengths.known, extended(due, frame, version.extended_by), MISSING)
    result = timed(version, frame, trigger, stop, due.astype(np.int32), setting)
    judged = trigger.live & (stop != MISSING) if version.only_if_done else trigger.live
    return doubtful(result, judged & ~lengths.known, 1, ("", rule.field))


def _due(version: Version, frame: Frame, start: Days, limit: Limit, setting: Setting) -> Due:
    """The due day under the limit that applies; of several special ones the last written."""
    stops = stops_of(frame, version.clock_stops, setting)

    def ends(within: Limit) -> Days:
        due = due_day(start, within, setting.calendar, stops)
        return extended(due, frame, version.extended_by) if version.extended_by else due

    soonest = latest = ends(limit)
    fact: Codes = np.zeros(len(frame), np.int16)
    facts: tuple[str, ...] = ("",)
    for special in version.within_when:
        truth, due = holds(special.when, frame), ends(special.within)
        soonest = choose(truth.unknown, np.minimum(soonest, due), soonest)
        latest = choose(truth.unknown, np.maximum(latest, due), latest)
        soonest, latest = (choose(truth.true, due, day) for day in (soonest, latest))
        named = choose(truth.unknown & (fact == 0), truth.fact + len(facts) - 1, fact)
        fact, facts = choose(truth.true, 0, named), (*facts, *truth.facts[1:])
    return Due(soonest.astype(np.int32), latest.astype(np.int32), fact, facts)


def _judge_wait(version: Version, trigger: Trigger, stop: Days, setting: Setting) -> Outcomes:
    """An act that may not come before a limit has passed; not doing it breaches nothing."""
    base = trigger.settled
    live = trigger.live & (stop != MISSING)
    nothing = np.zeros(len(stop), np.int8)
    result = laid_over(trigger, live, nothing + o.MET, nothing, nothing, ("",))
    result = replace(result, stop=choose(live, stop, base.stop).astype(np.int32))
    return _not_too_early(result, version, trigger, stop, setting)


def _not_too_early(
    result: Outcomes, version: Version, trigger: Trigger, stop: Days, setting: Setting
) -> Outcomes:
    limit = version.at_least or version.more_than
    if limit is None:
        return result
    threshold = due_day(trigger.start, limit, setting.calendar)
    enough = stop > threshold if version.more_than else stop >= threshold
    judged = trigger.live & (stop != MISSING)
    early = judged & ~enough
    shown = early if version.within or version.within_field else judged
    return replace(
        result,
        state=choose(early, o.LATE, result.state).astype(np.int8),
        reason=choose(early, o.TOO_EARLY, result.reason).astype(np.int8),
        detail=choose(early, 0, result.detail).astype(np.int16),
        due=choose(shown, threshold, result.due).astype(np.int32),
        days_over=choose(early, MISSING, result.days_over).astype(np.int32),
    )


def _judge_hours(
    version: Version, frame: Frame, trigger: Trigger, stop: Days, hours: int, setting: Setting
) -> Outcomes:
    """Hours run from the minute; where a minute is missing only the certain cases are decided."""
    soonest, latest = _moments(frame, version.start, trigger.start)
    soonest, latest = soonest + hours * 60, latest + hours * 60
    earliest_stop, latest_stop = _moments(frame, version.stop, stop)
    due = choose(trigger.start == MISSING, MISSING, latest // A_DAY).astype(np.int32)
    certainly: Flags = earliest_stop > latest
    result = timed(version, frame, trigger, stop, due, setting, late=certainly)
    possibly = latest_stop > soonest
    open_question = trigger.live & (stop != MISSING) & possibly & ~certainly
    return doubtful(result, open_question, 1, ("", "minute"))


def _moments(
    frame: Frame, nodes: tuple[str, ...], day: Days
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first and the last minute (since 1970) at which `nodes` can first have been passed."""
    least, most = minutes_of(frame, nodes, day)
    midnight = day.astype(np.int64) * A_DAY
    return midnight + least, midnight + most
