"""One table of a batch: its good new rows written in order, and what became of the others.

The rows are read, judged, sorted and written in one pass, and nothing is kept in memory but what is
set aside (see doubts). Where that changes what is to be stored, the file is written again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from ibis.backends.duckdb import Backend

from zhiheng.intake.cells import quoted
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
from zhiheng.intake.writing import Written, names, write_shared, write_sorted
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
) -> tuple[StagedTable, tuple[Path, ...]]:
    """Check a table and write its good new rows to `file`, or to several named after it.

    Returns what became of its rows, and the files.

    `known` is the store, None where it holds nothing that the rows could repeat or replace;
    `at_once`: see AT_ONCE. Leaves "checked:<table>" with the rows that are not good among others.
    Raises BadInput where a part cannot be read, or two different ids have the same key.
    """
    given = sum(part.rows + len(part.ragged) for _, part in parts)
    with readable(con, parts):
        prepare(con, table, raw)
        judged = checked_sql(table, raw)
        good = f"SELECT {names(table)} FROM ({judged}) WHERE faults IS NULL"
        written = _write(con, table, good, file, None if at_once or table in TEXT_KEYED else given)
        rows, files = written.rows, written.files
        faulty = rows < sum(part.rows for _, part in parts)
        aside = set_aside(con, table, judged, files, faulty, known)
    for number, part in parts:
        if part.ragged:
            note_ragged(con, number, part)
    if not aside:
        return StagedTable(given, rows, 0, given - rows, 0, 0), files
    before = _left(con, table, ())
    repeats, unchanged, updates = _settle(con, table, raw, known)
    drops = ("repeats", *(("unchanged",) if known else ()))
    gone = before - _left(con, table, drops)
    if gone:
        _write_again(con, table, drops, _files_with(con, gone, files))
    rows -= gone.total()
    quarantined = given - rows - repeats - unchanged
    return StagedTable(given, rows, updates, quarantined, repeats, unchanged), files


def _write(con: Backend, table: str, rows: str, file: Path, very_many: int | None) -> Written:
    if very_many is None:
        return Written(write_sorted(con, table, rows, file), (file,))
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


def _left(con: Backend, table: str, drops: Sequence[str]) -> Counter[str]:
    """Court → rows that are left."""
    left = f"SELECT court, count(*) FROM ({_survivors(table, drops)}) GROUP BY court"
    return Counter(dict(con.con.execute(left).fetchall()))


def _files_with(con: Backend, courts: Iterable[str], files: Sequence[Path]) -> list[Path]:
    """The files that have rows of any of the courts."""
    if len(files) == 1:
        return list(files)
    any_of = f"court IN ({', '.join(map(quoted, courts))})"
    return [
        file
        for file in files
        if con.con.execute(f"SELECT 1 FROM {scan(file)} WHERE {any_of} LIMIT 1").fetchall()
    ]


def _write_again(con: Backend, table: str, drops: Sequence[str], files: Sequence[Path]) -> None:
    """Put what is left of the rows set aside in the place of those that were written."""
    for file in files:
        # A row is of the file that has its court.
        same = f"SEMI JOIN {scan(file)} USING (court)"
        left = f"SELECT {names(table)} FROM ({_survivors(table, drops)}) {same}"
        _write_file_again(con, table, left, file)


def _write_file_again(con: Backend, table: str, left: str, file: Path) -> None:
    fresh, key = file.with_suffix(".fresh"), tables()[table].key
    # All rows of a key, and all of one content, are set aside together.
    same = f'w."{key}" = c."{key}"' if key else same_content(table, "w", "c")
    aside = f'(SELECT * FROM "checked:{table}" {"" if key else "WHERE faults IS NULL"})'
    write_sorted(
        con,
        table,
        f"""SELECT {names(table)} FROM {scan(file)} w ANTI JOIN {aside} c ON {same}
            UNION ALL {left}""",
        fresh,
    )
    fresh.replace(file)
