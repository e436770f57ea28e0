"""What every screen works on and what it gives back: tables in, rows of one shape out. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from zhiheng.records.catalogue import nodes

Tables = Callable[[str], ir.Table]
"""Gives a stored table by name."""
Parameters = Mapping[str, Any]

COLUMNS = {
    "screen": "string",
    "detail": "string",
    "court": "string",
    "case": "int64",
    "subject": "int64",
    "node": "int16",
    "against": "int16",
    "officer": "string",
    "about": "string",
    "day": "int32",
    "minute": "int16",
    "measure": "int64",
}
"""Columns of the rows of every screen. `subject`: the key of a party, asset, document, … or of the
case itself; `against`: the node another is held against; `about`: a team, an account, a digest, a
duty; `measure`: in the unit its detail names."""


@dataclass(frozen=True)
class Scope:
    """What a screen looks at: the days from `first` to `last`, as of `last` (days since
    1970-01-01, both included)."""

    last: int
    first: int = 0


def shaped(screen: str, table: ir.Table, **values: Any) -> ir.Table:
    """Rows of the common shape; a value is a column or a constant, what is not given is null."""
    values["screen"] = screen
    unknown = set(values) - set(COLUMNS)
    if unknown:
        raise KeyError(f"{screen}: unknown columns {sorted(unknown)}")
    return table.select(
        **{
            name: ibis.literal(given, kind) if isinstance(given, str | int) else _typed(given, kind)
            for name, kind in COLUMNS.items()
            for given in (values.get(name),)
        }
    )


def _typed(given: ir.Value | None, kind: str) -> ir.Value:
    return ibis.null(kind) if given is None else given.cast(kind)


def of_event(screen: str, events: ir.Table, **values: Any) -> ir.Table:
    """Rows that are events: what is known of the event goes along."""
    own = {name: events[name] for name in ("court", "case", "subject", "node", "officer")}
    return shaped(screen, events, **{**own, "day": events["day"], **values})


def lookup(rows: Mapping[str, list[Any]], types: Mapping[str, pa.DataType]) -> ir.Table:
    """A small table of our own to join with."""
    return ibis.memtable(pa.table({name: pa.array(rows[name], types[name]) for name in types}))


def number_of(node: str) -> int:
    """The number stored events carry for a node."""
    return nodes()[node].number


def entered(tables: Tables, scope: Scope) -> ir.Table:
    """The events recorded in the scope; where the day of recording is missing, passed in it."""
    events = tables("events")
    known = ibis.coalesce(events["recorded_day"], events["day"])
    return events.filter((known >= scope.first) & (known <= scope.last))


def passed(tables: Tables, scope: Scope) -> ir.Table:
    """Every node passed by the last day, filings too; of a case's own nodes it is the subject."""
    events = tables("events")
    happened = events.filter(events["day"] <= scope.last)
    cases = tables("cases")
    filed = cases.filter(cases["filed"] <= scope.last)
    return ibis.union(
        happened.select("court", "case", "subject", "node", "day", "minute"),
        filed.select(
            court=filed["court"],
            case=filed["case"],
            subject=filed["case"],
            node=ibis.literal(number_of("filed"), "int16"),
            day=filed["filed"],
            minute=ibis.null("int16"),
        ),
    )


def in_scope(rows: ir.Table, scope: Scope) -> ir.Table:
    """The rows whose day lies in the scope."""
    return rows.filter((rows["day"] >= scope.first) & (rows["day"] <= scope.last))
