"""Rows of many tables as rows of one: a table of a chunk is an Arrow file in a cell.

What runs on the workers lies here, apart from what drives them, so that a worker loads little.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

Tables = Mapping[str, pa.Table]
Work = Callable[[Tables], Tables]
"""From the tables of a chunk to what is found in them; runs on the workers."""

PACKED = "chunk int, name string, rows binary"
"""The columns of packed rows, as Spark writes them."""

_ARROW = pa.schema([("chunk", pa.int32()), ("name", pa.string()), ("rows", pa.binary())])


def packer(name: str) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def pack(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        kept = list(batches)
        if not kept:
            return
        whole = pa.Table.from_batches(kept)
        for chunk in sorted(pc.unique(whole.column("chunk")).to_pylist()):
            rows = whole.filter(pc.equal(whole.column("chunk"), chunk)).drop_columns("chunk")
            yield _record(chunk, name, rows)

    return pack


def worked(
    work: Work, order: Mapping[str, tuple[str, ...]], empty: Tables
) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def call(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        files: defaultdict[int, dict[str, list[pa.Table]]] = defaultdict(lambda: defaultdict(list))
        for chunk, name, rows in _records(batches):
            files[chunk][name].append(rows)
        for chunk in sorted(files):
            own = files.pop(chunk)
            tables = {
                name: pa.concat_tables([none, *own.pop(name, ())]).sort_by(
                    [(column, "ascending") for column in order[name]]
                )
                for name, none in empty.items()
            }
            for name, rows in work(tables).items():
                yield _record(chunk, name, rows)

    return call


def _record(chunk: int, name: str, rows: pa.Table) -> pa.RecordBatch:
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, rows.schema, options=options) as stream:
        stream.write_table(rows)
    content = pa.array([sink.getvalue().to_pybytes()], pa.binary())
    return pa.RecordBatch.from_arrays(
        [pa.array([chunk], pa.int32()), pa.array([name]), content], schema=_ARROW
    )


def _records(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[int, str, pa.Table]]:
    for batch in batches:
        for chunk, name, content in zip(*(column for column in batch.columns), strict=True):
            with pa.ipc.open_stream(content.as_buffer()) as stream:
                yield chunk.as_py(), name.as_py(), stream.read_all()


def joined(found: pa.Table) -> dict[str, pa.Table]:
    parts: defaultdict[str, list[pa.Table]] = defaultdict(list)
    records = _records(found.to_batches())
    for _, name, rows in sorted(records, key=lambda record: record[0]):
        parts[name].append(rows)
    return {name: pa.concat_tables(rows) for name, rows in parts.items()}
