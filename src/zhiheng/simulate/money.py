"""Money: it arrives, the officer is told, it is paid out, or its payment is delayed."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from zhiheng.simulate import calibration, columns, truth
from zhiheng.simulate.deposits import Deposits, deposit
from zhiheng.simulate.found import mean_by_ending
from zhiheng.simulate.making import Making, after
from zhiheng.simulate.payment_care import Payments, book, cash_in_hand, payees
from zhiheng.simulate.world import (
    FAR,
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

TABLE = 3
DIRECTIONS = ("in", "direct", "returned")
GROUNDS = tuple(calibration.shares("delay_grounds"))
UNCOLLECTED = GROUNDS.index("not_collected")
APPROVERS = ("bureau_head", "vice_president", "president", "clerk", "judge")
WHO_MAY = 3
"""The first three approvers may approve a delay."""


@dataclass(frozen=True, eq=False)
class Delays:
    """Delays of payment: ground and approver (-1: none), approved on, ended on (FAR: never)."""

    ground: Codes
    approver: Codes
    approved: Days
    ended: Days


def receive(making: Making) -> Payments:
    """The payments that come in while a money case is open, by the last day."""
    rng = making.world.rng("payments")
    mean = np.where(making.cases.money, mean_by_ending(making, "payments_with"), 0.0)
    counts = np.minimum(rng.poisson(mean), 30)
    satisfied = making.closed.as_kind("satisfied") & making.cases.money
    case, nth = rows_of(np.where(satisfied, np.maximum(counts, 1), counts))
    n = len(case)
    filed = making.cases.filed[case]
    until = np.minimum(making.closed.day[case], filed + 240)
    until = np.maximum(until, filed + 2)
    day = (filed + 1 + rng.random(n) * (until - filed - 1)).astype(np.int32)
    direction = np.where(one_in(rng, n, calibration.number("payment_direct")), 1, 0)
    returned = one_in(rng, n, calibration.number("payment_returned"))
    direction = np.where(returned, 2, direction).astype(np.int8)
    amount = _amounts(making, rng, case, nth)
    rows = np.flatnonzero(making.world.happened(day))
    key = child_keys(making.cases.key[case], TABLE, nth)
    return Payments(case[rows], key[rows], nth[rows], direction[rows], amount[rows], day[rows])


def _amounts(making: Making, rng: np.random.Generator, case: Ints, nth: Ints) -> Ints:
    """A part of the claim for each payment; those of a satisfied case make up the whole."""
    mean = np.minimum(mean_by_ending(making, "recovered_share"), 0.999)
    share = rng.beta(np.maximum(mean * 3, 0.05), (1 - mean) * 3 + 0.05)
    share = np.where(making.closed.as_kind("satisfied"), 1.0, share)
    total = np.maximum((making.cases.amount * share).astype(np.int64), 100)
    times = np.bincount(case, minlength=len(total))
    part = total // np.maximum(times, 1)
    rest = total - part * times
    return part[case] + np.where(nth == 0, rest[case], 0)


def pay_out(making: Making, payments: Payments) -> None:
    """Notice, payment, delay; the duties on them and the table of payments."""
    case, log = payments.case, making.log
    care, day = cash_in_hand(making, payments)
    arrived = np.where(payments.direction == 0, day, FAR).astype(np.int32)
    back = np.where(payments.direction == 2, payments.day, FAR).astype(np.int32)
    told = making.acts("payment.notified", case, arrived)
    delays, deposits, paid = _settle(making, payments, told.done)
    rng = making.world.rng("payment procedure")
    procedure = np.where(
        paid < FAR, np.maximum(paid - spread(rng, 0, 3, len(case)), told.done), FAR
    )
    procedure = np.where(procedure > paid, paid, procedure).astype(np.int32)
    log.add("payment_arrived", case, arrived, subject=payments.key, amount=payments.amount)
    log.add("payment_arrived", case, back, subject=payments.key, amount=payments.amount)
    log.add("arrival_notified", case, told.done, subject=payments.key)
    log.add("payment_procedure", case, procedure, subject=payments.key)
    log.add("paid_out", case, paid, subject=payments.key, amount=payments.amount)
    log.add("delay_approved", case, delays.approved, subject=payments.key)
    log.add("delay_ended", case, delays.ended, subject=payments.key)
    state = truth.deadline(making.last, arrived, told.due, told.done)
    state = np.where(care.cash, truth.NOT_APPLICABLE, state).astype(np.int8)
    making.ledger.enter("payment.notified", case, state)
    facts = {
        **care.columns,
        **deposits.columns,
        "payee_kind": payees(making, payments, paid),
        "account": book(making, payments, arrived),
    }
    making.tables["payments"] = _table(making, payments, delays, facts)


def _settle(making: Making, payments: Payments, told: Days) -> tuple[Delays, Deposits, Days]:
    """When each payment is paid out, and what delayed it; some of what nobody collects is
    deposited. A little is paid without a notice."""
    rng = making.world.rng("payouts")
    case, n = payments.case, len(payments.case)
    usual = making.acts("payment.paid_out", case, told)
    delays = _delays(making, rng, told, usual.due)
    delayed = delays.ground >= 0
    deposits = deposit(making, payments, delays.approved, delays.ground == UNCOLLECTED)
    kept = deposits.day < FAR
    delays = dataclasses.replace(delays, ended=np.where(kept, FAR, delays.ended).astype(np.int32))
    after_delay = making.acts("payment.paid_after_delay", case, delays.ended)
    alone = (told >= FAR) & (payments.direction == 0) & one_in(rng, n, 0.4)
    paid = np.where(alone, payments.day + 15, usual.done)
    paid = np.where(delayed, after_delay.done, paid)
    paid = np.where(kept, FAR, paid).astype(np.int32)
    start = np.where(payments.direction == 0, told, FAR).astype(np.int32)
    state = truth.deadline(making.last, start, usual.due, paid, deposits.day)
    may = (delays.approver >= 0) & (delays.approver < WHO_MAY)
    timely = (delays.approved <= usual.due) & (delays.approved <= making.last)
    breach = np.isin(state, (truth.LATE, truth.OVERDUE))
    state = np.where(breach & may & timely, truth.EXCUSED, state).astype(np.int8)
    making.ledger.enter("payment.paid_out", case, state)
    ended = delays.ended <= making.last
    state = truth.deadline(making.last, delays.ended, after_delay.due, paid)
    state = np.where(ended, state, truth.NOT_APPLICABLE).astype(np.int8)
    making.ledger.enter("payment.paid_after_delay", case, state)
    return delays, deposits, paid


def _delays(making: Making, rng: np.random.Generator, told: Days, due: Days) -> Delays:
    """Some payments are delayed; most delays are approved in time by someone who may."""
    n = len(told)
    delayed: Mask = (told < FAR) & one_in(rng, n, calibration.number("delayed"))
    ground = choose(rng, calibration.shares("delay_grounds"), n)
    may = one_in(rng, n, calibration.number("approved_by_one_who_may"))
    approver = np.where(may, spread(rng, 0, WHO_MAY - 1, n), spread(rng, WHO_MAY, 4, n))
    timely = one_in(rng, n, calibration.number("delay_approved_in_time"))
    before = np.maximum(due - np.where(one_in(rng, n, 0.15), 0, spread(rng, 1, 20, n)), told)
    approved = np.where(timely, before, due + spread(rng, 1, 10, n))
    approved = np.where(delayed, approved, FAR).astype(np.int32)
    ended = after(approved, spread(rng, 15, 150, n))
    # A delay not yet approved by the last day is not on record at all.
    on_record = delayed & (approved <= making.last)
    return Delays(
        np.where(on_record, ground, -1).astype(np.int8),
        np.where(on_record, approver, -1).astype(np.int8),
        np.where(on_record, approved, FAR).astype(np.int32),
        np.where(on_record, ended, FAR).astype(np.int32),
    )


def _table(
    making: Making, payments: Payments, delays: Delays, facts: dict[str, pa.Array]
) -> pa.Table:
    parties, case = making.parties, payments.case
    paid = np.where(payments.direction == 1, payments.day, FAR)
    return columns.table(
        "payments",
        {
            "payment": columns.keys(payments.key),
            "case": columns.keys(making.cases.key[case]),
            "direction": columns.codes(DIRECTIONS, payments.direction),
            "amount": columns.amounts(payments.amount),
            "payer": columns.keys(_first_party(making, parties.debtor, case)),
            "payee": columns.keys(_first_party(making, parties.role == 0, case)),
            "paid": columns.days(paid, making.last),
            "delay_ground": columns.codes(GROUNDS, delays.ground),
            "delay_approved_by": columns.codes(APPROVERS, delays.approver),
            **facts,
        },
    )


def _first_party(making: Making, wanted: Mask, case: Ints) -> Ints:
    """The first party of a role in each of these cases."""
    rows = np.flatnonzero(wanted)
    return making.parties.key[rows][np.searchsorted(making.parties.case[rows], case)]
