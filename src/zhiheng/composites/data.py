"""The figures an index is made of: one row a unit, one column an indicator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from zhiheng.composites.aggregate import Floats
from zhiheng.composites.problems import refused
from zhiheng.composites.tables import Table


@dataclass(frozen=True)
class Data:
    """`columns`: code → values (units,), NaN for none; `ignored`: headings nobody asked for."""

    units: tuple[str, ...]
    columns: Mapping[str, Floats]
    ignored: tuple[str, ...] = ()


def read_data(table: Table, wanted: Iterable[str] | None = None) -> Data:
    """The wanted columns of a table whose first column names the units (all columns by default).

    Raises BadInput: a unit without a name or named twice, a wanted column that is missing, a cell
    of a wanted column that is neither a number nor empty (nor NA, NaN), naming row and column.
    """
    units = names_in(table)
    codes = [one for one in table.header[1:] if one] if wanted is None else list(wanted)
    _refuse_missing(table, codes)
    columns = {
        code: np.array([table.number(row, code) for row in table.rows], np.float64)
        for code in dict.fromkeys(codes)
    }
    ignored = tuple(one for one in table.header[1:] if one and one not in columns)
    return Data(units, columns, ignored)


def names_in(table: Table, column: int = 0) -> tuple[str, ...]:
    """The names in a column, one a row. Raises BadInput where one is missing or stands twice."""
    seen: dict[str, int] = {}
    for row in table.rows:
        unit = row.cells[column]
        if not unit or unit in seen:
            first = seen.get(unit, 0)
            raise refused(
                table.place(row.number),
                (
                    f"单位“{unit}”与第{first}行重复。" if unit else "该行没有单位名称。",
                    f"The unit {unit!r} stands in row {first} too." if unit else "No unit's name.",
                ),
                (
                    f"“{table.header[column]}”一栏写单位名称，每个单位一行。",
                    f"Name one unit a row in the column {table.header[column]!r}.",
                ),
            )
        seen[unit] = row.number
    return tuple(seen)


def _refuse_missing(table: Table, codes: list[str]) -> None:
    lost = [code for code in codes if code not in table.header[1:]]
    if lost:
        named, there = ", ".join(lost), ", ".join(table.header[1:])
        raise refused(
            table.name,
            (f"数据中没有指标：{named}。", f"The data have no column for: {named}."),
            (
                f"数据的栏有：{there}。补上该栏，或从指标树中删去。",
                f"There are: {there}. Add the column, or take the indicator out of the tree.",
            ),
        )
