"""A part: the rows of one table found in one source, ready for the engine as Parquet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LINE = "#line"
"""Column of a converted part that holds the row's number as the user sees it."""


@dataclass(frozen=True)
class Part:
    """Rows of `table` from `place` (file, or file and sheet).

    `columns` maps a canonical column to the column of the Parquet file at `path`. `converted` parts
    are all text with their row numbers in LINE; others are the user's own Parquet files.
    `ragged` are rows with a wrong number of fields (row number, fields found, fields expected).
    `csv` is set where LINE counts records and lines must be looked up (see csv_files.lines_of).
    """

    table: str
    place: str
    path: Path
    columns: Mapping[str, str]
    rows: int
    converted: bool
    extra: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ragged: tuple[tuple[int, int, int], ...] = ()
    csv: Path | None = None
