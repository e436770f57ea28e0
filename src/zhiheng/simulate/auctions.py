"""Auctions: announced, opened, halted, sold or not, tried again; or property taken in kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.simulate import calibration, truth
from zhiheng.simulate.found import Assets
from zhiheng.simulate.in_force import begun_under, enter
from zhiheng.simulate.making import Making, after, up_to
from zhiheng.simulate.world import FAR, LATE, NEVER, Codes, Days, Mask, one_in, spread

MOVABLES = ("vehicle", "goods")
FIRST = ("auction.notice_movables", "auction.notice_others", "auction_notice", "bidding_opened")
SECOND = (
    "auction.second_notice_movables",
    "auction.second_notice_others",
    "second_auction_notice",
    "second_bidding_opened",
)
"""For each auction: the duties on its announcement (movables, others), and its two nodes."""


@dataclass(frozen=True, eq=False)
class Auctions:
    """When auctions began, sold and left property unsold, and when it was taken in kind."""

    begun: Days
    sold: Days
    unsold: Days
    taken: Days


def hold_auctions(making: Making, assets: Assets, fixed: Days) -> Auctions:
    """From the fixed price to the sale, as far as it comes before the case is closed."""
    rng = making.world.rng("auctions")
    n = len(fixed)
    online = one_in(rng, n, calibration.number("online_auction"))
    begun, taken = _begin(making, assets, fixed, online)
    opened = _announce(making, assets, begun, online, FIRST)
    resumed = _halt(making, assets, opened)
    ends = np.where(online, after(resumed, spread(rng, 1, 2, n)), after(begun, _offline(rng, n)))
    ends = up_to(ends.astype(np.int32), assets.closed)
    at_once = one_in(rng, n, calibration.number("sold_first"))
    unsold = np.where(at_once, FAR, ends).astype(np.int32)
    making.log.add("unsold", assets.case, unsold, subject=assets.key)
    second = _try_again(making, assets, unsold, online)
    bought = one_in(rng, n, 0.5)
    sold = np.where(at_once, ends, np.where(bought, second, FAR)).astype(np.int32)
    price = np.where(at_once, assets.value * 9 // 10, assets.value * 7 // 10)
    making.log.add("auction_confirmed", assets.case, sold, subject=assets.key, amount=price)
    left = np.where(~at_once & ~bought & one_in(rng, n, 0.4), second, FAR)
    taken = np.minimum(left, taken).astype(np.int32)
    making.log.add("set_off_in_kind", assets.case, taken, subject=assets.key)
    return Auctions(begun, sold, unsold, taken)


def _offline(rng: np.random.Generator, n: int) -> Days:
    return spread(rng, 20, 40, n)


def _begin(making: Making, assets: Assets, fixed: Days, online: Mask) -> tuple[Days, Days]:
    """The days auctions begin, and the days property is taken in kind without one."""
    rng = making.world.rng("auctions begin")
    case, n = assets.case, len(fixed)
    ready = np.where(fixed >= FAR, FAR, np.minimum(fixed + spread(rng, 0, 2, n), assets.closed - 1))
    ready = ready.astype(np.int32)
    making.log.add("auction_ready", case, ready, subject=assets.key)
    index = making.acts("auction.started", case, ready)
    statutory = making.acts("sale.started", case, fixed)
    done = np.where(begun_under("sale.started", fixed), statutory.done, index.done)
    in_kind = one_in(rng, n, calibration.number("set_off_without_auction"))
    begun = up_to(np.where(in_kind, FAR, done).astype(np.int32), assets.closed)
    taken = np.where(in_kind, after(ready, spread(rng, 1, 12, n)), FAR).astype(np.int32)
    taken = up_to(taken, assets.closed)
    for node, rows in (("online_auction", online), ("auction_started", ~online)):
        making.log.add(node, case[rows], begun[rows], subject=assets.key[rows])
    freed = np.minimum(assets.frees, taken)
    state = truth.deadline(making.last, ready, index.due, begun, freed)
    making.ledger.enter("auction.started", case, state)
    state = truth.deadline(making.last, fixed, statutory.due, begun, freed)
    enter(making, "sale.started", case, fixed, state)
    return begun, taken


def _announce(
    making: Making, assets: Assets, begun: Days, online: Mask, names: tuple[str, str, str, str]
) -> Days:
    """Announce online auctions and open the bidding, sometimes too early, sometimes without the
    announcement on record; the day bidding opens."""
    duties, notice_node, opening_node = names[:2], names[2], names[3]
    rng = making.world.rng(f"announced {opening_node}")
    n = len(begun)
    movable = assets.of_kind(*MOVABLES)
    plans = [making.plan(duty, assets.case) for duty in duties]
    plan = np.where(movable, plans[0], plans[1])
    waits = [calibration.limit(duty).days or 0 for duty in duties]
    wait = np.where(movable, waits[0], waits[1])
    notice = np.where(online, after(begun, spread(rng, 0, 2, n)), FAR).astype(np.int32)
    notice = up_to(notice, assets.closed)
    exactly = one_in(rng, n, 0.25)
    extra = np.where(exactly, 0, spread(rng, 0, 6, n))
    early = np.where(exactly, 1, spread(rng, 1, 4, n))
    waited = wait + np.where(plan == LATE, -early, extra)
    opened = up_to(after(notice, waited.astype(np.int32)), assets.closed)
    on_record = np.where(plan == NEVER, FAR, notice).astype(np.int32)
    making.log.add(notice_node, assets.case, on_record, subject=assets.key)
    making.log.add(opening_node, assets.case, opened, subject=assets.key)
    state = _waited(making.last, on_record, (notice + wait).astype(np.int32), opened)
    for duty, rows in zip(duties, (movable, ~movable), strict=True):
        making.ledger.enter(duty, assets.case[rows], state[rows])
    return opened


def _waited(last: int, notice: Days, soonest: Days, opened: Days) -> Codes:
    """States of an act that may not come before a day; not done, it breaches nothing."""
    state = np.where(opened >= soonest, truth.MET, truth.LATE)
    state = np.where(notice <= last, state, truth.UNDETERMINABLE)
    return np.where(opened <= last, state, truth.NOT_APPLICABLE).astype(np.int8)


def _halt(making: Making, assets: Assets, opened: Days) -> Days:
    """Some auctions are halted; the day the bidding goes on, FAR where it never does."""
    rng = making.world.rng("auction halts")
    n = len(opened)
    stopped = one_in(rng, n, calibration.number("auction_halted"))
    halted = np.where(stopped, opened, FAR).astype(np.int32)
    ended = up_to(after(halted, spread(rng, 4, 60, n)), assets.closed)
    drawn = making.acts("auction.resumed", assets.case, ended)
    resumed = up_to(drawn.done, assets.closed)
    gone = (resumed >= FAR) & one_in(rng, n, calibration.number("auction_not_resumed"))
    withdrawn = np.where(gone, after(ended, spread(rng, 0, 12, n)), FAR).astype(np.int32)
    withdrawn = up_to(withdrawn, assets.closed)
    for node, day in (
        ("auction_halted", halted),
        ("auction_halt_ended", ended),
        ("auction_resumed", resumed),
        ("auction_withdrawn", withdrawn),
    ):
        making.log.add(node, assets.case, day, subject=assets.key)
    freed = np.minimum(assets.frees, withdrawn)
    state = truth.deadline(making.last, ended, drawn.due, resumed, freed)
    making.ledger.enter("auction.resumed", assets.case, state)
    return np.where(stopped, resumed, opened).astype(np.int32)


def _try_again(making: Making, assets: Assets, unsold: Days, online: Mask) -> Days:
    """The second auction and the day it ends; offline ones have no limit that is drawn."""
    rng = making.world.rng("second auctions")
    n = len(unsold)
    drawn = making.acts("auction.second", assets.case, unsold)
    usual = after(unsold, spread(rng, 10, 50, n))
    again = up_to(np.where(online, drawn.done, usual).astype(np.int32), assets.closed)
    making.log.add("second_auction", assets.case, again, subject=assets.key)
    state = truth.deadline(making.last, unsold, drawn.due, again, assets.frees)
    making.ledger.enter("auction.second", assets.case[online], state[online])
    opened = _announce(making, assets, again, online, SECOND)
    ends = np.where(online, after(opened, spread(rng, 1, 2, n)), after(again, _offline(rng, n)))
    return up_to(ends.astype(np.int32), assets.closed)
