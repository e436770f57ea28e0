"""Directories to work in that are gone afterwards, even where the process was killed.

A directory is locked as long as the process that made it lives; the next one that works in the same
place removes those whose lock is free.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if os.name == "posix":
    import fcntl

GRACE = 10
"""Seconds. A directory this young may just have been made and not locked yet."""

_DAY = 86_400
"""Seconds. Where directories cannot be locked, one untouched this long is taken for left."""


@contextmanager
def working_directory(parent: Path, prefix: str) -> Iterator[Path]:
    """A fresh directory in `parent`, removed afterwards unless it was moved away.

    First removes what killed processes left there under the same prefix.
    """
    sweep(parent, prefix)
    directory = Path(tempfile.mkdtemp(dir=parent, prefix=prefix))
    held = _hold(directory)
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)
        _let_go(held)


def sweep(parent: Path, prefix: str) -> None:
    """Remove the directories in `parent` with this prefix that no living process works in."""
    for directory in parent.glob(f"{prefix}*"):
        with suppress(OSError):  # another's, or another process is sweeping, too
            if not directory.is_symlink() and directory.is_dir() and _is_left(directory):
                shutil.rmtree(directory, ignore_errors=True)


def _is_left(directory: Path) -> bool:
    age = time.time() - directory.stat().st_mtime
    if os.name != "posix":
        return age > _DAY
    if age < GRACE:
        return False
    held = _hold(directory)
    _let_go(held)
    return held is not None


def _hold(directory: Path) -> int | None:
    """Lock a directory for as long as this process lives; None where another has it locked."""
    if os.name != "posix":
        return None
    handle = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _let_go(held: int | None) -> None:
    if held is not None:
        os.close(held)
