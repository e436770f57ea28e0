"""Standard deviations of strata, for Neyman's allocation: read from a table, or from a sample."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from zhiheng.errors import Message
from zhiheng.sampling.arrays import Floats, Labels, codes_of
from zhiheng.sampling.tables import bad_cell, read_table

STRATUM = ("stratum", "层")
DEVIATION = ("sd", "标准差")
_NUMBER = Message("写一个不小于零的数。", "Write a number, zero or more.")


def read_deviations(path: Path) -> tuple[tuple[str, float], ...]:
    """Strata with their deviations from a table (stratum, sd). Raises BadInput."""
    table = read_table(path)
    rows = zip(table.numbers, table.filled(STRATUM), table.filled(DEVIATION), strict=True)
    return tuple((name, _number(table.place, number, text)) for number, name, text in rows)


def _number(place: str, number: int, text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 <= found < float("inf"):
        raise bad_cell(place, number, DEVIATION[0], text, _NUMBER)
    return found


def estimated_deviations(y: Floats, strata: Labels) -> dict[str, float]:
    """The standard deviation of y (files,) within every stratum of an earlier sample.

    With n-1; NaN for a stratum of one file.
    """
    codes, names = codes_of(strata)
    count = np.bincount(codes)
    mean = np.bincount(codes, y) / count
    square = np.bincount(codes, (y - mean[codes]) ** 2)
    with np.errstate(invalid="ignore"):
        found = np.sqrt(np.where(count > 1, square / (count - 1), np.nan))
    return dict(zip(names, found.tolist(), strict=True))
