"""Peak resident memory of a process and all it started, together."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_EVERY = 0.05
"""Seconds between two looks."""
_BYTES_PER_MIB = 1 << 20


class Peak:
    """The most that was seen, in MiB; 0 where the system does not tell (it does on Linux)."""

    def __init__(self) -> None:
        self.mib = 0.0

    def look(self, process: int) -> None:
        """Look once."""
        pages = sum(_resident(one) for one in _family(process))
        self.mib = max(self.mib, pages * os.sysconf("SC_PAGE_SIZE") / _BYTES_PER_MIB)


@contextmanager
def watching(process: int) -> Iterator[Peak]:
    """Look again and again until the block ends."""
    peak, ended = Peak(), threading.Event()

    def watch() -> None:
        while not ended.wait(_EVERY):
            peak.look(process)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()


def _family(process: int) -> Iterator[int]:
    yield process
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in _read(task).split():
            yield from _family(int(child))


def _resident(process: int) -> int:
    fields = _read(Path(f"/proc/{process}/statm")).split()
    return int(fields[1]) if fields else 0


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except OSError:  # it has ended in between
        return ""
