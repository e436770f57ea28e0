"""Intake from start to end: files → parts → checked rows → a staged batch and its quarantine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ibis.backends.duckdb import Backend

from zhiheng.errors import Message
from zhiheng.intake.known import load_stored
from zhiheng.intake.lookups import load_keys, load_spellings
from zhiheng.intake.parts import Part
from zhiheng.intake.privacy import keep_secret
from zhiheng.intake.profile import Profile
from zhiheng.intake.quarantine import load_parts, write_findings, write_repeats
from zhiheng.intake.raw import Raw, raw_rows, readable, scan_all
from zhiheng.intake.sources import Survey, gather
from zhiheng.intake.stage import AT_ONCE, Parts, stage
from zhiheng.intake.validate import clear
from zhiheng.records.catalogue import tables
from zhiheng.records.staging import Known, Staged, StagedTable

Files = dict[str, tuple[Path, ...]]

Progress = Callable[[Message, int, int], None]
"""Hears what is being done, and how many rows of how many are behind."""


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
    load_parts(con, parts)
    staged, files = _check_all(con, parts, known, directory, progress)
    batch = Staged(
        directory=directory,
        intake=found.digest,
        sources=found.files,
        tables=staged,
        files=files,
        courts=_courts(con, staged, files),
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
) -> tuple[dict[str, StagedTable], Files]:
    numbered = {t: [(n, p) for n, p in enumerate(parts) if p.table == t] for t in tables()}
    raws = {table: _raw(con, table, own) for table, own in numbered.items() if own}
    stored = load_stored(con, known, raws)
    staged: dict[str, StagedTable] = {}
    files: Files = {}
    total = sum(part.rows for part in parts)
    done = 0
    for table, own in numbered.items():
        file = directory / f"{table}.parquet"
        if own:
            progress(_checking(table), done, total)
            # A row without a key can only be known where its case is.
            comparable = (table if tables()[table].key else "cases") in stored
            compared = known if comparable else None
            at_once = total <= AT_ONCE
            staged[table], files[table] = stage(
                con, table, own, raws[table], compared, file, at_once
            )
            done += sum(part.rows for _, part in own)
        if tables()[table].key:
            load_keys(con, table, scan_all(files[table]) if own else None, table in stored)
        clear(con, table)
    progress(Message("写入", "Writing"), total, total)
    return staged, files


def _raw(con: Backend, table: str, parts: Parts) -> Raw:
    with readable(con, parts):
        return raw_rows(con, table, parts)


def _courts(con: Backend, staged: dict[str, StagedTable], files: Files) -> tuple[str, ...]:
    selects = [
        f"SELECT court FROM {scan_all(files[table])}"
        for table, counts in staged.items()
        if counts.rows
    ]
    if not selects:
        return ()
    rows = con.con.execute(" UNION ".join(selects) + " ORDER BY court").fetchall()
    return tuple(row[0] for row in rows)
