"""A few current rows of a table, found by what stands in a column.

Read without the query engine, which takes longer to load than these rows to find: tables lie
sorted, so that most row groups are passed over by the bounds kept of their columns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhiheng.records.catalogue import tables
from zhiheng.store.arrow_arrays import column_of, texts
from zhiheng.store.lake import Store

Row = dict[str, Any]
Where = Mapping[str, Collection[Any]]
"""Column → the values it may have. No column may lack in a file (keys, ids and courts never do)."""


def few_rows(store: Store, table: str, where: Where, columns: Collection[str]) -> list[Row]:
    """The current rows of a table with a key whose columns have one of the values, each with
    the named columns. Raises StoreDamaged where a file is not what its digest says."""
    store.sound(tables=(table,))
    files = store.files(table)
    key = tables()[table].key or ""
    wanted = list(dict.fromkeys([*columns, key, *where]))
    found = [row for file in files for row in _rows(file, where, wanted)]
    if found and store.manifest.overlaps(table):
        found = [row for row in _newest(files, key, found, wanted) if _fits(row, where)]
    return [{name: row[name] for name in columns} for row in found]


def _newest(files: list[Path], key: str, found: list[Row], wanted: list[str]) -> list[Row]:
    """The rows of the same keys as the latest batch has them; files are in order of batch."""
    keys = {row[key] for row in found}
    newest = {row[key]: row for file in files for row in _rows(file, {key: keys}, wanted)}
    return list(newest.values())


def _fits(row: Row, where: Where) -> bool:
    return all(row[name] in values for name, values in where.items())


def _rows(file: Path, where: Where, columns: list[str]) -> Iterator[Row]:
    with pq.ParquetFile(file) as source:
        there = [name for name in columns if name in source.schema_arrow.names]
        for group in range(source.num_row_groups):
            if _may_have(source.metadata.row_group(group), where):
                for row in _of_group(source, group, where, there):
                    yield {name: row.get(name) for name in columns}


def _of_group(source: pq.ParquetFile, group: int, where: Where, columns: list[str]) -> list[Row]:
    """Rows of a row group; what they are not told by is read only where there are some."""
    told_by = source.read_row_group(group, columns=list(where))
    at = _places(told_by, where)
    if not len(at):
        return []
    more = source.read_row_group(group, columns=[name for name in columns if name not in where])
    whole = pa.table([*told_by.columns, *more.columns], [*told_by.column_names, *more.column_names])
    rows: list[Row] = whole.take(at).to_pylist()
    return rows


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


def _may_have(group: pq.RowGroupMetaData, where: Where) -> bool:
    """Whether the bounds of the columns leave room for the values."""
    for position in range(group.num_columns):
        column = group.column(position)
        values = where.get(column.path_in_schema)
        bounds = column.statistics if values is not None else None
        if bounds is None or not bounds.has_min_max:
            continue
        if not any(bounds.min <= value <= bounds.max for value in values or ()):
            return False
    return True
