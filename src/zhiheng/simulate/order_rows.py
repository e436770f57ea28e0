"""Rows of the table of controls, gathered block by block; what each kind of order carries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhiheng.records.catalogue import codes, tables
from zhiheng.simulate import calibration, columns, truth
from zhiheng.simulate.making import Making
from zhiheng.simulate.world import FAR, KEPT, Codes, Days, Ints, Mask, Small, one_in, spread

UNKNOWN = -1
"""A flag, code, minute, number or sum that is not recorded; a day that is not is FAR."""

ITEMS = ("with_ruling", "with_notice", "with_officer", "with_certificate", "with_account")
QUERY_ITEMS = ("with_identity", "with_officer", "with_notice", "with_list")

Values = NDArray[np.generic]


@dataclass
class OrderRows:
    """Blocks of rows; a column that a block does not give is not recorded there."""

    making: Making
    blocks: list[dict[str, Values]] = field(default_factory=list)

    def add(self, measure: str | NDArray[np.str_], case: Ints, **given: Values) -> None:
        """One block of orders of cases (positions); columns as in the table, sums in cents."""
        word = np.full(len(case), measure) if isinstance(measure, str) else measure
        key = self.making.cases.key[case]
        self.blocks.append({"measure": _positions("control_measure", word), "case": key, **given})

    def table(self) -> pa.Table:
        """The table of controls."""
        made = {name: self._column(name) for name in tables()["controls"].columns}
        return columns.table("controls", made)

    def _column(self, name: str) -> pa.Array:
        column = tables()["controls"].columns[name]
        absent = FAR if column.kind == "day" else UNKNOWN
        whole: Any = np.concatenate(
            [block.get(name, np.full(len(block["case"]), absent)) for block in self.blocks]
        )
        if column.kind == "day":
            return columns.days(whole, FAR - 1 if name.endswith("expires") else self.making.last)
        if column.kind == "code":
            return columns.codes(list(codes()[column.codes or ""]), whole)
        if column.kind in ("text", "account"):
            return _words(name, whole)
        return _NUMBERS[column.kind](whole)


_NUMBERS: dict[str, Callable[[Any], pa.Array]] = {
    "flag": lambda value: columns.flags(value == 1, value >= 0),
    "minute": columns.minutes,
    "amount": columns.amounts,
    "integer": lambda value: pa.array(value.astype(np.int32), mask=value < 0),
    "id": columns.keys,
    "ref": lambda value: columns.keys(value, value >= 0),
}
"""How numbers become the columns of each kind; below 0 is not recorded."""


def _words(name: str, number: Ints) -> pa.Array:
    """Texts made from numbers: the mark of an account, a bank's reason."""
    if name == "reply_reason":
        return columns.codes(("账户已注销",), number.astype(np.int8))
    text = pa.compute.binary_join_element_wise("ACC-", pa.array(number).cast(pa.string()), "")
    return pa.compute.if_else(pa.array(number >= 0), text, None)


def _positions(name: str, words: NDArray[np.str_]) -> Codes:
    listed = list(codes()[name])
    return np.array([listed.index(str(word)) for word in words], np.int8)


def code(name: str, word: str, n: int) -> Codes:
    """n times the position of a word in a code list."""
    return np.full(n, list(codes()[name]).index(word), np.int8)


def sent(day: Days, minute: Small) -> dict[str, Values]:
    """An order sent through the network and served when it reached the system."""
    return {
        "asked": day,
        "asked_minute": (minute - 2).astype(np.int16),
        "arrived": day,
        "arrived_minute": minute,
        "served": day,
        "replied": day,
    }


def condition(
    making: Making, duty: str, case: Ints, start: Days, unknown: Mask | None = None
) -> Mask:
    """Draw which subjects breach a duty that either holds or not on the day `start`, and enter
    the truth; a fact that is not recorded leaves it open."""
    breach = making.plan(duty, case) != KEPT
    state = np.where(breach, truth.OVERDUE, truth.MET)
    if unknown is not None:
        breach = breach & ~unknown
        state = np.where(unknown, truth.UNDETERMINABLE, state)
    state = np.where(start <= making.last, state, truth.NOT_APPLICABLE).astype(np.int8)
    making.ledger.enter(duty, case, state)
    return np.asarray(breach)


def not_recorded(rng: np.random.Generator, n: int) -> Mask:
    """Where some fact was not written down."""
    return one_in(rng, n, calibration.number("control_fact_missing"))


def flag(breach: Mask, unknown: Mask | None = None) -> Codes:
    """A flag that is true but where the duty was breached, or where it is not recorded."""
    value = np.where(breach, 0, 1)
    return (
        np.where(unknown, UNKNOWN, value).astype(np.int8)
        if unknown is not None
        else (value.astype(np.int8))
    )


def carried(
    making: Making,
    rng: np.random.Generator,
    duty: str,
    items: tuple[str, ...],
    case: Ints,
    day: Days,
) -> dict[str, Values]:
    """What a request carries: everything, or all but one item, or one item is not recorded."""
    n = len(case)
    unknown = not_recorded(rng, n)
    breach = condition(making, duty, case, day, unknown)
    which = spread(rng, 0, len(items) - 1, n)
    return {
        name: flag(breach & (which == place), unknown & (which == place))
        for place, name in enumerate(items)
    }


def served_at(
    making: Making, rng: np.random.Generator, case: Ints, day: Days, minute: Small
) -> dict[str, Values]:
    """The minute recorded as that of service: the arrival's, another, or none."""
    n = len(case)
    unknown = not_recorded(rng, n)
    breach = condition(making, "control.service_time", case, day, unknown)
    recorded = np.where(breach, minute + spread(rng, 1, 30, n), minute)
    return {"served_minute": np.where(unknown, UNKNOWN, recorded).astype(np.int16)}
