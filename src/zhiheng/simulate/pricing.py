"""The reference price of property: agreed, inquired or appraised; reports and objections."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.simulate import calibration, truth
from zhiheng.simulate.calibration import Limit, parameters
from zhiheng.simulate.closing import INTERVALS
from zhiheng.simulate.found import Assets
from zhiheng.simulate.in_force import begun_under, enter
from zhiheng.simulate.making import Making, after, up_to
from zhiheng.simulate.world import FAR, Days, Ints, bounded, one_in, spread

SUSPENDS = ("stay", "suspension")
"""Periods whose days an appraiser is not charged with."""


@dataclass(frozen=True, eq=False)
class Price:
    """When an appraisal was started (FAR: none) and was due, and when the price was fixed."""

    appraised: Days
    due: Days
    fixed: Days


def set_price(making: Making, assets: Assets, controlled: Days, ready: Days) -> Price:
    """Start, report, send, object: everything up to the reference price."""
    rng = making.world.rng("pricing")
    n = len(ready)
    skipped = one_in(rng, n, calibration.number("appraisal_skipped"))
    drawn = making.acts("appraisal.started", assets.case, ready)
    appraised = up_to(np.where(skipped, FAR, drawn.done).astype(np.int32), assets.closed)
    making.log.add("appraisal_started", assets.case, appraised, subject=assets.key)
    _start(making, assets, controlled, ready, appraised)
    served = _serve(making, assets, _report(making, assets, appraised))
    _object(making, assets, served)
    plain = np.where(skipped, ready, FAR).astype(np.int32)
    other = _without_appraisal(making, assets, plain)
    fixed = np.where(skipped, other, after(served, spread(rng, 6, 16, n))).astype(np.int32)
    fixed = up_to(fixed, assets.closed - 1)
    making.log.add("price_fixed", assets.case, fixed, subject=assets.key)
    return Price(appraised, drawn.due, fixed)


def _start(making: Making, assets: Assets, controlled: Days, ready: Days, appraised: Days) -> None:
    """The procedure that sets the price; the duty counts for property that comes to be ready."""
    drawn = making.acts("price.started", assets.case, controlled)
    begun = up_to(np.where(ready < FAR, drawn.done, FAR).astype(np.int32), assets.closed)
    making.log.add("price_started", assets.case, begun, subject=assets.key)
    stop = np.minimum(begun, appraised)
    state = truth.deadline(making.last, controlled, drawn.due, stop, assets.frees)
    state = np.where(ready <= making.last, state, truth.NOT_APPLICABLE).astype(np.int8)
    enter(making, "price.started", assets.case, controlled, state)


def _without_appraisal(making: Making, assets: Assets, ready: Days) -> Days:
    """Prices agreed by the parties, or inquired and the report sent; the day they stand."""
    rng = making.world.rng("price without appraisal")
    n = len(ready)
    inquired = one_in(rng, n, calibration.number("price_inquired"))
    received = np.where(inquired, after(ready, spread(rng, 2, 12, n)), FAR).astype(np.int32)
    received = up_to(received, assets.closed - 1)
    drawn = making.acts("price.report_served", assets.case, received)
    served = up_to(drawn.done, assets.closed)
    making.log.add("price_report_received", assets.case, received, subject=assets.key)
    making.log.add("price_report_served", assets.case, served, subject=assets.key)
    state = truth.deadline(making.last, received, drawn.due, served, assets.frees)
    enter(making, "price.report_served", assets.case, received, state)
    agreed, told = after(ready, spread(rng, 1, 8, n)), after(served, spread(rng, 6, 9, n))
    return np.where(inquired, told, agreed).astype(np.int32)


def _report(making: Making, assets: Assets, started: Days) -> Days:
    """The report comes, sometimes after the appraiser was given more time; the day it came."""
    rng = making.world.rng("appraisal reports")
    case, n = assets.case, len(started)
    drawn = making.acts("appraisal.report_issued", case, started)
    received = up_to(drawn.done, assets.closed - 1)
    first = _more_time(rng, assets, received, after(started, spread(rng, 20, 25, n)))
    again = _more_time(rng, assets, received, after(first, spread(rng, 14, 18, n)))
    gone = (received >= FAR) & one_in(rng, n, calibration.number("appraisal_withdrawn"))
    withdrawn = np.where(gone, after(started, spread(rng, 8, 40, n)), FAR).astype(np.int32)
    withdrawn = up_to(withdrawn, assets.closed)
    for node, day in (
        ("appraisal_received", received),
        ("appraisal_extended", first),
        ("appraisal_extended_again", again),
        ("appraisal_withdrawn", withdrawn),
    ):
        making.log.add(node, case, day, subject=assets.key)
    due = _report_due(making, case, started, first, again)
    freed = np.minimum(assets.frees, withdrawn)
    state = truth.deadline(making.last, started, due, received, freed)
    enter(making, "appraisal.report_issued", case, started, state)
    return received


def _more_time(rng: np.random.Generator, assets: Assets, received: Days, asked: Days) -> Days:
    """The day on which an appraiser who has not reported by then is given more time."""
    share = calibration.number("appraisal_extended")
    granted = (received > asked) & one_in(rng, len(asked), share)
    return up_to(np.where(granted, asked, FAR).astype(np.int32), assets.closed)


def _report_due(making: Making, case: Ints, started: Days, first: Days, again: Days) -> Days:
    """The appraiser's last day: longer where more time was granted, and not counting the days
    the case stood."""
    once, twice = parameters()["appraisal_extension_limits"].value
    ends = [
        _standing(making, case, started, limit)
        for limit in (calibration.limit("appraisal.report_issued"), Limit(once), Limit(twice))
    ]
    longer = np.where(first <= making.last, ends[1], ends[0])
    return np.where(again <= making.last, ends[2], longer).astype(np.int32)


def _standing(making: Making, case: Ints, start: Days, limit: Limit) -> Days:
    """The last day of a limit in days, moved by a stay or suspension; FAR while that lasts."""
    periods = making.closed.periods
    kinds = [INTERVALS.index(name) for name in SUSPENDS]
    base = np.minimum(start + (limit.days or 0), FAR)
    begins, ends = np.maximum(periods.begins[case], start + 1), periods.ends[case]
    hit = np.isin(periods.kind[case], kinds) & (begins <= base) & (start < FAR)
    hit &= periods.begins[case] <= making.last
    over = hit & (ends <= making.last)
    moved = base + np.where(over, np.maximum(ends - begins + 1, 0), 0)
    due = making.world.calendar.roll_forward(bounded(moved.astype(np.int32)))
    return np.where((hit & ~over) | (start >= FAR), FAR, due).astype(np.int32)


def _serve(making: Making, assets: Assets, received: Days) -> Days:
    """The report is sent to the parties, by the limit in force when it came; the day it was."""
    case = assets.case
    index = making.acts("appraisal.served", case, received)
    statutory = making.acts("appraisal.served_statutory", case, received)
    strict = begun_under("appraisal.served_statutory", received)
    served = np.where(strict, statutory.done, index.done).astype(np.int32)
    served = up_to(served, assets.closed)
    making.log.add("appraisal_served", case, served, subject=assets.key)
    state = truth.deadline(making.last, received, index.due, served, assets.frees)
    making.ledger.enter("appraisal.served", case, state)
    state = truth.deadline(making.last, received, statutory.due, served, assets.frees)
    enter(making, "appraisal.served_statutory", case, received, state)
    return served


def _object(making: Making, assets: Assets, served: Days) -> None:
    """Some parties object, a few too late; what concerns data or comes late is only reviewed."""
    rng = making.world.rng("appraisal objections")
    case, n = assets.case, len(served)
    drawn = making.acts("appraisal.objection_in_time", case, served)
    objects = one_in(rng, n, calibration.number("appraisal_objected"))
    raised = up_to(np.where(objects, drawn.done, FAR).astype(np.int32), assets.closed)
    state = truth.deadline(making.last, served, drawn.due, raised)
    state = np.where(raised <= making.last, state, truth.NOT_APPLICABLE).astype(np.int8)
    enter(making, "appraisal.objection_in_time", case, served, state)
    reviewed = (raised > drawn.due) | one_in(rng, n, calibration.number("objection_reviewed"))
    decided = np.where(reviewed, after(raised, spread(rng, 0, 6, n)), FAR).astype(np.int32)
    decided = up_to(decided, assets.closed)
    making.log.add("appraisal_objection", case, raised, subject=assets.key)
    making.log.add("appraisal_objection_reviewed", case, decided, subject=assets.key)
    answer = making.acts("appraisal.objection_passed", case, raised)
    passed = up_to(np.where(reviewed, FAR, answer.done).astype(np.int32), assets.closed)
    making.log.add("appraisal_objection_passed", case, passed, subject=assets.key)
    freed = np.minimum(assets.frees, decided)
    state = truth.deadline(making.last, raised, answer.due, passed, freed)
    enter(making, "appraisal.objection_passed", case, raised, state)
    _explain(making, assets, passed)


def _explain(making: Making, assets: Assets, passed: Days) -> None:
    """The appraiser explains, or else the association is asked."""
    rng = making.world.rng("appraisers explain")
    n = len(passed)
    drawn = making.acts("appraisal.explained", assets.case, passed)
    explained = up_to(drawn.done, assets.closed)
    asked = (explained >= FAR) & one_in(rng, n, calibration.number("expert_review"))
    ordered = np.where(asked, after(passed, spread(rng, 6, 12, n)), FAR).astype(np.int32)
    ordered = up_to(ordered, assets.closed)
    making.log.add("appraisal_explained", assets.case, explained, subject=assets.key)
    making.log.add("expert_review_ordered", assets.case, ordered, subject=assets.key)
    freed = np.minimum(assets.frees, ordered)
    state = truth.deadline(making.last, passed, drawn.due, explained, freed)
    enter(making, "appraisal.explained", assets.case, passed, state)
