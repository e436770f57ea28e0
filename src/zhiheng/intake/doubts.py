"""The rows of a table that need more than a look at themselves, and only those.

Good rows are written as they are read. Set aside for a second look, in "checked:<table>", are the
rows with a fault, those that share their key (without a key: their content) with another row of the
batch, and those the store may hold already. Mostly there are few of them, or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ibis.backends.duckdb import Backend

from zhiheng.intake.known import rows_among
from zhiheng.intake.raw import scan_all
from zhiheng.intake.writing import names
from zhiheng.records.catalogue import tables
from zhiheng.records.staging import Known
from zhiheng.records.stored import stored_columns


def set_aside(
    con: Backend,
    table: str,
    judged: str,
    written: Sequence[Path],
    faulty: bool,
    stored: Known | None,
) -> int:
    """Make "checked:<table>" of the doubted ones of the rows `judged`; returns how many there are.

    The good ones of these rows are in the files `written`; `faulty` says whether there are others.
    `stored` is the store where it holds any key that the batch names.
    """
    _create(con, "checked", table, "src INTEGER, line BIGINT, ", ", faults VARCHAR[]")
    if faulty:
        _add(con, table, judged, "faults IS NOT NULL")
    if _refers_to_itself(table):
        _add(con, table, judged, "faults IS NULL")
    elif _doubted(con, table, scan_all(written), stored):
        same = f"{_mark(table)} IN (SELECT mark FROM doubted)"
        _add(con, table, judged, f"faults IS NULL AND {same}")
    return _count(con, f'"checked:{table}"')


def load_known(con: Backend, table: str, known: Known) -> None:
    """Table "known:<table>": the stored rows that those set aside may repeat or replace."""
    key = tables()[table].key
    if key is None:
        return
    _create(con, "known", table)
    mine = f'SELECT "{key}" FROM "checked:{table}"'
    if rows := rows_among(con, table, known, key, mine):
        con.con.execute(f'INSERT INTO "known:{table}" {rows}')


def _create(con: Backend, kind: str, table: str, before: str = "", after: str = "") -> None:
    columns = ", ".join(f'"{name}" {sql}' for name, sql in stored_columns(table).items())
    con.con.execute(f'CREATE TABLE "{kind}:{table}" ({before}{columns}{after})')


def _add(con: Backend, table: str, judged: str, where: str) -> None:
    con.con.execute(f'INSERT INTO "checked:{table}" SELECT * FROM ({judged}) WHERE {where}')


def _mark(table: str) -> str:
    """What rows that must be compared have in common."""
    key = tables()[table].key
    return f'"{key}"' if key else f"hash({names(table)})"


def _refers_to_itself(table: str) -> bool:
    columns = tables()[table].columns.values()
    return any(c.kind == "ref" and c.table == table and not c.open for c in columns)


def _doubted(con: Backend, table: str, written: str, stored: Known | None) -> bool:
    """Table doubted: the marks of good rows that need a comparison. Whether there are any."""
    keyed = tables()[table].key is not None
    marks = [_shared_keys(table, written) if keyed else _twins(table, written)]
    if stored is not None:
        marks.append(
            _stored_keys(table, written) if keyed else _known_twins(con, table, written, stored)
        )
    con.con.execute(f"CREATE OR REPLACE TABLE doubted AS {' UNION '.join(marks)}")
    return _count(con, "doubted") > 0


def _shared_keys(table: str, written: str) -> str:
    key = tables()[table].key
    return f"""SELECT mark FROM (SELECT "{key}" AS mark FROM {written}
                 UNION ALL SELECT "{key}" FROM "checked:{table}")
               WHERE mark IS NOT NULL GROUP BY mark HAVING count(*) > 1"""


def _twins(table: str, written: str) -> str:
    """Rows of one content stand together, since the order is by every column."""
    marks = f"SELECT {_mark(table)} AS mark FROM {written}"
    return f"""SELECT DISTINCT mark FROM (SELECT mark, lag(mark) OVER () AS before FROM ({marks}))
               WHERE mark = before"""


def _stored_keys(table: str, written: str) -> str:
    key = tables()[table].key
    return f'SELECT key FROM "stored:{table}" WHERE key IN (SELECT "{key}" FROM {written})'


def _known_twins(con: Backend, table: str, written: str, known: Known) -> str:
    """Rows without a key that are stored already, which only those of known cases can be.

    Makes "known:<table>" of them. Of all the stored rows it reads no more than two columns, unless
    a case has some on a day of which the batch speaks too.
    """
    _create(con, "known", table)
    cases = f'SELECT "case" FROM {written} SEMI JOIN "stored:cases" ON key = "case"'
    if known.holds(table) and (rows := rows_among(con, table, known, "case", cases)):
        near = f'SELECT "case" FROM ({rows}) SEMI JOIN {written} USING ("case", "day")'
        con.con.execute(f"CREATE OR REPLACE TABLE near AS {near}")
        if rows := rows_among(con, table, known, "case", 'SELECT "case" FROM near'):
            con.con.execute(
                f"""INSERT INTO "known:{table}" SELECT * FROM ({rows})
                    WHERE {_mark(table)} IN (SELECT {_mark(table)} FROM {written})"""
            )
    return f'SELECT {_mark(table)} FROM "known:{table}"'


def _count(con: Backend, relation: str) -> int:
    row = con.con.execute(f"SELECT count(*) FROM {relation}").fetchone()
    return int(row[0]) if row else 0
