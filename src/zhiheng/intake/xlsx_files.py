"""XLSX into parts: one sheet a table, every cell as the text the user sees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from defusedxml.common import DefusedXmlException

from zhiheng.intake.headers import match_columns, plain, table_labels, table_of
from zhiheng.intake.parts import LINE, Part
from zhiheng.intake.problems import bomb, unknown_table, unreadable
from zhiheng.intake.profile import Profile
from zhiheng.intake.xlsx_guard import DAMAGED, guard

HELP_SHEETS = ("说明", "填写说明", "help", "readme")
_LAST_ROW = 1_048_576
_CHUNK = 20_000
_EXACT = 10**15
"""A spreadsheet keeps 15 digits; a longer number in a numeric cell has lost its last ones."""


def read_workbook(path: Path, place: str, profile: Profile, work: Path) -> list[Part]:
    """Every table's sheet of a workbook as a part, written below `work`.

    Raises BadInput: a bomb, a damaged file, a sheet with rows that names no table, and what
    `match_columns` raises.
    """
    guard(path, place)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=False)
        return [
            part for sheet in _sheets(book) if (part := _part(sheet, path, place, profile, work))
        ]
    except DefusedXmlException as error:
        raise bomb(place, "内含实体声明", "it declares XML entities") from error
    except (*DAMAGED, LookupError, ValueError, ParseError, AttributeError, TypeError) as error:
        raise unreadable(place, "不是完整的工作簿", f"not a whole workbook ({error})") from error


def _sheets(book: Any) -> list[Any]:
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    return [sheet for sheet in visible if plain(sheet.title) not in HELP_SHEETS]


def _part(sheet: Any, path: Path, place: str, profile: Profile, work: Path) -> Part | None:
    if plain(sheet.title) in map(plain, profile.ignore):
        return None
    sheet.reset_dimensions()
    where = f"{place} · {sheet.title}"
    rows = _rows(sheet, where)
    _, headers = next(rows, (0, []))
    if not headers:
        return None
    table = table_of(sheet.title, profile) or table_of(path.stem, profile)
    if table is None:
        raise unknown_table(where, table_labels())
    columns = match_columns(table, headers, where, profile)
    target = work / f"{len(list(work.iterdir()))}.parquet"
    return Part(
        table=table,
        place=where,
        path=target,
        columns={column: column for column in columns},
        rows=_write(rows, columns, target),
        converted=True,
        extra=tuple(h for i, h in enumerate(headers) if h and i not in columns.values()),
        constants=profile.of(table).constants,
        values=profile.of(table).values,
    )


def _rows(sheet: Any, where: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold anything, with their number in the sheet."""
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        if number > _LAST_ROW:
            raise bomb(where, "行数超出电子表格的上限", "it has more rows than a sheet can have")
        texts = [cell_text(cell) for cell in cells]
        if any(texts):
            yield number, texts


def _write(rows: Iterator[tuple[int, list[str]]], columns: Any, target: Path) -> int:
    schema = pa.schema([(LINE, pa.int64()), *((name, pa.string()) for name in columns)])
    count = 0
    with pq.ParquetWriter(target, schema, compression="lz4") as writer:
        while chunk := [row for row, _ in zip(rows, range(_CHUNK), strict=False)]:
            count += len(chunk)
            writer.write_batch(_batch(chunk, list(columns.values()), schema))
    return count


def _batch(
    chunk: Sequence[tuple[int, list[str]]], indexes: list[int], schema: pa.Schema
) -> pa.RecordBatch:
    numbers = pa.array([number for number, _ in chunk], pa.int64())
    cells = [
        pa.array([texts[i] if i < len(texts) else "" for _, texts in chunk], pa.string())
        for i in indexes
    ]
    return pa.record_batch([numbers, *cells], schema=schema)


def cell_text(value: object) -> str:
    """A cell as the text a user sees: dates in ISO form, whole numbers without a point.

    A number that a spreadsheet cannot keep exactly comes out in scientific notation, as the
    spreadsheet shows it, so that a long id with lost digits is found out.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, dt.datetime | dt.time | dt.timedelta):
        return _time_text(value)
    return str(value)


def _number_text(value: float) -> str:
    if value.is_integer():
        return str(int(value)) if abs(value) < _EXACT else f"{value:.14E}"
    return f"{value:.15g}"


def _time_text(value: dt.datetime | dt.time | dt.timedelta) -> str:
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, dt.time):
        return value.isoformat("minutes")
    minutes = int(value.total_seconds()) // 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
