"""Pensions among the property: living costs left, other property taken first."""

from __future__ import annotations

import numpy as np

from zhiheng.simulate import calibration, columns
from zhiheng.simulate.assets import CONTROL
from zhiheng.simulate.found import KINDS
from zhiheng.simulate.held import first_days, kinds_of
from zhiheng.simulate.making import Making
from zhiheng.simulate.order_rows import condition, flag, not_recorded
from zhiheng.simulate.world import Codes, Days, Ints, Mask, one_in


def take_pensions(making: Making) -> None:
    """Which incomes are pensions and what was heeded when they were taken; columns of assets."""
    rng = making.world.rng("pensions")
    table = making.tables["assets"]
    keys = table["asset"].to_numpy()
    income = kinds_of(table) == KINDS.index("income")
    pension = income & one_in(rng, len(keys), calibration.number("pensions"))
    unknown = income & not_recorded(rng, len(keys))
    taken = first_days(making, ("deducted",), keys)
    held = np.minimum(first_days(making, tuple(set(CONTROL.values())), keys), taken)
    made = {"pension": np.where(unknown, -1, np.where(income, pension, -1)).astype(np.int8)}
    rows = np.flatnonzero(pension | unknown)
    for column, duty, start in (
        ("living_costs_left", "pension.living_costs", held),
        ("other_property_short", "pension.last_resort", taken),
    ):
        made[column] = np.full(len(keys), -1, np.int8)
        made[column][rows] = _heeded(making, rng, duty, keys[rows], start[rows], unknown[rows])
    for name, value in made.items():
        place = making.tables["assets"].column_names.index(name)
        filled = columns.flags(value == 1, value >= 0)
        making.tables["assets"] = making.tables["assets"].set_column(place, name, filled)


def _heeded(
    making: Making, rng: np.random.Generator, duty: str, keys: Ints, start: Days, unknown: Mask
) -> Codes:
    """The flag on each; where it is not known whether it is a pension nothing can be said."""
    case = np.searchsorted(making.cases.key, keys // 1000)
    missing = not_recorded(rng, len(keys))
    breach = condition(making, duty, case, start, unknown | missing)
    return flag(breach, missing)
