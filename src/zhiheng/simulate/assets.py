"""Property under the court's hand: controlled, told, deducted or disposed of, and the rest."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from zhiheng.simulate import calibration, columns, truth
from zhiheng.simulate.closure_property import GROUNDS, fitting_grounds, left_or_small
from zhiheng.simulate.course import told_after
from zhiheng.simulate.disposal import dispose
from zhiheng.simulate.found import KINDS, MONEY, Assets
from zhiheng.simulate.making import Making, after, up_to
from zhiheng.simulate.timing import Acts
from zhiheng.simulate.world import (
    FAR,
    NEVER,
    Codes,
    Days,
    Small,
    one_in,
    spread,
)

CONTROL = {
    "deposit": "network_frozen",
    "online_funds": "network_frozen",
    "vehicle": "sealed",
    "real_estate": "sealed",
    "securities": "frozen",
    "equity": "frozen",
    "goods": "seized",
    "income": "other_control",
    "claim": "other_control",
}
"""The measure that brings each kind of property under control."""
HOURS_PER_DAY, MINUTES_PER_HOUR = 24, 60


def handle_assets(making: Making, assets: Assets) -> None:
    """Control, deduction, disposal and what the debtor is told; the table of assets."""
    controlled = _control(making, assets)
    _tell(making, "notice.control", "control_ruling_served", assets, controlled)
    deducted = _deduct(making, assets, controlled)
    disposal = dispose(making, assets, controlled)
    first = np.minimum(deducted, disposal.begun)
    _tell(making, "notice.disposal", "disposal_ruling_served", assets, first)
    _finish(making, assets, np.minimum(deducted, disposal.done), disposal.unsold)


def _tell(making: Making, duty: str, node: str, assets: Assets, start: Days) -> None:
    told = told_after(making, duty, assets.case, start)
    making.log.add(node, assets.case, told, subject=assets.key)
    state = truth.presence(making.last, start, told, assets.closed)
    making.ledger.enter(duty, assets.case, state)


def _control(making: Making, assets: Assets) -> Days:
    """Bring under control online within hours, offline within working days."""
    rng = making.world.rng("control")
    n = len(assets.case)
    at_found, at_control, online = _online_control(making, assets, rng)
    offline = making.acts("control.offline", assets.case, assets.found)
    done = np.where(assets.online == 0, offline.done, online.done)
    done = up_to(done.astype(np.int32), assets.closed)
    log = making.log
    log.add("asset_found", assets.case, assets.found, subject=assets.key, minute=at_found)
    for kind, node in CONTROL.items():
        rows = np.flatnonzero(assets.of_kind(kind))
        log.add(
            node, assets.case[rows], done[rows], subject=assets.key[rows], minute=at_control[rows]
        )
    again = np.where(one_in(rng, n, 0.04), after(done, spread(rng, 3, 30, n)), FAR)
    again = up_to(again.astype(np.int32), assets.closed)
    log.add("other_control", assets.case, again, subject=assets.key)
    money = making.cases.money[assets.case]
    for duty, rows in (
        ("control.online", money & (assets.online != 0)),
        ("control.offline", money & (assets.online != 1)),
    ):
        due = online.due if duty == "control.online" else offline.due
        state = truth.deadline(making.last, assets.found, due, done, assets.frees)
        if duty == "control.online":
            state = _to_the_minute(state, assets.found, at_found, done, at_control)
        state = truth.unknown_where(state, assets.online < 0)
        making.ledger.enter(duty, assets.case[rows], state[rows])
    return done


def _online_control(
    making: Making, assets: Assets, rng: np.random.Generator
) -> tuple[Small, Small, Acts]:
    """Minutes of finding and control, and the day of control, for limits in hours."""
    n = len(assets.case)
    hours = calibration.limit("control.online").hours or 0
    allowed = hours * MINUTES_PER_HOUR
    plan = making.plan("control.online", assets.case)
    found = rng.integers(8 * 60 + 30, 17 * 60 + 30, n)
    took = (rng.beta(1.2, 2.0, n) * allowed).astype(np.int64)
    took = np.where(one_in(rng, n, 0.04), allowed - rng.integers(0, 2, n), took)
    over = allowed + np.where(one_in(rng, n, 0.1), 1, rng.geometric(1 / 3000, n))
    took = np.where(plan == 0, took, over)
    day = assets.found + (found + took) // (HOURS_PER_DAY * MINUTES_PER_HOUR)
    minute = (found + took) % (HOURS_PER_DAY * MINUTES_PER_HOUR)
    missing = calibration.number("minute_missing")
    found = np.where(one_in(rng, n, missing), -2, found)
    minute = np.where(one_in(rng, n, missing), -2, minute)
    due = (assets.found + hours // HOURS_PER_DAY).astype(np.int32)
    done = np.where(plan == NEVER, FAR, day).astype(np.int32)
    return found.astype(np.int16), minute.astype(np.int16), Acts(due, done)


def _to_the_minute(state: Codes, found: Days, at_found: Small, done: Days, at_done: Small) -> Codes:
    """Met and late to the minute; undeterminable where a missing minute decides."""
    allowed = (calibration.limit("control.online").hours or 0) * MINUTES_PER_HOUR
    days = (done - found).astype(np.int64) * HOURS_PER_DAY * MINUTES_PER_HOUR
    last_minute = HOURS_PER_DAY * MINUTES_PER_HOUR - 1
    least = days + np.where(at_done < 0, 0, at_done) - np.where(at_found < 0, last_minute, at_found)
    most = days + np.where(at_done < 0, last_minute, at_done) - np.where(at_found < 0, 0, at_found)
    known = np.where(least > allowed, truth.LATE, truth.UNDETERMINABLE)
    known = np.where(most <= allowed, truth.MET, known)
    acted = np.isin(state, (truth.MET, truth.LATE))
    return np.where(acted, known, state).astype(np.int8)


def _deduct(making: Making, assets: Assets, controlled: Days) -> Days:
    rng = making.world.rng("deducted")
    n = len(assets.case)
    willing = assets.of_kind(*MONEY) & one_in(rng, n, calibration.number("deducted"))
    day = np.where(willing, after(controlled, spread(rng, 3, 40, n)), FAR).astype(np.int32)
    day = up_to(day, assets.closed)
    making.log.add("deducted", assets.case, day, subject=assets.key, amount=assets.value)
    return day


def _finish(making: Making, assets: Assets, done: Days, unsold: Days) -> None:
    """Grounds why the rest cannot be disposed of, the duty that hangs on them, and the table."""
    rng = making.world.rng("grounds")
    n = len(assets.case)
    closed = making.closed.provisional[assets.case]
    left = done > np.minimum(closed, making.last)
    plan = making.plan("closure.property_exhausted", assets.case)
    explained = left & (closed < FAR) & (plan != NEVER)
    explained |= left & one_in(rng, n, 0.1) & (closed >= FAR)
    ground = spread(rng, 1, len(GROUNDS) - 1, n)
    ground = np.where(unsold <= making.last, 0, ground)
    given = np.where(explained, ground, -1).astype(np.int8)
    ground = fitting_grounds(making, assets, given, unsold).astype(np.int32)
    holds = (ground >= 0) | (done <= closed)
    state = np.where(holds, truth.MET, truth.OVERDUE)
    state = np.where(closed <= making.last, state, truth.NOT_APPLICABLE).astype(np.int8)
    making.ledger.enter("closure.property_exhausted", assets.case, state)
    left_or_small(making, assets, state)
    making.tables["assets"] = _table(making, assets, ground.astype(np.int8), rng)


def _table(making: Making, assets: Assets, ground: Codes, rng: np.random.Generator) -> pa.Table:
    debtors = np.flatnonzero(making.parties.debtor)
    first = np.searchsorted(making.parties.case[debtors], assets.case)
    return columns.table(
        "assets",
        {
            "asset": columns.keys(assets.key),
            "case": columns.keys(making.cases.key[assets.case]),
            "owner": columns.keys(making.parties.key[debtors][first]),
            "kind": columns.codes(KINDS, assets.kind),
            "value": columns.amounts(assets.value),
            "online_controllable": columns.flags(assets.online == 1, assets.online >= 0),
            "control_expires": columns.days(
                assets.found + 365 * spread(rng, 1, 3, len(assets.case)), FAR
            ),
            "not_disposable_ground": columns.codes(GROUNDS, ground),
        },
    )
