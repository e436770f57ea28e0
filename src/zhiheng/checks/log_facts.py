"""Facts about the cases of an event log, read off its attributes in the order of the events."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from zhiheng.checks.cents import cents
from zhiheng.checks.frame import Field
from zhiheng.checks.log_rules import FactRule
from zhiheng.errors import BadInput, Message
from zhiheng.intake.event_log import Attribute, EventLog

NEVER = np.iinfo(np.int64).max
"""The row of a node that a case does not pass."""

FirstRows = Mapping[str, NDArray[np.int64]]
"""Per node, the row of each case's first passing, or NEVER."""


def facts_of(log: EventLog, rules: Mapping[str, FactRule], passed: FirstRows) -> dict[str, Field]:
    """Every fact as a field over the cases of the log.

    Raises BadInput naming case and event where a value cannot be read as the fact says.
    """
    fields: dict[str, Field] = {}
    for name, rule in rules.items():
        if rule.plus is not None:
            fields[name] = _plus([fields[part] for part in rule.plus])
        else:
            fields[name] = _read(log, rule, passed)
    return fields


def _plus(parts: list[Field]) -> Field:
    total = np.stack([part.values for part in parts]).sum(axis=0)
    return Field(total, np.logical_and.reduce([part.known for part in parts]))


def _read(log: EventLog, rule: FactRule, passed: FirstRows) -> Field:
    assert rule.attribute is not None
    found = log.attributes[rule.attribute]
    case = log.case[found.row]
    if rule.until:
        early = found.row <= passed[rule.until][case]
        found, case = found.where(early), case[early]
    if rule.read_as == "text":
        return _picked(found.code, case, rule, len(log.cases), found.vocabulary)
    values = _numbers(log, rule.attribute, found, NUMBER[rule.read_as])
    if rule.sum is not None:
        total = np.zeros(len(log.cases), np.int64)
        np.add.at(total, case, values)
        return Field(total, np.ones(len(log.cases), np.bool_))
    return _picked(values, case, rule, len(log.cases))


def _picked(
    values: NDArray[np.integer],
    case: NDArray[np.int32],
    rule: FactRule,
    cases: int,
    vocabulary: tuple[str, ...] | None = None,
) -> Field:
    """The first or the last entry of each case; entries stand in order of case and event."""
    changes = np.diff(case) != 0
    at = np.flatnonzero(np.r_[True, changes] if rule.first else np.r_[changes, True])
    at = at[: len(case)]  # without any entry there is none to pick
    picked, known = np.zeros(cases, np.int64), np.zeros(cases, np.bool_)
    picked[case[at]], known[case[at]] = values[at], True
    return Field(picked, known, vocabulary)


def _numbers(
    log: EventLog, key: str, found: Attribute, number: Callable[[str], int | None]
) -> NDArray[np.int64]:
    """The entries as numbers; every distinct text is read once."""
    texts = np.zeros(len(found.vocabulary), np.int64)
    for code in np.unique(found.code):
        value = number(found.vocabulary[code])
        if value is None:
            raise _unreadable(log, key, found, code)
        texts[code] = value
    return texts[found.code]


def _integer(text: str) -> int | None:
    hundredfold = cents(text)
    return None if hundredfold is None or hundredfold % 100 else hundredfold // 100


NUMBER: dict[str, Callable[[str], int | None]] = {"amount": cents, "integer": _integer}
"""How the text of each kind of number is read."""


def _unreadable(log: EventLog, key: str, found: Attribute, code: int) -> BadInput:
    row = int(found.row[np.argmax(found.code == code)])
    case = int(log.case[row])
    number = row - int(log.first_row[case]) + 1
    text = found.vocabulary[code][:40]
    return BadInput(
        Message(
            f"案件 {log.cases[case]} 的第 {number} 个事件，属性 {key} 的值“{text}”不是所要求的数。",
            f"Case {log.cases[case]}, event {number}: “{text}” under {key} is not such a number.",
        ),
        Message(
            "金额请写成最多两位小数的数，整数不带小数；不是数的属性请在规则文件里写 kind: text。",
            "Write amounts with at most two decimals and integers without; "
            "where it is no number say `kind: text` in the duties file.",
        ),
        key,
    )
