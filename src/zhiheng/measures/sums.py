"""Numerators and denominators of all figures by court, in one pass over each relation.

The sums are whole numbers, and what they are summed over falls apart into sets of cases: sums over
disjoint sets, each with all records of its cases, add up to the sums over all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, get_args

import pyarrow as pa

from zhiheng.measures.figures import FIGURES, Base, Counted, Part, as_number
from zhiheng.measures.question import Question
from zhiheng.store.engine import fetched

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

    from zhiheng.measures.bases import Bases

Sums = dict[tuple[str, str], tuple[int, int]]
"""(court, figure) → numerator and denominator, in units of 1 / the figure's scale."""

_Place = tuple[str, int, int]
"""A figure, one of its parts, and 0 for what is above or 1 for what is below."""


def figures_of(ask: Question, con: BaseBackend, names: Iterable[str] = FIGURES) -> Sums:
    """The figures of every court; one whose rows come to nothing above and below is absent, as one
    that nobody has rows for.

    `ask.rows` may give the records of some cases only; see `added` for putting sums together.
    """
    from zhiheng.measures.bases import Bases  # loads the engine

    bases = Bases(ask)
    parts = {(name, at): part for name in names for at, part in _parts(name, bases)}
    found: Sums = {}
    for base in get_args(Base):
        here = {key: part for key, part in parts.items() if part.base == base}
        if here:
            wide = fetched(con, _wide(getattr(bases, base), here))
            found = added(found, _read(wide, here))
    return found


def added(one: Sums, other: Sums, sign: int = 1) -> Sums:
    """The sums over two disjoint sets of cases together; with sign -1, those over the one without
    the other, which is a part of it."""
    total = dict(one)
    for key, (above, below) in other.items():
        before = total.get(key, (0, 0))
        total[key] = (before[0] + sign * above, before[1] + sign * below)
    return {key: sums for key, sums in total.items() if any(sums)}


def _parts(name: str, bases: Bases) -> Iterator[tuple[int, Part]]:
    yield from enumerate(FIGURES[name].parts(bases))


def _wide(table: ir.Table, parts: dict[tuple[str, int], Part]) -> ir.Table:
    """A row a court, two columns a part: null where the court has no row of the part."""
    columns: dict[str, ir.Value] = {}
    for (name, at), part in parts.items():
        for side, counted in enumerate((part.above, part.below)):
            if counted is not False:
                columns[_column(name, at, side)] = _sum(table, part, counted)
    return table.group_by("court").aggregate(**columns)


def _sum(table: ir.Table, part: Part, counted: Counted) -> ir.Value:
    where = None if part.chosen is True else part.chosen
    if isinstance(counted, int):
        return table.count(where=where).nullif(0).cast("int64") * int(counted)
    return as_number(counted).sum(where=where).cast("int64")


def _column(name: str, at: int, side: int) -> str:
    return f"{name}_{at}_{side}"


def _read(wide: pa.Table, parts: dict[tuple[str, int], Part]) -> Sums:
    courts = wide.column("court").to_pylist()
    found: Sums = {}
    for name, at in parts:
        sides = [_values(wide, _column(name, at, side)) for side in (0, 1)]
        for court, above, below in zip(courts, *sides, strict=True):
            if above is not None or below is not None:
                before = found.get((court, name), (0, 0))
                found[(court, name)] = (before[0] + (above or 0), before[1] + (below or 0))
    return found


def _values(wide: pa.Table, column: str) -> list[int | None]:
    if column in wide.column_names:
        values: list[int | None] = wide.column(column).to_pylist()
        return values
    return [None] * wide.num_rows
