"""What becomes of an entrusted matter: asked for more, sent back; handled, answered, confirmed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from zhiheng.simulate import calibration, columns, truth
from zhiheng.simulate.entrusted import (
    LISTED,
    Matters,
    as_columns,
    condition,
    drawn_flags,
    in_force,
    together,
)
from zhiheng.simulate.making import Making, after
from zhiheng.simulate.timing import Acts, due_day
from zhiheng.simulate.world import (
    FAR,
    KEPT,
    NEVER,
    Days,
    Ints,
    Mask,
    bounded,
    choose,
    never,
    one_in,
    spread,
)

REASONS = ("缺少送达回证", "协助单位不予受理", "不属于可委托的事项")
COMPLAINTS = ("逾期不办", "未说明原因退回")
RATINGS = tuple(calibration.shares("entrustment_ratings"))
AN_HOUR, A_DAY = 60, 24 * 60
"""Minutes."""


@dataclass(frozen=True, eq=False)
class Course:
    """What became of each matter; days are FAR where it did not happen."""

    asked: Days
    supplemented: Days
    returned: Days
    handled: Days
    answered: Days
    confirmed: Days


def course(making: Making, matters: Matters, signed: Acts, incomplete: Mask) -> Course:
    """Asked, supplemented, sent back; or handled, answered, confirmed."""
    rng, n = making.world.rng("entrustment course"), len(matters.case)
    may_ask = (signed.done < FAR) & ~matters.urgent
    off_list = ~matters.of_kind(*LISTED) & one_in(rng, n, 0.7) & may_ask
    wanting = incomplete & may_ask & ~off_list
    silent = (making.plan("entrustment.return_asked", matters.case) == NEVER) & (
        off_list | wanting & one_in(rng, n, 0.5)
    )
    asked = np.where((off_list | wanting) & ~silent, after(signed.done, spread(rng, 0, 2, n)), FAR)
    asked = asked.astype(np.int32)
    given = making.acts("entrustment.supplemented", matters.case, asked).done
    given = np.where(off_list, FAR, given).astype(np.int32)
    back = silent | off_list | ((asked < FAR) & (given >= FAR))
    base = np.where(asked < FAR, asked, signed.done)
    returned = np.where(back, after(base, spread(rng, 1, 12, n)), FAR).astype(np.int32)
    handled = _handled(making, matters, signed.done, given)
    handled = np.where(back, FAR, handled).astype(np.int32)
    answered = making.acts("entrustment.reported", matters.case, handled).done
    confirmed = making.acts("entrustment.confirmed", matters.case, answered).done
    return Course(asked, given, returned, handled, answered, confirmed)


def _handled(making: Making, matters: Matters, signed: Days, given: Days) -> Days:
    """The day each matter is handled; the urgent ones to the minute, entered and judged here."""
    rng, n = making.world.rng("entrustment handled"), len(matters.case)
    plan = making.plan("entrustment.handled", matters.case)
    allowed = np.maximum(matters.days_set, 1)
    soon = matters.sent + np.ceil(rng.random(n) ** 0.7 * allowed)
    soon = np.where(one_in(rng, n, 0.12), _due(making, matters), soon)
    late = _due(making, matters) + rng.geometric(0.1, n)
    day = np.where(plan == KEPT, soon, np.where(plan == NEVER, FAR, late))
    day = np.maximum(day, np.maximum(signed, np.where(given < FAR, given, 0)))
    return np.where(matters.urgent, _urgent(making, matters), bounded(day.astype(np.int32)))


def _due(making: Making, matters: Matters) -> Days:
    """The last of the days set, rolled to a working day."""
    last = (matters.sent + np.maximum(matters.days_set, 0)).astype(np.int32)
    return making.world.calendar.roll_forward(bounded(last)).astype(np.int32)


def _urgent(making: Making, matters: Matters) -> Days:
    """The call on the entrusted court and the day it is done; FAR for what is not urgent."""
    duty, case = "entrustment.handled_urgent", matters.case
    rng, n = making.world.rng("entrustment urgent"), len(case)
    allowed = (calibration.limit(duty).hours or 0) * AN_HOUR
    plan = making.plan(duty, case)
    called = rng.integers(8 * 60 + 30, 17 * 60 + 30, n)
    took = (rng.beta(1.5, 1.5, n) * allowed).astype(np.int64)
    took = np.where(plan == KEPT, took, allowed + rng.geometric(1 / 900, n))
    day = np.where(plan == NEVER, FAR, matters.sent + (called + took) // A_DAY).astype(np.int32)
    day = np.where(matters.urgent, day, FAR).astype(np.int32)
    begun = np.where(matters.urgent, matters.sent, FAR).astype(np.int32)
    minute = ((called + took) % A_DAY).astype(np.int16)
    for node, at, when in (
        ("entrustment_urged", begun, called.astype(np.int16)),
        ("entrustment_handled", day, minute),
    ):
        making.log.add(node, case, at, subject=matters.key, minute=when)
    _judge_urgent(making, matters, begun, day, took <= allowed)
    return day


def _judge_urgent(making: Making, matters: Matters, begun: Days, day: Days, kept: Mask) -> None:
    duty = "entrustment.handled_urgent"
    due = (begun + (calibration.limit(duty).hours or 0) * AN_HOUR // A_DAY).astype(np.int32)
    state = truth.deadline(making.last, begun, due, day)
    done = np.isin(state, (truth.MET, truth.LATE))
    state = np.where(done, np.where(kept, truth.MET, truth.LATE), state).astype(np.int8)
    state = truth.unknown_where(state, ~matters.known)
    making.ledger.enter(duty, matters.case, in_force(state, begun))


def _judge_uncalled(making: Making, matters: Matters, handled: Days) -> None:
    """Handled, but neither known to be urgent nor called on: whether hours ran cannot be told."""
    rows = np.flatnonzero(~matters.known & ~matters.urgent & (handled <= making.last))
    state = np.full(len(rows), truth.UNDETERMINABLE, np.int8)
    duty = "entrustment.handled_urgent"
    making.ledger.enter(duty, matters.case[rows], in_force(state, handled[rows]))


def judge_course(making: Making, matters: Matters, signed: Acts, done: Course) -> None:
    """Every duty with a limit, and the events that go with it."""
    case, last = matters.case, making.last
    ends = np.minimum(np.minimum(done.handled, done.answered), done.returned)
    alert = _alert(making, matters, signed, done)
    ordered = making.acts("entrustment.supervised", case, alert)
    for duty, start, due, stop, ended in (
        ("entrustment.signed", matters.sent, signed.due, signed.done, done.returned),
        ("entrustment.supplemented", done.asked, None, done.supplemented, ends),
        ("entrustment.reported", done.handled, None, done.answered, never(len(case))),
        ("entrustment.confirmed", done.answered, None, done.confirmed, never(len(case))),
        ("entrustment.supervised", alert, ordered.due, ordered.done, done.confirmed),
    ):
        limit = due_day(making.world, start, calibration.limit(duty)) if due is None else due
        state = truth.deadline(last, start, limit, stop, ended)
        making.ledger.enter(duty, case, in_force(state, start))
    _judge_handled(making, matters, done)
    _judge_uncalled(making, matters, done.handled)
    _judge_returns(making, matters, done)
    plain = np.where(matters.urgent, FAR, done.handled).astype(np.int32)
    for node, day in (
        ("entrustment_asked", done.asked),
        ("entrustment_supplemented", done.supplemented),
        ("entrustment_handled", plain),
        ("entrustment_alert", alert),
        ("entrustment_supervised", ordered.done),
    ):
        making.log.add(node, case, day, subject=matters.key)


def _judge_handled(making: Making, matters: Matters, done: Course) -> None:
    """Handled within the days set, and answered at all by the time the case is over."""
    state = truth.deadline(
        making.last, matters.sent, _due(making, matters), done.handled, done.returned
    )
    state = truth.unknown_where(state, matters.doubtful)
    concerned = ~matters.urgent | ~matters.known
    state = np.where(concerned, in_force(state, matters.sent), truth.NOT_APPLICABLE)
    making.ledger.enter("entrustment.handled", matters.case, state.astype(np.int8))
    grace = calibration.limit("entrustment.answered")
    judged = due_day(making.world, making.closed.day[matters.case], grace)
    state = truth.presence(making.last, matters.sent, done.answered, judged)
    freed = (done.returned <= making.last) & (state != truth.MET)
    state = np.where(freed, truth.DISCHARGED, state).astype(np.int8)
    making.ledger.enter("entrustment.answered", matters.case, state)


def _alert(making: Making, matters: Matters, signed: Acts, done: Course) -> Days:
    """The day the platform first warns: the day after a limit passed with the act undone."""
    confirm = due_day(making.world, done.answered, calibration.limit("entrustment.confirmed"))
    handling = np.where(matters.urgent | matters.doubtful, FAR, _due(making, matters))
    first = never(len(matters.case))
    for due, act in (
        (signed.due, signed.done),
        (handling, np.minimum(done.handled, done.returned)),
        (confirm, done.confirmed),
    ):
        first = np.where(act > due, np.minimum(first, due + 1), first)
    return bounded(first.astype(np.int32))


def _judge_returns(making: Making, matters: Matters, done: Course) -> None:
    """No return without having asked."""
    asked = done.asked <= done.returned
    none = np.zeros(len(asked), np.bool_)
    condition(making, "entrustment.return_asked", matters.case, done.returned, asked, none)


def afterwards(making: Making, matters: Matters, done: Course) -> dict[str, pa.Array]:
    """Columns of what follows: papers with the answer, reasons, complaints, ratings."""
    n, case = len(matters.case), matters.case
    rng = making.world.rng("entrustment complaints")
    upset = one_in(rng, n, calibration.number("entrustment_complaints"))
    day = np.where(upset, after(matters.sent, spread(rng, 25, 60, n)), FAR).astype(np.int32)
    rated = (done.confirmed <= making.last) & one_in(rng, n, 0.8)
    rating = choose(rng, calibration.shares("entrustment_ratings"), n)
    return {
        **_papers(making, matters, done),
        "return_reason": _reasons(
            making, "entrustment.return_explained", REASONS, case, done.returned
        ),
        "complained": columns.days(day, making.last),
        "complaint_reason": _reasons(
            making, "entrustment.complaint_reasoned", COMPLAINTS, case, day
        ),
        "rating": columns.codes(RATINGS, np.where(rated, rating, -1)),
    }


def _papers(making: Making, matters: Matters, done: Course) -> dict[str, pa.Array]:
    """The returns that go with an answer."""
    duty, answered = "entrustment.returns", done.answered <= making.last
    flags = drawn_flags(making, duty, matters.case, ("returns_attached",), answered)
    good, unknown = together(flags)
    condition(making, duty, matters.case, done.answered, good, unknown)
    return as_columns(flags)


def _reasons(
    making: Making, duty: str, words: tuple[str, ...], case: Ints, start: Days
) -> pa.Array:
    """A reason that has to be given from `start` on, and whether it is."""
    given = making.plan(duty, case) != NEVER
    condition(making, duty, case, start, given, np.zeros(len(case), np.bool_))
    which = spread(making.world.rng(f"words {duty}"), 0, len(words) - 1, len(case))
    return columns.codes(words, np.where(given & (start <= making.last), which, -1))
