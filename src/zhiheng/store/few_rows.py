"""A few current rows of a table, found by what stands in a column.

Read without the query engine, which takes longer to load than these rows to find: tables lie
sorted, so that most row groups are passed over by the bounds kept of their columns.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhiheng.records.catalogue import tables
from zhiheng.records.stored import stored_schema
from zhiheng.store.arrow_arrays import column_of, texts
from zhiheng.store.lake import Store

Row = dict[str, Any]
Where = Mapping[str, Collection[Any]]
"""Column → the values it may have. No column may lack in a file (keys, ids and courts never do)."""


def few_rows(store: Store, table: str, where: Where, columns: Collection[str]) -> list[Row]:
    """The current rows of a table whose columns have one of the values, each with
    the named columns. Raises StoreDamaged where a file is not what its digest says."""
    rows: list[Row] = few_columns(store, table, where, columns).to_pylist()
    return rows


def few_columns(store: Store, table: str, where: Where, columns: Collection[str]) -> pa.Table:
    """As `few_rows`, column by column."""
    store.sound(tables=(table,))
    key = tables()[table].key or ""  # rows without one are never sent again
    schema = stored_schema(table)
    wanted = pa.schema(
        [schema.field(name) for name in dict.fromkeys([*columns, *filter(None, [key]), *where])]
    )
    newest = store.manifest.overlaps(table)
    found = _none(wanted)
    for file in store.files(table):
        # Rows that an earlier batch has, too: here they may no longer be what is asked for.
        again: Where = {key: found.column(key).to_pylist()} if newest and len(found) else {}
        found = pa.concat_tables([found, *_rows(file, [where, again], wanted)])
    if newest and len(found):
        found = _latest(found, key)
        found = found.take(_places(found, where))
    return found.select(list(columns))


def _latest(found: pa.Table, key: str) -> pa.Table:
    """Of the rows of the same key the last one."""
    last = {one: row for row, one in enumerate(found.column(key).to_pylist())}
    return found.take(column_of(np.array(list(last.values()), np.int64)))


def _rows(file: Path, asked: Collection[Where], wanted: pa.Schema) -> Iterator[pa.Table]:
    with pq.ParquetFile(file) as source:
        for where in filter(None, asked):
            bounds = [(name, sorted(values)) for name, values in where.items()]
            for group in range(source.num_row_groups):
                if _may_have(source.metadata.row_group(group), bounds, source.schema.names):
                    yield _of_group(source, group, where, wanted)


def _of_group(source: pq.ParquetFile, group: int, where: Where, wanted: pa.Schema) -> pa.Table:
    """Rows of a row group; what they are not told by is read only where there are some."""
    told_by = source.read_row_group(group, columns=list(where))
    at = _places(told_by, where)
    if not len(at):
        return _none(wanted)
    there = [name for name in wanted.names if name in source.schema.names and name not in where]
    more = source.read_row_group(group, columns=there)
    found = {name: table.column(name) for table in (told_by, more) for name in table.column_names}
    whole = [
        found[field.name].cast(field.type) if field.name in found else _nothing(told_by, field)
        for field in wanted
    ]
    return pa.Table.from_arrays(whole, schema=wanted).take(at)


def _none(wanted: pa.Schema) -> pa.Table:
    # Not `empty_table`: that loads pandas.
    return pa.Table.from_batches([], wanted)


def _nothing(rows: pa.Table, field: pa.Field) -> pa.Array:
    return pa.nulls(rows.num_rows, field.type)


def _places(table: pa.Table, where: Where) -> pa.Array:
    fits = None
    for name, values in where.items():
        column = table.column(name)
        here = pc.is_in(column, _column(values).cast(column.type))
        fits = here if fits is None else pc.and_(fits, here)
    return pc.indices_nonzero(fits)


def _column(values: Collection[Any]) -> pa.Array:
    """Keys or texts as a column."""
    listed = list(values)
    return texts(listed) if isinstance(listed[0], str) else column_of(np.array(listed, np.int64))


def _may_have(
    group: pq.RowGroupMetaData, where: list[tuple[str, list[Any]]], names: list[str]
) -> bool:
    """Whether the bounds of the columns leave room for the (sorted) values."""
    for name, values in where:
        bounds = group.column(names.index(name)).statistics
        if bounds is None or not bounds.has_min_max:
            continue
        least = bisect_left(values, bounds.min)
        if least == len(values) or values[least] > bounds.max:
            return False
    return True
