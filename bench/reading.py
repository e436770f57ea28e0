"""One plain reading of all timelines of a store, as the check reads them before it judges."""

from __future__ import annotations

from pathlib import Path

from zhiheng.store.arrow_files import read_arrow


def read_timelines(store: Path) -> None:
    """Read every column of every file once, a file at a time, and keep nothing."""
    for file in sorted((store / "timelines").rglob("*.arrow")):
        read_arrow(file)
