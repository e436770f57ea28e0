"""Disposal of property: ready, priced, auctioned, sold or taken in kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.simulate import calibration, truth
from zhiheng.simulate.auctions import Auctions, hold_auctions
from zhiheng.simulate.found import MONEY, Assets
from zhiheng.simulate.making import Making, after, up_to
from zhiheng.simulate.pricing import Price, set_price
from zhiheng.simulate.world import FAR, Days, one_in, spread


@dataclass(frozen=True, eq=False)
class Disposal:
    """When disposal began and was done, and the day property was left unsold; FAR where not."""

    begun: Days
    done: Days
    unsold: Days


def dispose(making: Making, assets: Assets, controlled: Days) -> Disposal:
    """The chain of disposal, as far as it comes before the case is closed."""
    ready = _ready(making, assets, controlled)
    price = set_price(making, assets, controlled, ready)
    auctions = hold_auctions(making, assets, price.fixed)
    _enter_appraisals(making, assets, ready, price, auctions)
    return _finish(making, assets, auctions)


def _ready(making: Making, assets: Assets, controlled: Days) -> Days:
    """The day property meets the conditions for disposal; FAR for what is never disposed of."""
    rng = making.world.rng("disposal")
    n = len(assets.case)
    wanted = ~assets.of_kind(*MONEY) & one_in(rng, n, calibration.number("disposed"))
    ready = np.where(wanted, after(controlled, spread(rng, 5, 45, n)), FAR).astype(np.int32)
    ready = up_to(ready, assets.closed - 1)
    making.log.add("disposal_ready", assets.case, ready, subject=assets.key)
    return ready


def _enter_appraisals(
    making: Making, assets: Assets, ready: Days, price: Price, auctions: Auctions
) -> None:
    """Whether appraisals were started in time; an auction without one ends that duty."""
    freed = np.minimum(assets.frees, auctions.begun)
    state = truth.deadline(making.last, ready, price.due, price.appraised, freed)
    making.ledger.enter("appraisal.started", assets.case, state)


def _finish(making: Making, assets: Assets, auctions: Auctions) -> Disposal:
    """What was sold or taken in kind is handed over."""
    rng = making.world.rng("handed over")
    done = np.minimum(auctions.sold, auctions.taken)
    over = up_to(after(done, spread(rng, 3, 20, len(done))), assets.closed)
    making.log.add("handed_over", assets.case, over, subject=assets.key)
    # An auction that failed before the property was taken had begun already.
    return Disposal(np.minimum(auctions.begun, auctions.taken), done, auctions.unsold)
