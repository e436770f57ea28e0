"""The care money asks for: an account for each case, cash taken by two, the right payee."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from zhiheng.simulate import calibration, columns, truth
from zhiheng.simulate.calibration import Limit
from zhiheng.simulate.making import Making, after
from zhiheng.simulate.timing import due_day
from zhiheng.simulate.world import (
    FAR,
    KEPT,
    LATE,
    NEVER,
    Codes,
    Days,
    Ints,
    Mask,
    choose,
    one_in,
    spread,
)

METHODS = tuple(calibration.shares("payment_methods"))
IN_HAND = ("cash", "bill")
"""What officers may take themselves."""
DIFFICULTIES = ("distance", "after_hours", "other")
PAYEES = ("applicant", "payer", "other")
ALONE, NO_RECEIPT, NOT_SIGNED = range(3)
"""What can be wrong where officers take cash."""
ACCOUNT_DIGITS = 621
"""Last digits of every made-up account."""


@dataclass(frozen=True, eq=False)
class Payments:
    """Rows of the table of payments; `amount` in cents, `day` when it came in."""

    case: Ints
    key: Ints
    nth: Ints
    direction: Codes
    amount: Ints
    day: Days


@dataclass(frozen=True, eq=False)
class Care:
    """How money came in: `cash` rows are on record as cash; `columns` of the table."""

    cash: Mask
    columns: dict[str, pa.Array]


def open_accounts(making: Making) -> tuple[Days, pa.Array]:
    """The day each case's account was opened and the account; the duty to open one."""
    rng = making.world.rng("case accounts")
    cases, n = making.cases, len(making.cases)
    concerned = cases.enforcing & cases.money
    day = after(cases.filed, (rng.geometric(0.3, n) - 1).astype(np.int32))
    missing = making.plan("case.account_opened", np.arange(n)) == NEVER
    day = np.where(concerned & ~missing, day, FAR).astype(np.int32)
    state = truth.presence(making.last, cases.filed, day, making.closed.day)
    rows = np.flatnonzero(concerned)
    making.ledger.enter("case.account_opened", rows, state[rows])
    number = pa.array(_accounts(cases.key), mask=day > making.last).cast(pa.string())
    return day, number


def _accounts(case_key: Ints) -> Ints:
    return case_key * 1000 + ACCOUNT_DIGITS


def book(making: Making, payments: Payments, arrived: Days) -> pa.Array:
    """The account each payment was booked to; a little is booked to none."""
    lost = making.plan("payment.booked", payments.case) == NEVER
    state = np.where(lost, truth.OVERDUE, truth.MET)
    state = np.where(arrived <= making.last, state, truth.NOT_APPLICABLE).astype(np.int8)
    making.ledger.enter("payment.booked", payments.case, state)
    none = (payments.direction == 1) | lost
    return pa.array(_accounts(making.cases.key[payments.case]), mask=none).cast(pa.string())


def cash_in_hand(making: Making, payments: Payments) -> tuple[Care, Days]:
    """How money was paid, what officers took themselves and when it reached finance; the day
    each payment arrived."""
    rng = making.world.rng("ways of payment")
    n, came = len(payments.case), payments.direction == 0
    method = choose(rng, calibration.shares("payment_methods"), n)
    in_hand = came & np.isin(method, [METHODS.index(name) for name in IN_HAND])
    taken = in_hand & one_in(rng, n, calibration.number("cash_taken_by_officers"))
    unknown = one_in(rng, n, calibration.number("payment_method_unknown"))
    method = np.where(came & ~unknown, method, -1).astype(np.int8)
    taker_known = ~(taken & one_in(rng, n, calibration.number("cash_taker_unknown")))
    on_way = spread(rng, 0, 3, n)
    facts, handed = _in_hand(making, payments, on_way, taken, taken & (unknown | ~taker_known))
    facts["method"] = columns.codes(METHODS, method)
    facts["taken_by_officers"] = columns.flags(taken, came & taker_known)
    # Money in hand arrives when finance has it; what is never handed over is taken as arrived.
    arrived = np.where(handed < FAR, np.maximum(payments.day, handed), payments.day)
    return Care(method == METHODS.index("cash"), facts), arrived.astype(np.int32)


def _in_hand(
    making: Making, payments: Payments, on_way: Days, taken: Mask, hidden: Mask
) -> tuple[dict[str, pa.Array], Days]:
    """What officers take themselves, until finance has it; `hidden` where the records do not
    tell that the rules on it apply. Columns of the table, and the day it was handed over."""
    soonest = making.cases.filed[payments.case]
    took = np.where(taken, np.maximum(payments.day - on_way, soonest), FAR).astype(np.int32)
    back = np.where(taken, np.maximum(payments.day, took), FAR).astype(np.int32)
    handed, difficulty = _hand_over(making, payments, back, hidden)
    for node, day in (
        ("cash_taken", took),
        ("returned_to_court", back),
        ("cash_handed_over", handed),
    ):
        making.log.add(node, payments.case, day, subject=payments.key)
    facts = _witnesses(making, payments, took, hidden)
    return {"handover_difficulty": columns.codes(DIFFICULTIES, difficulty), **facts}, handed


def _hand_over(making: Making, payments: Payments, back: Days, hidden: Mask) -> tuple[Days, Codes]:
    """The day cash reaches finance, and the difficulty stated where that was not the same day."""
    rng = making.world.rng("cash handed over")
    n = len(back)
    drawn = making.acts("payment.cash_handed_over", payments.case, back)
    longer = due_day(making.world, back, Limit(days=1))
    later = (drawn.done > drawn.due) & (back < FAR)
    stated = later & one_in(rng, n, calibration.number("handover_difficulty"))
    difficulty = np.where(stated, spread(rng, 0, len(DIFFICULTIES) - 1, n), -1).astype(np.int8)
    due = np.where(stated, longer, drawn.due).astype(np.int32)
    state = truth.deadline(making.last, back, due, drawn.done)
    state = truth.unknown_where(state, hidden)
    making.ledger.enter("payment.cash_handed_over", payments.case, state)
    return drawn.done, difficulty


def _witnesses(making: Making, payments: Payments, took: Days, hidden: Mask) -> dict[str, pa.Array]:
    """Officers present, receipt and record; where the duty is breached one of them fails."""
    rng = making.world.rng("cash witnessed")
    n = len(took)
    fails = making.plan("payment.cash_witnessed", payments.case) == NEVER
    which = np.where(fails, spread(rng, ALONE, NOT_SIGNED, n), -1)
    known = ~one_in(rng, n, calibration.number("cash_facts_unknown"))
    present = np.where(which == ALONE, 1, spread(rng, 2, 3, n))
    concerned = took < FAR
    unsure = hidden | (~known & ((which < 0) | (which == NOT_SIGNED)))
    state = np.where(which >= 0, truth.OVERDUE, truth.MET)
    state = np.where(unsure, truth.UNDETERMINABLE, state)
    state = np.where(took <= making.last, state, truth.NOT_APPLICABLE).astype(np.int8)
    making.ledger.enter("payment.cash_witnessed", payments.case, state)
    return {
        "officers_present": pa.array(present.astype(np.int32), mask=~concerned),
        "receipt_issued": columns.flags(which != NO_RECEIPT, concerned),
        "record_signed": columns.flags(which != NOT_SIGNED, concerned & known),
    }


def payees(making: Making, payments: Payments, paid: Days) -> pa.Array:
    """Who is paid; whether a panel reviewed it first where that is somebody else."""
    rng = making.world.rng("payees")
    case, n = payments.case, len(paid)
    other = (payments.direction == 0) & one_in(rng, n, calibration.number("paid_to_another"))
    unknown = one_in(rng, n, calibration.number("payee_unknown"))
    kind = np.where(other, PAYEES.index("other"), PAYEES.index("applicant"))
    kind = np.where(payments.direction == 2, PAYEES.index("payer"), kind)
    kind = np.where(unknown, -1, kind).astype(np.int8)
    plan = making.plan("payment.panel_reviewed", case)
    before = np.maximum(paid - spread(rng, 0, 9, n), np.minimum(payments.day, paid))
    reviewed = np.where(plan == KEPT, before, FAR)
    reviewed = np.where(plan == LATE, after(paid, spread(rng, 1, 20, n)), reviewed)
    reviewed = np.where(other & (paid < FAR), reviewed, FAR).astype(np.int32)
    making.log.add("panel_reviewed", case, reviewed, subject=payments.key)
    state = truth.unknown_where(truth.before_closure(making.last, paid, reviewed), unknown)
    concerned = other | unknown
    making.ledger.enter("payment.panel_reviewed", case[concerned], state[concerned])
    return columns.codes(PAYEES, kind)
