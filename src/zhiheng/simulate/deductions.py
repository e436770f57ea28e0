"""Orders to deduct frozen money: from the own freeze, to the registered account, never under a
claim."""

from __future__ import annotations

import numpy as np

from zhiheng.simulate import calibration, truth
from zhiheng.simulate.held import Held
from zhiheng.simulate.making import Making
from zhiheng.simulate.order_rows import (
    ITEMS,
    UNKNOWN,
    OrderRows,
    Values,
    carried,
    code,
    condition,
    flag,
    not_recorded,
    sent,
    served_at,
)
from zhiheng.simulate.world import FAR, KEPT, Days, Ints, one_in, spread

SLOT = 5
REGISTERED, FOREIGN, OTHER = 0, 1, 2
"""Positions in the list of accounts."""


def deduct(making: Making, rows: OrderRows, held: Held) -> None:
    """One order for each deposit that was deducted by the last day."""
    rng = making.world.rng("deductions")
    row = np.flatnonzero(held.bank & (held.deducted <= making.last))
    case, day, n = held.case[row], held.deducted[row], len(row)
    minute = held.minute[row]
    breach = condition(making, "reply.deduct", case, day)
    unsealed = one_in(rng, n, 0.5)
    sums = _sums(making, rng, held, row)
    sums["amount_left"] = np.where(breach & ~unsealed, UNKNOWN, sums["amount_left"])
    rows.add(
        "deduct", case, control=held.key_of(SLOT)[row], asset=held.asset[row],
        account=held.account[row], earlier=held.key_of(0)[row], **sums, **sent(day, minute),
        **served_at(making, rng, case, day, minute),
        **carried(making, rng, "request.measure", ITEMS, case, day),
        **carried(making, rng, "request.deduct", ("with_to_account",), case, day),
        **_account(making, rng, case, day),
        **_claims(making, rng, case, day),
        rank=np.ones(n, np.int64),
        reply_result=code("control_result", "done", n),
        reply_sealed=flag(breach & unsealed),
    )  # fmt: skip


def _sums(making: Making, rng: np.random.Generator, held: Held, row: Ints) -> dict[str, Values]:
    case, day, n = held.case[row], held.deducted[row], len(row)
    frozen = np.minimum(held.asked[row], held.available[row])
    unknown = not_recorded(rng, n)
    breach = condition(making, "deduct.within_frozen", case, day, unknown)
    part = one_in(rng, n, 0.2)
    taken = np.where(part, (frozen + 1) // 2, frozen)
    taken = np.where(breach, frozen + spread(rng, 1, 5000, n), taken)
    return {
        "amount_asked": taken,
        "amount_frozen": np.where(unknown, UNKNOWN, frozen),
        "amount_taken": taken,
        "amount_left": np.maximum(frozen - taken, 0),
        "balance": held.balance[row],
    }


def _account(making: Making, rng: np.random.Generator, case: Ints, day: Days) -> dict[str, Values]:
    """Which account the money goes to."""
    n = len(case)
    foreign = one_in(rng, n, calibration.number("foreign_currency"))
    unknown = not_recorded(rng, n)
    breach = condition(making, "deduct.registered_account", case, day, unknown)
    wrong = np.where(foreign & one_in(rng, n, 0.5), REGISTERED, OTHER)
    to = np.where(breach, wrong, np.where(foreign, FOREIGN, REGISTERED))
    return {
        "foreign": foreign.astype(np.int8),
        "to_account": np.where(unknown, UNKNOWN, to).astype(np.int8),
    }


def _claims(making: Making, rng: np.random.Generator, case: Ints, day: Days) -> dict[str, Values]:
    """Claims to a prior right: decided before the deduction, still under review, or lodged only
    after it."""
    n = len(case)
    claimed = one_in(rng, n, calibration.number("prior_right_claims"))
    after = one_in(rng, n, 0.12)
    breach = (making.plan("prior_right.no_deduction", case) != KEPT) & ~after
    before = spread(rng, 0, 25, n)
    lodged = np.where(after, day + spread(rng, 1, 20, n), day - before)
    decided = lodged + (rng.random(n) * (before + 1)).astype(np.int32)
    open_ = np.where(one_in(rng, n, 0.5), FAR, day + spread(rng, 1, 30, n))
    decided = np.where(breach, open_, np.where(after, FAR, decided))
    lodged = np.where(claimed, lodged, FAR).astype(np.int32)
    decided = np.where(claimed, decided, FAR).astype(np.int32)
    state = np.where(breach, truth.LATE, truth.MET)
    state = np.where(lodged <= making.last, state, truth.NOT_APPLICABLE).astype(np.int8)
    making.ledger.enter("prior_right.no_deduction", case, state)
    return {"claim_lodged": lodged, "claim_decided": decided}
