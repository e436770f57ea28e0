"""Steps few cases see (summons, search, eviction, …), some of them out of order."""

from __future__ import annotations

import numpy as np

from zhiheng.simulate import calibration
from zhiheng.simulate.making import Making, after, up_to
from zhiheng.simulate.world import FAR, Days, Ints, one_in, spread


def rare_steps(making: Making) -> None:
    """Enter steps that no duty hangs on, and steps out of order for the screens to find."""
    rng = making.world.rng("rare steps")
    case = np.flatnonzero(making.cases.enforcing)
    for node, share in calibration.shares("rare_steps").items():
        chosen = case[one_in(rng, len(case), share)]
        day = _while_open(making, chosen, spread(rng, 3, 60, len(chosen)))
        making.log.add(node, chosen, day)
        _follow(making, node, chosen, day)
    _too_early(making, case)
    _too_late(making)


def _while_open(making: Making, case: Ints, days: Days) -> Days:
    return up_to(after(making.cases.filed[case], days), making.closed.day[case])


def _follow(making: Making, node: str, case: Ints, day: Days) -> None:
    """What follows a warrant or a notice: later as a rule, some before it."""
    then = {"search_ordered": "search_carried_out", "eviction_notice": "eviction_carried_out"}
    if node not in then:
        return
    rng = making.world.rng(f"follow {node}")
    n = len(case)
    wrong = one_in(rng, n, calibration.number("step_before_its_order"))
    before = np.where(day < FAR, day - spread(rng, 1, 5, n), FAR)
    done = np.where(wrong, before, after(day, spread(rng, 0, 20, n)))
    making.log.add(then[node], case, up_to(done.astype(np.int32), making.closed.day[case]))


def _too_early(making: Making, case: Ints) -> None:
    rng = making.world.rng("before filing")
    chosen = case[one_in(rng, len(case), calibration.number("step_before_filing"))]
    day = making.cases.filed[chosen] - spread(rng, 1, 20, len(chosen))
    making.log.add("debtor_summoned", chosen, day.astype(np.int32))


def _too_late(making: Making) -> None:
    """Steps entered for a day after the file was put away."""
    rng = making.world.rng("after archiving")
    case, _, archived = making.log.subjects("archived")
    chosen = one_in(rng, len(case), calibration.number("step_after_archiving"))
    day = after(archived[chosen], spread(rng, 1, 20, int(chosen.sum())))
    making.log.add("assistance_notice", case[chosen], day)
