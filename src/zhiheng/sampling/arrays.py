"""Arrays of the room: their types, labels as codes, sums by code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]
Labels = Sequence[Any] | NDArray[Any]


def codes_of(labels: Labels) -> tuple[Codes, tuple[str, ...]]:
    """Labels as codes from 0 in the labels' own order, and the label of each code as text."""
    names, codes = np.unique(np.asarray(labels), return_inverse=True)
    return codes.astype(np.int64), tuple(str(name) for name in names)


def joined(outer: Codes, inner: Codes) -> Codes:
    """One code for every pair that occurs, ordered by the outer code first."""
    pairs = outer * (int(inner.max(initial=0)) + 1) + inner
    codes: Codes = np.unique(pairs, return_inverse=True)[1].astype(np.int64)
    return codes


def sums(values: Floats, codes: Codes, count: int) -> Floats:
    """Sums of the rows of `values` (rows, columns) by code: (count, columns)."""
    rows = np.arange(len(codes) + 1)
    chosen = csr_array((np.ones(len(codes)), codes, rows), (len(codes), count))
    return np.asarray(chosen.T @ values)


def first_of(values: NDArray[Any], codes: Codes, count: int) -> NDArray[Any]:
    """For each code the value of its first row; every code must occur."""
    found = np.empty(count, values.dtype)
    found[codes[::-1]] = values[::-1]
    return found


def columns(values: Any, files: int) -> Floats:
    """Values of files as columns (files, estimates); a single column may be given flat."""
    found = np.asarray(values, np.float64)
    return found.reshape(files, 1) if found.ndim == 1 else found
