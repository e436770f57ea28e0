"""Columns as arrays and back are what Arrow itself makes of them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from zhiheng.store.arrow_arrays import column_of, numbers, texts


@pytest.mark.parametrize("kind", ["int8", "int16", "int32", "int64", "uint8", "uint16"])
@pytest.mark.parametrize("chunks", [[[1, 2, 3]], [[1], [2, 3]], [[]], [], [[], [4]]])
def test_a_column_is_an_array_whatever_its_chunks(kind: str, chunks: list[list[int]]) -> None:
    column = pa.chunked_array([pa.array(chunk, kind) for chunk in chunks], kind)
    assert numbers(column).tolist() == column.to_pylist()
    assert numbers(column).dtype == np.dtype(kind)
    assert numbers(column.slice(1)).tolist() == column.to_pylist()[1:]


def test_what_is_not_known_is_no_number() -> None:
    with pytest.raises(ValueError, match="nulls"):
        numbers(pa.chunked_array([[1, None]]))


def test_an_array_is_a_column_also_where_it_skips() -> None:
    values = np.arange(10, dtype=np.int32)
    assert column_of(values).equals(pa.array(values))
    assert column_of(values[::3]).equals(pa.array(values[::3]))


def test_words_are_a_column() -> None:
    for words in (["陕0102", "", "x"], [""], []):
        assert texts(words).equals(pa.array(words, pa.string()))
