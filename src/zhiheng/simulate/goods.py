"""Goods under the court's hand: handed to the applicant, released and returned, deposited."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from zhiheng.simulate import calibration, columns, truth
from zhiheng.simulate.cases import CLAIMS
from zhiheng.simulate.making import Making, after
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

TABLE = 0
KINDS = ("goods", "vehicle", "other")
KEEPERS = tuple(calibration.shares("goods_keepers"))
GROUNDS = tuple(calibration.shares("delay_grounds"))
APPROVERS = ("bureau_head", "vice_president", "clerk")
WHO_MAY = 2
"""The first two approvers may approve a delay."""


@dataclass(frozen=True, eq=False)
class Goods:
    """Rows of the table of goods: received on a day; `named` in the basis, where `known`."""

    case: Ints
    key: Ints
    received: Days
    named: Mask
    known: Mask


def keep_goods(making: Making) -> None:
    """Goods taken in while cases are open, what becomes of them, and their table."""
    goods = _taken_in(making)
    rng = making.world.rng("goods kept")
    n = len(goods.case)
    held = one_in(rng, n, calibration.number("goods_deposited")) & goods.named
    deposited = np.where(held, after(goods.received, spread(rng, 12, 60, n)), FAR).astype(np.int32)
    approval = _hand_over(making, goods, deposited)
    freed = ~goods.named & one_in(rng, n, calibration.number("goods_released"))
    released = np.where(freed, after(goods.received, spread(rng, 20, 200, n)), FAR)
    keeping = _give_back(making, goods, released.astype(np.int32))
    making.tables["goods"] = columns.table(
        "goods",
        {
            "goods": columns.keys(goods.key),
            "case": columns.keys(making.cases.key[goods.case]),
            "asset": columns.keys(goods.key, np.zeros(n, np.bool_)),
            "kind": columns.codes(KINDS, spread(rng, 0, len(KINDS) - 1, n)),
            "value": columns.amounts(spread(rng, 1, 900, n).astype(np.int64) * 10_000),
            "named_in_basis": columns.flags(goods.named, goods.known),
            "received": columns.days(goods.received, making.last),
            "deposited": columns.days(deposited, making.last),
            **approval,
            **keeping,
        },
    )


def _taken_in(making: Making) -> Goods:
    """Mostly goods that a judgment on a specific thing names."""
    rng = making.world.rng("goods")
    cases = making.cases
    specific = cases.claim == CLAIMS.index("specific_thing")
    mean, share = calibration.shares("goods_held"), calibration.shares("goods_named")
    expected = np.where(specific, mean["named"], mean["other"]) * cases.enforcing
    case, nth = rows_of(np.minimum(rng.poisson(expected), 20))
    n = len(case)
    received = (cases.filed[case] + spread(rng, 3, 100, n)).astype(np.int32)
    there = (received < making.closed.day[case]) & making.world.happened(received)
    named = one_in(rng, n, np.where(specific[case], share["named"], share["other"]))
    known = ~one_in(rng, n, calibration.number("goods_unknown"))
    rows = np.flatnonzero(there)
    key = child_keys(cases.key[case], TABLE, nth)
    return Goods(case[rows], key[rows], received[rows], named[rows], known[rows])


def _hand_over(making: Making, goods: Goods, deposited: Days) -> dict[str, pa.Array]:
    """Goods the basis names go to the applicant, unless they are deposited or the case ends."""
    case = goods.case
    drawn = making.acts("goods.handed_over", case, goods.received)
    ended = making.closed.ended_otherwise[case]
    done = np.where(goods.named & (deposited >= FAR), drawn.done, FAR)
    done = np.where(done > ended, FAR, done).astype(np.int32)
    facts, approved = _delayed(making, goods, done, drawn.due)
    freed = np.minimum(deposited, ended)
    state = truth.deadline(making.last, goods.received, drawn.due, done, freed)
    breach = np.isin(state, (truth.LATE, truth.OVERDUE))
    excused = breach & (approved <= np.minimum(drawn.due, making.last))
    state = np.where(excused, truth.EXCUSED, state).astype(np.int8)
    state = truth.unknown_where(state, ~goods.known)
    judged = goods.named | ~goods.known
    making.ledger.enter("goods.handed_over", case[judged], state[judged])
    return {"handed_over": columns.days(done, making.last), **facts}


def _delayed(
    making: Making, goods: Goods, done: Days, due: Days
) -> tuple[dict[str, pa.Array], Days]:
    """Some late handovers had a ground: the columns that tell of it, and the day somebody who
    may approved the delay (FAR: nobody did)."""
    rng = making.world.rng("goods delayed")
    n = len(done)
    delayed = goods.named & (done > due) & one_in(rng, n, 0.4)
    may = one_in(rng, n, calibration.number("approved_by_one_who_may"))
    approver = np.where(may, spread(rng, 0, WHO_MAY - 1, n), WHO_MAY)
    timely = one_in(rng, n, calibration.number("delay_approved_in_time"))
    shift = np.where(timely, -spread(rng, 0, 9, n), spread(rng, 1, 10, n))
    approved = np.where(delayed, np.maximum(due + shift, goods.received), FAR).astype(np.int32)
    on_record = approved <= making.last
    ground = choose(rng, calibration.shares("delay_grounds"), n)
    facts = {
        "delay_ground": columns.codes(GROUNDS, np.where(on_record, ground, -1)),
        "delay_approved": columns.days(approved, making.last),
        "delay_approved_by": columns.codes(APPROVERS, np.where(on_record, approver, -1)),
    }
    return facts, np.where(may, approved, FAR).astype(np.int32)


def _give_back(making: Making, goods: Goods, released: Days) -> dict[str, pa.Array]:
    """Goods that are released go back, unless the debtor kept them all along."""
    rng = making.world.rng("goods returned")
    case, n = goods.case, len(goods.case)
    keeper: Codes = choose(rng, calibration.shares("goods_keepers"), n)
    unknown = one_in(rng, n, calibration.number("goods_unknown"))
    keeper = np.where(unknown, -1, keeper).astype(np.int8)
    drawn = making.acts("goods.returned", case, released)
    state = truth.deadline(making.last, released, drawn.due, drawn.done)
    state = truth.unknown_where(state, unknown)
    judged = keeper != KEEPERS.index("debtor")
    making.ledger.enter("goods.returned", case[judged], state[judged])
    return {
        "kept_by": columns.codes(KEEPERS, keeper),
        "released": columns.days(released, making.last),
        "returned": columns.days(drawn.done, making.last),
    }
