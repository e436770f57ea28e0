"""Money that cannot be paid is deposited (提存): ground, evidence, approval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from zhiheng.simulate import calibration, columns, truth
from zhiheng.simulate.making import Making, after
from zhiheng.simulate.payment_care import Payments
from zhiheng.simulate.world import FAR, NEVER, Days, Ints, Mask, choose, one_in, spread

GROUNDS = tuple(calibration.shares("deposit_grounds"))
APPROVERS = ("bureau_head", "vice_president", "judge")
WHO_MAY = 2
"""The first two approvers may approve a deposit."""
NO_EVIDENCE, WRONG_APPROVER, APPROVED_LATER, NOT_APPROVED = range(4)
"""What can be wrong with a deposit."""


@dataclass(frozen=True, eq=False)
class Deposits:
    """The day money was deposited (FAR: not), and the columns that tell of it."""

    day: Days
    columns: dict[str, pa.Array]


def deposit(making: Making, payments: Payments, delayed: Days, uncollected: Mask) -> Deposits:
    """Deposit a share of what the applicant does not collect, some weeks after the delay."""
    rng = making.world.rng("deposits")
    case, n = payments.case, len(delayed)
    chosen = uncollected & one_in(rng, n, calibration.number("deposited"))
    day = np.where(chosen, after(delayed, spread(rng, 20, 80, n)), FAR).astype(np.int32)
    fails = making.plan("payment.deposit_grounded", case) == NEVER
    fault = np.where(fails, spread(rng, 0, NOT_APPROVED, n), -1)
    approved = np.where(fault == APPROVED_LATER, day + 1, day - spread(rng, 0, 5, n))
    gone = (fault == NOT_APPROVED) | (day >= FAR)
    approved = np.where(gone, FAR, approved).astype(np.int32)
    making.log.add("deposit_approved", case, approved, subject=payments.key)
    making.log.add("deposited", case, day, subject=payments.key, amount=payments.amount)
    unknown = one_in(rng, n, calibration.number("deposit_facts_unknown"))
    state = np.where(unknown, truth.UNDETERMINABLE, truth.MET)
    state = np.where(fault >= 0, truth.OVERDUE, state)
    state = np.where(day <= making.last, state, truth.NOT_APPLICABLE).astype(np.int8)
    making.ledger.enter("payment.deposit_grounded", case, state)
    return Deposits(day, _columns(rng, day <= making.last, fault, unknown))


def _columns(
    rng: np.random.Generator, done: Mask, fault: Ints, unknown: Mask
) -> dict[str, pa.Array]:
    n = len(done)
    ground = choose(rng, calibration.shares("deposit_grounds"), n)
    approver = np.where(fault == WRONG_APPROVER, WHO_MAY, spread(rng, 0, WHO_MAY - 1, n))
    return {
        "deposit_ground": columns.codes(GROUNDS, np.where(done & ~unknown, ground, -1)),
        "deposit_evidence": columns.flags(fault != NO_EVIDENCE, done),
        "deposit_approved_by": columns.codes(APPROVERS, np.where(done, approver, -1)),
    }
