"""What the bench found, as lines of a table."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import version

from bench.jobs import Row

HEADER = f"{'job':<32}{'wall s':>9}{'cpu s':>9}{'peak MiB':>10}{'floor s':>9}{'× floor':>9}"


def heading(cases: int) -> str:
    """The size, and the versions and machine it was measured with."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("zhiheng", "duckdb", "numpy"))
    return f"{cases:,} cases; Python {platform.python_version()}, {versions}; {platform.machine()}"


def line(row: Row) -> str:
    """One job."""
    job = row.job
    figures = f"{job.name:<32}{job.wall:>9.2f}{job.processor:>9.2f}{job.peak:>10.0f}"
    if row.floor is None or row.ratio is None:
        return f"{figures}{'–':>9}{'–':>9}"
    return f"{figures}{row.floor.wall:>9.2f}{row.ratio:>9.1f}"


def growth_lines(slopes: Mapping[str, float | None]) -> Iterator[str]:
    """The slope of every job; a job measured at one size has none."""
    yield f"{'growth: log s / log cases':<32}{'slope':>9}"
    for name, found in slopes.items():
        yield f"{name:<32}{'–' if found is None else f'{found:.2f}':>9}"
