"""Property at a provisional closure: grounds why it is left, balances too small to count."""

from __future__ import annotations

import numpy as np

from zhiheng.simulate import truth
from zhiheng.simulate.calibration import parameters
from zhiheng.simulate.found import Assets
from zhiheng.simulate.making import Making
from zhiheng.simulate.world import NEVER, Codes, Days

GROUNDS = ("unsold_not_taken", "not_in_hand", "waiting", "exempt", "negligible", "other")
UNSOLD, NOT_IN_HAND, WAITING = range(3)
SMALL_KINDS = ("deposit", "online_funds")


def fitting_grounds(making: Making, assets: Assets, ground: Codes, unsold: Days) -> Codes:
    """Grounds (-1: none) that are borne out, but for the share that is not; the duty on them.

    Where nothing bears a ground out the property went unsold without an auction, or is said to be
    out of hand though it is no vehicle.
    """
    vehicle = assets.of_kind("vehicle")
    hollow = making.plan("closure.ground_evidenced", assets.case) == NEVER
    ground = np.where((ground == NOT_IN_HAND) & ~vehicle & ~hollow, WAITING, ground)
    ground = np.where((ground > NOT_IN_HAND) & hollow, UNSOLD, ground)
    closed = making.closed.provisional[assets.case]
    borne_out = np.where(ground == UNSOLD, unsold <= closed, vehicle)
    state = np.where(borne_out, truth.MET, truth.OVERDUE)
    asked = np.isin(ground, (UNSOLD, NOT_IN_HAND)) & (closed <= making.last)
    state = np.where(asked, state, truth.NOT_APPLICABLE).astype(np.int8)
    making.ledger.enter("closure.ground_evidenced", assets.case, state)
    return ground.astype(np.int8)


def left_or_small(making: Making, assets: Assets, exhausted: Codes) -> None:
    """The same question as a deployed system asks it: small balances are left out of account."""
    below, percent = parameters()["small_balance"].value
    claimed = making.cases.amount[assets.case]
    little = assets.of_kind(*SMALL_KINDS) & (assets.value < below)
    exempt = little & (assets.value * 100 <= claimed * percent) & (claimed >= 0)
    unknown = little & (claimed < 0)
    state = np.where(exempt, truth.NOT_APPLICABLE, exhausted)
    state = truth.unknown_where(state.astype(np.int8), unknown)
    making.ledger.enter("practice.property_explained", assets.case, state)
