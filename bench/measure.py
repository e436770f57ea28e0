"""Run a command in a process of its own and report its wall time and peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

KIB_PER_MIB = 1024


@dataclass(frozen=True)
class Measured:
    """One run: seconds of wall clock and processor, peak resident memory in MiB."""

    name: str
    wall: float
    processor: float
    peak: float


def run(name: str, command: list[str], allowed: tuple[int, ...] = (0,)) -> Measured:
    """Run a command to its end. Raises RuntimeError with its output where it fails."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    took = time.perf_counter() - began
    if process.returncode not in allowed:
        raise RuntimeError(f"{name} failed:\n{output.decode(errors='replace')[-2000:]}")
    return Measured(name, took, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / KIB_PER_MIB)


def zhiheng(*words: str) -> list[str]:
    """The product's command line in this environment."""
    return [str(Path(sys.executable).with_name("zhiheng")), *words]


def bare_scan(files: list[Path]) -> list[str]:
    """A process that reads every column of Parquet files in DuckDB and does nothing else."""
    program = (
        "import duckdb, sys\n"
        "for file in sys.argv[1:]:\n"
        "    columns = duckdb.sql(f\"select * from read_parquet('{file}')\").columns\n"
        "    sums = ', '.join(f'bit_xor(hash(\"{name}\"))' for name in columns)\n"
        "    duckdb.sql(f\"select {sums} from read_parquet('{file}')\").fetchall()\n"
    )
    return [sys.executable, "-c", program, *map(str, files)]
