"""What is read of the records to lay out timelines: one expression a table, for every engine.

Columns: of `events` case, subject, node, day, minute; of a subject's own table `key`, `case`,
`f_<column>` a fact, `n_<node>` the day of a node read off the table (cases also `court`); of
`intervals` besides what they are as subjects: kind, first, last, approved_by.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ibis
import ibis.expr.types as ir

from zhiheng.records.catalogue import SUBJECTS, Node, nodes, tables
from zhiheng.store.wanted import Needs, Wanted, entered, read_off

Rows = Callable[[str], ir.Table]
"""Gives the records of a table."""


def projections(rows: Rows, needs: Needs, with_court: bool = False) -> Mapping[str, ir.Table]:
    """Table → the expression of what is read of it.

    `with_court`: every table has the column `court`, for who has to bring together the rows of a
    court; whoever reads one part only needs it of the cases.
    """
    found = {table: of_table(rows, table, needs) for table in _read(needs)}
    found["events"] = of_events(rows("events"), needs)
    found["intervals"] = of_intervals(rows("intervals"), needs)
    if not with_court:
        return {
            table: each if table == SUBJECTS["case"] else each.drop("court")
            for table, each in found.items()
        }
    return found


def of_table(rows: Rows, table: str, needs: Needs) -> ir.Table:
    """What is read of the table of a subject kind, or of one that only nodes are read off."""
    base = rows(table)
    return base.select(**_of_subject(base, table, needs))


def of_events(events: ir.Table, needs: Needs) -> ir.Table:
    """The events of all nodes that anyone wants."""
    numbers = [nodes()[name].number for name in entered(needs)]
    chosen = events.filter(events["node"].isin(numbers)) if numbers else events.limit(0)
    return chosen.select("court", "case", "subject", "node", "day", "minute")


def of_intervals(base: ir.Table, needs: Needs) -> ir.Table:
    """Intervals as they stop or extend the clock, and as subjects."""
    named = {"kind": "kind", "first": "from", "last": "to", "approved_by": "approved_by"}
    return base.select(
        **_of_subject(base, "intervals", needs),
        **{name: base[column] for name, column in named.items()},
    )


def _of_subject(base: ir.Table, table: str, needs: Needs) -> dict[str, ir.Value]:
    wanted = next((w for kind, w in needs.items() if SUBJECTS[kind] == table), Wanted())
    return {
        "key": base[tables()[table].key or "case"],
        "case": base["case"],
        "court": base["court"],
        **{f"f_{column}": base[column] for column in wanted.fields},
        **{f"n_{name}": _day(base, nodes()[name]) for name in read_off(needs, table)},
    }


def _read(needs: Needs) -> list[str]:
    """Tables to read, other than events and intervals, in the order of the catalogue."""
    own = {SUBJECTS[subject] for subject in needs}
    return [
        table
        for table in tables()
        if table not in ("events", "intervals") and (table in own or read_off(needs, table))
    ]


def _day(table: ir.Table, node: Node) -> ir.Value:
    """The day of a node read off a table, where the row's columns hold what the node asks."""
    assert node.source is not None
    day = table[node.source.column]
    for column, allowed in node.source.where.items():
        day = ibis.ifelse(table[column].isin(allowed), day, ibis.null("int32"))
    return day
