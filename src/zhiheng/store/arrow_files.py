"""Tables on disk as they are in memory: Arrow files, read column by column."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
import pyarrow.ipc as ipc

_WRITING = ipc.IpcWriteOptions(compression="lz4", use_threads=False)


def write_arrow(table: pa.Table, path: Path) -> None:
    """Write a table as one batch of rows, every column compressed for itself."""
    whole = table.combine_chunks()
    with (
        pa.OSFile(str(path), "wb") as sink,
        ipc.new_file(sink, whole.schema, options=_WRITING) as out,
    ):
        out.write_table(whole)


def read_arrow(
    path: Path, columns: list[str] | None = None, where_there: Collection[str] = ()
) -> pa.Table:
    """Some columns of a table (all for None); the others are not even unpacked. Of the columns
    `where_there` those are read that the table has."""
    with pa.memory_map(str(path)) as source:
        names = ipc.open_file(source).schema.names
        there = [name for name in where_there if name in names]
        wanted = None if columns is None else [names.index(name) for name in (*columns, *there)]
        options = ipc.IpcReadOptions(included_fields=wanted, use_threads=False)
        return ipc.open_file(source, options=options).read_all()
