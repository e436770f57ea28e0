"""The connection to the columnar engine. Everything that computes goes through here.

The engine is loaded with the first connection: that takes half a second, which a command that
only looks a few rows up does not have.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhiheng.store.working import working_directory

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    from duckdb import DuckDBPyConnection
    from ibis.backends import BaseBackend
    from ibis.backends.duckdb import Backend


def connect(
    threads: int | None = None, memory: str | None = None, spill: Path | None = None
) -> Backend:
    """A fresh in-memory DuckDB behind Ibis.

    `threads` and `memory` (such as "4GB") bound what it uses; None leaves DuckDB's own choice.
    What does not fit goes to files under `spill` (a directory of its own, removed at exit, when
    None). Nothing is ever downloaded: the engine's extensions stay off.
    """
    import ibis

    settings = _settings(spill or own_directory())
    if threads is not None:
        settings["threads"] = threads
    if memory is not None:
        settings["memory_limit"] = memory
    con = ibis.duckdb.connect(**settings)
    _set_up(con.con)
    return con


def bare() -> DuckDBPyConnection:
    """A fresh in-memory DuckDB by itself, for queries that were compiled before."""
    import duckdb

    con = duckdb.connect(config=_settings(own_directory()))
    _set_up(con)
    # What a file says of its many row groups is else read anew each time a query names it.
    con.execute("SET parquet_metadata_cache = true")
    return con


def _set_up(con: DuckDBPyConnection) -> None:
    # The engine would draw a bar of its own into what a command prints.
    con.execute("SET enable_progress_bar = false")
    # What it cuts a large table into it reads again and again: a sum over the events of ten million
    # cases took 60 s with it and takes 4 s without.
    con.execute("SET disabled_optimizers = 'partitioned_execution'")


def _settings(spill: Path) -> dict[str, Any]:
    return {
        "temp_directory": str(spill),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }


def fetched(con: BaseBackend, rows: ir.Table) -> pa.Table:
    """The rows, as `to_pyarrow` gives them.

    Rows of stored tables are taken from DuckDB itself: for `to_pyarrow` Ibis loads pandas, which
    takes a third of a second, most of what a short command takes.
    """
    from ibis.backends.duckdb import Backend
    from ibis.expr.operations import InMemoryTable

    if not isinstance(con, Backend) or rows.op().find(InMemoryTable):
        return con.to_pyarrow(rows)
    found = con.con.sql(con.compile(rows)).to_arrow_table()
    return found.cast(rows.schema().to_pyarrow())


def copied(con: Backend, query: str, file: Path) -> None:
    """Write what a query yields to a Parquet file."""
    con.con.execute(f"COPY ({query}) TO {quoted(str(file))} (FORMAT parquet, COMPRESSION lz4_raw)")


def scan(files: Sequence[Path]) -> str:
    """Parquet files one after another as a table function of SQL; characters that would match
    other files are escaped."""
    literals = (quoted(re.sub(r"([*?\[])", r"[\1]", str(file))) for file in files)
    return f"read_parquet([{', '.join(literals)}])"


def quoted(word: str) -> str:
    """A word as a literal of SQL."""
    doubled = word.replace("'", "''")
    return f"'{doubled}'"


def own_directory() -> Path:
    """A place to spill for one connection: two in one directory would take each other's files."""
    return Path(tempfile.mkdtemp(dir=_spill()))


@cache
def _spill() -> Path:
    """This process's own directory, removed at exit; a later process removes a killed one's."""
    from multiprocessing.util import Finalize

    stack = ExitStack()
    # Not atexit: a process that multiprocessing started does not run what is registered there.
    Finalize(None, stack.close, exitpriority=0)
    return stack.enter_context(working_directory(Path(tempfile.gettempdir()), "zhiheng-spill-"))
