"""Work on the rows of a group of courts, spread over a cluster.

Duties are arithmetic on the tables of a whole district at once, which no expression can say. So the
rows are brought together: the rows of each table by chunk (a set of courts) into one Arrow file a
chunk, the files of all tables by chunk into one task, which unpacks them and calls a plain Python
function. It runs the same on one machine; what a lost worker had done is done again elsewhere.

Imported only where PySpark is installed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import heapify, heapreplace
from typing import TYPE_CHECKING

import ibis.expr.types as ir
import pyarrow as pa

from zhiheng.store.packed_rows import PACKED, Work, joined, packer, worked
from zhiheng.store.spark_backend import SparkBackend

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass(frozen=True)
class Sorted:
    """A table to be spread, which has a column `court`, and the columns its rows are sorted by
    when they reach the work (missing values last)."""

    rows: ir.Table
    by: tuple[str, ...]


def chunks(sizes: Mapping[str, int], many: int) -> dict[str, int]:
    """Each court's chunk, of at most `many` about as large as each other: the largest court
    first, each to the chunk that is smallest so far. The same sizes give the same chunks."""
    smallest = [(0, number) for number in range(many)]
    heapify(smallest)
    placed = {}
    for court, size in sorted(sizes.items(), key=lambda one: (-one[1], one[0])):
        total, number = smallest[0]
        placed[court] = number
        heapreplace(smallest, (total + size, number))
    return placed


def spread(
    con: SparkBackend, tables: Mapping[str, Sorted], placed: Mapping[str, int], work: Work
) -> dict[str, pa.Table]:
    """Call `work` on the tables of every chunk; what it gave, under each name of all chunks
    together, in the order of the chunks.

    Args:
        tables: by name. A chunk without rows of a table has it, empty.
        placed: court → chunk (see `chunks`); rows of other courts are left out.
        work: importable on the workers; gives the same names in every chunk.
    """
    many = len(set(placed.values()))
    packed = _united(_pack(con, name, table, placed) for name, table in tables.items())
    order = {name: table.by for name, table in tables.items()}
    empty = {name: table.rows.schema().to_pyarrow().empty_table() for name, table in tables.items()}
    together = packed.repartition(many, "chunk")
    found: pa.Table = together.mapInArrow(worked(work, order, empty), PACKED).toArrow()
    return joined(found)


def _pack(con: SparkBackend, name: str, table: Sorted, placed: Mapping[str, int]) -> DataFrame:
    from pyspark.sql import functions as f

    places = pa.table({"court": list(placed), "chunk": pa.array(placed.values(), pa.int32())})
    where = f.broadcast(con.session.createDataFrame(places))
    rows = con.frame(table.rows).join(where, "court").select(*table.rows.columns, "chunk")
    # Brought together before they are packed: one file a chunk, not one from every part of it.
    return rows.repartition("chunk").mapInArrow(packer(name), PACKED)


def _united(frames: Iterable[DataFrame]) -> DataFrame:
    first, *others = frames
    for other in others:
        first = first.union(other)
    return first
