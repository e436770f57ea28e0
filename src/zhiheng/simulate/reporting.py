"""Requests of the applicant, changes of property, and breaches of the duty to report."""

from __future__ import annotations

import numpy as np

from zhiheng.simulate import calibration, columns, truth
from zhiheng.simulate.making import Making, after, up_to
from zhiheng.simulate.opening import judged
from zhiheng.simulate.timing import due_day
from zhiheng.simulate.world import (
    FAR,
    NEVER,
    Codes,
    Days,
    Ints,
    Mask,
    child_keys,
    choose,
    one_in,
    rows_of,
    spread,
)

TABLE = 0
"""Digit of the identifiers of requests and changes, each in a table of its own."""
KINDS = tuple(calibration.shares("requests"))
DUTIES = {
    "audit": "audit.decided",
    "reward_notice": "reward.decided",
    "party_change": "party_change.decided",
}
APPROVERS = ("president", "bureau_head")


def answer_requests(making: Making) -> None:
    """Requests made while a case is open, and the decisions on them; the table of requests."""
    rng = making.world.rng("requests")
    shares = calibration.shares("requests")
    mean = np.where(making.cases.enforcing, sum(shares.values()), 0.0)
    case, nth = rows_of(np.minimum(rng.poisson(mean), 9))
    received = (making.cases.filed[case] + spread(rng, 5, 120, len(case))).astype(np.int32)
    rows = np.flatnonzero((received < making.closed.day[case]) & making.world.happened(received))
    case, nth, received = case[rows], nth[rows], received[rows]
    n = len(case)
    kind = choose(rng, shares, n)
    gone = one_in(rng, n, calibration.number("request_withdrawn"))
    withdrawn = np.where(gone, after(received, spread(rng, 1, 8, n)), FAR).astype(np.int32)
    ended = np.minimum(withdrawn, making.closed.frees[case])
    decided, extended = np.full(n, FAR, np.int32), np.full(n, FAR, np.int32)
    approver = np.where(one_in(rng, n, calibration.number("approved_by_one_who_may")), 0, 1)
    for position, name in enumerate(KINDS):
        own = np.flatnonzero(kind == position)
        drawn = making.acts(DUTIES[name], case[own], received[own])
        decided[own] = np.where(gone[own], FAR, drawn.done)
        if name == "party_change":
            extended[own] = _extensions(making, received[own], drawn.due, drawn.done)
        excused = (extended[own] <= drawn.due) & (approver[own] == 0)
        _enter(making, DUTIES[name], case[own], received[own], decided[own], ended[own], excused)
    outcome = np.where(decided <= making.last, choose(rng, {"granted": 0.6, "refused": 0.4}, n), -1)
    making.tables["requests"] = columns.table(
        "requests",
        {
            "request": columns.keys(child_keys(making.cases.key[case], TABLE, nth)),
            "case": columns.keys(making.cases.key[case]),
            "kind": columns.codes(KINDS, kind),
            "received": columns.days(received, making.last),
            "decided": columns.days(decided, making.last),
            "outcome": columns.codes(("granted", "refused"), outcome),
            "withdrawn": columns.days(withdrawn, making.last),
            "extended": columns.days(extended, making.last),
            "extended_by": columns.codes(
                APPROVERS, np.where(extended <= making.last, approver, -1)
            ),
        },
    )


def _extensions(making: Making, received: Days, due: Days, done: Days) -> Days:
    """The day a longer review was approved; FAR where it was not. Mostly of those that need it."""
    rng, n = making.world.rng("reviews extended"), len(received)
    asked = (done > due) & one_in(rng, n, calibration.number("review_extended"))
    day = np.where(one_in(rng, n, 0.9), due - spread(rng, 0, 15, n), due + spread(rng, 1, 5, n))
    return np.where(asked, np.maximum(day, received), FAR).astype(np.int32)


def _enter(
    making: Making, duty: str, case: Ints, start: Days, stop: Days, ended: Days, excused: Mask
) -> None:
    due = due_day(making.world, start, calibration.limit(duty))
    counted = truth.still_counts(due, stop, ended)
    state = truth.deadline(making.last, start, due, counted, ended)
    breached = np.isin(state, (truth.LATE, truth.OVERDUE))
    state = np.where(breached & excused, truth.EXCUSED, state).astype(np.int8)
    making.ledger.enter(duty, case, state)


def report_changes(making: Making) -> None:
    """Changes of property after it was reported, also after a provisional closure; the table."""
    rng = making.world.rng("changes")
    parties = making.parties
    party = np.flatnonzero(parties.debtor & making.cases.enforcing[parties.case])
    party = party[one_in(rng, len(party), calibration.number("property_changed"))]
    case = parties.case[party]
    happened = (making.cases.filed[case] + spread(rng, 30, 300, len(party))).astype(np.int32)
    happened = up_to(happened, making.closed.frees[case])
    rows = np.flatnonzero(making.world.happened(happened))
    party, case, happened = party[rows], case[rows], happened[rows]
    n = len(party)
    affects = one_in(rng, n, 0.85)
    unknown = one_in(rng, n, calibration.number("flag_unknown"))
    reported = making.acts("report.supplemented", case, happened).done
    counts = np.flatnonzero(affects & ~unknown)
    judged(
        making, "report.supplemented", case[counts], happened[counts], reported[counts],
        making.closed.frees[case][counts],
    )  # fmt: skip
    open_question = np.full(int(unknown.sum()), truth.UNDETERMINABLE, np.int8)
    making.ledger.enter("report.supplemented", case[unknown], open_question)
    key = child_keys(making.cases.key[case], TABLE, parties.key[party] % 100)
    making.tables["changes"] = columns.table(
        "changes",
        {
            "change": columns.keys(key),
            "case": columns.keys(making.cases.key[case]),
            "party": columns.keys(parties.key[party]),
            "happened": columns.days(happened, making.last),
            "reported": columns.days(reported, making.last),
            "affects_claim": columns.flags(affects, ~unknown),
        },
    )


def sanction_breaches(making: Making) -> None:
    """Breaches of the duty to report among debtors with a ground for the dishonest list, and what
    followed. Every measure against debtors must be in the log already."""
    rng = making.world.rng("report breaches")
    parties = making.parties
    wanted = (
        parties.debtor & making.cases.enforcing[parties.case] & parties.flag("dishonest_ground")
    )
    party = np.flatnonzero(wanted)
    party = party[one_in(rng, len(party), calibration.number("report_breached"))]
    case, key = parties.case[party], parties.key[party]
    n = len(party)
    found = (making.cases.filed[case] + spread(rng, 15, 100, n)).astype(np.int32)
    found = up_to(found, making.closed.day[case])
    making.log.add("report_breach_found", case, found, subject=key)
    _sanction(making, party, found)
    listed = making.log.first_of("dishonest_listed", key)
    sanctioned = making.log.first_of("sanction", key)
    closed, freed = making.closed.day[case], making.closed.frees[case]
    answer = np.minimum(listed, sanctioned)
    state = _answered(making.last, found, answer, making.closed.ended_otherwise[case], closed)
    making.ledger.enter("report.breach_sanctioned", case, state)
    state = _answered(making.last, found, listed, freed, closed)
    state = truth.unknown_where(state, parties.unknown("minor")[party])
    adult = ~parties.flag("minor")[party]
    making.ledger.enter("report.breach_listed", case[adult], state[adult])


def _sanction(making: Making, party: Ints, found: Days) -> None:
    """Fines and detentions for the breach. Debtors who obstruct are sanctioned for that anyway, and
    those of provisionally closed cases were judged with the closure."""
    parties = making.parties
    alone = ~parties.flag("obstructs")[party] & ~parties.unknown("obstructs")[party]
    alone &= making.closed.provisional[parties.case[party]] >= FAR
    party, found = party[alone], found[alone]
    case = parties.case[party]
    rng, n = making.world.rng("report breaches sanctioned"), len(party)
    day = up_to(after(found, spread(rng, 3, 40, n)), making.closed.day[case])
    never = making.plan("report.breach_sanctioned", case) == NEVER
    day = np.where(never, FAR, day).astype(np.int32)
    making.log.add("sanction", case, day, subject=parties.key[party])


def _answered(last: int, found: Days, answer: Days, ended: Days, closed: Days) -> Codes:
    """States of an answer that is judged at the closing unless something ended the duty."""
    state = truth.presence(last, found, answer, closed)
    ended_first = (answer > last) & (ended <= last) & (found <= last)
    return np.where(ended_first, truth.DISCHARGED, state).astype(np.int8)
