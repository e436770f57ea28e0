"""Preservations: applied for, ruled on, begun, carried out, closed."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from zhiheng.simulate import calibration, truth
from zhiheng.simulate.cases import CLOSINGS
from zhiheng.simulate.closing import Closed
from zhiheng.simulate.making import Making, after
from zhiheng.simulate.timing import due_day
from zhiheng.simulate.world import FAR, KEPT, Days, Ints, Mask, Small, choose, one_in, spread

WITHDRAWN_FIRST = 0.03
"""Share of preservations withdrawn before they are carried out (assumption)."""
DAY_LONG = 24 * 60
"""Minutes."""


@dataclass(frozen=True, eq=False)
class Ruled:
    """The rulings of all preservations: which were urgent, the day of each."""

    case: Ints
    urgent: Mask
    day: Days


def preserve(making: Making) -> Closed:
    """Draw the course of every preservation; the ends of all cases, these now among them."""
    world, closed = making.world, making.closed
    case = np.flatnonzero(making.cases.of_kind("preservation"))
    rng = world.rng("preservation")
    n = len(case)
    usual = world.day_of_work(making.cases.filed[case] + spread(rng, 0, 2, n))
    ruled = _rulings(making, case, usual)
    drawn = making.acts("preservation.executed", case, ruled.day)
    withdrawn = one_in(rng, n, WITHDRAWN_FIRST)
    executed = np.where(withdrawn, FAR, drawn.done).astype(np.int32)
    ended = np.where(withdrawn, after(ruled.day, spread(rng, 1, 8, n)), FAR).astype(np.int32)
    state = truth.deadline(making.last, ruled.day, drawn.due, executed, ended)
    making.ledger.enter("preservation.executed", case, state)
    making.log.add("preservation_executed", case, executed)
    _begin(making, ruled, executed, ended)
    finished = world.day_of_work(after(executed, spread(rng, 1, 10, n)))
    kinds = calibration.shares("preservation_closing_kinds")
    position = np.array([CLOSINGS.index(name) for name in kinds], np.int8)
    kind, day = closed.kind.copy(), closed.day.copy()
    done = position[choose(rng, kinds, n)]
    kind[case] = np.where(withdrawn, CLOSINGS.index("withdrawn"), done)
    day[case] = np.where(withdrawn, ended, finished)
    return dataclasses.replace(closed, kind=kind, day=day)


def urgent_cases(making: Making) -> Mask:
    """Which preservations are urgent; no other case is."""
    drawn = one_in(
        making.world.rng("urgent"), len(making.cases), calibration.number("preservation_urgent")
    )
    return np.asarray(drawn & making.cases.of_kind("preservation"))


def _rulings(making: Making, case: Ints, usual: Days) -> Ruled:
    """Applications and the rulings on them; `usual` is the day of a ruling that is not urgent."""
    urgent = urgent_cases(making)[case]
    quick = _urgent(making, case[urgent])
    _usual(making, case[~urgent], usual[~urgent])
    day = usual.copy()
    day[urgent] = quick
    return Ruled(case, urgent, day)


def _usual(making: Making, case: Ints, ruled: Days) -> None:
    """Applications ruled on within days; some only once security was given."""
    rng, n = making.world.rng("preservation applied"), len(case)
    secured = one_in(rng, n, calibration.number("preservation_security"))
    given = ruled - _before(making, "preservation.ruled_after_security", case, rng)
    ordered = given - spread(rng, 1, 6, n)
    waited = spread(rng, 0, 7, n)
    applied = np.minimum(
        making.cases.filed[case],
        np.where(
            secured, ordered - waited, ruled - _before(making, "preservation.ruled", case, rng)
        ),
    ).astype(np.int32)
    given = np.where(secured, given, FAR).astype(np.int32)
    ordered = np.where(secured, ordered, FAR).astype(np.int32)
    log = making.log
    log.add("application_received", case, applied)
    log.add("security_ordered", case, ordered)
    log.add("security_given", case, given)
    log.add("preservation_ruled", case, ruled)
    for duty, start, ended in (
        ("preservation.ruled", applied, ordered),
        ("preservation.ruled_after_security", given, np.full(n, FAR, np.int32)),
    ):
        due = due_day(making.world, start, calibration.limit(duty))
        stop = truth.still_counts(due, ruled, ended)
        state = truth.deadline(making.last, start, due, stop, ended)
        # Without security nothing asks for a ruling after it.
        state = np.where(start < FAR, state, truth.NOT_APPLICABLE).astype(np.int8)
        making.ledger.enter(duty, case, state)


def _before(making: Making, duty: str, case: Ints, rng: np.random.Generator) -> Days:
    """How many days before the ruling its time began: within the limit where it is kept."""
    allowed, n = calibration.limit(duty).days or 0, len(case)
    kept = np.where(one_in(rng, n, 0.15), allowed, spread(rng, 0, allowed, n))
    late = allowed + np.where(one_in(rng, n, 0.25), 1, rng.geometric(0.25, n))
    return np.where(making.plan(duty, case) == KEPT, kept, late).astype(np.int32)


def _urgent(making: Making, case: Ints) -> Days:
    """Urgent applications, ruled on within hours; the days of the rulings."""
    rng, n = making.world.rng("preservation urgent"), len(case)
    allowed = (calibration.limit("preservation.ruled_urgent").hours or 0) * DAY_LONG // 24
    began = rng.integers(8 * 60 + 30, 17 * 60 + 30, n)
    took = (rng.beta(1.2, 1.6, n) * allowed).astype(np.int64)
    took = np.where(one_in(rng, n, 0.15), allowed - rng.integers(0, 2, n), took)
    over = allowed + np.where(one_in(rng, n, 0.25), 1, rng.geometric(1 / 2000, n))
    took = np.where(making.plan("preservation.ruled_urgent", case) == KEPT, took, over)
    applied = making.cases.filed[case]
    ruled = (applied + (began + took) // DAY_LONG).astype(np.int32)
    at: Small = ((began + took) % DAY_LONG).astype(np.int16)
    making.log.add("application_received", case, applied, minute=began.astype(np.int16))
    making.log.add("preservation_ruled", case, ruled, minute=at)
    due = due_day(making.world, applied, calibration.limit("preservation.ruled_urgent"))
    state = truth.deadline(making.last, applied, due, ruled)
    acted = np.where(took <= allowed, truth.MET, truth.LATE)
    state = np.where(ruled <= making.last, acted, state).astype(np.int8)
    making.ledger.enter("preservation.ruled_urgent", case, state)
    return ruled


def _begin(making: Making, ruled: Ruled, executed: Days, ended: Days) -> None:
    """When each ruling began to be carried out: within days, or at once where it is urgent."""
    begun = np.full(len(ruled.case), FAR, np.int32)
    for duty, rows in (
        ("preservation.begun", np.flatnonzero(~ruled.urgent)),
        ("preservation.begun_urgent", np.flatnonzero(ruled.urgent)),
    ):
        case = ruled.case[rows]
        drawn = making.acts(duty, case, ruled.day[rows])
        begun[rows] = np.where(ended[rows] < FAR, FAR, drawn.done)
        first = np.minimum(begun[rows], executed[rows])
        state = truth.deadline(making.last, ruled.day[rows], drawn.due, first, ended[rows])
        making.ledger.enter(duty, case, state)
    # Only what is begun before it is finished has a day of its own.
    making.log.add("preservation_begun", ruled.case, np.where(begun < executed, begun, FAR))
