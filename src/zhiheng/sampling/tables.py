"""Tables as people hand them in (CSV, XLSX, Parquet), every cell the text one sees."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from zhiheng.errors import BadInput, Message

_EXCEL = (".xlsx", ".xlsm")
_PARQUET = (".parquet", ".pq")


@dataclass(frozen=True, eq=False)
class Table:
    """Headings, rows of texts as long as the headings, and of each row its number in the file."""

    place: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]

    def column(self, names: Sequence[str]) -> tuple[str, ...]:
        """The column under the first of these headings that there is. Raises BadInput."""
        at = self.heading(names)
        if at is None:
            raise no_column(self.place, names, self.headings)
        return tuple(row[at] for row in self.rows)

    def heading(self, names: Sequence[str]) -> int | None:
        """The place of the first of these headings that there is."""
        return next((self.headings.index(name) for name in names if name in self.headings), None)

    def filled(self, names: Sequence[str]) -> tuple[str, ...]:
        """The same column, with something in every row. Raises BadInput naming the row."""
        found = self.column(names)
        for number, text in zip(self.numbers, found, strict=True):
            if not text:
                raise empty_cell(self.place, number, names[0])
        return found


def read_table(path: Path, may_be_empty: bool = False) -> Table:
    """The table of a file: one row of headings, then rows (at least one, unless it may be empty).

    Raises BadInput, naming file and row.
    """
    if not path.is_file():
        raise BadInput(
            Message("没有这个文件。", "There is no such file."),
            Message("请核对文件名。", "Check the name."),
            str(path),
        )
    suffix = path.suffix.lower()
    reader = _xlsx if suffix in _EXCEL else _parquet if suffix in _PARQUET else _csv
    rows = [(number, row) for number, row in reader(path) if any(row)]
    if len(rows) < (1 if may_be_empty else 2):
        raise _no_rows(path)
    return _table(path, rows)


def _table(path: Path, rows: list[tuple[int, tuple[str, ...]]]) -> Table:
    headings = _trimmed(rows[0][1])
    for name in headings:
        if not name or headings.count(name) > 1:
            raise _bad_heading(path, name)
    width, found = len(headings), []
    for number, row in rows[1:]:
        if any(row[width:]):
            raise _ragged(path, number)
        found.append((*row, *[""] * width)[:width])
    return Table(str(path), headings, tuple(found), tuple(number for number, _ in rows[1:]))


def _trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    last = max(at for at, cell in enumerate(cells) if cell)
    return cells[: last + 1]


def _csv(path: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    from zhiheng.intake.encodings import examine
    from zhiheng.intake.problems import unreadable

    facts = examine(path, str(path))
    if facts.quotes % 2:
        raise _open_quote(path)
    encoding = "utf-8-sig" if facts.encoding == "utf-8" else facts.encoding
    with path.open(encoding=encoding, newline="") as stream:
        reader, line = csv.reader(stream), 1
        try:
            for row in reader:
                yield line, tuple(_plain(cell) for cell in row)
                line = reader.line_num + 1
        except csv.Error as error:
            raise unreadable(str(path), f"第{line}行", f"row {line} ({error})") from error


def _xlsx(path: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    import zipfile
    import zlib
    from xml.etree.ElementTree import ParseError

    import openpyxl
    from defusedxml.common import DefusedXmlException

    from zhiheng.intake.problems import unreadable
    from zhiheng.intake.xlsx_files import cell_text
    from zhiheng.intake.xlsx_guard import guard

    try:
        guard(path, str(path))
        sheet = openpyxl.load_workbook(path, read_only=True, data_only=True).worksheets[0]
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            yield number, tuple(_plain(cell_text(cell)) for cell in cells)
    except (
        *(KeyError, ValueError, AttributeError, TypeError, IndexError, OSError),
        *(ParseError, DefusedXmlException, zipfile.BadZipFile, zlib.error, EOFError),
    ) as error:
        raise unreadable(
            str(path), "不是完整的工作簿", f"not a whole workbook ({error})"
        ) from error


def _parquet(path: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from zhiheng.intake.problems import unreadable
    from zhiheng.intake.xlsx_files import cell_text

    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise unreadable(str(path), "不是完整的 Parquet 文件", f"not whole ({error})") from error
    yield 1, tuple(_plain(name) for name in table.column_names)
    cells = [column.to_pylist() for column in table.columns]
    for number, row in enumerate(zip(*cells, strict=True), 2):
        yield number, tuple(_plain(cell_text(cell)) for cell in row)


def _plain(text: str) -> str:
    return text.strip(" \t\r\n\u00a0\u3000")


def no_column(place: str, names: Sequence[str], headings: Sequence[str]) -> BadInput:
    """A column that no heading names."""
    return BadInput(
        Message(f"没有“{names[0]}”一栏。", f"There is no column {names[0]!r}."),
        Message(
            f"可用的名称：{'、'.join(names)}；文件中有：{'、'.join(headings)}。",
            f"It may be called {', '.join(names)}; the file has {', '.join(headings)}.",
        ),
        place,
    )


def empty_cell(place: str, number: int, name: str) -> BadInput:
    """A cell that must say something."""
    return BadInput(
        Message(f"第{number}行的“{name}”是空的。", f"Row {number}: {name!r} is empty."),
        Message("请补上后重试。", "Fill it in and try again."),
        place,
    )


def bad_cell(place: str, number: int, name: str, text: str, wanted: Message) -> BadInput:
    """A cell that says what it cannot say."""
    return BadInput(
        Message(
            f"第{number}行的“{name}”不能是“{text}”。", f"Row {number}: {name!r} cannot be {text!r}."
        ),
        wanted,
        place,
    )


def _no_rows(path: Path) -> BadInput:
    return BadInput(
        Message("表中没有数据行。", "The table has no row of data."),
        Message("首行写栏目名，其下每行一条。", "Put headings first, then one row each."),
        str(path),
    )


def _bad_heading(path: Path, name: str) -> BadInput:
    return BadInput(
        Message(f"栏目名“{name}”为空或重复。", f"The heading {name!r} is empty or given twice."),
        Message("每栏一个不同的名称。", "Give every column a name of its own."),
        str(path),
    )


def _open_quote(path: Path) -> BadInput:
    return BadInput(
        Message("有一个引号没有闭合。", "A quotation mark is not closed."),
        Message("请检查含引号的单元格，重新导出。", "Check the cells with quotes; export again."),
        str(path),
    )


def _ragged(path: Path, number: int) -> BadInput:
    return BadInput(
        Message(f"第{number}行的单元格多于栏目。", f"Row {number} has more cells than headings."),
        Message("请检查该行的分隔符和引号。", "Check its separators and quotation marks."),
        str(path),
    )
