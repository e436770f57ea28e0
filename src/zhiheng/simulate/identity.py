"""Changes of debtors' identity data, and what the police are told of measures they help with."""

from __future__ import annotations

import numpy as np

from zhiheng.records.catalogue import codes
from zhiheng.simulate import calibration, columns, truth
from zhiheng.simulate.making import Making, after
from zhiheng.simulate.order_rows import UNKNOWN, flag, not_recorded
from zhiheng.simulate.timing import due_day
from zhiheng.simulate.world import (
    FAR,
    KEPT,
    Days,
    Ints,
    Mask,
    choose,
    one_in,
    spread,
    within_group,
)

FIRST_KEY = 61
"""Identifiers of changes follow those of orders in a case."""

ACTS = {"added": 0.5, "changed": 0.4, "deleted": 0.1}
ALLOWED, OTHERS = (0, 1, 2), (3, 4)
"""Positions of the grounds on which data under control may be changed, and of the others."""


def edit_identities(making: Making) -> None:
    """Changes of identity data, approved and logged or not; the table of them."""
    rng = making.world.rng("edits")
    parties = making.parties
    some = parties.debtor & one_in(rng, len(parties.case), calibration.number("identity_edits"))
    party = np.flatnonzero(some)
    case, n = parties.case[party], len(party)
    nth = within_group(parties.case)[party]
    made = (making.cases.filed[case] + spread(rng, 1, 200, n)).astype(np.int32)
    rows = np.flatnonzero(made <= making.last)
    party, case, nth, made, n = party[rows], case[rows], nth[rows], made[rows], len(rows)
    act = choose(rng, ACTS, n)
    control = one_in(rng, n, 0.6)
    ground = _grounds(making, rng, case, act > 0, control)
    approved, logged = _approvals(making, rng, case, made)
    making.tables["edits"] = columns.table(
        "edits",
        {
            "edit": columns.keys(making.cases.key[case] * 1000 + FIRST_KEY + nth),
            "case": columns.keys(making.cases.key[case]),
            "party": columns.keys(parties.key[party]),
            "act": columns.codes(list(ACTS), act),
            "ground": columns.codes(list(codes()["edit_ground"]), ground),
            "made": columns.days(made, making.last),
            "approved": columns.days(approved, making.last),
            "logged": columns.flags(logged == 1, logged >= 0),
            "under_control": columns.flags(control, np.ones(n, np.bool_)),
        },
    )


def _grounds(
    making: Making, rng: np.random.Generator, case: Ints, altered: Mask, control: Mask
) -> Ints:
    n = len(case)
    breach = making.plan("identity.kept", case) != KEPT
    unknown = not_recorded(rng, n)
    concerned = altered & control
    allowed = np.array(ALLOWED)[rng.integers(0, len(ALLOWED), n)]
    others = np.array(OTHERS)[rng.integers(0, len(OTHERS), n)]
    ground = np.where(concerned & ~breach, allowed, others)
    state = np.where(breach, truth.LATE, truth.MET)
    state = np.where(unknown, truth.UNDETERMINABLE, state)
    state = np.where(concerned, state, truth.NOT_APPLICABLE).astype(np.int8)
    making.ledger.enter("identity.kept", case, state)
    return np.where(unknown, UNKNOWN, ground)


def _approvals(
    making: Making, rng: np.random.Generator, case: Ints, made: Days
) -> tuple[Days, Ints]:
    """The day a change was approved, and whether it was logged (-1: not recorded)."""
    n = len(case)
    breach = making.plan("identity.approved", case) != KEPT
    which = spread(rng, 0, 2, n)
    unknown = not_recorded(rng, n)
    approved = made - spread(rng, 0, 3, n)
    approved = np.where(breach & (which == 0), FAR, approved)
    approved = np.where(breach & (which == 1), made + spread(rng, 1, 9, n), approved)
    logged = flag(breach & (which == 2), unknown)
    failed = breach & ~(unknown & (which == 2))
    state = np.where(failed, truth.OVERDUE, np.where(unknown, truth.UNDETERMINABLE, truth.MET))
    making.ledger.enter("identity.approved", case, state.astype(np.int8))
    return approved.astype(np.int32), logged.astype(np.int64)


def tell_police(making: Making) -> None:
    """Border watches and searches the police help with: ordered, lifted, and told so."""
    rng = making.world.rng("police")
    parties = making.parties
    enforcing = making.cases.enforcing[parties.case]
    share = calibration.number("police_measures")
    party = np.flatnonzero(parties.debtor & enforcing & one_in(rng, len(parties.case), share))
    case, key, n = parties.case[party], parties.key[party], len(party)
    closed = making.closed.day[case]
    ordered = making.cases.filed[case] + spread(rng, 5, 60, n)
    ordered = np.where(ordered < closed, ordered, FAR).astype(np.int32)
    lifted = np.where(ordered < FAR, after(closed, spread(rng, 0, 3, n)), FAR).astype(np.int32)
    kept = making.plan("police.lift_pushed", case) == KEPT
    pushed = np.where(kept, after(lifted, spread(rng, 0, 5, n)), FAR).astype(np.int32)
    for node, day in (
        ("police_measure", ordered),
        ("police_measure_lifted", lifted),
        ("police_lift_pushed", pushed),
    ):
        making.log.add(node, case, day, subject=key)
    judged = due_day(making.world, closed, calibration.limit("police.lift_pushed"))
    state = truth.presence(making.last, lifted, pushed, judged)
    making.ledger.enter("police.lift_pushed", case, state)
