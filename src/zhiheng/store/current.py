"""The current rows of a table out of the files of its batches, as one expression.

A batch taken in before a column existed reads as one in which nobody recorded it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow.parquet as pq
from ibis.backends import BaseBackend

from zhiheng.records.stored import stored_schema

Batches = Sequence[Sequence[Path]]
"""The files of a table batch by batch, in order; those of a batch have the same columns."""


def all_rows(con: BaseBackend, table: str, batches: Batches) -> ir.Table:
    """Every row of every batch, with the table's columns as they are now."""
    if not batches:
        return ibis.memtable(stored_schema(table).empty_table())
    if all(_is_whole(table, files[0]) for files in batches):
        return con.read_parquet([str(file) for files in batches for file in files])
    return ibis.union(*(_of_batch(con, table, files) for files in batches))


def latest_rows(
    con: BaseBackend, table: str, batches: Batches, key: str, among: ir.Table | None = None
) -> ir.Table:
    """Of the rows that share a key, the one of the latest batch.

    `among` (a table with a column named as the key) limits them to those keys, before the rows of
    a key are ranked: a few keys do not cost a look at every row.
    """
    parts = [_of_batch(con, table, files).mutate(batch_=n) for n, files in enumerate(batches)]
    if among is not None:
        parts = [part.semi_join(among, key) for part in parts]
    everything = ibis.union(*parts)
    newest = ibis.window(group_by=key, order_by=ibis.desc("batch_"))
    ranked = everything.mutate(age_=ibis.row_number().over(newest))
    return ranked.filter(ranked.age_ == 0).drop("batch_", "age_")


def _is_whole(table: str, file: Path) -> bool:
    return bool(pq.read_schema(file).names == stored_schema(table).names)


def _of_batch(con: BaseBackend, table: str, files: Sequence[Path]) -> ir.Table:
    """A batch's rows with the columns it lacks as missing; columns no longer kept are left out."""
    rows = con.read_parquet([str(file) for file in files])
    schema = ibis.Schema.from_pyarrow(stored_schema(table))
    there = set(rows.columns)
    return rows.select(
        **{name: rows[name] if name in there else ibis.null(kind) for name, kind in schema.items()}
    )
