"""Small tables the checks join with: spellings of codes and nodes, case numbers, known keys."""

from __future__ import annotations

from ibis.backends.duckdb import Backend

from zhiheng.intake.cells import quoted
from zhiheng.intake.small_tables import Rows, create_table
from zhiheng.records.case_numbers import (
    UnreadableCaseNumber,
    canonical_pattern,
    parse_case_number,
)
from zhiheng.records.catalogue import SUBJECTS, code_spellings, codes, node_spellings, nodes, tables
from zhiheng.records.stored import belongs_to_case, key_type

EVENT_SUBJECTS = sorted({n.subject for n in nodes().values() if n.source is None} - {"case"})
"""Subject kinds that events name by an id of their own."""


def load_spellings(con: Backend) -> None:
    """Tables "spell:<code list>" and "spell:node": every accepted spelling in lower case."""
    # One byte a row where the name of the kind would be sixteen.
    con.con.execute(f"CREATE TYPE subject_kind AS ENUM {tuple(SUBJECTS)}")
    for name in codes():
        rows = {spelling.lower(): code for spelling, code in code_spellings(name).items()}
        columns = {"spelling": ("VARCHAR", list(rows)), "value": ("VARCHAR", list(rows.values()))}
        create_table(con, f"spell:{name}", columns)
    create_table(con, "spell:node", _node_rows())


def _node_rows() -> Rows:
    entered = {spelling.lower(): nodes()[name] for spelling, name in node_spellings().items()}
    read_off = {
        spelling.lower(): node
        for name, node in nodes().items()
        for spelling in (name, node.zh, node.en, *node.also, node.code or name)
    }
    every = {**read_off, **entered}
    return {
        "spelling": ("VARCHAR", list(every)),
        "value": ("SMALLINT", [node.number for node in every.values()]),
        "subject": ("subject_kind", [node.subject for node in every.values()]),
        "entered": ("BOOLEAN", [spelling in entered for spelling in every]),
    }


def load_case_numbers(con: Backend, raw: str) -> None:
    """Table case_numbers: printed form (NULL when unreadable) of every number not yet in it."""
    odd = con.con.execute(
        f'SELECT DISTINCT "c:case_number" FROM ({raw}) '
        f'WHERE NOT regexp_matches("c:case_number", {quoted(canonical_pattern)})'
    ).fetchall()
    texts = sorted(row[0] for row in odd)
    read = [_read(text) for text in texts]
    columns = {
        "spelling": ("VARCHAR", texts),
        "printed": ("VARCHAR", [printed for printed, _ in read]),
        "old_form": ("BOOLEAN", [old for _, old in read]),
    }
    create_table(con, "case_numbers", columns)


def _read(text: str) -> tuple[str | None, bool]:
    try:
        number = parse_case_number(text)
    except UnreadableCaseNumber:
        return None, False
    return str(number), number.old_form


def key_columns(table: str) -> list[str]:
    """What children look up of a row: its key, and the court or case it belongs to."""
    key = tables()[table].key
    columns = [f'"{key}" AS key']
    if table == "cases":
        columns.append("court")
    if belongs_to_case(table):
        columns.append('"case"')
    return columns


def load_keys(con: Backend, table: str, rows: str | None, stored: bool) -> None:
    """Relations "keys:<table>" (stored or good in this batch) and "bad:<table>" (in quarantine).

    `rows` are the batch's good rows as a table function, None where it has none of this table.
    """
    columns = ", ".join(key_columns(table))
    fresh = f"SELECT {columns} FROM {rows}"
    if rows is None:
        source = f'SELECT * FROM "stored:{table}"'
    else:
        source = f'{fresh} UNION SELECT * FROM "stored:{table}"' if stored else fresh
    con.con.execute(f'CREATE {"TABLE" if stored else "VIEW"} "keys:{table}" AS {source}')
    bad = (
        f'SELECT DISTINCT "{tables()[table].key}" AS key FROM "checked:{table}" '
        "WHERE faults IS NOT NULL"
    )
    con.con.execute(f'CREATE TABLE "bad:{table}" AS {no_keys(table) if rows is None else bad}')


def no_keys(table: str) -> str:
    """An empty relation of keys."""
    extra = ", NULL::VARCHAR AS court" if table == "cases" else ""
    extra += ', NULL::BIGINT AS "case"' if belongs_to_case(table) else ""
    return f"SELECT NULL::{key_type(table)} AS key{extra} WHERE false"


def load_subjects(con: Backend) -> None:
    """Views subjects (kind, key, case) and bad_subjects (kind, key) of everything events name."""
    good = " UNION ALL ".join(
        f'SELECT \'{kind}\'::subject_kind AS kind, key, "case" FROM "keys:{SUBJECTS[kind]}"'
        for kind in EVENT_SUBJECTS
    )
    bad = " UNION ALL ".join(
        f"SELECT '{kind}'::subject_kind AS kind, key FROM \"bad:{SUBJECTS[kind]}\""
        for kind in EVENT_SUBJECTS
    )
    con.con.execute(f"CREATE VIEW subjects AS {good}")
    con.con.execute(f"CREATE VIEW bad_subjects AS {bad}")
