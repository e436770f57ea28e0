"""Provisional closure (终本): what has to come before it, the talk, the entry in the database."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from zhiheng.simulate import calibration, columns, truth
from zhiheng.simulate.course import fitted_to_closure
from zhiheng.simulate.making import Making, after, up_to
from zhiheng.simulate.world import (
    FAR,
    LATE,
    NEVER,
    Days,
    Ints,
    Mask,
    child_keys,
    choose,
    one_in,
    spread,
)

LISTING_TABLE = 8


REPORTS = tuple(calibration.shares("property_reports"))
"""How a debtor answers the order to report property."""


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
    _property_reports(making, case)
    _searches(making, case)
    making.tables["listings"] = _listings(making, case_of, parties.key[case], restricted, listed)


def _measure(making: Making, party: Ints, duty: str, node: str, wanted: Mask, judged: Mask) -> Days:
    """One measure against debtors where it is wanted; where `judged` but not wanted, whether it
    was due is not on record. Returns the day of the measure."""
    case = making.parties.case[party]
    habit = "dishonest_listed" if node == "dishonest_listed" else "spending_restricted"
    day = _day_of_measure(making, party, duty, habit)
    day = np.where(wanted, day, FAR).astype(np.int32)
    making.log.add(node, case, day, subject=making.parties.key[party])
    state = truth.before_closure(making.last, making.closed.provisional[case], day)
    state = truth.unknown_where(state, judged & ~wanted)
    making.ledger.enter(duty, case[judged], state[judged])
    return day


def _day_of_measure(making: Making, party: Ints, duty: str, habit: str) -> Days:
    """The day of a measure, fitted to the closure where there is one."""
    case, n = making.parties.case[party], len(party)
    rng = making.world.rng(f"measure {duty}")
    day = making.cases.filed[case] + spread(rng, 5, 90, n)
    day = np.where(one_in(rng, n, calibration.number(habit)), day, FAR).astype(np.int32)
    return fitted_to_closure(making, duty, case, day, f"fitted {duty}")


def _property_reports(making: Making, party: Ints) -> None:
    """How each debtor reported property; reports are checked, breaches sanctioned."""
    parties, rng = making.parties, making.world.rng("property reports")
    report = choose(rng, calibration.shares("property_reports"), len(party))
    unknown = one_in(rng, len(party), calibration.number("flag_unknown"))
    made = ~unknown & (report != REPORTS.index("refused"))
    breach = ~unknown & (report != REPORTS.index("reported"))
    duty = "closure.report_checked"
    _measure(making, party, duty, "party_report_checked", made, made | unknown)
    # Who obstructs as well is sanctioned once for both.
    before = making.log.first_of("sanction", parties.key[party])
    alone = breach & ~parties.flag("obstructs")[party]
    duty = "closure.report_breach_sanctioned"
    own = _day_of_measure(making, party, duty, "spending_restricted")
    own = np.where(alone, own, FAR).astype(np.int32)
    making.log.add("sanction", parties.case[party], own, subject=parties.key[party])
    day = np.minimum(own, before).astype(np.int32)
    case = parties.case[party]
    state = truth.before_closure(making.last, making.closed.provisional[case], day)
    state, judged = truth.unknown_where(state, unknown), breach | unknown
    making.ledger.enter(duty, case[judged], state[judged])
    position = np.full(len(parties.case), -1, np.int8)
    position[party] = np.where(unknown, -1, report)
    making.further["parties", "property_report"] = columns.codes(REPORTS, position)


def _searches(making: Making, party: Ints) -> None:
    """Debtors who hide property or books are searched."""
    rng = making.world.rng("hidden property")
    hides = one_in(rng, len(party), calibration.number("hides_property"))
    unknown = one_in(rng, len(party), calibration.number("flag_unknown"))
    hides &= ~unknown
    _measure(making, party, "closure.searched", "search_made", hides, hides | unknown)
    known = np.zeros(len(making.parties.case), np.bool_)
    value = known.copy()
    known[party], value[party] = ~unknown, hides
    making.further["parties", "hides_property"] = columns.flags(value, known)


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
    lifted = np.where(kind == 1, _lifted_at_closure(making, both_case, day, lifted), lifted)
    _enter_lifted(making, both_case[kind == 1], day[kind == 1], lifted[kind == 1])
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


def _lifted_at_closure(making: Making, case: Ints, day: Days, lifted: Days) -> Days:
    """Restrictions lifted ahead of a provisional closure, which they may not be, or after it."""
    rng = making.world.rng("lifted at closure")
    n, closed = len(case), making.closed.provisional[case]
    plan = making.plan("practice.restriction_stands", case)
    ahead = np.maximum(day, closed - spread(rng, 1, 20, n))
    later = after(closed, spread(rng, 0, 200, n))
    chosen = np.where((plan == LATE) & (day < closed), ahead, lifted)
    chosen = np.where((plan == NEVER) & (day <= closed), later, chosen)
    return np.where(closed < FAR, chosen, lifted).astype(np.int32)


def _enter_lifted(making: Making, case: Ints, listed: Days, lifted: Days) -> None:
    """Whether restrictions that were lifted stood until the closure."""
    closed = making.closed.provisional[case]
    judged = (listed <= making.last) & (closed <= making.last) & (lifted <= making.last)
    state = np.where(lifted < closed, truth.LATE, truth.MET)
    state = np.where(judged, state, truth.NOT_APPLICABLE).astype(np.int8)
    making.ledger.enter("practice.restriction_stands", case, state)


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
    _approve(making, case, closed)
    _requests(making)
    started = np.maximum(closed - spread(rng, 5, 15, n), making.cases.filed[case])
    making.log.add("closure_started", case, started)
    entered = making.acts("closure.registered", case, closed)
    making.log.add("closure_registered", case, entered.done)
    state = truth.deadline(making.last, closed, entered.due, entered.done)
    making.ledger.enter("closure.registered", case, state)


def _approve(making: Making, case: Ints, closed: Days) -> None:
    """The applicant confirms by signature, or a panel reviews and the president approves."""
    rng = making.world.rng("closure approved")
    n = len(case)
    day = np.maximum(closed - spread(rng, 0, 6, n), making.cases.filed[case]).astype(np.int32)
    day = fitted_to_closure(making, "closure.approved", case, day, "approval fitted")
    signed = one_in(rng, n, calibration.number("closure_confirmed"))
    making.log.add("closure_confirmed", case[signed], day[signed])
    making.log.add("closure_approved", case[~signed], day[~signed])
    state = truth.before_closure(making.last, closed, day)
    making.ledger.enter("closure.approved", case, state)


def _requests(making: Making) -> None:
    """Audits and reward notices the applicant asks for, and what becomes of the request."""
    case = np.flatnonzero(making.cases.enforcing)
    for what, share in calibration.shares("closure_requests").items():
        rng = making.world.rng(f"asked {what}")
        n = len(case)
        asked = making.cases.filed[case] + spread(rng, 8, 60, n)
        asked = np.where(one_in(rng, n, share), asked, FAR).astype(np.int32)
        asked = up_to(asked, making.closed.day[case])
        settled = after(asked, spread(rng, 2, 15, n))
        duty = f"closure.{what}_settled"
        settled = fitted_to_closure(making, duty, case, settled, f"fitted {duty}")
        settled = np.where(asked < FAR, np.maximum(settled, asked), FAR).astype(np.int32)
        making.log.add(f"closure_{what}_asked", case, asked)
        making.log.add(f"closure_{what}_settled", case, settled)
        closed = making.closed.provisional[case]
        state = truth.before_closure(making.last, closed, settled)
        state = np.where(asked < FAR, state, truth.NOT_APPLICABLE).astype(np.int8)
        making.ledger.enter(duty, case, state)
