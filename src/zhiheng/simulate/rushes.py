"""Courts that close by the date: just past three months, or by withdrawal before the end."""

from __future__ import annotations

import numpy as np

from zhiheng.simulate import calibration
from zhiheng.simulate.calibration import parameters
from zhiheng.simulate.cases import CLOSINGS, Filed
from zhiheng.simulate.timing import due_day
from zhiheng.simulate.world import FAR, Codes, Days, Mask, World, one_in, spread


def rushed(world: World, cases: Filed, kind: Codes, day: Days, moved: Mask) -> Days:
    """Closing days with two habits put in: some of the busiest courts end rounds as soon as three
    months are past, others withdraw cases in the last days of the span.

    `moved`: cases with a period that stops or extends the clock; they are left alone.
    """
    busiest = np.argsort(-np.bincount(cases.court, minlength=len(world.courts)), kind="stable")
    at_end, at_limit = (int(count) for count in parameters()["rushing_courts"].value)
    enders = np.isin(cases.court, busiest[:at_end])
    spikers = np.isin(cases.court, busiest[at_end : at_end + at_limit]) & ~moved
    day = _just_past(world, cases, kind, day, spikers)
    return _at_the_end(world, cases, kind, day, enders)


def _just_past(world: World, cases: Filed, kind: Codes, day: Days, chosen: Mask) -> Days:
    """Provisional closings brought forward to the first days after three months."""
    rng = world.rng("closed by the date")
    n = len(cases)
    three = due_day(world, cases.filed, calibration.limit("closure.three_months"))
    chosen = chosen & (kind == CLOSINGS.index("provisional_closure"))
    chosen &= one_in(rng, n, calibration.number("rushed_closing")) & (day < FAR)
    sooner = world.day_of_work((three + 1 + spread(rng, 0, 4, n)).astype(np.int32))
    return np.where(chosen & (day > sooner), sooner, day).astype(np.int32)


def _at_the_end(world: World, cases: Filed, kind: Codes, day: Days, chosen: Mask) -> Days:
    """Withdrawals put off to the last days of the span."""
    rng = world.rng("withdrawn at the end")
    last_days = spread(rng, 0, int(calibration.number("rushed_withdrawal_days")) - 1, len(cases))
    chosen = chosen & cases.enforcing & (kind == CLOSINGS.index("withdrawn")) & (day <= world.last)
    return np.where(chosen, np.maximum(day, world.last - last_days), day).astype(np.int32)
