"""Facts of subjects as columns without nulls.

A fact `x` is a column of numbers: 0 or 1 for a flag, 分 for an amount, for text the place of the
word among the words of the column (in order, kept with the column), -1 for none. Beside any other
fact that is not recorded for everyone stands `known:x`, 1 where it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_WORDS = b"words"


def with_facts(table: pa.Table, facts: Mapping[str, pa.ChunkedArray]) -> pa.Table:
    """The table with facts added, by name."""
    for name, column in facts.items():
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            table = _with_text(table, name, column)
        else:
            table = _with_numbers(table, name, column)
    return table


class Words(Sequence[str]):
    """The words of a text fact, read when they are first looked at: who only asks whether a fact
    is recorded needs none of them, and there may be as many as subjects."""

    def __init__(self, kept: bytes) -> None:
        self._kept = kept

    @cached_property
    def _all(self) -> list[str]:
        found: list[str] = json.loads(self._kept)
        return found

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        return self._all[place]

    def __len__(self) -> int:
        return len(self._all)


def words_of(table: pa.Table, name: str) -> Words | None:
    """The words a text fact has; None where the fact is not text."""
    kept = (table.schema.field(name).metadata or {}).get(_WORDS)
    return None if kept is None else Words(kept)


def known_name(name: str) -> str:
    """The column that says for whom a fact is recorded."""
    return f"known:{name}"


def _with_text(table: pa.Table, name: str, column: pa.ChunkedArray) -> pa.Table:
    coded = column.cast(pa.string()).combine_chunks().dictionary_encode()
    words = coded.dictionary.to_pylist()
    order = sorted(range(len(words)), key=words.__getitem__)
    place = np.full(len(words) + 1, -1, np.int32)
    place[order] = np.arange(len(words), dtype=np.int32)
    index = pc.fill_null(coded.indices, len(words)).to_numpy(zero_copy_only=False)
    codes = place[index].astype(_narrowest(len(words)))
    listed = json.dumps([words[i] for i in order], ensure_ascii=False)
    field = pa.field(name, pa.from_numpy_dtype(codes.dtype), False, {_WORDS: listed.encode()})
    return table.append_column(field, pa.array(codes))


def _narrowest(words: int) -> type[np.signedinteger[Any]]:
    return next(kind for kind in (np.int8, np.int16, np.int32) if words <= np.iinfo(kind).max)


def _with_numbers(table: pa.Table, name: str, column: pa.ChunkedArray) -> pa.Table:
    values = _numbers(column)
    table = table.append_column(
        pa.field(name, pa.from_numpy_dtype(values.dtype), False), pa.array(values)
    )
    if not column.null_count:
        return table
    known = column.is_valid().combine_chunks().to_numpy(zero_copy_only=False).astype(np.uint8)
    return table.append_column(pa.field(known_name(name), pa.uint8(), False), pa.array(known))


def _numbers(column: pa.ChunkedArray) -> NDArray[Any]:
    if pa.types.is_decimal(column.type):
        column = pc.cast(pc.multiply(column, pa.scalar(100)), pa.int64(), safe=False)
    if pa.types.is_boolean(column.type):
        flags = pc.fill_null(column, False).combine_chunks().to_numpy(zero_copy_only=False)
        return np.asarray(flags.astype(np.uint8))
    return np.asarray(pc.fill_null(column, 0).combine_chunks().to_numpy(zero_copy_only=False))
