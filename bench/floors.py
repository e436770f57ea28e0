"""What a job costs at the least: the same data moved by a bare engine that checks nothing.

`python -m bench.floors copy SOURCES OUT | pivot STORE OUT | timelines STORE`
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import duckdb

from bench.nation import source_files
from bench.reading import read_timelines
from zhiheng.checks.needs import needs_of
from zhiheng.law.load import load_law
from zhiheng.records.catalogue import nodes, tables
from zhiheng.records.stored import sort_columns
from zhiheng.store.lake import open_store
from zhiheng.store.wanted import NO_MINUTE, PACK, Wanted

MEMORY = "4GB"
"""What `zhiheng intake` lets its engine use."""

_LEADING_KEYS = 4


def copy_and_sort(sources: Path, out: Path) -> None:
    """Every table of the sources into one sorted, zstd-compressed Parquet file."""
    with _bare(out, MEMORY) as con:
        for table, files in source_files(sources).items():
            order = ", ".join(f'"{name}"' for name in _keys(table))
            con.execute(
                f"COPY (SELECT * FROM read_parquet({_listed(files)}) ORDER BY {order}) "
                f"TO '{out / table}.parquet' (FORMAT parquet, COMPRESSION zstd)"
            )


def pivot(store: Path, out: Path) -> None:
    """First day (and minute) of every node the duties ask for: one GROUP BY a subject kind."""
    files = open_store(store).files("events")
    with _bare(out, None) as con:
        for number, sql in enumerate(pivots(_listed(files))):
            con.execute(f"COPY ({sql}) TO '{out}/{number}.parquet' (COMPRESSION zstd)")


def pivots(files: str) -> Iterator[str]:
    """The statements of `pivot` over a list of event files, as SQL."""
    for subject, wanted in needs_of(load_law().duties.values()).items():
        entered = [name for name in wanted.nodes if nodes()[name].source is None]
        own = [name for name in entered if nodes()[name].subject == subject]
        others = [name for name in entered if nodes()[name].subject != subject]
        for key, group in (("subject", own), ("case", others)):
            if group:
                yield _group_by(files, key, group, wanted)


def timelines(store: Path) -> None:
    """One reading of the timelines as they stand."""
    read_timelines(store)


def _group_by(files: str, key: str, group: Iterable[str], wanted: Wanted) -> str:
    numbers = {name: nodes()[name].number for name in group}
    days = [f'min("day") FILTER (node = {n}) AS "d_{name}"' for name, n in numbers.items()]
    packed = f'"day"::BIGINT * {PACK} + coalesce("minute", {NO_MINUTE})'
    minutes = [
        f'min({packed}) FILTER (node = {n}) AS "m_{name}"'
        for name, n in numbers.items()
        if name in wanted.minutes
    ]
    chosen = ", ".join(map(str, numbers.values()))
    return (
        f'SELECT "{key}", {", ".join([*days, *minutes])} FROM read_parquet({files}) '
        f'WHERE node IN ({chosen}) GROUP BY "{key}"'
    )


def _keys(table: str) -> tuple[str, ...]:
    """The columns of the store's order that the sources themselves have, without the tail."""
    own = [name for name in sort_columns(table) if name in tables()[table].columns]
    return tuple(own[:_LEADING_KEYS])


def _listed(files: Iterable[Path]) -> str:
    return str([str(file) for file in files])


def _bare(out: Path, memory: str | None) -> duckdb.DuckDBPyConnection:
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    bounds = {"memory_limit": memory} if memory else {}
    return duckdb.connect(config={"temp_directory": str(out / "spill"), **bounds})


COMMANDS: Mapping[str, Callable[..., None]] = {
    "copy": copy_and_sort,
    "pivot": pivot,
    "timelines": timelines,
}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*map(Path, sys.argv[2:]))
