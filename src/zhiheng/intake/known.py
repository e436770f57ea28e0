"""What the store holds of what a batch speaks of: the keys it names, the rows it brings again.

A day's batch names a few of the millions of stored keys, and only those are looked up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ibis.backends.duckdb import Backend

from zhiheng.intake import cells
from zhiheng.intake.lookups import EVENT_SUBJECTS, key_columns, no_keys
from zhiheng.intake.raw import Raw
from zhiheng.records.catalogue import SUBJECTS, tables
from zhiheng.records.staging import Known
from zhiheng.records.stored import TEXT_KEYED

_FEW = 10_000
"""So many values the engine looks for while it reads a file, and decodes nothing of other rows."""

Raws = Mapping[str, Raw]
"""The raw rows of every table of a batch."""


def load_stored(con: Backend, known: Known, raws: Raws) -> frozenset[str]:
    """Tables "stored:<table>": the stored keys that the batch names, with their court or case.

    Of courts and officers, which are few, it is every key. Returns the tables of which there are
    any.
    """
    con.con.execute(f"SET dynamic_or_filter_threshold = {_FEW}")
    keyed = [table for table, entry in tables().items() if entry.key]
    return frozenset(table for table in keyed if _load(con, table, known, raws))


def _load(con: Backend, table: str, known: Known, raws: Raws) -> bool:
    columns = ", ".join(key_columns(table))
    rows = _stored(con, table, known, raws) if known.holds(table) else None
    source = f"SELECT {columns} FROM ({rows})" if rows else no_keys(table)
    con.con.execute(f'CREATE TABLE "stored:{table}" AS {source}')
    return bool(con.con.execute(f'SELECT key FROM "stored:{table}" LIMIT 1').fetchall())


def _stored(con: Backend, table: str, known: Known, raws: Raws) -> str | None:
    if table in TEXT_KEYED:
        return str(con.compile(known.relation(con, table)))
    named = list(_named(table, raws))
    if not named:
        return None
    return rows_among(con, table, known, tables()[table].key or "", " UNION ALL ".join(named))


def _named(table: str, raws: Raws) -> Iterator[str]:
    """Queries for every key of the table that some row of the batch has or refers to."""
    for other, raw in raws.items():
        for name, column in tables()[other].columns.items():
            refers = column.kind == "ref" and column.table == table and not column.open
            itself = column.kind == "id" and other == table
            subject = column.kind == "subject" and _may_be_subject(table)
            if refers or itself or subject:
                yield f"SELECT {cells.key(raw.cells[name])} AS key FROM ({raw.sql}) c"


def _may_be_subject(table: str) -> bool:
    return table == "cases" or table in {SUBJECTS[kind] for kind in EVENT_SUBJECTS}


def rows_among(con: Backend, table: str, known: Known, column: str, values: str) -> str | None:
    """A query for the stored rows whose `column` is among what the query `values` yields.

    None, and nothing of the store is looked at, where it yields nothing. Makes the table
    "among:<table>" of the values.
    """
    con.con.execute(
        f"""CREATE OR REPLACE TABLE "among:{table}" AS SELECT DISTINCT v AS "{column}"
            FROM ({values}) t(v) WHERE v IS NOT NULL"""
    )
    if not con.con.execute(f'SELECT 1 FROM "among:{table}" LIMIT 1').fetchall():
        return None
    return str(con.compile(known.among(con, table, column, con.table(f"among:{table}"))))
