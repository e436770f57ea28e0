"""Matters entrusted to other courts, as they were sent, and how their duties are entered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from zhiheng.calendar import to_day
from zhiheng.simulate import calibration, columns, truth
from zhiheng.simulate.calibration import parameters
from zhiheng.simulate.making import Making
from zhiheng.simulate.world import NEVER, Codes, Days, Ints, Mask, one_in

MATTERS = tuple(calibration.shares("entrusted_matters"))
LISTED = ("inquiry", "control", "renewal", "release", "deduct", "transfer", "listed")

Flags = dict[str, tuple[Mask, Mask]]
"""Column → its values, and where they are recorded."""


@dataclass(frozen=True, eq=False)
class Matters:
    """Entrustments as they were sent. `kind` is a position in MATTERS; `days_set` is -1 where it
    is not recorded; whether a matter is urgent is `known` or not."""

    case: Ints
    key: Ints
    sent: Days
    kind: Codes
    days_set: Days
    urgent: Mask
    known: Mask

    def of_kind(self, *names: str) -> Mask:
        """Matters of these kinds."""
        return np.isin(self.kind, [MATTERS.index(name) for name in names])

    @property
    def doubtful(self) -> Mask:
        """Where it is not known whether a matter is urgent, or which period was set."""
        return ~self.known | (self.days_set < 0)


def condition(
    making: Making, duty: str, case: Ints, start: Days, good: Mask, unknown: Mask,
    concerned: Mask | bool = True,
) -> None:  # fmt: skip
    """Enter a duty that is judged on the day it begins."""
    state = in_force(truth.condition(making.last, start, good, unknown), start)
    state = np.where(concerned, state, truth.NOT_APPLICABLE).astype(np.int8)
    making.ledger.enter(duty, case, state)


def in_force(state: Codes, start: Days) -> Codes:
    """The same states, not applicable where the duty began before the rule was in force."""
    first = to_day(date.fromisoformat(parameters()["entrustment_rule_from"].value))
    return np.where(start >= first, state, truth.NOT_APPLICABLE).astype(np.int8)


def drawn_flags(
    making: Making, duty: str, case: Ints, names: tuple[str, ...], concerned: Mask
) -> Flags:
    """Flags that hold unless the court breaches the duty, which the last of them shows."""
    n = len(case)
    good = making.plan(duty, case) != NEVER
    held = {name: np.ones(n, np.bool_) for name in names[:-1]} | {names[-1]: good}
    return {name: (held[name], concerned & recorded(making, name, n)) for name in names}


def recorded(making: Making, name: str, n: int) -> Mask:
    rng = making.world.rng(f"recorded {name}")
    return ~one_in(rng, n, calibration.number("entrustment_unknown"))


def together(flags: Flags) -> tuple[Mask, Mask]:
    """Where all flags hold, and where that is not known; one that fails decides."""
    failed = np.any([known & ~value for value, known in flags.values()], axis=0)
    unknown = np.any([~known for _, known in flags.values()], axis=0) & ~failed
    return ~failed, unknown


def as_columns(flags: Flags) -> dict[str, pa.Array]:
    """Flags as columns of a table."""
    return {name: columns.flags(*flag) for name, flag in flags.items()}
