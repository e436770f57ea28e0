"""Rows written in the order of the store, however many they are.

Few are looked up and sorted in one pass. Of very many rows of a table, neither what they are looked
up in and what is sorted, nor all that is sorted, fits in the memory an intake asks for: they are
first shared out by courts as they are read, and then sorted share by share, each into a file of its
own.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ibis.backends.duckdb import Backend

from zhiheng.intake.cells import quoted
from zhiheng.intake.raw import scan_all
from zhiheng.records.catalogue import tables
from zhiheng.records.stored import belongs_to_case, sort_columns, stored_columns

_KEPT = "COMPRESSION zstd, ROW_GROUP_SIZE 122880"
_PASSING = "COMPRESSION lz4_raw"
_SORTED_AT_ONCE = 12_000_000
"""Rows."""
_SORTED_AS_READ = 2_000_000
"""Rows that can be sorted beside the keys of tens of millions, which they are looked up in."""
_UNFLUSHED = 50_000
"""Rows of a share that wait in memory, for each thread, before they are written."""


def write_sorted(con: Backend, table: str, rows: str, file: Path) -> int:
    """Write what the query `rows` yields, in the table's order; returns how many rows."""
    return _copy(con, f"SELECT * FROM ({rows}) ORDER BY {_by(_order(table))}", file)


def _by(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}" NULLS FIRST' for name in columns)


@dataclass(frozen=True)
class Written:
    """Rows of a table, and the files they stand in, sorted, one after another. No court stands in
    two of them."""

    rows: int
    files: tuple[Path, ...]


def write_shared(con: Backend, table: str, rows: str, file: Path, expected: int) -> Written:
    """The same, share by share: in `file`, or in several named after it where there are several.

    `expected` is about how many rows there are, whose column `court` is never empty.
    """
    if expected <= (_SORTED_AS_READ if belongs_to_case(table) else _SORTED_AT_ONCE):
        return Written(write_sorted(con, table, rows, file), (file,))
    work = file.with_suffix(".shares")
    try:
        shares = _shared_out(con, table, rows, work, expected)
        if not shares:
            return Written(_copy(con, f"SELECT * FROM ({rows}) LIMIT 0", file), (file,))
        several = (file.with_stem(f"{file.stem}-{n:03d}") for n in range(len(shares)))
        files = tuple(several) if len(shares) > 1 else (file,)
        written = (
            _sorted_share(con, table, share, target)
            for share, target in zip(shares, files, strict=True)
        )
        return Written(sum(written), files)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _sorted_share(con: Backend, table: str, share: Path, target: Path) -> int:
    others = _order(table)[1:]
    found = scan_all(sorted(share.iterdir()), ", hive_partitioning=false")
    rows = f"SELECT {names(table)} FROM {found} JOIN shares USING (number)"
    # The courts' numbers are in the courts' order and, not being text, take less to write and sort.
    written = _copy(con, f"{rows} ORDER BY {_by(['number', *others])}", target)
    shutil.rmtree(share)
    return written


def names(table: str) -> str:
    """The stored columns of a table in SQL."""
    return ", ".join(f'"{name}"' for name in stored_columns(table))


def _shared_out(con: Backend, table: str, rows: str, work: Path, expected: int) -> list[Path]:
    """Write the rows unsorted, a folder a share; the folders in the order of the courts."""
    # Where there is only one share, no row need be put with others.
    many = -(-expected // _SORTED_AT_ONCE)
    _load_shares(con, table, many)
    con.con.execute(f"SET partitioned_write_flush_threshold = {_UNFLUSHED}")
    shared = f"SELECT r.* EXCLUDE (court), number, share FROM ({rows}) r JOIN shares USING (court)"
    apart = "PARTITION_BY (share)" if many > 1 else "PER_THREAD_OUTPUT"
    _copy(con, shared, work, f"{_PASSING}, {apart}")
    folders = [work / f"share={number}" for number in range(many)] if many > 1 else [work]
    return [folder for folder in folders if folder.is_dir()]


def _load_shares(con: Backend, table: str, many: int) -> None:
    """Table shares: every court's number and share, neighbours together, with about as many cases
    each."""
    weighed = (
        'SELECT key AS court, 1 AS n FROM "keys:courts"'
        if table == "cases"
        else 'SELECT court, count(*) AS n FROM "keys:cases" GROUP BY court'
    )
    con.con.execute(
        f"""CREATE OR REPLACE TABLE shares AS SELECT court,
              row_number() OVER (ORDER BY court)::INTEGER AS number,
              ((sum(n) OVER (ORDER BY court) - n) * {many} // sum(n) OVER ())::INTEGER AS share
            FROM ({weighed})"""
    )


def _copy(con: Backend, rows: str, file: Path, options: str = _KEPT) -> int:
    copied = f"COPY ({rows}) TO {quoted(str(file))} (FORMAT parquet, {options})"
    row = con.con.execute(copied).fetchone()
    return int(row[0]) if row else 0


def _order(table: str) -> tuple[str, ...]:
    """The columns to sort by: nothing after a key decides, since no two rows stored share it."""
    columns, key = sort_columns(table), tables()[table].key
    return columns[: columns.index(key) + 1] if key else columns
