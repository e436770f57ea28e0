"""Rows of a table somebody hands in, CSV or workbook: every cell as text, every row with its line.

Delimiters are comma, semicolon and tab, encodings UTF-8 (with or without a mark) and GB18030.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from zhiheng.errors import BadInput, Message
from zhiheng.indexes.workbooks import AnyCell, is_formula, opened
from zhiheng.intake.encodings import examine

DELIMITERS = (",", ";", "\t")
_RIGHT = Message("请更正后重试。", "Correct it and try again.")

Headings = Mapping[str, tuple[str, ...]]
"""Our name of a column → the headings it may bear in a file, in any case."""


@dataclass(frozen=True)
class Row:
    """One row: where it stands (file:line) and its cells by column; no cell is None."""

    place: str
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def bad(self, zh: str, en: str, remedy: Message = _RIGHT) -> BadInput:
        """A problem that stands in this row."""
        return BadInput(Message(zh, en), remedy, self.place)


def read_table(path: Path) -> tuple[list[str], list[Row]]:
    """The headings of a CSV or .xlsx file and its rows, by those headings; blank rows left out.

    Raises BadInput: no file, no table, a formula, no row, a heading twice, a row with more cells.
    """
    lines = _workbook(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    filled = [(line, cells) for line, cells in lines if any(cells)]
    if len(filled) < 2:
        raise bad(path, "文件里没有数据行。", "The file has no rows of data.")
    headings = list(filled[0][1])
    while headings and not headings[-1]:
        headings.pop()
    _refuse_doubled(path, headings)
    return headings, [_row(path, line, headings, cells) for line, cells in filled[1:]]


def read_rows(path: Path, wanted: Headings, optional: Sequence[str] = ()) -> list[Row]:
    """The rows by our own names of the columns. Raises BadInput as `read_table`, and for a column
    that is missing and not in `optional`."""
    headings, rows = read_table(path)
    found = {name: _heading(headings, spelled) for name, spelled in wanted.items()}
    missing = [name for name, heading in found.items() if not heading and name not in optional]
    if missing:
        said = "、".join("/".join(wanted[name]) for name in missing)
        raise bad(path, f"缺少列：{said}。", f"Columns are missing: {said}.")
    return [
        Row(row.place, {name: row[heading] for name, heading in found.items() if heading})
        for row in rows
    ]


def has_column(path: Path, spelled: tuple[str, ...]) -> bool:
    """Whether the table has a column of one of these names. Raises BadInput as `read_table`."""
    return bool(_heading(read_table(path)[0], spelled))


def csv_text(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV with a mark (so that Excel reads UTF-8), floats in full, nothing that a spreadsheet
    would run; None is an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows([_said(value) for value in row] for row in rows)
    return "\ufeff" + out.getvalue()


def _said(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return repr(float(value))
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text[:1] in "=+-@\t\r" and text else text


def bad(path: Path, zh: str, en: str, remedy: Message = _RIGHT) -> BadInput:
    """A problem of the file as a whole."""
    return BadInput(Message(zh, en), remedy, path.name)


def _csv(path: Path) -> list[tuple[int, list[str]]]:
    if not path.is_file():
        raise bad(
            path,
            "没有这个文件。",
            "There is no such file.",
            Message("请核对文件名。", "Check the name."),
        )
    encoding = examine(path, path.name).encoding
    text = path.read_bytes().decode(encoding).removeprefix("\ufeff")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found, line = [], 1
    try:
        for cells in reader:
            found.append((line, [cell.strip() for cell in cells]))
            line = reader.line_num + 1
    except csv.Error as error:
        raise bad(
            path, f"第{line}行起不是完好的 CSV。", f"From line {line} it is no sound CSV."
        ) from error
    return found


def _workbook(path: Path) -> list[tuple[int, list[str]]]:
    with opened(path) as book:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        return [
            (line, [_text(path, line, cell) for cell in cells])
            for line, cells in enumerate(sheet.iter_rows(), start=1)
        ]


def _text(path: Path, line: int, cell: AnyCell) -> str:
    value = cell.value
    if value is None:
        return ""
    if is_formula(cell):
        raise bad(
            path, f"第{line}行有公式，请改为数值。", f"Row {line} holds a formula; put its value."
        )
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a workbook knows no whole numbers
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value).strip()


def _row(path: Path, line: int, headings: list[str], cells: list[str]) -> Row:
    row = Row(f"{path.name}:{line}", dict(zip(headings, cells, strict=False)))
    if any(cells[len(headings) :]):
        raise row.bad("单元格比表头多。", "It has more cells than the heading.")
    return row


def _refuse_doubled(path: Path, headings: list[str]) -> None:
    for heading in headings:
        if heading and headings.count(heading) > 1:
            raise bad(path, f"列“{heading}”出现两次。", f"The column {heading!r} stands twice.")


def _heading(headings: list[str], spelled: tuple[str, ...]) -> str:
    known = {one.casefold() for one in spelled}
    return next((heading for heading in headings if heading.casefold() in known), "")
