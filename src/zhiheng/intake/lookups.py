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
from zhiheng.records.staging import Known
from zhiheng.records.stored import belongs_to_case, key_type

EVENT_SUBJECTS = sorted({n.subject for n in nodes().values() if n.source is None} - {"case"})
"""Subject kinds that events name by an id of their own."""


def load_spellings(con: Backend) -> None:
    """Tables "spell:<code list>" and "spell:node": every accepted spelling in lower case."""
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
        "subject": ("VARCHAR", [node.subject for node in every.values()]),
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


def load_known(con: Backend, known: Known) -> None:
    """Views "known:<table>" of what is stored, and empty "bad:<table>" for what will be bad."""
    for table in tables():
        if known.holds(table):
            con.con.execute(
                f'CREATE TEMP VIEW "known:{table}" AS {con.compile(known.relation(con, table))}'
            )


def key_columns(table: str) -> list[str]:
    """What children look up of a row: its key, and the court or case it belongs to."""
    key = tables()[table].key
    columns = [f'"{key}" AS key']
    if table == "cases":
        columns.append("court")
    if belongs_to_case(table):
        columns.append('"case"')
    return columns


def load_keys(con: Backend, table: str, known: bool, checked: bool) -> None:
    """Tables "keys:<table>" (stored or good in this batch) and "bad:<table>" (in quarantine)."""
    columns = ", ".join(key_columns(table))
    selects = []
    if known:
        selects.append(f'SELECT {columns} FROM "known:{table}"')
    if checked:
        selects.append(f'SELECT DISTINCT {columns} FROM "checked:{table}" WHERE faults IS NULL')
    nothing = _no_keys(table)
    con.con.execute(f'CREATE TABLE "keys:{table}" AS {" UNION ".join(selects) or nothing}')
    bad = (
        f'SELECT DISTINCT "{tables()[table].key}" AS key FROM "checked:{table}" '
        "WHERE faults IS NOT NULL"
    )
    con.con.execute(f'CREATE TABLE "bad:{table}" AS {bad if checked else nothing}')


def _no_keys(table: str) -> str:
    extra = ", NULL::VARCHAR AS court" if table == "cases" else ""
    extra += ', NULL::BIGINT AS "case"' if belongs_to_case(table) else ""
    return f"SELECT NULL::{key_type(table)} AS key{extra} WHERE false"


def load_subjects(con: Backend) -> None:
    """Tables subjects (kind, key, case) and bad_subjects (kind, key) of everything events name."""
    good = " UNION ALL ".join(
        f'SELECT \'{kind}\' AS kind, key, "case" FROM "keys:{SUBJECTS[kind]}"'
        for kind in EVENT_SUBJECTS
    )
    bad = " UNION ALL ".join(
        f"SELECT '{kind}' AS kind, key FROM \"bad:{SUBJECTS[kind]}\"" for kind in EVENT_SUBJECTS
    )
    con.con.execute(f"CREATE TABLE subjects AS {good}")
    con.con.execute(f"CREATE TABLE bad_subjects AS {bad}")
