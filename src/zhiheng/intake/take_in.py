"""Intake from start to end: files → parts → checked rows → a staged batch and its quarantine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
from ibis.backends.duckdb import Backend

from zhiheng.errors import Message
from zhiheng.intake.cells import quoted
from zhiheng.intake.lookups import load_keys, load_known, load_spellings
from zhiheng.intake.parts import Part
from zhiheng.intake.privacy import keep_secret
from zhiheng.intake.problems import unreadable
from zhiheng.intake.profile import Profile
from zhiheng.intake.quarantine import (
    load_parts,
    note_bad_rows,
    note_ragged,
    note_repeats,
    write_findings,
    write_repeats,
)
from zhiheng.intake.raw import raw_rows, scan
from zhiheng.intake.sources import Survey, gather
from zhiheng.intake.validate import (
    check_rows,
    compare_with_stored,
    judge_duplicates,
    judge_own_parents,
)
from zhiheng.records.catalogue import tables
from zhiheng.records.staging import Known, Staged, StagedTable
from zhiheng.records.stored import sort_columns, stored_columns

Progress = Callable[[Message, int, int], None]
"""Hears what is being done, and how many rows of how many are behind."""

_ROW_GROUP = 122_880


def take_in(
    con: Backend,
    found: Survey,
    profile: Profile,
    known: Known,
    secret: bytes,
    directory: Path,
    progress: Progress,
) -> tuple[Staged, tuple[Part, ...]]:
    """Validate what was found into a staged batch in `directory` (empty, on the store's disk).

    Good rows are staged, bad rows are in the quarantine file, all of them. `con` is a fresh engine
    connection. Raises BadInput for a file that cannot be used at all.
    """
    work = directory / "raw"
    work.mkdir()
    parts = gather(found, profile, work, lambda name: progress(_reading(name), 0, 1))
    keep_secret(con, secret)
    load_spellings(con)
    load_known(con, known)
    load_parts(con, parts)
    staged = _check_all(con, parts, known, directory, progress)
    batch = Staged(
        directory=directory,
        intake=found.digest,
        sources=found.files,
        tables=staged,
        courts=_courts(con, directory, staged),
        quarantine=write_findings(con, parts, directory / "quarantine.csv"),
        repeats=write_repeats(con, parts, directory / "repeats.csv"),
    )
    return batch, parts


def _reading(name: str) -> Message:
    return Message(f"读取 {name}", f"Reading {name}")


def _checking(table: str) -> Message:
    return Message(f"核验 {tables()[table].zh}", f"Checking {tables()[table].en}")


def _check_all(
    con: Backend, parts: tuple[Part, ...], known: Known, directory: Path, progress: Progress
) -> dict[str, StagedTable]:
    staged: dict[str, StagedTable] = {}
    total = sum(part.rows for part in parts)
    done = 0
    for table in tables():
        own = [(n, part) for n, part in enumerate(parts) if part.table == table]
        if own:
            progress(_checking(table), done, total)
            staged[table] = _stage(con, table, own, known.holds(table), directory)
            done += sum(part.rows for _, part in own)
        if tables()[table].key:
            load_keys(con, table, known.holds(table), bool(own))
    progress(Message("写入", "Writing"), total, total)
    return staged


def _stage(
    con: Backend, table: str, parts: list[tuple[int, Part]], known: bool, directory: Path
) -> StagedTable:
    """Check one table and write its good new rows."""
    try:
        raw = raw_rows(con, table, parts)
        check_rows(con, table, raw)
    except duckdb.Error:
        _refuse_unreadable(con, parts)
        raise
    repeats = judge_duplicates(con, table)
    judge_own_parents(con, table, known)
    unchanged, updates = compare_with_stored(con, table) if known else (0, 0)
    note_bad_rows(con, table, raw)
    note_repeats(con, table)
    for number, part in parts:
        note_ragged(con, number, part)
    given = sum(part.rows + len(part.ragged) for _, part in parts)
    rows = _write(con, table, repeats > 0, unchanged > 0, directory)
    quarantined = given - rows - repeats - unchanged
    return StagedTable(given, rows, updates, quarantined, repeats, unchanged)


def _refuse_unreadable(con: Backend, parts: list[tuple[int, Part]]) -> None:
    """Name the part that cannot be read to its end, if that was the trouble."""
    for _, part in parts:
        try:
            con.con.execute(f"SELECT max(hash(t)) FROM {scan(part.path)} t").fetchall()
        except duckdb.Error as error:
            why = "its content cannot be read to the end"
            raise unreadable(part.place, "内容不能读到末尾", why) from error


def _write(con: Backend, table: str, repeats: bool, unchanged: bool, directory: Path) -> int:
    columns = ", ".join(f'"{name}"' for name in stored_columns(table))
    order = ", ".join(f'"{name}" NULLS FIRST' for name in sort_columns(table))
    drops = [name for name, some in (("repeats", repeats), ("unchanged", unchanged)) if some]
    without = " ".join(f'ANTI JOIN "{name}:{table}" USING (src, line)' for name in drops)
    row = con.con.execute(
        f"""COPY (SELECT {columns} FROM "checked:{table}" {without} WHERE faults IS NULL
                  ORDER BY {order}) TO {quoted(str(directory / f"{table}.parquet"))}
            (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROW_GROUP})"""
    ).fetchone()
    return int(row[0]) if row else 0


def _courts(con: Backend, directory: Path, staged: dict[str, StagedTable]) -> tuple[str, ...]:
    selects = [
        f"SELECT court FROM read_parquet({quoted(str(directory / f'{table}.parquet'))})"
        for table, counts in staged.items()
        if counts.rows
    ]
    if not selects:
        return ()
    rows = con.con.execute(" UNION ".join(selects) + " ORDER BY court").fetchall()
    return tuple(row[0] for row in rows)
