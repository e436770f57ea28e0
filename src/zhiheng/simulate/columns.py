"""Columns of the canonical tables as Arrow arrays, from the numbers a simulation works with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhiheng.records.catalogue import tables
from zhiheng.simulate.world import Days, Ints, Mask, Small

_TYPES = {
    "day": pa.date32(),
    "minute": pa.int16(),
    "amount": pa.decimal128(18, 2),
    "integer": pa.int32(),
    "flag": pa.bool_(),
    "subject": pa.int64(),
}


def days(day: Days, last: int) -> pa.Array:
    """Days; null for those after `last`."""
    return pa.array(day.astype(np.int32), mask=day > last).view(pa.date32())


def keys(key: Ints, present: Mask | None = None) -> pa.Array:
    """Identifiers; null where absent."""
    return pa.array(key.astype(np.int64), mask=None if present is None else ~present)


def codes(names: Sequence[str], position: NDArray[np.signedinteger[Any]]) -> pa.Array:
    """Words by position; null for positions below 0."""
    at = pa.array(position.astype(np.int32), mask=position < 0)
    return pa.DictionaryArray.from_arrays(at, pa.array(names, pa.string()))


def minutes(minute: Small) -> pa.Array:
    """Minutes of the day; null below 0."""
    return pa.array(minute.astype(np.int16), mask=minute < 0)


def flags(value: Mask, known: Mask) -> pa.Array:
    """True or false; null where not known."""
    return pa.array(value, mask=~known)


def amounts(cents: Ints) -> pa.Array:
    """Yuan with two places from whole cents; null below 0."""
    words = np.zeros((len(cents), 2), np.int64)  # 128-bit little-endian, never negative
    words[:, 0] = np.maximum(cents, 0)
    valid = pa.array(cents >= 0).buffers()[1]
    kind = pa.decimal128(18, 2)
    return pa.Array.from_buffers(kind, len(cents), [valid, pa.py_buffer(words)])


def table(name: str, columns: Mapping[str, pa.Array]) -> pa.Table:
    """A canonical table with all its columns in order; those not given are null.

    Raises KeyError for a column the table does not have, or one it requires and is not given.
    """
    known = tables()[name].columns
    unknown = set(columns) - set(known)
    missing = {key for key, column in known.items() if column.required} - set(columns)
    if unknown or missing:
        raise KeyError(f"{name}: unknown {sorted(unknown)}, missing {sorted(missing)}")
    n = len(next(iter(columns.values())))
    whole = {
        key: columns.get(key, pa.nulls(n, _TYPES.get(column.kind, pa.string())))
        for key, column in known.items()
    }
    return pa.table(whole)
