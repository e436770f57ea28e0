"""Preservations: ruled, executed, closed."""

from __future__ import annotations

import dataclasses

import numpy as np

from zhiheng.simulate import calibration, truth
from zhiheng.simulate.cases import CLOSINGS
from zhiheng.simulate.closing import Closed
from zhiheng.simulate.making import Making, after
from zhiheng.simulate.world import FAR, choose, one_in, spread

WITHDRAWN_FIRST = 0.03
"""Share of preservations withdrawn before they are carried out (assumption)."""


def preserve(making: Making) -> Closed:
    """Draw the course of every preservation; the ends of all cases, these now among them."""
    world, closed = making.world, making.closed
    case = np.flatnonzero(making.cases.of_kind("preservation"))
    rng = world.rng("preservation")
    n = len(case)
    ruled = world.day_of_work(making.cases.filed[case] + spread(rng, 0, 2, n))
    drawn = making.acts("preservation.executed", case, ruled)
    withdrawn = one_in(rng, n, WITHDRAWN_FIRST)
    executed = np.where(withdrawn, FAR, drawn.done).astype(np.int32)
    ended = np.where(withdrawn, after(ruled, spread(rng, 1, 8, n)), FAR).astype(np.int32)
    state = truth.deadline(making.last, ruled, drawn.due, executed, ended)
    making.ledger.enter("preservation.executed", case, state)
    making.log.add("preservation_ruled", case, ruled)
    making.log.add("preservation_executed", case, executed)
    finished = world.day_of_work(after(executed, spread(rng, 1, 10, n)))
    kinds = calibration.shares("preservation_closing_kinds")
    position = np.array([CLOSINGS.index(name) for name in kinds], np.int8)
    kind, day = closed.kind.copy(), closed.day.copy()
    done = position[choose(rng, kinds, n)]
    kind[case] = np.where(withdrawn, CLOSINGS.index("withdrawn"), done)
    day[case] = np.where(withdrawn, ended, finished)
    return dataclasses.replace(closed, kind=kind, day=day)
