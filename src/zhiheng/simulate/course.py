"""The course of a case that enforces: notice, order to report, queries, what parties are told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.simulate import calibration, truth
from zhiheng.simulate.making import Making, after, up_to
from zhiheng.simulate.timing import due_day
from zhiheng.simulate.world import FAR, KEPT, LATE, NEVER, Codes, Days, Ints, one_in, spread


@dataclass(frozen=True, eq=False)
class Course:
    """Days of the main steps of each case, FAR where there are none."""

    notice: Days
    order: Days
    inquiry: Days


def run_course(making: Making) -> Course:
    """Draw the steps of all cases that enforce, enter their nodes and duties."""
    notice = _notices(making)
    course = Course(notice, _orders(making, notice), _inquiries(making))
    _enter_steps(making, course)
    _tell_parties(making, course)
    _routine(making, course)
    return course


def fitted_to_closure(making: Making, duty: str, case: Ints, day: Days, rng_name: str) -> Days:
    """A step of a provisionally closed case moved to before, after or never, as drawn for `duty`;
    a step of any other case happens only while that is open."""
    rng = making.world.rng(rng_name)
    closed, n = making.closed.day[case], len(case)
    provisional = making.closed.provisional[case] < FAR
    plan = making.plan(duty, case)
    # Drawn on the day of closing now and then: that still serves.
    before = np.where(one_in(rng, n, 0.05), closed, closed - spread(rng, 1, 4, n))
    kept = np.where(day <= closed, day, np.maximum(before, making.cases.filed[case]))
    late = after(closed, np.where(one_in(rng, n, 0.3), 1, spread(rng, 1, 30, n)).astype(np.int32))
    fitted = np.where(plan == KEPT, kept, np.where(plan == LATE, late, FAR))
    return np.where(provisional, fitted, up_to(day, closed)).astype(np.int32)


def _enforcing(making: Making) -> Ints:
    return np.flatnonzero(making.cases.enforcing)


def _scattered(making: Making, case: Ints, day: Days) -> Days:
    """Days of some cases as days of all, FAR for the others."""
    whole = np.full(len(making.cases), FAR, np.int32)
    whole[case] = day
    return whole


def _notices(making: Making) -> Days:
    case = _enforcing(making)
    rng = making.world.rng("notices")
    n = len(case)
    day = making.world.day_of_work(making.cases.filed[case] + spread(rng, 0, 8, n))
    day = np.where(one_in(rng, n, 0.02), FAR, day).astype(np.int32)
    day = fitted_to_closure(making, "closure.notice_issued", case, day, "notices fitted")
    return _scattered(making, case, day)


def _orders(making: Making, notice: Days) -> Days:
    case = _enforcing(making)
    rng = making.world.rng("orders")
    start = notice[case]
    drawn = making.acts("property.report_order", case, start)
    # Some orders go out without a notice on record: whether in time cannot be told.
    alone = (start >= FAR) & one_in(rng, len(case), 0.5)
    filed = making.cases.filed[case]
    done = np.where(alone, filed + 2, drawn.done).astype(np.int32)
    closed = making.closed.provisional[case]
    done = np.where(closed < FAR, done, up_to(done, making.closed.day[case]))
    state = truth.deadline(making.last, start, drawn.due, done, making.closed.ended_otherwise[case])
    money = making.cases.money[case]
    making.ledger.enter("property.report_order", case[money], state[money])
    return _scattered(making, case, done)


def _inquiries(making: Making) -> Days:
    case = _enforcing(making)
    rng = making.world.rng("inquiries")
    filed, money = making.cases.filed[case], making.cases.money[case]
    drawn = making.acts("inquiry.network", case, filed)
    rare = ~money & ~one_in(rng, len(case), calibration.number("has_inquiry_without_money_claim"))
    done = np.where(rare, FAR, drawn.done).astype(np.int32)
    done = fitted_to_closure(making, "closure.inquiry", case, done, "inquiries fitted")
    state = truth.deadline(making.last, filed, drawn.due, done, making.closed.day[case])
    making.ledger.enter("inquiry.network", case[money], state[money])
    return _scattered(making, case, done)


def _enter_steps(making: Making, course: Course) -> None:
    everyone = np.arange(len(making.cases))
    log = making.log
    log.add("enforcement_notice", everyone, course.notice)
    log.add("asset_report_order", everyone, course.order)
    log.add("network_inquiry", everyone, course.inquiry)
    closed = making.closed.provisional
    for duty, day in (
        ("closure.notice_issued", course.notice),
        ("closure.report_order_issued", course.order),
        ("closure.inquiry", course.inquiry),
    ):
        state = truth.before_closure(making.last, closed, day)
        making.ledger.enter(duty, everyone, state)
    three = due_day(making.world, making.cases.filed, calibration.limit("closure.three_months"))
    early = np.where(closed <= three, truth.LATE, truth.MET)
    state = np.where(closed <= making.last, early, truth.NOT_APPLICABLE).astype(np.int8)
    making.ledger.enter("closure.three_months", everyone, state)


def _tell_parties(making: Making, course: Course) -> None:
    """The duties to tell the parties of filing, query and closing."""
    case = _enforcing(making)
    closed = making.closed.day[case]
    grace = due_day(making.world, closed, calibration.limit("notice.closing"))
    for duty, node, start, judged in (
        ("notice.filing", "notified_filing", making.cases.filed[case], closed),
        ("notice.inquiry", "notified_inquiry", course.inquiry[case], closed),
        ("notice.closing", "notified_closing", closed, grace),
    ):
        told = told_after(making, duty, case, start)
        making.log.add(node, case, told)
        state = truth.presence(making.last, start, told, judged)
        making.ledger.enter(duty, case, state)
    making.ledger.close("notice.nodes", making.cases.enforcing)


def told_after(making: Making, duty: str, case: Ints, start: Days) -> Days:
    """A day soon after `start` on which parties are told of it; FAR where they never are."""
    rng = making.world.rng(f"told {duty}")
    day = after(start, (rng.geometric(0.25, len(case)) - 1).astype(np.int32))
    return np.where(making.plan(duty, case) == NEVER, FAR, day).astype(np.int32)


def _routine(making: Making, course: Course) -> None:
    """Nodes of everyday work, most of which no duty hangs on."""
    everyone = np.arange(len(making.cases))
    rng = making.world.rng("routine")
    n = len(everyone)
    closed, log = making.closed.day, making.log
    rest = np.flatnonzero(~making.cases.enforcing)
    assigned = up_to(making.cases.filed + spread(rng, 0, 3, n), closed)
    log.add("assigned", rest, assigned[rest])
    received = _some(rng, after(course.order, spread(rng, 2, 12, n)), "asset_report_received")
    log.add("asset_report_received", everyone, up_to(received, closed))
    checked = up_to(after(received, spread(rng, 1, 20, n)), closed)
    log.add("asset_report_checked", everyone, checked)
    field = up_to(_some(rng, after(course.inquiry, spread(rng, 3, 30, n)), "field_inquiry"), closed)
    field = fitted_to_closure(making, "closure.field_inquiry", everyone, field, "field fitted")
    state = truth.before_closure(making.last, making.closed.provisional, field)
    making.ledger.enter("closure.field_inquiry", everyone, state)
    log.add("field_inquiry", everyone, field)
    log.add("field_inquiry_done", everyone, up_to(after(field, spread(rng, 1, 15, n)), closed))
    with_property = making.closed.provisional >= FAR
    track = up_to(after(course.inquiry, spread(rng, 5, 30, n)), closed)
    for node, rows in (("property_track", with_property), ("no_property_track", ~with_property)):
        log.add(node, everyone[rows], track[rows])
    _repeated(making, course, rng)
    archived = _some(rng, after(closed, spread(rng, 10, 70, n)), "archived")
    log.add("archived", rest, archived[rest])


def _repeated(making: Making, course: Course, rng: np.random.Generator) -> None:
    """Further queries while the case is open."""
    day, n = course.inquiry, len(making.cases)
    times = rng.poisson(calibration.number("repeated_inquiries"), n)
    for nth in range(int(times.max(initial=0))):
        day = up_to(after(day, spread(rng, 6, 30, n)), making.closed.day)
        day = np.where(times > nth, day, FAR).astype(np.int32)
        making.log.add("inquiry_repeated", np.arange(n), day)


def _some(rng: np.random.Generator, day: Days, parameter: str) -> Days:
    """The days of a share of the cases, FAR for the rest."""
    kept: Codes = one_in(rng, len(day), calibration.number(parameter)).astype(np.int8)
    return np.where(kept, day, FAR).astype(np.int32)
