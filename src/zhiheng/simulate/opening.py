"""From the application to the officer, the inquiry that follows, and the file put away."""

from __future__ import annotations

import numpy as np

from zhiheng.simulate import calibration, truth
from zhiheng.simulate.course import Course
from zhiheng.simulate.making import Making, up_to
from zhiheng.simulate.timing import due_day
from zhiheng.simulate.world import FAR, KEPT, Days, Ints, one_in, spread


def open_and_archive(making: Making, course: Course) -> None:
    """Draw the steps around the course of every case that enforces; enter nodes and duties."""
    case = np.flatnonzero(making.cases.enforcing)
    _apply(making, course, case[making.cases.of_kind("first")[case]])
    _receive(making, course, case)
    _inquire(making, case, _assign(making, case))
    _archive(making, case)


def judged(making: Making, duty: str, case: Ints, start: Days, stop: Days, ended: Days) -> None:
    """Enter a duty from `start` to `stop`, which something may have ended before."""
    due = due_day(making.world, start, calibration.limit(duty))
    counted = truth.still_counts(due, stop, ended)
    state = truth.deadline(making.last, start, due, counted, ended)
    making.ledger.enter(duty, case, state)


def days_before(making: Making, duty: str, case: Ints) -> Days:
    """How many days ago something began that is done now: within the limit where it is kept."""
    allowed, n = calibration.limit(duty).days or 0, len(case)
    rng = making.world.rng(f"before {duty}")
    kept = np.where(one_in(rng, n, 0.1), allowed, spread(rng, 0, allowed, n))
    late = allowed + np.where(one_in(rng, n, 0.25), 1, rng.geometric(0.2, n))
    return np.where(making.plan(duty, case) == KEPT, kept, late).astype(np.int32)


def _apply(making: Making, course: Course, case: Ints) -> None:
    """The day the application came in, where it is on record."""
    rng = making.world.rng("applied")
    filed = making.cases.filed[case]
    applied = filed - days_before(making, "case.filed_in_time", case)
    applied = _near_the_notice(making, case, filed, applied, course.notice[case])
    known = one_in(rng, len(case), calibration.number("application_recorded"))
    applied = np.where(known, applied, FAR).astype(np.int32)
    making.log.add("application_received", case, applied)
    due = due_day(making.world, applied, calibration.limit("case.filed_in_time"))
    state = truth.deadline(making.last, applied, due, filed)
    state = np.where(known, state, truth.NOT_APPLICABLE).astype(np.int8)
    making.ledger.enter("case.filed_in_time", case, state)
    ended = making.closed.day[case]
    notice = course.notice[case]
    judged(making, "enforcement_notice.after_application", case, applied, notice, ended)


def _near_the_notice(making: Making, case: Ints, filed: Days, applied: Days, notice: Days) -> Days:
    """Applications filed in time, moved so that most notices follow in time as well."""
    duty = "enforcement_notice.after_application"
    allowed = calibration.limit(duty).days or 0
    kept = making.plan(duty, case) == KEPT
    kept &= filed - applied <= (calibration.limit("case.filed_in_time").days or 0)
    nearer = np.maximum(applied, np.minimum(filed, notice - allowed))
    return np.where(kept, nearer, applied).astype(np.int32)


def _receive(making: Making, course: Course, case: Ints) -> None:
    """The officer's receipt of the file, told from the notice that follows it."""
    rng, n = making.world.rng("files received"), len(case)
    filed, notice = making.cases.filed[case], course.notice[case]
    ago = days_before(making, "enforcement_notice.after_file", case)
    received = np.maximum(filed, np.where(notice < FAR, notice - ago, filed + spread(rng, 0, 5, n)))
    received = up_to(received, making.closed.day[case])
    known = one_in(rng, n, calibration.number("file_receipt_recorded"))
    received = np.where(known, received, FAR).astype(np.int32)
    making.log.add("file_received", case, received)
    ended = making.closed.day[case]
    judged(making, "enforcement_notice.after_file", case, received, notice, ended)
    money = making.cases.money[case]
    judged(
        making,
        "inquiry.network_practice",
        case[money],
        received[money],
        course.inquiry[case][money],
        ended[money],
    )


def _assign(making: Making, case: Ints) -> Days:
    """The day the officer of each case is determined."""
    filed, closed = making.cases.filed[case], making.closed.day[case]
    assigned = up_to(making.acts("case.assigned_in_time", case, filed).done, closed)
    making.log.add("assigned", case, assigned)
    judged(making, "case.assigned_in_time", case, filed, assigned, closed)
    return assigned


def _inquire(making: Making, case: Ints, assigned: Days) -> None:
    """The day the inquiry into all property is finished, while the case is open."""
    closed = making.closed.day[case]
    finished = up_to(making.acts("inquiry.finished", case, assigned).done, closed)
    making.log.add("inquiry_finished", case, finished)
    money = making.cases.money[case]
    judged(making, "inquiry.finished", case[money], assigned[money], finished[money], closed[money])


def _archive(making: Making, case: Ints) -> None:
    """The closing reported, mostly, and the file archived after it."""
    rng, n = making.world.rng("reported and archived"), len(case)
    closed = making.closed.day[case]
    told = np.maximum(closed - spread(rng, 0, 3, n), making.cases.filed[case])
    known = one_in(rng, n, calibration.number("closing_report_recorded"))
    told = np.where(known & (closed < FAR), told, FAR).astype(np.int32)
    making.log.add("closing_reported", case, told)
    start = np.minimum(told, closed)
    archived = making.acts("file.archived", case, start).done
    archived = np.maximum(archived, closed)
    making.log.add("archived", case, archived)
    judged(making, "file.archived", case, start, archived, np.full(n, FAR, np.int32))
