"""Choosing by bits gives what NumPy's branching gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from zhiheng.choose import choose, put

KINDS = (np.int8, np.int16, np.int32, np.int64, np.bool_)


def some(kind: Any, size: int) -> st.SearchStrategy[np.ndarray[Any, Any]]:
    return arrays(kind, size)


@given(st.data(), st.sampled_from(KINDS), st.integers(0, 40))
def test_it_chooses_as_where_does(data: st.DataObject, kind: Any, size: int) -> None:
    where = data.draw(some(np.bool_, size))
    one, other = data.draw(some(kind, size)), data.draw(some(kind, size))
    before = one.copy(), other.copy(), where.copy()
    found, expected = choose(where, one, other), np.where(where, one, other)
    assert found.dtype == expected.dtype and found.tolist() == expected.tolist()
    assert all((a == b).all() for a, b in zip(before, (one, other, where), strict=True))


@given(st.data(), st.sampled_from(KINDS[:-1]), st.integers(0, 40))
def test_a_single_number_stands_for_all(data: st.DataObject, kind: Any, size: int) -> None:
    where, values = data.draw(some(np.bool_, size)), data.draw(some(kind, size))
    least = int(np.iinfo(kind).min)
    for one, other in ((least, values), (values, least), (kind(3), kind(-3))):
        found, expected = choose(where, one, other), np.where(where, one, other)
        assert found.dtype == expected.dtype and found.tolist() == expected.tolist()


@given(st.data(), st.sampled_from(KINDS[:-1]), st.integers(0, 40))
def test_it_puts_as_copyto_does(data: st.DataObject, kind: Any, size: int) -> None:
    where = data.draw(some(np.bool_, size))
    values, one = data.draw(some(kind, size)), data.draw(some(kind, size))
    expected = values.copy()
    np.copyto(expected, one, where=where)
    put(values, where, one)
    assert values.tolist() == expected.tolist()
    np.copyto(expected, kind(7), where=where)
    put(values, where, kind(7))
    assert values.tolist() == expected.tolist()


@pytest.mark.parametrize(("one", "other"), [(1.5, 2), (np.array([1.5, 2.5]), 0)])
def test_what_is_no_whole_number_is_chosen_too(one: Any, other: Any) -> None:
    where = np.array([True, False])
    assert choose(where, one, other).tolist() == np.where(where, one, other).tolist()


def test_a_single_flag_chooses_between_arrays() -> None:
    assert choose(np.asarray(True), np.arange(3), 0).tolist() == [0, 1, 2]
