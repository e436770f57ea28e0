"""Small tables as people keep them: CSV (UTF-8 or GB18030) or the first sheet of a workbook.

Every cell is text with its place, so that whatever is wrong can be named by row and column.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from zhiheng.composites.problems import refused
from zhiheng.errors import BadInput

MISSING = ("", "na", "nan")
"""Spellings of "no value", in lower case."""
LARGEST = 1e100
"""The largest figure taken: the squares of sums of such figures are still numbers."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_QUOTED = re.compile(r'"[^"]*"')


@dataclass(frozen=True)
class Row:
    """One row: its number in the file (the header is 1) and its cells, without outer blanks."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table of a file. `digest`: SHA-256 of the file's bytes, in hexadecimal."""

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    digest: str

    def place(self, row: int) -> str:
        """Where a row stands, as a reader looks for it."""
        return f"{self.name}:{row}"

    @cached_property
    def _places(self) -> dict[str, int]:
        """Heading, and in lower case where it is not another's → its place."""
        exact = {heading: at for at, heading in enumerate(self.header)}
        return {heading.casefold(): at for heading, at in exact.items()} | exact

    def column(self, heading: str) -> int | None:
        """Where a column stands: spelled as asked, else in other case; None where there is none."""
        exact = self._places.get(heading)
        return self._places.get(heading.casefold()) if exact is None else exact

    def cell(self, row: Row, heading: str) -> str:
        """A cell; empty where there is no such column."""
        at = self.column(heading)
        return "" if at is None else row.cells[at]

    def word(self, row: Row, heading: str) -> str:
        """A cell; empty where it says that there is no value."""
        text = self.cell(row, heading)
        return "" if text.casefold() in MISSING else text

    def need(self, *headings: str) -> None:
        """Raises BadInput naming a column that is missing."""
        for heading in headings:
            if self.column(heading) is None:
                there = ", ".join(self.header)
                raise refused(
                    self.name,
                    (f"没有 {heading} 一栏。", f"There is no column {heading!r}."),
                    (f"表中有：{there}。请补上该栏。", f"There are: {there}. Add the column."),
                )

    def number(self, row: Row, heading: str) -> float:
        """A cell as a number; NaN where it is empty. Raises BadInput naming row and column."""
        text = self.cell(row, heading)
        if text.casefold() in MISSING:
            return float("nan")
        if not _NUMBER.fullmatch(text) or abs(value := float(text)) > LARGEST:
            raise refused(
                self.place(row.number),
                (
                    f"{heading} 一栏的“{text}”不是数，或超过 {LARGEST:g}。",
                    f"{text!r} in column {heading!r}: no number, or one beyond {LARGEST:g}.",
                ),
                (
                    "填数字（小数点用“.”，不加千分号和百分号）；没有数值就留空。",
                    "Write digits with a point, no separators or %; leave it empty for no value.",
                ),
            )
        return value


def read_table(path: Path) -> Table:
    """The table in a .csv or .xlsx file.

    Raises BadInput: a file that cannot be read, no header, a heading given twice, no row, a row
    with more or fewer cells than the header.
    """
    content = _bytes(path)
    raw = _sheet(path, content) if path.suffix.lower() == ".xlsx" else _csv(path, content)
    lines = [Row(at, tuple(cell.strip() for cell in cells)) for at, cells in raw]
    lines = [line for line in lines if any(line.cells)]
    if len(lines) < 2:
        raise refused(
            path.name,
            ("表中没有数据行。", "The table has no rows."),
            ("第一行写栏名，其下每行一条。", "Head it with column names, one entry a row below."),
        )
    header, rows = lines[0], lines[1:]
    _check_header(path.name, header)
    width = len(header.cells)
    checked = tuple(_of_width(path.name, row, width) for row in rows)
    return Table(path.name, header.cells, checked, hashlib.sha256(content).hexdigest())


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise refused(
            str(path),
            ("文件读不了。", "The file cannot be read."),
            ("检查路径和权限。", "Check its path and your rights."),
        ) from error


def _csv(path: Path, content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _text(path, content)
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, strict=True, delimiter=_delimiter(text))
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise refused(
            f"{path.name}:{reader.line_num}",
            ("CSV 的引号不配对。", f"This is no sound CSV ({error})."),
            ("检查该行的引号。", "Check the quotation marks of the row."),
        ) from error


def _delimiter(text: str) -> str:
    """A comma; semicolons or tabs where the first line has those and, outside of quotation marks,
    no comma."""
    bare = _QUOTED.sub("", text.lstrip("\r\n").partition("\n")[0])
    return next((mark for mark in ",;\t" if mark in bare), ",")


def _text(path: Path, content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refused(
        path.name,
        ("编码既不是 UTF-8 也不是 GB18030。", "It is neither UTF-8 nor GB18030."),
        ("另存为 UTF-8 编码的 CSV。", "Save it as CSV in UTF-8."),
    )


def _sheet(path: Path, content: bytes) -> Iterator[tuple[int, list[str]]]:
    import openpyxl

    try:
        # Formulas as they stand: one whose value was never stored would pass for an empty cell.
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = [[_shown(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    except Exception as error:  # a damaged workbook fails in many ways
        raise refused(
            path.name,
            ("不是完整的工作簿。", f"This is not a whole workbook ({type(error).__name__})."),
            ("重新保存，或另存为 CSV。", "Save it anew, or as CSV."),
        ) from error
    width = max((len(row) for row in rows), default=0)
    for at, row in enumerate(rows, start=1):
        yield at, row + [""] * (width - len(row))


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    return repr(cell) if isinstance(cell, float) else str(cell)


def _check_header(name: str, header: Row) -> None:
    counts = Counter(header.cells)
    twice = next((one for one in header.cells if one and counts[one] > 1), None)
    if twice is not None:
        raise refused(
            f"{name}:{header.number}",
            (f"栏名“{twice}”重复。", f"The heading {twice!r} stands twice."),
            ("每个栏名只用一次。", "Use every heading once."),
        )


def _of_width(name: str, row: Row, width: int) -> Row:
    cells = row.cells
    if len(cells) > width and not any(cells[width:]):
        cells = cells[:width]
    if len(cells) != width:
        raise _uneven(name, row, width)
    return Row(row.number, cells)


def _uneven(name: str, row: Row, width: int) -> BadInput:
    found = len(row.cells)
    return refused(
        f"{name}:{row.number}",
        (f"该行有{found}格，表头有{width}格。", f"The row has {found} cells, the header {width}."),
        ("补齐或删去多余的格（含逗号的文字须加引号）。", "Even it out (quote text with commas)."),
    )
