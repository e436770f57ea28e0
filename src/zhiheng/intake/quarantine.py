"""The quarantine file: every bad row, why, and what to do, for a person with a spreadsheet."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from pathlib import Path

from ibis.backends.duckdb import Backend

from zhiheng.intake.cells import FORMULA, quoted
from zhiheng.intake.csv_files import lines_of
from zhiheng.intake.parts import Part
from zhiheng.intake.privacy import IDENTITY_INSIDE, MASKED, mask
from zhiheng.intake.raw import Raw, identifier
from zhiheng.intake.reasons import reasons
from zhiheng.intake.small_tables import Rows, create_table
from zhiheng.intake.validate import cell_texts
from zhiheng.records.catalogue import tables

HEADERS = (
    "表 table",
    "文件 file",
    "行号 row",
    "列 column",
    "值 value",
    "原因编号 reason_id",
    "原因",
    "reason",
    "处理办法",
    "remedy",
    "原行 original_row",
)
REPEAT_HEADERS = (
    "表 table",
    "文件 file",
    "行号 row",
    "首见文件 first_file",
    "首见行号 first_row",
)
_NEUTRAL = rf"{FORMULA}|^[\t\r]"


def load_parts(con: Backend, parts: Sequence[Part]) -> None:
    """Tables parts (src, place) and reasons, and an empty one of findings."""
    numbered: Rows = {
        "src": ("INTEGER", list(range(len(parts)))),
        "place": ("VARCHAR", [p.place for p in parts]),
    }
    create_table(con, "parts", numbered)
    entries = list(reasons().values())
    explained: dict[str, list[str]] = {
        "id": list(reasons()),
        "reason_zh": [e.reason.zh for e in entries],
        "reason_en": [e.reason.en for e in entries],
        "remedy_zh": [e.remedy.zh for e in entries],
        "remedy_en": [e.remedy.en for e in entries],
    }
    create_table(con, "reasons", {name: ("VARCHAR", texts) for name, texts in explained.items()})
    con.con.execute(
        """CREATE TABLE findings (tbl INTEGER, src BIGINT, line BIGINT, col INTEGER,
             name VARCHAR, value VARCHAR, reason VARCHAR, content VARCHAR)"""
    )
    con.con.execute(
        """CREATE TABLE repeats (tbl INTEGER, src BIGINT, line BIGINT, first_src BIGINT,
             first_line BIGINT)"""
    )


def note_bad_rows(con: Backend, table: str, raw: Raw) -> None:
    """Add the faults of "checked:<table>" to the findings, personal columns masked."""
    columns = list(tables()[table].columns)
    number = list(tables()).index(table)
    texts = cell_texts(raw.cells)
    packed = ", ".join(f"{identifier(n)} := {_shown(table, n, texts[n])}" for n in columns)
    con.con.execute(
        f"""INSERT INTO findings
            WITH bad AS (SELECT src, line, faults FROM "checked:{table}" WHERE faults IS NOT NULL),
            original AS (
              SELECT src, line, faults, to_json(struct_pack({packed})) AS content
              FROM ({raw.sql}) c JOIN bad USING (src, line)),
            single AS (SELECT src, line, content, unnest(faults) AS fault FROM original)
            SELECT {number}, src, line, list_position({columns}, split_part(fault, '|', 1)),
              split_part(fault, '|', 1), content ->> ('$."' || split_part(fault, '|', 1) || '"'),
              split_part(fault, '|', 2), content::VARCHAR FROM single"""
    )


def note_repeats(con: Backend, table: str) -> None:
    """Add "repeats:<table>" to the list of repeats."""
    number = list(tables()).index(table)
    con.con.execute(f'INSERT INTO repeats SELECT {number}, * FROM "repeats:{table}"')


def note_ragged(con: Backend, number: int, part: Part) -> None:
    """Add a part's rows with a wrong number of fields; which cell is which cannot be told."""
    table = list(tables()).index(part.table)
    rows: Rows = {
        "line": ("BIGINT", [line for line, _, _ in part.ragged]),
        "fields": ("VARCHAR", [f"{found} / {wanted}" for _, found, wanted in part.ragged]),
    }
    create_table(con, "ragged", rows)
    con.con.execute(
        f"""INSERT INTO findings
            SELECT {table}, {number}, line, 0, '', fields, 'field_count', '{{}}' FROM ragged"""
    )


def _shown(table: str, name: str, text: str) -> str:
    kind = tables()[table].columns[name].kind
    if kind in ("identity", "account"):
        return f"CASE WHEN {text} IS NOT NULL THEN '{MASKED}' END"
    shown = mask(text) if kind == "name" else text
    return f"regexp_replace({shown}, {quoted(IDENTITY_INSIDE)}, '{MASKED}', 'g')"


def write_findings(con: Backend, parts: Sequence[Part], target: Path) -> Path | None:
    """The quarantine CSV at `target` (UTF-8 with BOM); None where no row was bad."""
    return _write(
        con,
        parts,
        "findings",
        f"""SELECT {_table_names()}[f.tbl + 1], {_safe("p.place")}, {_line("f.src", "f.line", "l")},
              f.name, {_safe("f.value")}, f.reason, r.reason_zh, r.reason_en, r.remedy_zh,
              r.remedy_en, f.content
            FROM findings f JOIN parts p USING (src) JOIN reasons r ON r.id = f.reason
            LEFT JOIN lines l ON l.src = f.src AND l.record = f.line
            ORDER BY f.tbl, f.src, f.line, f.col, f.reason""",
        HEADERS,
        target,
    )


def write_repeats(con: Backend, parts: Sequence[Part], target: Path) -> Path | None:
    """The CSV of dropped repeats at `target`; None where there was none."""
    return _write(
        con,
        parts,
        "repeats",
        f"""SELECT {_table_names()}[f.tbl + 1], {_safe("p.place")}, {_line("f.src", "f.line", "l")},
              {_safe("q.place")}, {_line("f.first_src", "f.first_line", "m")}
            FROM repeats f JOIN parts p USING (src) JOIN parts q ON q.src = f.first_src
            LEFT JOIN lines l ON l.src = f.src AND l.record = f.line
            LEFT JOIN lines m ON m.src = f.first_src AND m.record = f.first_line
            ORDER BY f.tbl, f.src, f.line""",
        REPEAT_HEADERS,
        target,
    )


def _write(
    con: Backend,
    parts: Sequence[Part],
    source: str,
    select: str,
    headers: Sequence[str],
    target: Path,
) -> Path | None:
    found = con.con.execute(f"SELECT DISTINCT src FROM {source}").fetchall()
    if not found:
        return None
    _load_lines(con, parts, {row[0] for row in found})
    named = ", ".join(f"{identifier(f'{i}')}" for i in range(len(headers)))
    body = target.with_suffix(".body")
    con.con.execute(
        f"COPY (SELECT * FROM ({select}) t({named})) TO {quoted(str(body))} "
        "(FORMAT csv, HEADER false, DELIMITER ',', QUOTE '\"')"
    )
    with target.open("wb") as stream, body.open("rb") as rows:
        stream.write(codecs.BOM_UTF8 + ",".join(headers).encode() + b"\r\n")
        while chunk := rows.read(1 << 20):
            stream.write(chunk)
    body.unlink()
    return target


def _load_lines(con: Backend, parts: Sequence[Part], wanted: set[int]) -> None:
    """Table lines: for CSV files whose records are not one a line, the line of every record."""
    found = [
        (src, record, line)
        for src, records in _looked_up(parts, wanted)
        for record, line in records.items()
    ]
    names = ("src", "record", "line")
    columns = {name: ("BIGINT", [row[i] for row in found]) for i, name in enumerate(names)}
    create_table(con, "lines", columns)


def _looked_up(parts: Sequence[Part], wanted: set[int]) -> Iterator[tuple[int, dict[int, int]]]:
    for src in sorted(wanted):
        if (path := parts[src].csv) is not None:
            yield src, lines_of(path)


def _safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return (
        f"CASE WHEN regexp_matches({text}, {quoted(_NEUTRAL)}) THEN '''' || {text} ELSE {text} END"
    )


def _line(src: str, line: str, looked_up: str) -> str:
    return f"coalesce({looked_up}.line, {line})"


def _table_names() -> str:
    return str(list(tables()))
