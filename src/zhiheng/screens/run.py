"""Run screens over a store: their rows as expressions, counts by court, rows with names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends import BaseBackend

from zhiheng.law.model import Law
from zhiheng.law.screens import Screen, load_screens
from zhiheng.screens import allocation, chains, closings, entry, full_rates, order, powers, repeats
from zhiheng.screens.rows import COLUMNS, Parameters, Scope, Tables

Rows = Callable[[Tables, Parameters, Scope], ir.Table]


@dataclass(frozen=True)
class Judged:
    """The two steps before the rows of a screen about luck: counts by court, and whether the
    counts of one court stand out."""

    groups: Rows
    stands_out: Callable[[Mapping[str, int], Parameters], bool]


ROWS: dict[str, Rows] = {
    powers.SCREEN: powers.rows,
    allocation.DESIGNATED: allocation.designated,
    allocation.ROTATION: allocation.rotation,
    entry.LATE: entry.late,
    entry.AFTER_CLOSING: entry.after_closing,
    entry.BURST: entry.burst,
    entry.BATCH: entry.batch,
    order.SCREEN: order.rows,
    chains.SCREEN: chains.rows,
    closings.SPIKE: closings.spike,
    closings.END_RUSH: closings.end_rush,
    repeats.IDENTICAL: repeats.identical,
    full_rates.SCREEN: full_rates.rows,
    repeats.SHARED: repeats.shared,
}
"""What finds the rows of each screen."""

JUDGED = {
    closings.SPIKE: Judged(closings.spike_groups, closings.spike_stands_out),
    closings.END_RUSH: Judged(closings.end_rush_groups, closings.end_rush_stands_out),
}
"""Screens that first judge which courts stand out."""

NEED_RATES = frozenset({full_rates.SCREEN})
"""Screens that read the table `rates` (court, duty, kept, judged), which no store holds."""


@dataclass(frozen=True, eq=False)
class Found:
    """One screen with its rows (an expression) and their counts: (court, detail) → rows."""

    screen: Screen
    rows: ir.Table
    counts: dict[tuple[str, str], int]

    def total(self, undeterminable: bool = False) -> int:
        """How many rows it found, or of how many nothing can be said."""
        return sum(self._counted(undeterminable).values())

    def courts(self) -> int:
        """How many courts have rows that were found."""
        return len({court for court, _ in self._counted(False)})

    def _counted(self, undeterminable: bool) -> dict[tuple[str, str], int]:
        details = self.screen.details
        return {
            key: count
            for key, count in self.counts.items()
            if details[key[1]].undeterminable == undeterminable
        }


def run(
    tables: Tables,
    con: BaseBackend,
    law: Law,
    scope: Scope,
    only: Iterable[str] | None = None,
    court: str | None = None,
) -> Iterator[Found]:
    """Every screen (or those in `only`) on the tables; `court`: only that court's rows."""
    screens = load_screens()
    chosen = screens if only is None else {name: screens[name] for name in only}
    for name, screen in chosen.items():
        found = expression(name, tables, con, screen.settings(law), scope)
        if court:
            found = found.filter(found["court"] == court)
        yield Found(screen, found, _counts(con, found))


def expression(
    name: str, tables: Tables, con: BaseBackend, parameters: Parameters, scope: Scope
) -> ir.Table:
    """The rows of one screen, in a total order."""
    if name in JUDGED:
        courts = _standing_out(JUDGED[name], tables, con, parameters, scope)
        judged = ibis.memtable(pa.table({"court": pa.array(courts, pa.string())}))
        tables = _with(tables, "judged", judged)
    return ROWS[name](tables, parameters, scope).order_by(*COLUMNS)


def _with(tables: Tables, name: str, table: ir.Table) -> Tables:
    return lambda wanted: table if wanted == name else tables(wanted)


def _standing_out(
    judged: Judged, tables: Tables, con: BaseBackend, parameters: Parameters, scope: Scope
) -> list[str]:
    groups = con.to_pyarrow(judged.groups(tables, parameters, scope)).to_pylist()
    return sorted(group["court"] for group in groups if judged.stands_out(group, parameters))


def _counts(con: BaseBackend, rows: ir.Table) -> dict[tuple[str, str], int]:
    counted = rows.group_by(["court", "detail"]).aggregate(many=rows.count())
    ordered = counted.order_by("court", "detail")
    found: list[dict[str, Any]] = con.to_pyarrow(ordered).to_pylist()
    return {(row["court"], row["detail"]): row["many"] for row in found}
