"""Arrow columns without nulls as NumPy arrays, and back, without copying.

Arrow's own ways load pandas, which takes a quarter of a second: most of what a short command has.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def numbers(column: pa.ChunkedArray) -> NDArray[Any]:
    """A column of numbers as an array. Raises ValueError where it has nulls."""
    if column.null_count:
        raise ValueError("a column with nulls is no array")
    chunks = [_of_chunk(chunk) for chunk in column.chunks if len(chunk)]
    if len(chunks) == 1:
        return chunks[0]
    return np.concatenate(chunks) if chunks else np.zeros(0, _dtype(column.type))


def column_of(values: NDArray[Any]) -> pa.Array:
    """An array of numbers as a column."""
    kept = pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [None, kept])


def column_where(values: NDArray[Any], known: NDArray[np.bool_]) -> pa.Array:
    """The same with a null where a number is not known."""
    bits = pa.py_buffer(np.packbits(known, bitorder="little"))
    kept = pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [bits, kept])


def rows_with(wanted: NDArray[np.int64], keys: NDArray[np.int64]) -> pa.Array:
    """Of each wanted key the row among the keys (each there once); null where there is none."""
    if not len(keys):
        return column_where(np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.bool_))
    order = np.argsort(keys)
    at = order[np.minimum(np.searchsorted(keys, wanted, sorter=order), len(keys) - 1)]
    return column_where(at.astype(np.int64), keys[at] == wanted)


def texts(words: Sequence[str]) -> pa.Array:
    """Words as a column."""
    encoded = [word.encode() for word in words]
    ends = np.array([0, *accumulate(map(len, encoded))], np.int32)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(words), buffers)


def _of_chunk(chunk: pa.Array) -> NDArray[Any]:
    whole = np.frombuffer(chunk.buffers()[1], _dtype(chunk.type))
    return whole[chunk.offset : chunk.offset + len(chunk)]


def _dtype(kind: pa.DataType) -> np.dtype[Any]:
    found: np.dtype[Any] = np.dtype(kind.to_pandas_dtype())
    return found
