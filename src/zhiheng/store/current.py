"""The current rows of a table out of the files of its batches, as one expression.

A batch taken in before a column existed reads as one in which nobody recorded it.
"""

from __future__ import annotations

from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow.parquet as pq
from ibis.backends import BaseBackend

from zhiheng.records.stored import stored_schema


def all_rows(con: BaseBackend, table: str, files: list[Path]) -> ir.Table:
    """Every row of every file, with the table's columns as they are now."""
    if not files:
        return ibis.memtable(stored_schema(table).empty_table())
    if all(_is_whole(table, file) for file in files):
        return con.read_parquet([str(file) for file in files])
    return ibis.union(*(_of_file(con, table, file) for file in files))


def latest_rows(
    con: BaseBackend, table: str, files: list[Path], key: str, among: ir.Table | None = None
) -> ir.Table:
    """Of the rows that share a key, the one of the latest batch; files are in order of batch.

    `among` (a table with a column named as the key) limits them to those keys, before the rows of
    a key are ranked: a few keys do not cost a look at every row.
    """
    parts = [_of_file(con, table, file).mutate(batch_=n) for n, file in enumerate(files)]
    if among is not None:
        parts = [part.semi_join(among, key) for part in parts]
    everything = ibis.union(*parts)
    newest = ibis.window(group_by=key, order_by=ibis.desc("batch_"))
    ranked = everything.mutate(age_=ibis.row_number().over(newest))
    return ranked.filter(ranked.age_ == 0).drop("batch_", "age_")


def _is_whole(table: str, file: Path) -> bool:
    return bool(pq.read_schema(file).names == stored_schema(table).names)


def _of_file(con: BaseBackend, table: str, file: Path) -> ir.Table:
    """One file's rows with the columns it lacks as missing; columns no longer kept are left out."""
    rows = con.read_parquet(str(file))
    schema = ibis.Schema.from_pyarrow(stored_schema(table))
    there = set(rows.columns)
    return rows.select(
        **{name: rows[name] if name in there else ibis.null(kind) for name, kind in schema.items()}
    )
