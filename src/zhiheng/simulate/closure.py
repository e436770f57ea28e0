"""Provisional closure (终本): what has to come before it, the talk, the database, what follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from zhiheng.simulate import calibration, columns, truth
from zhiheng.simulate.calibration import Limit
from zhiheng.simulate.course import fitted_to_closure
from zhiheng.simulate.making import Making, after
from zhiheng.simulate.timing import due_day
from zhiheng.simulate.world import (
    FAR,
    NEVER,
    Days,
    Ints,
    Mask,
    child_keys,
    one_in,
    spread,
)

LISTING_TABLE = 8


@dataclass(frozen=True, eq=False)
class Resumptions:
    """For each resumed case its earlier case (a position, -1 where that lies outside), and for
    each case the day it was resumed (FAR where it was not)."""

    earlier: Ints
    resumed_on: Days


def measures_against_debtors(making: Making) -> None:
    """Restrict, list, search for and sanction debtors; the table of listings."""
    parties = making.parties
    case = np.flatnonzero(parties.debtor & making.cases.enforcing[parties.case])
    case_of = parties.case[case]
    everyone = np.ones(len(case), np.bool_)
    minor = parties.flag("minor")[case]
    restricted = _measure(
        making, case, "closure.spending_restricted", "spending_restricted", everyone, everyone
    )
    ground = parties.flag("dishonest_ground")[case] & ~minor
    listed = _measure(
        making, case, "closure.dishonest_listed", "dishonest_listed", ground,
        ~minor & (ground | parties.unknown("dishonest_ground")[case]),
    )  # fmt: skip
    for duty, node, flag in (
        ("closure.searched_for", "searched_for", "whereabouts_unknown"),
        ("closure.sanctioned", "sanction", "obstructs"),
    ):
        concerned = parties.flag(flag)[case]
        _measure(making, case, duty, node, concerned, concerned | parties.unknown(flag)[case])
    making.tables["listings"] = _listings(making, case_of, parties.key[case], restricted, listed)


def _measure(making: Making, party: Ints, duty: str, node: str, wanted: Mask, judged: Mask) -> Days:
    """One measure against debtors where it is wanted; where `judged` but not wanted, whether it
    was due is not on record. Returns the day of the measure."""
    case = making.parties.case[party]
    rng = making.world.rng(f"measure {duty}")
    n = len(party)
    day = making.cases.filed[case] + spread(rng, 5, 90, n)
    habit = "dishonest_listed" if node == "dishonest_listed" else "spending_restricted"
    day = np.where(one_in(rng, n, calibration.number(habit)), day, FAR).astype(np.int32)
    day = fitted_to_closure(making, duty, case, day, f"fitted {duty}")
    day = np.where(wanted, day, FAR).astype(np.int32)
    making.log.add(node, case, day, subject=making.parties.key[party])
    state = truth.before_closure(making.last, making.closed.provisional[case], day)
    state = truth.unknown_where(state, judged & ~wanted)
    making.ledger.enter(duty, case[judged], state[judged])
    return day


def _listings(making: Making, case: Ints, party: Ints, restricted: Days, listed: Days) -> pa.Table:
    """Entries on both lists; those of satisfied cases are lifted soon after."""
    n = len(case)
    both_case, both_party = np.tile(case, 2), np.tile(party, 2)
    day = np.concatenate([restricted, listed])
    nth = np.repeat(np.array([0, 50]), n) + np.tile(party % 100, 2)
    kind = np.repeat(np.array([1, 0], np.int8), n)
    rng = making.world.rng("listings")
    frees = making.closed.frees[both_case]
    lifted = np.maximum(after(frees, spread(rng, 0, 5, 2 * n)), day)
    ends = np.where(kind == 0, day + 730, FAR)
    rows = np.flatnonzero(making.world.happened(day))
    rows = rows[np.lexsort((kind[rows], both_party[rows]))]
    key = child_keys(making.cases.key[both_case], LISTING_TABLE, nth)
    ground = columns.codes(("有履行能力而拒不履行", "违反财产报告制度"), both_party % 3 - 1)
    only_dishonest = pa.array(kind == 0)
    return columns.table(
        "listings",
        {
            "listing": columns.keys(key),
            "case": columns.keys(making.cases.key[both_case]),
            "party": columns.keys(both_party),
            "kind": columns.codes(("dishonest", "spending"), kind),
            "ground": pa.compute.if_else(only_dishonest, ground.cast(pa.string()), None),
            "listed": columns.days(day, making.last),
            "ends": columns.days(ends, FAR - 1),
            "lifted": columns.days(lifted, making.last),
        },
    ).take(rows)


def close_provisionally(making: Making) -> None:
    """The talk with the applicant, the steps around the closure, the entry in the database."""
    case = np.flatnonzero(making.closed.provisional < FAR)
    closed = making.closed.provisional[case]
    rng = making.world.rng("closure")
    n = len(case)
    asked = one_in(rng, n, calibration.number("closure_applied"))
    applied = np.where(asked, closed - spread(rng, 1, 10, n), FAR).astype(np.int32)
    applied = np.where(asked, np.maximum(applied, making.cases.filed[case]), FAR).astype(np.int32)
    talk = closed - np.where(one_in(rng, n, 0.1), 0, spread(rng, 1, 20, n))
    talk = np.maximum(talk, making.cases.filed[case]).astype(np.int32)
    talk = fitted_to_closure(making, "closure.heard", case, talk, "talk fitted")
    talk = np.where(asked, FAR, talk).astype(np.int32)
    on_record = closed <= making.last
    heard = truth.deadline(making.last, closed, closed, talk, np.where(on_record, applied, FAR))
    heard = np.where(on_record, heard, truth.NOT_APPLICABLE).astype(np.int8)
    making.ledger.enter("closure.heard", case, heard)
    making.log.add("closure_applied", case, applied)
    making.log.add("closure_talk", case, talk)
    making.log.add("clue_talk", case, np.where(one_in(rng, n, 0.8), talk, FAR).astype(np.int32))
    started = np.maximum(closed - spread(rng, 5, 15, n), making.cases.filed[case])
    making.log.add("closure_started", case, started)
    entered = making.acts("closure.registered", case, closed)
    making.log.add("closure_registered", case, entered.done)
    state = truth.deadline(making.last, closed, entered.due, entered.done)
    making.ledger.enter("closure.registered", case, state)


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
    making.log.add("property_found_later", linked, on[linked] - 3)
    making.log.add("resumption", linked, on[linked])
    return Resumptions(earlier, on)


def follow_up(making: Making, resumptions: Resumptions) -> None:
    """The queries repeated every six months until enforcement is resumed."""
    case = np.flatnonzero(making.closed.provisional <= making.last)
    closed, on = making.closed.provisional[case], resumptions.resumed_on[case]
    rng = making.world.rng("follow up")
    n = len(case)
    stops_at = np.where(one_in(rng, n, 0.6), 1, 2)
    stops_at = np.where(making.plan("closure.follow_up", case) == NEVER, stops_at, FAR)
    elapsed, missed = np.zeros(n, np.int64), np.zeros(n, np.bool_)
    for window, ends in enumerate(_windows(making, closed), start=1):
        _query(making, rng, case, ends, window < stops_at, on)
        over = (ends < on) & (ends < making.last)
        elapsed += over
        missed |= over & (window >= stops_at)
    state = np.where(elapsed > 0, truth.MET, truth.NOT_DUE)
    state = np.where(missed, truth.OVERDUE, state)
    state = np.where((elapsed == 0) & (on <= making.last), truth.DISCHARGED, state)
    making.ledger.enter("closure.follow_up", case, state.astype(np.int8))


def _windows(making: Making, closed: Days) -> Iterator[Days]:
    """The last days of the windows that begin by the last day of the simulation."""
    habit = calibration.duties().duties["closure.follow_up"]
    assert habit.limit is not None and habit.during is not None
    months, during = habit.limit.months or 0, habit.during.months or 0
    for window in range(1, during // months + 1):
        ends = due_day(making.world, closed, Limit(months=months * window))
        yield ends
        if int(ends.min(initial=FAR)) > making.last:
            return


def _query(
    making: Making, rng: np.random.Generator, case: Ints, ends: Days, made: Mask, resumed_on: Days
) -> None:
    n = len(case)
    early = np.where(one_in(rng, n, 0.1), 0, spread(rng, 1, 60, n))
    day = (ends - early).astype(np.int32)
    day = np.where(made & (day < resumed_on), day, FAR).astype(np.int32)
    making.log.add("follow_up_inquiry", case, day)
