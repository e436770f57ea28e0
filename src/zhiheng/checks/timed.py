"""The common course of a duty with a due day: met, late, discharged, excused, not due, overdue."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from zhiheng.calendar import MISSING, Days
from zhiheng.checks import outcomes as o
from zhiheng.checks.clock import NEVER, due_day
from zhiheng.checks.frame import Frame, earliest, which_first
from zhiheng.checks.outcomes import Outcomes
from zhiheng.checks.predicates import holds
from zhiheng.checks.setting import Setting
from zhiheng.checks.trigger import Codes, Flags, Trigger, laid_over
from zhiheng.choose import choose, put
from zhiheng.law.model import Version


def timed(
    version: Version,
    frame: Frame,
    trigger: Trigger,
    stop: Days,
    due: Days,
    setting: Setting,
    late: Flags | None = None,
) -> Outcomes:
    """Outcomes against a due day. `late` says which acts were late where their day does not."""
    live, done = trigger.live, stop != MISSING
    ended = earliest(frame, version.discharged_by) if version.discharged_by else None
    if version.discharge_holds and ended is not None:
        too_late = (stop > due) if late is None else late
        done = done & ~(too_late & (ended != MISSING) & (ended <= due) & (ended < stop))
    until = choose(done, stop, np.int32(setting.as_of))
    fell_away = None
    if ended is not None:
        fell_away = live & ~done & (ended != MISSING)
        put(until, fell_away, ended)
    over = live & _over(until > due, done, late)
    state = choose(done, choose(over, o.LATE, o.MET), choose(over, o.OVERDUE, o.NOT_DUE))
    reason = choose(due >= NEVER, o.CLOCK_STOPPED, o.PLAIN)
    detail: Codes = np.zeros(len(state), np.int16)
    if version.excused_by is not None:
        excused = over & _excused(version, frame, due)
        put(state, excused, o.EXCUSED)
        put(reason, excused, o.APPROVED_GROUND)
    if ended is not None and fell_away is not None:
        put(state, fell_away, o.DISCHARGED)
        put(reason, fell_away, choose(over, o.ENDED_AFTER_LIMIT, o.ENDED_IN_TIME))
        detail = which_first(frame, version.discharged_by, ended) * fell_away
    if version.only_if_done:
        live = live & done
    result = laid_over(trigger, live, state, reason, detail, ("", *version.discharged_by))
    return replace(
        result,
        due=choose(live & (due < NEVER), due, np.int32(MISSING)),
        stop=choose(live & (stop != MISSING), stop, result.stop),
        days_over=choose(over & live, np.maximum(until - due, 0), np.int32(MISSING)),
        band=_bands(version, trigger.start, until, live, setting),
    )


def _over(after: Flags, done: Flags, late: Flags | None) -> Flags:
    """Past the limit: by the day, or by what says which acts were late."""
    return after if late is None else choose(done, late, after)


def doubtful(result: Outcomes, where: Flags, fact: Codes | int, facts: tuple[str, ...]) -> Outcomes:
    """The result, undeterminable `where` a fact is missing (`fact` indexes `facts`; 0 is "")."""
    shift = len(result.details) - 1
    return replace(
        result,
        state=choose(where, o.UNDETERMINABLE, result.state).astype(np.int8),
        reason=choose(where, o.FACT_MISSING, result.reason).astype(np.int8),
        detail=choose(where, fact + shift, result.detail).astype(np.int16),
        days_over=choose(where, MISSING, result.days_over).astype(np.int32),
        details=(*result.details, *facts[1:]),
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
    version: Version, start: Days, until: Days, live: Flags, setting: Setting
) -> NDArray[np.int8]:
    """Index of the first band the act (or, undone, the end of the duty or the day of the check)
    still falls in."""
    band = np.full(len(start), -1, np.int8)
    if not version.bands:
        return band
    band = choose(live, len(version.bands), band)
    for index in range(len(version.bands) - 1, -1, -1):
        band = choose(
            live & (until <= due_day(start, version.bands[index], setting.calendar)), index, band
        )
    return band.astype(np.int8)
