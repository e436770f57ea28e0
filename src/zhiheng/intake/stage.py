"""One table of a batch: its good new rows written in order, and what became of the others.

The rows are read, judged, sorted and written in one pass, and nothing is kept in memory but what is
set aside (see doubts). Where that changes what is to be stored, the file is written again.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ibis.backends.duckdb import Backend

from zhiheng.intake.doubts import load_known, set_aside
from zhiheng.intake.parts import Part
from zhiheng.intake.quarantine import note_bad_rows, note_ragged, note_repeats
from zhiheng.intake.raw import Raw, readable, scan
from zhiheng.intake.validate import (
    checked_sql,
    compare_with_stored,
    judge_duplicates,
    judge_own_parents,
    prepare,
    same_content,
    tell_other_subjects,
)
from zhiheng.intake.writing import names, write_shared, write_sorted
from zhiheng.records.catalogue import tables
from zhiheng.records.staging import Known, StagedTable
from zhiheng.records.stored import TEXT_KEYED

Parts = Sequence[tuple[int, Part]]
"""The parts of one table with their numbers."""

AT_ONCE = 100_000_000
"""Of a batch of so many rows at most each table is written in one pass (see writing)."""


def stage(
    con: Backend,
    table: str,
    parts: Parts,
    raw: Raw,
    known: Known | None,
    file: Path,
    at_once: bool = True,
) -> StagedTable:
    """Check a table and write its good new rows to `file`.

    `known` is the store, None where it holds nothing that the rows could repeat or replace;
    `at_once`: see AT_ONCE. Leaves "checked:<table>" with the rows that are not good among others.
    Raises BadInput where a part cannot be read, or two different ids have the same key.
    """
    given = sum(part.rows + len(part.ragged) for _, part in parts)
    with readable(con, parts):
        prepare(con, table, raw)
        judged = checked_sql(table, raw)
        good = f"SELECT {names(table)} FROM ({judged}) WHERE faults IS NULL"
        rows = _write(con, table, good, file, None if at_once or table in TEXT_KEYED else given)
        faulty = rows < sum(part.rows for _, part in parts)
        aside = set_aside(con, table, judged, file, faulty, known)
    for number, part in parts:
        if part.ragged:
            note_ragged(con, number, part)
    if not aside:
        return StagedTable(given, rows, 0, given - rows, 0, 0)
    before = _left(con, table, ())
    repeats, unchanged, updates = _settle(con, table, raw, known)
    drops = ("repeats", *(("unchanged",) if known else ()))
    gone = before - _left(con, table, drops)
    if gone:
        _write_again(con, table, drops, file)
    quarantined = given - (rows - gone) - repeats - unchanged
    return StagedTable(given, rows - gone, updates, quarantined, repeats, unchanged)


def _write(con: Backend, table: str, rows: str, file: Path, very_many: int | None) -> int:
    if very_many is None:
        return write_sorted(con, table, rows, file)
    return write_shared(con, table, rows, file, very_many)


def _settle(con: Backend, table: str, raw: Raw, known: Known | None) -> tuple[int, int, int]:
    """Judge the rows set aside among each other and against the store.

    Returns how many are repeats, unchanged, and updates of stored rows.
    """
    if table == "events":
        tell_other_subjects(con)
    repeats = judge_duplicates(con, table)
    judge_own_parents(con, table)
    unchanged, updates = 0, 0
    if known is not None:
        load_known(con, table, known)
        unchanged, updates = compare_with_stored(con, table)
    note_bad_rows(con, table, raw)
    note_repeats(con, table)
    return repeats, unchanged, updates


def _survivors(table: str, drops: Sequence[str]) -> str:
    without = " ".join(f'ANTI JOIN "{name}:{table}" USING (src, line)' for name in drops)
    return f'SELECT {names(table)} FROM "checked:{table}" {without} WHERE faults IS NULL'


def _left(con: Backend, table: str, drops: Sequence[str]) -> int:
    row = con.con.execute(f"SELECT count(*) FROM ({_survivors(table, drops)})").fetchone()
    return int(row[0]) if row else 0


def _write_again(con: Backend, table: str, drops: Sequence[str], file: Path) -> None:
    """Put what is left of the rows set aside in the place of those that were written."""
    fresh, key = file.with_suffix(".fresh"), tables()[table].key
    # All rows of a key, and all of one content, are set aside together.
    same = f'w."{key}" = c."{key}"' if key else same_content(table, "w", "c")
    aside = f'(SELECT * FROM "checked:{table}" {"" if key else "WHERE faults IS NULL"})'
    write_sorted(
        con,
        table,
        f"""SELECT {names(table)} FROM {scan(file)} w ANTI JOIN {aside} c ON {same}
            UNION ALL {_survivors(table, drops)}""",
        fresh,
    )
    fresh.replace(file)
