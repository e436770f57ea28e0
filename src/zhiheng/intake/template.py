"""The template: a workbook to fill in, with drop-downs, notes and one example row per table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Any

import xlsxwriter
import yaml

from zhiheng.records.catalogue import Column, codes, nodes, tables

HELP_SHEET = "说明"
_LISTS = "_lists"
_ROWS = 20_000
"""So many rows below the header get drop-downs and formats."""
_CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed moment: the same workbook each time


def write_template(path: Path) -> None:
    """Write the template workbook to `path`; its example rows pass intake as they stand."""
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"created": _CREATED})
        formats = _formats(book)
        _write_help(book.add_worksheet(HELP_SHEET), formats)
        lists = _write_lists(book)
        for name, table in tables().items():
            sheet = book.add_worksheet(table.zh)
            sheet.freeze_panes(1, 0)
            for index, (identifier, column) in enumerate(table.columns.items()):
                _write_column(sheet, index, identifier, column, formats, lists)
            _write_example(sheet, name, formats)


def _formats(book: Any) -> dict[str, Any]:
    head = {"bold": True, "bg_color": "#DDE6F0", "bottom": 1, "text_wrap": True, "valign": "top"}
    return {
        "head": book.add_format(head),
        "required": book.add_format({**head, "font_color": "#C00000"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "minute": book.add_format({"num_format": "hh:mm"}),
        "amount": book.add_format({"num_format": "#,##0.00"}),
        "integer": book.add_format({"num_format": "0"}),
        "text": book.add_format({"num_format": "@"}),
    }


def _write_help(sheet: Any, formats: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 100)
    text = (
        resources.files("zhiheng.intake").joinpath("data", "template_help.yaml").read_text("utf-8")
    )
    lines = [line for entry in yaml.safe_load(text) for line in (entry["zh"], entry["en"], "")]
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line)
    for row, (name, table) in enumerate(tables().items(), len(lines)):
        sheet.write_string(row, 0, f"{table.zh} · {name}", formats["head"])


def _lists() -> dict[str, list[str]]:
    """What the drop-downs offer, by code list; "node" is the nodes entered as events."""
    offered = {name: [code.zh for code in entries.values()] for name, entries in codes().items()}
    offered["node"] = [node.zh for node in nodes().values() if node.source is None]
    offered["flag"] = ["是", "否"]
    return offered


def _write_lists(book: Any) -> dict[str, str]:
    """A hidden sheet with one column per list; returns the cell range of each."""
    sheet = book.add_worksheet(_LISTS)
    sheet.hide()
    ranges: dict[str, str] = {}
    for index, (name, values) in enumerate(_lists().items()):
        sheet.write_column(0, index, values)
        letter = xlsxwriter.utility.xl_col_to_name(index)
        ranges[name] = f"={_LISTS}!${letter}$1:${letter}${len(values)}"
    return ranges


def _list_of(column: Column) -> str | None:
    return {"code": column.codes, "node": "node", "flag": "flag"}.get(column.kind)


def _write_column(
    sheet: Any,
    index: int,
    identifier: str,
    column: Column,
    formats: dict[str, Any],
    lists: dict[str, str],
) -> None:
    sheet.set_column(index, index, 18, formats.get(column.kind, formats["text"]))
    head = formats["required" if column.required else "head"]
    sheet.write_string(0, index, column.zh, head)
    sheet.write_comment(0, index, "\n".join(_note(identifier, column)), {"x_scale": 1.6})
    chosen = _list_of(column)
    if chosen:
        sheet.data_validation(1, index, _ROWS, index, {"validate": "list", "source": lists[chosen]})


def _note(identifier: str, column: Column) -> Iterable[str]:
    yield f"{identifier} · {column.en}"
    yield "必填 required" if column.required else "可空 optional"
    if column.kind == "ref" and column.table:
        yield f"填 {tables()[column.table].zh} 表中的标识"
    if column.help:
        yield column.help


def _write_example(sheet: Any, table: str, formats: dict[str, Any]) -> None:
    for index, column in enumerate(tables()[table].columns.values()):
        if column.example is not None and _points_somewhere(table, column):
            _write_cell(sheet, index, column, str(column.example), formats)


def _points_somewhere(table: str, column: Column) -> bool:
    """Whether a reference's example is the row the template has in that table."""
    if column.kind != "ref" or column.table is None or column.open:
        return True
    target = tables()[column.table]
    return column.table != table and column.example == target.columns[target.key or ""].example


def _write_cell(
    sheet: Any, index: int, column: Column, example: str, formats: dict[str, Any]
) -> None:
    style = formats.get(column.kind, formats["text"])
    match column.kind:
        case "day":
            day = dt.datetime.combine(dt.date.fromisoformat(example), dt.time())
            sheet.write_datetime(1, index, day, style)
        case "minute":
            sheet.write_datetime(1, index, dt.time.fromisoformat(example), style)
        case "amount" | "integer":
            sheet.write_number(1, index, float(example), style)
        case _:
            sheet.write_string(1, index, example, style)
