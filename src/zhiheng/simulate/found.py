"""The property that is found in cases that enforce."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.simulate import calibration
from zhiheng.simulate.course import Course
from zhiheng.simulate.making import Making
from zhiheng.simulate.world import (
    Codes,
    Days,
    Floats,
    Ints,
    Mask,
    child_keys,
    choose,
    one_in,
    rows_of,
)

TABLE = 2
KINDS = tuple(calibration.shares("asset_kinds"))
MONEY = ("deposit", "online_funds", "income", "claim")
"""Kinds that are deducted, not disposed of."""


@dataclass(frozen=True, eq=False)
class Assets:
    """Rows of the table of assets. `online` is 1 or 0, -1 where not recorded; `closed` and
    `frees` are its case's; `value` is in cents."""

    case: Ints
    key: Ints
    kind: Codes
    value: Ints
    online: Codes
    found: Days
    closed: Days
    frees: Days

    def of_kind(self, *kinds: str) -> Mask:
        """Assets of these kinds."""
        return np.isin(self.kind, [KINDS.index(kind) for kind in kinds])


def find_assets(making: Making, course: Course) -> Assets:
    """The property found in cases that enforce, while they are open and by the last day."""
    rng = making.world.rng("assets")
    case, nth = rows_of(_counts(making, rng))
    n = len(case)
    basis = np.minimum(course.inquiry[case], making.cases.filed[case] + 25)
    found = (basis + rng.geometric(0.3, n) - 1).astype(np.int32)
    there = (found < making.closed.day[case]) & making.world.happened(found)
    kind = choose(rng, calibration.shares("asset_kinds"), n)
    can = np.array([calibration.shares("online_controllable")[name] for name in KINDS])
    online = one_in(rng, n, can[kind]).astype(np.int8)
    online[one_in(rng, n, calibration.number("online_unknown"))] = -1
    yuan = np.exp(rng.normal(9.5, 1.6, n) + 2.5 * np.isin(kind, [KINDS.index("real_estate")]))
    rows = np.flatnonzero(there)
    case = case[rows]
    return Assets(
        case,
        child_keys(making.cases.key[case], TABLE, nth[rows]),
        kind[rows],
        np.round(np.minimum(yuan[rows], 1e9) * 100).astype(np.int64),
        online[rows],
        found[rows],
        making.closed.day[case],
        making.closed.frees[case],
    )


def _counts(making: Making, rng: np.random.Generator) -> Ints:
    """How many assets each case would turn up."""
    mean = mean_by_ending(making, "assets_with")
    mean = np.where(making.cases.money, mean, mean * 0.3)
    return np.minimum(rng.poisson(np.where(making.cases.enforcing, mean, 0.0)), 40)


def mean_by_ending(making: Making, parameter: str) -> Floats:
    """A parameter that depends on how the case ends, for every case."""
    means = calibration.shares(parameter)
    mean = np.full(len(making.cases), means["rest"])
    for kind in ("satisfied", "provisional_closure"):
        mean[making.closed.as_kind(kind)] = means[kind]
    return mean
