"""The frame: every file that may be drawn, one row each, and the digest that stands for it.

The digest is of what the table says, not of the bytes it came in: the same rows give the same
digest from CSV, XLSX or Parquet and in any order.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from zhiheng.errors import BadInput, Message
from zhiheng.sampling.tables import Table, bad_cell, read_table

ID = ("id", "file", "案卷", "案卷编号", "案号", "文件编号", "编号", "case", "case_number")
"""Headings under which a file's id is looked for."""
COURT = ("court", "法院", "法院代字", "法院名称")
"""Headings under which a file's court is looked for."""

_ONE_LINE = Message("编号须在一行之内。", "An id must stand on one line.")


@dataclass(frozen=True, eq=False)
class Frame:
    """Files by id in the order of their ids, with the other columns as texts."""

    place: str
    ids: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]

    def column(self, name: str) -> tuple[str, ...]:
        """A column by its heading, or the court's by any of its names. Raises BadInput."""
        names = COURT if name in COURT else (name,)
        found = next((one for one in names if one in self.columns), None)
        if found is None:
            raise _no_column(self, name)
        return self.columns[found]

    def labels(self, by: Sequence[str]) -> tuple[str, ...]:
        """Of every file the stratum made of these columns ("" without any). Raises BadInput."""
        parts = [self.column(name) for name in by]
        return tuple(" / ".join(cells) for cells in zip(*parts, strict=True)) or ("",) * len(
            self.ids
        )

    @cached_property
    def canonical(self) -> bytes:
        """What the digest is of: a line of headings (sorted), then a line a file, sorted by id;
        every line a JSON array of texts, UTF-8, ended by a line feed."""
        names = sorted(self.columns)
        rows = zip(self.ids, *(self.columns[name] for name in names), strict=True)
        lines = [["id", *names], *(list(row) for row in rows)]
        return "".join(
            json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines
        ).encode()

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical bytes."""
        return hashlib.sha256(self.canonical).hexdigest()


def read_frame(path: Path) -> Frame:
    """A frame from CSV, XLSX or Parquet: a column of ids (see `ID`), any others.

    Raises BadInput: what `read_table` raises, no column of ids, an empty id or one given twice.
    """
    return frame_of(read_table(path))


def frame_of(table: Table) -> Frame:
    """The frame that a table holds. Raises BadInput."""
    ids = table.filled(ID)
    seen: dict[str, int] = {}
    for number, one in zip(table.numbers, ids, strict=True):
        if "\n" in one or "\r" in one:
            # The hash that orders files takes line feeds for separators.
            raise bad_cell(table.place, number, ID[0], one, _ONE_LINE)
        if one in seen:
            raise _twice(table.place, one, seen[one], number)
        seen[one] = number
    order = sorted(range(len(ids)), key=lambda row: ids[row])
    columns = {
        name: tuple(table.rows[row][at] for row in order)
        for at, name in enumerate(table.headings)
        if at != table.heading(ID)
    }
    return Frame(table.place, tuple(ids[row] for row in order), columns)


def _no_column(frame: Frame, name: str) -> BadInput:
    there = "、".join(frame.columns), ", ".join(frame.columns)
    return BadInput(
        Message(f"抽样框没有“{name}”一栏。", f"The frame has no column {name!r}."),
        Message(f"可用：{there[0]}。", f"There are: {there[1]}."),
        frame.place,
    )


def _twice(place: str, one: str, first: int, second: int) -> BadInput:
    return BadInput(
        Message(
            f"“{one}”在第{first}行和第{second}行各出现一次。",
            f"{one!r} stands in row {first} and again in row {second}.",
        ),
        Message("每个文件只列一行。", "List every file once."),
        place,
    )
