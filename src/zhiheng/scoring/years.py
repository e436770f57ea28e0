"""What changed from one evaluation to another, court by court, with the error of both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zhiheng.composites.data import names_in
from zhiheng.composites.files import shown, table_text
from zhiheng.composites.problems import refused
from zhiheng.composites.tables import Table, read_table
from zhiheng.errors import Message
from zhiheng.inference.differences import Difference, difference
from zhiheng.scoring.columns import Floats

COLUMNS = (
    *("court", "before", "after", "change", "error", "low", "high"),
    "higher_after",
)
INDEPENDENT = Message(
    "两次抽样视为相互独立；同一批案卷两次评查时，真实误差不同于此。",
    "The two draws count as independent; of files read in both years the error is another.",
)
"""What the comparison assumes, printed with it."""


@dataclass(frozen=True, eq=False)
class Years:
    """Courts that stand in both tables, their scores before and after, and the difference."""

    courts: tuple[str, ...]
    before: Floats
    after: Floats
    change: Difference
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]


def compare_years(before: Path, after: Path, confidence: float = 0.95) -> Years:
    """Compare two tables with the columns court, score and error (a census has an error of 0).

    Raises BadInput where no court stands in both, a court stands twice or without a name, or a
    score has no error.
    """
    first, second = (_read(read_table(path)) for path in (before, after))
    both = [court for court in first if court in second]
    if not both:
        raise refused(
            str(after),
            ("两张表没有相同的法院。", "The two tables have no court in common."),
            ("核对 court 一列。", "Check the column `court`."),
        )
    old, new = (np.array([of[court] for court in both]) for of in (first, second))
    found = difference(new[:, 0], old[:, 0], new[:, 1], old[:, 1], confidence=confidence)
    return Years(
        tuple(both),
        old[:, 0],
        new[:, 0],
        found,
        tuple(court for court in first if court not in second),
        tuple(court for court in second if court not in first),
    )


def _read(table: Table) -> dict[str, tuple[float, float]]:
    table.need("court", "score", "error")
    found = {}
    for court, row in zip(names_in(table, table.column("court") or 0), table.rows, strict=True):
        score, error = table.number(row, "score"), table.number(row, "error")
        if not np.isnan(score) and not error >= 0:
            raise refused(
                table.place(row.number),
                ("有得分而没有标准误（或为负）。", "A score whose error is not 0 or more."),
                ("普查得分的标准误填 0。", "A census has an error of 0."),
            )
        # A court of which no file was read is scored by other leaves: that is no change.
        unread = table.column("files") is not None and table.number(row, "files") == 0
        found[court] = (np.nan, np.nan) if unread else (score, error)
    return found


def years_table(found: Years) -> bytes:
    """The comparison as a CSV."""
    return table_text(COLUMNS, _rows(found))


def _rows(found: Years) -> Iterator[list[str]]:
    of = found.change
    columns = (found.before, found.after, of.value, of.error, of.low, of.high, of.first_higher)
    for place, court in enumerate(found.courts):
        yield [court, *(shown(float(column[place])) for column in columns)]
