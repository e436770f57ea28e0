"""The share of the property under control for which orders are on record."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhiheng.simulate import calibration
from zhiheng.simulate.assets import CONTROL
from zhiheng.simulate.found import KINDS
from zhiheng.simulate.making import Making
from zhiheng.simulate.order_rows import UNKNOWN, not_recorded
from zhiheng.simulate.world import (
    FAR,
    Codes,
    Days,
    Ints,
    Mask,
    Small,
    never,
    one_in,
    spread,
    within_group,
)

SLOTS, MOST = 6, 9
"""Orders on one asset, and assets of one case, that identifiers have room for."""

BANK = ("deposit", "online_funds")
"""Kinds of property controlled through the network, with a bank's answer."""


@dataclass(frozen=True, eq=False)
class Held:
    """Controls, one for each asset chosen: `served` is the day it was brought under control,
    `ended` the day it was deducted or disposed of, `released` the day the control is lifted where
    it is in force then, `behind` the row it waits behind (-1: it is the first). Sums are cents;
    `prior` is 1 where a prior right is registered, 0 where not, -1 where not recorded."""

    case: Ints
    nth: Ints
    asset: Ints
    kind: Codes
    served: Days
    minute: Small
    deducted: Days
    ended: Days
    frees: Days
    asked: Ints
    balance: Ints
    available: Ints
    prior: Codes
    released: Days
    behind: Ints
    account: Ints
    case_key: Ints

    def __len__(self) -> int:
        return len(self.case)

    def of_kind(self, *kinds: str) -> Mask:
        """Controls over property of these kinds."""
        return np.isin(self.kind, [KINDS.index(kind) for kind in kinds])

    @property
    def bank(self) -> Mask:
        """Controls through the network, answered by a bank."""
        return self.of_kind(*BANK)

    @property
    def rank(self) -> Ints:
        """Place in the queue when served."""
        return np.where(self.behind >= 0, 2, 1)

    def key_of(self, slot: int) -> Ints:
        """Identifiers of the orders in one slot of each control."""
        return self.case_key * 1000 + SLOTS * self.nth + slot + 1


def held_property(making: Making) -> Held:
    """Choose assets under control, and draw what their orders are about."""
    rng = making.world.rng("held")
    table = making.tables["assets"]
    keys, every = table["asset"].to_numpy(), table["case"].to_numpy()
    served = first_days(making, tuple(set(CONTROL.values())), keys)
    chosen = (served < FAR) & one_in(rng, len(keys), calibration.number("control_orders"))
    rows = np.flatnonzero(chosen)
    nth = within_group(every[rows])
    rows, nth = rows[nth < MOST], nth[nth < MOST]
    case = np.searchsorted(making.cases.key, every[rows])
    kind = kinds_of(table)[rows]
    n = len(rows)
    deducted = first_days(making, ("deducted",), keys)[rows]
    sold = first_days(making, ("auction_confirmed", "set_off_in_kind"), keys)[rows]
    balance = _cents(table["value"])[rows]
    asked = np.maximum((balance * rng.uniform(0.4, 2.5, n)).astype(np.int64), 1)
    bank = np.isin(kind, [KINDS.index(name) for name in BANK])
    prior = np.where(one_in(rng, n, calibration.number("prior_right")), 1, 0)
    prior = np.where(not_recorded(rng, n), UNKNOWN, prior)
    frees = making.closed.frees[case]
    later = np.minimum(frees + spread(rng, 0, 15, n), FAR).astype(np.int32)
    lifts = one_in(rng, n, calibration.number("control_released")) & (frees < FAR)
    held = Held(
        case, nth, keys[rows], kind, served[rows],
        rng.integers(9 * 60, 17 * 60, n).astype(np.int16), deducted, np.minimum(deducted, sold),
        frees, asked, balance, balance, np.where(bank, prior, 0).astype(np.int8),
        np.where(lifts, later, FAR).astype(np.int32), np.full(n, -1), keys[rows],
        making.cases.key[case],
    )  # fmt: skip
    return _queued(making, held)


def first_days(making: Making, nodes: tuple[str, ...], keys: Ints) -> Days:
    """The first day any of the nodes was passed by each subject of `keys`; else FAR."""
    days = [making.log.first_of(node, keys) for node in nodes]
    return np.asarray(np.minimum.reduce([never(len(keys)), *days]), np.int32)


def kinds_of(table: pa.Table) -> Codes:
    """The kind of each asset as a position in KINDS."""
    coded = table["kind"].combine_chunks()
    places = np.array([KINDS.index(name) for name in coded.dictionary.to_pylist()])
    return np.asarray(places[coded.indices.to_numpy()], np.int8)


def _cents(column: pa.ChunkedArray) -> Ints:
    hundredfold = pc.multiply(pc.fill_null(column, 0), pa.scalar(100))
    return np.asarray(pc.cast(hundredfold, pa.int64(), safe=False).to_numpy(), np.int64)


def _queued(making: Making, held: Held) -> Held:
    """Put some freezes behind another court's on one account; of those before, many are lifted
    later, so that the one behind comes to its turn."""
    rng = making.world.rng("queues")
    plain = held.of_kind("deposit") & (held.prior == 0) & (held.deducted >= FAR)
    plain &= one_in(rng, len(held), calibration.number("control_waits"))
    row = np.flatnonzero(plain)
    row = row[np.argsort(held.served[row], kind="stable")]
    first, second = row[: len(row) // 2 * 2 : 2], row[1::2]
    apart = held.served[second] - held.served[first]
    fits = (apart > 0) & (apart < calibration.number("control_waits_within"))
    first, second = first[fits], second[fits]
    n = len(second)
    lifted = held.served[second] + spread(rng, 20, 60, n)
    stays = one_in(rng, n, 0.3)
    arrays = {
        name: getattr(held, name).copy()
        for name in ("released", "behind", "account", "balance", "available")
    }
    arrays["released"][first] = np.where(stays, FAR, lifted)
    arrays["released"][second] = FAR
    arrays["behind"][second] = first
    arrays["account"][second] = held.account[first]
    arrays["balance"][second] = held.balance[first]
    arrays["available"][second] = np.maximum(held.balance[first] - held.asked[first], 0)
    return replace(held, **arrays)
