"""Derived files nobody uses any more make room: a store that takes a batch a day would keep the
timelines and counts of every day."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

KEPT_FOR = 7 * 86_400
"""Seconds that something unused is kept: a reader of an earlier state may still be at it, and who
looks back a few days finds what was made then."""


def used(paths: Collection[Path]) -> None:
    """Note that these were used now."""
    for path in paths:
        with suppress(OSError):  # of a store that cannot be written to nothing is removed either
            os.utime(path)


def prune(folder: Path, now: float | None = None) -> list[str]:
    """Remove what lies directly in a folder of derived files and was not used for KEPT_FOR; the
    names of what is gone."""
    before = (time.time() if now is None else now) - KEPT_FOR
    gone = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        with suppress(OSError):
            if path.stat().st_mtime < before:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
                gone.append(path.name)
    return gone
