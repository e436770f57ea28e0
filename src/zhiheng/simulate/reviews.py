"""Objections and reconsiderations: received, filed, told of, ruled on."""

from __future__ import annotations

import numpy as np

from zhiheng.simulate import calibration, truth
from zhiheng.simulate.making import Making, up_to
from zhiheng.simulate.opening import days_before, judged
from zhiheng.simulate.timing import due_day
from zhiheng.simulate.world import FAR, Days, Ints, one_in, spread

RULED_ON = ("upheld", "revoked", "changed", "dismissed")
"""Ways a review closes with a decision."""


def review(making: Making) -> None:
    """Draw the steps of every objection and reconsideration; enter nodes and duties."""
    objections = np.flatnonzero(making.cases.of_kind("objection"))
    received = _received(making, objections)
    _tell(making, objections)
    _rule(making, "objection.reviewed", objections, received)
    above = np.flatnonzero(making.cases.of_kind("reconsideration"))
    rng = making.world.rng("reconsiderations received")
    received = (making.cases.filed[above] - spread(rng, 0, 6, len(above))).astype(np.int32)
    making.log.add("application_received", above, received)
    _rule(making, "reconsideration.decided", above, received)


def _received(making: Making, case: Ints) -> Days:
    """The day each objection came in, where it is on record."""
    rng = making.world.rng("objections received")
    filed = making.cases.filed[case]
    received = filed - days_before(making, "objection.filed", case)
    known = one_in(rng, len(case), calibration.number("application_recorded"))
    received = np.where(known, received, FAR).astype(np.int32)
    making.log.add("application_received", case, received)
    due = due_day(making.world, received, calibration.limit("objection.filed"))
    state = truth.deadline(making.last, received, due, filed)
    state = np.where(known, state, truth.NOT_APPLICABLE).astype(np.int8)
    making.ledger.enter("objection.filed", case, state)
    return received


def _withdrawn(making: Making, case: Ints) -> Days:
    """The day a review was withdrawn; FAR where it was not."""
    withdrawn = making.closed.as_kind("withdrawn")[case]
    return np.where(withdrawn, making.closed.day[case], FAR).astype(np.int32)


def _tell(making: Making, case: Ints) -> None:
    filed, closed = making.cases.filed[case], making.closed.day[case]
    told = up_to(making.acts("objection.notified", case, filed).done, closed)
    making.log.add("notified_filing", case, told)
    judged(making, "objection.notified", case, filed, told, _withdrawn(making, case))


def _rule(making: Making, duty: str, case: Ints, received: Days) -> None:
    """The ruling, mostly on record; else the day of closing tells when it was made."""
    rng, n = making.world.rng(f"ruled {duty}"), len(case)
    closed = making.closed.day[case]
    decided = making.closed.as_kind(*RULED_ON)[case] & (closed < FAR)
    start = np.where(received < FAR, received, making.cases.filed[case]).astype(np.int32)
    known = decided & one_in(rng, n, calibration.number("review_ruling_recorded"))
    ruled = np.maximum(making.acts(duty, case, start).done, making.cases.filed[case])
    ruled = up_to(ruled.astype(np.int32), closed)
    ruled = np.where(known, ruled, FAR).astype(np.int32)
    making.log.add("review_ruled", case, ruled)
    stop = np.minimum(ruled, np.where(decided, closed, FAR)).astype(np.int32)
    judged(making, duty, case, received, stop, _withdrawn(making, case))
