"""Disposal of property: appraised, auctioned, sold or taken in kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.simulate import calibration, truth
from zhiheng.simulate.found import MONEY, Assets
from zhiheng.simulate.making import Making, after, up_to
from zhiheng.simulate.world import FAR, Days, one_in, spread


@dataclass(frozen=True, eq=False)
class Disposal:
    """When disposal began and was done, and the day property was left unsold; FAR where not."""

    begun: Days
    done: Days
    unsold: Days


def dispose(making: Making, assets: Assets, controlled: Days) -> Disposal:
    """The chain of disposal, as far as it comes before the case is closed."""
    rng = making.world.rng("disposal")
    n = len(assets.case)
    wanted = ~assets.of_kind(*MONEY) & one_in(rng, n, calibration.number("disposed"))
    ready = np.where(wanted, after(controlled, spread(rng, 5, 45, n)), FAR).astype(np.int32)
    ready = up_to(ready, assets.closed - 1)
    making.log.add("disposal_ready", assets.case, ready, subject=assets.key)
    # Some go straight to auction because the parties agreed on the price.
    skipped = one_in(rng, n, calibration.number("appraisal_skipped"))
    appraisal = making.acts("appraisal.started", assets.case, ready)
    started = up_to(np.where(skipped, FAR, appraisal.done).astype(np.int32), assets.closed)
    making.log.add("appraisal_started", assets.case, started, subject=assets.key)
    served = _appraise(making, assets, started, rng)
    soon, later = after(ready, spread(rng, 1, 5, n)), after(served, spread(rng, 5, 15, n))
    prepared = up_to(np.where(skipped, soon, later).astype(np.int32), assets.closed - 1)
    making.log.add("auction_ready", assets.case, prepared, subject=assets.key)
    begun, taken = _auction(making, assets, prepared, rng)
    freed = np.minimum(assets.frees, begun)
    state = truth.deadline(making.last, ready, appraisal.due, started, freed)
    making.ledger.enter("appraisal.started", assets.case, state)
    return _sell(making, assets, begun, taken, rng)


def _auction(
    making: Making, assets: Assets, prepared: Days, rng: np.random.Generator
) -> tuple[Days, Days]:
    """The days auctions begin, and the days property is taken in kind without one."""
    n = len(prepared)
    in_kind = one_in(rng, n, calibration.number("set_off_without_auction"))
    auction = making.acts("auction.started", assets.case, prepared)
    begun = up_to(np.where(in_kind, FAR, auction.done).astype(np.int32), assets.closed)
    taken = np.where(in_kind, after(prepared, spread(rng, 1, 10, n)), FAR).astype(np.int32)
    taken = up_to(taken, assets.closed)
    online = one_in(rng, n, calibration.number("online_auction"))
    for node, rows in (("online_auction", online), ("auction_started", ~online)):
        making.log.add(node, assets.case[rows], begun[rows], subject=assets.key[rows])
    freed = np.minimum(assets.frees, taken)
    state = truth.deadline(making.last, prepared, auction.due, begun, freed)
    making.ledger.enter("auction.started", assets.case, state)
    return begun, taken


def _appraise(making: Making, assets: Assets, started: Days, rng: np.random.Generator) -> Days:
    """The report comes, and is sent to the parties; the day it was sent."""
    received = after(started, spread(rng, 12, 45, len(started)))
    received = up_to(received, assets.closed - 1)
    sent = making.acts("appraisal.served", assets.case, received)
    served = up_to(sent.done, assets.closed)
    making.log.add("appraisal_received", assets.case, received, subject=assets.key)
    making.log.add("appraisal_served", assets.case, served, subject=assets.key)
    state = truth.deadline(making.last, received, sent.due, served, assets.frees)
    making.ledger.enter("appraisal.served", assets.case, state)
    return served


def _sell(
    making: Making, assets: Assets, begun: Days, taken: Days, rng: np.random.Generator
) -> Disposal:
    """The outcome of the auction: sold, unsold and tried again, taken in kind."""
    n = len(begun)
    log, closed = making.log, assets.closed
    result = up_to(after(begun, spread(rng, 20, 40, n)), closed)
    sold = one_in(rng, n, calibration.number("sold_first"))
    unsold = np.where(sold, FAR, result).astype(np.int32)
    log.add("unsold", assets.case, unsold, subject=assets.key)
    again = up_to(after(unsold, spread(rng, 10, 30, n)), closed)
    log.add("second_auction", assets.case, again, subject=assets.key)
    second = up_to(after(again, spread(rng, 18, 30, n)), closed)
    bought = one_in(rng, n, 0.5)
    confirmed = np.where(sold, result, np.where(bought, second, FAR)).astype(np.int32)
    price = np.where(sold, assets.value * 9 // 10, assets.value * 7 // 10)
    log.add("auction_confirmed", assets.case, confirmed, subject=assets.key, amount=price)
    in_kind = np.where(~sold & ~bought & one_in(rng, n, 0.4), second, FAR)
    in_kind = np.minimum(in_kind, taken).astype(np.int32)
    log.add("set_off_in_kind", assets.case, in_kind, subject=assets.key)
    done = np.minimum(confirmed, in_kind)
    over = up_to(after(done, spread(rng, 3, 20, n)), closed)
    log.add("handed_over", assets.case, over, subject=assets.key)
    return Disposal(np.minimum(begun, taken), done, unsold)
