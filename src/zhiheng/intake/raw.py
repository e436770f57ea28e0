"""The raw rows of a table in SQL: all parts together, cells as clean text or in native types."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
from ibis.backends.duckdb import Backend

from zhiheng.intake.cells import Cell, clean, quoted
from zhiheng.intake.parts import LINE, Part
from zhiheng.intake.problems import unreadable
from zhiheng.records.catalogue import Column, tables
from zhiheng.records.stored import TEXT_KEYED

_INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
_FLOATS = {"FLOAT", "DOUBLE"}
_NATIVE = {
    "id": {"BIGINT"},
    "ref": {"BIGINT"},
    "subject": {"BIGINT"},
    "day": {"DATE", "TIMESTAMP"},
    "minute": {"BIGINT", "TIME"},
    "amount": {"BIGINT", "DECIMAL"},
    "integer": {"BIGINT"},
    "flag": {"BOOLEAN"},
}
"""Types of a Parquet column that need no parsing, by kind of column."""


@dataclass(frozen=True)
class Raw:
    """The rows of a table as SQL (columns src, line and "c:<column>"), and what its cells are."""

    sql: str
    cells: Mapping[str, Cell]


def raw_rows(con: Backend, table: str, parts: Sequence[tuple[int, Part]]) -> Raw:
    """All parts of a table (with their numbers) as one relation.

    A column stays in its native type where every part has the same one; otherwise it is text.
    """
    found = [_types(con, part) for _, part in parts]
    cells: dict[str, Cell] = {}
    for name, column in tables()[table].columns.items():
        kinds = {_native(column, types.get(name)) for types in found}
        cells[name] = Cell(name, kinds.pop() if len(kinds) == 1 else "VARCHAR")
    selects = [
        _select(number, part, types, cells)
        for (number, part), types in zip(parts, found, strict=True)
    ]
    return Raw("\nUNION ALL\n".join(selects), cells)


@contextmanager
def readable(con: Backend, parts: Sequence[tuple[int, Part]]) -> Iterator[None]:
    """Name the part that cannot be read to its end (BadInput), if that was the engine's trouble."""
    try:
        yield
    except duckdb.Error:
        for _, part in parts:
            _read_to_the_end(con, part)
        raise


def _read_to_the_end(con: Backend, part: Part) -> None:
    try:
        con.con.execute(f"SELECT max(hash(t)) FROM {scan(part.path)} t").fetchall()
    except duckdb.Error as error:
        why = "its content cannot be read to the end"
        raise unreadable(part.place, "内容不能读到末尾", why) from error


def scan(path: Path, options: str = "") -> str:
    """A Parquet file as a table function; characters that would match other files are escaped."""
    return scan_all([path], options)


def scan_all(paths: Sequence[Path], options: str = "") -> str:
    """Several Parquet files one after another as a table function."""
    literals = (quoted(re.sub(r"([*?\[])", r"[\1]", str(path))) for path in paths)
    return f"read_parquet([{', '.join(literals)}]{options})"


def identifier(name: str) -> str:
    """A column's name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def _types(con: Backend, part: Part) -> dict[str, str]:
    """The SQL type of every column a part really has, "VARCHAR" where its values are mapped."""
    described = con.con.execute(f"DESCRIBE SELECT * FROM {scan(part.path)}").fetchall()
    by_header = {row[0]: str(row[1]) for row in described}
    types = {column: by_header[header] for column, header in part.columns.items()}
    return {**types, **dict.fromkeys((*part.values, *part.constants), "VARCHAR")}


def _native(column: Column, kind: str | None) -> str:
    """The native type to keep a column in, "VARCHAR" where it has to be read as text."""
    if kind is None or column.table in TEXT_KEYED:
        return "VARCHAR"
    kind = "BIGINT" if kind in _INTEGERS else kind
    if (scale := re.fullmatch(r"DECIMAL\(\d+,(\d+)\)", kind)) is not None:
        kind = "DECIMAL" if int(scale[1]) <= 2 else "VARCHAR"
    return kind if kind in _NATIVE.get(column.kind, ()) else "VARCHAR"


def _select(number: int, part: Part, types: Mapping[str, str], cells: Mapping[str, Cell]) -> str:
    line = identifier(LINE) if part.converted else "file_row_number + 1"
    source = scan(part.path, "" if part.converted else ", file_row_number=true")
    columns = ",\n  ".join(
        f'{_cell(part, name, types.get(name), cell)} AS "c:{name}"' for name, cell in cells.items()
    )
    return f"SELECT {number}::INTEGER AS src, ({line})::BIGINT AS line,\n  {columns}\nFROM {source}"


def _cell(part: Part, name: str, kind: str | None, cell: Cell) -> str:
    if name not in part.columns:
        constant = part.constants.get(name)
        return "NULL::VARCHAR" if constant is None else quoted(constant)
    header = identifier(part.columns[name])
    if not cell.text:
        return f"{header}::BIGINT" if cell.type == "BIGINT" else header
    text = clean(_as_text(header, kind or "VARCHAR"))
    return _mapped(text, part.values.get(name, {}))


def _as_text(header: str, kind: str) -> str:
    """A typed value as the text a user would see. NaN, which stands for nothing, becomes NULL."""
    if kind in _FLOATS:
        whole = f"{header} = floor({header}) AND abs({header}) < 9007199254740992"
        return (
            f"CASE WHEN isnan({header}) THEN NULL WHEN {whole} THEN {header}::BIGINT::VARCHAR "
            f"ELSE format('{{:.15g}}', {header}::DOUBLE) END"
        )
    return header if kind == "VARCHAR" else f"{header}::VARCHAR"


def _mapped(text: str, values: Mapping[str, str]) -> str:
    if not values:
        return text
    branches = " ".join(f"WHEN {quoted(k)} THEN {quoted(v)}" for k, v in values.items())
    return f"CASE {text} {branches} ELSE {text} END"
