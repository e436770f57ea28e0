"""Rows that are as odd as the stored form allows: missing values everywhere, keys of 62 bits, days
before 1970, amounts below zero, ties; drawn from a seed."""

from __future__ import annotations

import random
from typing import Any

import pyarrow as pa

from zhiheng.records.catalogue import Column, codes, nodes, tables
from zhiheng.records.stored import FIRST_DIGEST_KEY, stored_schema

COURTS = ("陕", "陕01", "陕0102", "陕0113", "兵0801")
FEW = 200
"""Keys of a table are 1 to FEW and as many digests, so that rows refer to each other."""


def odd_table(name: str, seed: int) -> pa.Table:
    """Rows of a table in the stored form; its own keys are distinct, courts are the case's."""
    draw = random.Random(f"{name} {seed}")
    own = tables()[name].key
    many = 2 * FEW if own else 20 * FEW
    if name == "courts":
        many = len(COURTS)
    rows = [_row(draw, name, own, number) for number in range(many)]
    draw.shuffle(rows)
    return pa.Table.from_pylist(rows, schema=stored_schema(name))


def _row(draw: random.Random, name: str, own: str | None, number: int) -> dict[str, Any]:
    columns = tables()[name].columns
    row: dict[str, Any] = {
        column: _value(draw, kind) if kind.required or draw.random() < 0.7 else None
        for column, kind in columns.items()
    }
    case = number if name == "cases" else draw.randrange(2 * FEW)
    row["case"] = _key(case)
    row["court"] = COURTS[case % len(COURTS)]
    if own:
        row[own] = COURTS[number] if name == "courts" else _key(number)
        row[f"{own}_id"] = str(number)
    if name == "officers":
        row["officer"] = f"O-{number}"
    return row


def _key(number: int) -> int:
    return number + 1 if number < FEW else FIRST_DIGEST_KEY + 2 * number + 1


def _value(draw: random.Random, column: Column) -> Any:
    if column.kind == "code":
        return draw.choice(list(codes()[column.codes or ""]))
    if column.kind == "node":
        return draw.choice([node.number for node in nodes().values()])
    if column.kind in ("ref", "subject") and column.table not in ("courts", "officers"):
        return _key(draw.randrange(2 * FEW))
    return _PLAIN.get(column.kind, _text)(draw)


def _text(draw: random.Random) -> str:
    return draw.choice((*COURTS, "", "a", "B", "é", "𠮷", "张 三"))


def _amount(draw: random.Random) -> Any:
    from decimal import Decimal

    # Shares of thirds and eighths: some round at the last digit kept, some lie on the tie.
    return Decimal(draw.choice((-150, 0, 1, 3, 8, 125, 1000, 10**15 + 1))) / 100


_PLAIN = {
    "day": lambda draw: draw.choice((-400, 0, 17_000, *range(17_900, 18_300, 25))),
    "minute": lambda draw: draw.choice((0, 600, 1439)),
    "amount": _amount,
    "integer": lambda draw: draw.randint(-2, 5),
    "flag": lambda draw: draw.random() < 0.5,
}
