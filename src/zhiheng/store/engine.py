"""The connection to the columnar engine. Everything that computes goes through here."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path
from typing import Any

import ibis
from ibis.backends.duckdb import Backend


def connect(
    threads: int | None = None, memory: str | None = None, spill: Path | None = None
) -> Backend:
    """A fresh in-memory DuckDB behind Ibis.

    `threads` and `memory` (such as "4GB") bound what it uses; None leaves DuckDB's own choice.
    What does not fit goes to files under `spill` (a directory of its own, removed at exit, when
    None). Nothing is ever downloaded: the engine's extensions stay off.
    """
    settings: dict[str, Any] = {
        "temp_directory": str(spill or own_directory()),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if threads is not None:
        settings["threads"] = threads
    if memory is not None:
        settings["memory_limit"] = memory
    return ibis.duckdb.connect(**settings)


def own_directory() -> Path:
    """A fresh directory for what is made on the way, removed at exit."""
    directory = Path(tempfile.mkdtemp(prefix="zhiheng-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    return directory
