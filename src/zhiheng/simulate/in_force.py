"""Duties that came into force after the earliest day a simulation may begin on."""

from __future__ import annotations

from datetime import date

import numpy as np

from zhiheng.calendar import to_day
from zhiheng.simulate import truth
from zhiheng.simulate.calibration import parameters
from zhiheng.simulate.making import Making
from zhiheng.simulate.world import Codes, Days, Ints, Mask


def begun_under(duty: str, start: Days) -> Mask:
    """Whether a duty that began on these days began when its rules were in force."""
    first = parameters()["later_in_force"].value[duty]
    return np.asarray(start >= to_day(date.fromisoformat(first)))


def enter(making: Making, duty: str, case: Ints, start: Days, state: Codes) -> None:
    """Enter the states of a duty that does not apply to what began before its rules."""
    applies = begun_under(duty, start)
    state = np.where(applies, state, truth.NOT_APPLICABLE).astype(np.int8)
    making.ledger.enter(duty, case, state)
