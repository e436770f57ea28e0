"""After a provisional closure: queries, what the applicant is told, resumption, the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from zhiheng.simulate import calibration, truth
from zhiheng.simulate.calibration import Limit
from zhiheng.simulate.making import Making, after
from zhiheng.simulate.timing import due_day
from zhiheng.simulate.world import FAR, NEVER, Codes, Days, Ints, Mask, one_in, spread

SIX_MONTHS, QUARTER = "closure.follow_up", "practice.follow_up_quarterly"


@dataclass(frozen=True, eq=False)
class Resumptions:
    """For each resumed case its earlier case (a position, -1 where that lies outside), and for
    each case the day it was resumed (FAR where it was not)."""

    earlier: Ints
    resumed_on: Days


def resume(making: Making) -> Resumptions:
    """Link resumed cases to earlier ones of their court, in order of filing and of closing."""
    cases = making.cases
    resumed = np.flatnonzero(cases.of_kind("resumed") & (cases.filed > making.world.first + 200))
    ended = np.flatnonzero(making.closed.provisional <= making.last)
    resumed = resumed[np.lexsort((cases.filed[resumed], cases.court[resumed]))]
    ended = ended[np.lexsort((making.closed.day[ended], cases.court[ended]))]
    court = cases.court[resumed]
    first = np.searchsorted(cases.court[ended], np.arange(len(making.world.courts) + 1))
    own_first = np.searchsorted(court, court)
    nth = np.arange(len(resumed)) - own_first
    available = nth < (first[1:] - first[:-1])[court]
    at = np.where(available, first[court] + nth, 0)
    partner = ended[at] if len(ended) else np.zeros(len(resumed), np.int64)
    fits = available & (making.closed.day[partner] + 5 < cases.filed[resumed])
    fits &= partner != resumed
    earlier = np.full(len(cases), -1, np.int64)
    earlier[resumed[fits]] = partner[fits]
    on = np.full(len(cases), FAR, np.int32)
    on[partner[fits]] = cases.filed[resumed[fits]]
    linked = np.flatnonzero(on < FAR)
    found = np.full(len(cases), FAR, np.int32)
    found[linked] = on[linked] - 3
    _resumed_without_a_case(making, ended, found, on)
    _enter_resumptions(making, ended, found, on)
    return Resumptions(earlier, on)


def _resumed_without_a_case(making: Making, ended: Ints, found: Days, on: Days) -> None:
    """Property found in further closed cases: most are resumed under their own number, some are
    left. Fills in `found` and `on`."""
    rng = making.world.rng("found after closure")
    n = len(ended)
    here = one_in(rng, n, calibration.number("found_after_closure")) & (on[ended] >= FAR)
    day = making.closed.day[ended] + spread(rng, 20, 300, n)
    resumed = after(day, spread(rng, 1, 60, n))
    resumed = np.where(making.plan("closure.resumed", ended) == NEVER, FAR, resumed)
    found[ended[here]], on[ended[here]] = day[here], resumed[here]


def _enter_resumptions(making: Making, ended: Ints, found: Days, on: Days) -> None:
    making.log.add("property_found_later", ended, found[ended])
    making.log.add("resumption", ended, on[ended])
    judged = due_day(making.world, found[ended], calibration.limit("closure.resumed"))
    state = truth.presence(making.last, found[ended], on[ended], judged)
    making.ledger.enter("closure.resumed", ended, state)


def follow_up(making: Making, resumptions: Resumptions) -> None:
    """The queries of every six months until enforcement is resumed, the further ones of courts
    that query every three, and what the applicant is told of them."""
    case = np.flatnonzero(making.closed.provisional <= making.last)
    closed, on = making.closed.provisional[case], resumptions.resumed_on[case]
    rng, extra = making.world.rng("follow up"), making.world.rng("follow up further")
    n = len(case)
    stops_at = np.where(one_in(rng, n, 0.6), 1, 2)
    stops_at = np.where(making.plan(SIX_MONTHS, case) == NEVER, stops_at, FAR)
    often = making.plan(QUARTER, case) != NEVER
    telling = making.plan("closure.result_told", case) != NEVER
    halves, told, quarters = (_Windows(n) for _ in range(3))
    between = iter(_ends(making, closed, QUARTER))
    for window, ends in enumerate(_ends(making, closed, SIX_MONTHS), start=1):
        made, middle = window < stops_at, next(between)
        early = np.where(one_in(rng, n, 0.1), 0, spread(rng, 1, 60, n))
        day = (ends - early).astype(np.int32)
        _happens(making, "follow_up_inquiry", case, day, made, on)
        answer = np.minimum(ends, day + spread(extra, 0, 5, n)).astype(np.int32)
        _happens(making, "follow_up_told", case, answer, made & telling, on)
        day = (middle - np.where(one_in(extra, n, 0.1), 0, spread(extra, 1, 40, n))).astype(
            np.int32
        )
        _happens(making, "follow_up_inquiry", case, day, made & often, on)
        for windows, end, done in (
            (halves, ends, made), (told, ends, made & telling),
            (quarters, middle, made & often), (quarters, next(between, None), made),
        ):  # fmt: skip
            if end is not None:
                windows.close(made=done, over=(end < on) & (end < making.last))
    for duty, windows in ((SIX_MONTHS, halves), ("closure.result_told", told), (QUARTER, quarters)):
        making.ledger.enter(duty, case, windows.states(on <= making.last))


class _Windows:
    """How many windows of each case are over, and whether one passed without the act."""

    def __init__(self, n: int) -> None:
        self.elapsed, self.missed = np.zeros(n, np.int64), np.zeros(n, np.bool_)

    def close(self, *, made: Mask, over: Mask) -> None:
        """Take in one window: whether the act was done in it, and whether it is over."""
        self.elapsed += over
        self.missed |= over & ~made

    def states(self, resumed: Mask) -> Codes:
        """The states of the cases; `resumed`: enforcement was resumed by the last day."""
        state = np.where(self.elapsed > 0, truth.MET, truth.NOT_DUE)
        state = np.where(self.missed, truth.OVERDUE, state)
        state = np.where((self.elapsed == 0) & resumed, truth.DISCHARGED, state)
        return state.astype(np.int8)


def _ends(making: Making, closed: Days, duty: str) -> Iterator[Days]:
    """The last days of the windows that begin by the last day of the simulation."""
    habit = calibration.duties().duties[duty]
    assert habit.limit is not None and habit.during is not None
    months, during = habit.limit.months or 0, habit.during.months or 0
    for window in range(1, during // months + 1):
        ends = due_day(making.world, closed, Limit(months=months * window))
        yield ends
        if int(ends.min(initial=FAR)) > making.last:
            return


def _happens(making: Making, node: str, case: Ints, day: Days, made: Mask, on: Days) -> None:
    """Enter an act where it is made, and before enforcement is resumed."""
    day = np.where(made & (day < on), day, FAR).astype(np.int32)
    making.log.add(node, case, day)


def after_closure(making: Making) -> None:
    """Parties changed or added, errors in the database corrected, entries taken out of view."""
    ended = np.flatnonzero(making.closed.provisional <= making.last)
    _change_debtors(making, ended)
    entered = making.log.first(("closure_registered",), len(making.cases))
    start = _some(making, "register_errors", ended, entered[ended], 5, 200)
    _then(making, "closure.register_corrected", ended, start,
          "register_error_confirmed", "register_corrected")  # fmt: skip
    start = _some(making, "closure_overtaken", ended, making.closed.day[ended], 40, 500)
    _then(making, "closure.register_shielded", ended, start,
          "closure_overtaken", "register_shielded")  # fmt: skip


def _some(making: Making, parameter: str, case: Ints, since: Days, least: int, most: int) -> Days:
    """A day so long after `since` for a share of the cases, FAR for the rest."""
    rng = making.world.rng(parameter)
    chosen = one_in(rng, len(case), calibration.number(parameter))
    day = after(since, spread(rng, least, most, len(case)))
    return np.where(chosen, day, FAR).astype(np.int32)


def _then(making: Making, duty: str, case: Ints, start: Days, first: str, then: str) -> None:
    """A duty that runs from one node to another."""
    acted = making.acts(duty, case, start)
    making.log.add(first, case, start)
    making.log.add(then, case, acted.done)
    state = truth.deadline(making.last, start, acted.due, acted.done)
    making.ledger.enter(duty, case, state)


def _change_debtors(making: Making, ended: Ints) -> None:
    duty = "closure.debtor_change_decided"
    asked = _some(making, "debtor_change_asked", ended, making.closed.day[ended], 12, 400)
    decided = after(asked, spread(making.world.rng("debtor change"), 5, 90, len(ended)))
    decided = np.where(making.plan(duty, ended) == NEVER, FAR, decided).astype(np.int32)
    making.log.add("debtor_change_asked", ended, asked)
    making.log.add("debtor_change_decided", ended, decided)
    judged = due_day(making.world, asked, calibration.limit(duty))
    making.ledger.enter(duty, ended, truth.presence(making.last, asked, decided, judged))
