"""Run a command in a process of its own and report its wall time and peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.memory import watching

KIB_PER_MIB = 1024


@dataclass(frozen=True)
class Measured:
    """One run: seconds of wall clock and processor, peak resident memory in MiB (of all its
    processes together), what it said."""

    name: str
    wall: float
    processor: float
    peak: float
    output: str = ""


def run(name: str, command: list[str], allowed: tuple[int, ...] = (0,)) -> Measured:
    """Run a command to its end. Raises RuntimeError with its output where it fails."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        with watching(process.pid) as together:
            output = process.stdout.read().decode(errors="replace")
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    took = time.perf_counter() - began
    if process.returncode not in allowed:
        raise RuntimeError(f"{name} failed:\n{output[-2000:]}")
    spent = usage.ru_utime + usage.ru_stime
    peak = max(together.mib, usage.ru_maxrss / KIB_PER_MIB)
    return Measured(name, took, spent, peak, output)


def zhiheng(*words: str) -> list[str]:
    """The product's command line in this environment."""
    return [str(Path(sys.executable).with_name("zhiheng")), *words]


def ours(module: str, *words: str) -> list[str]:
    """A module of the bench as a command; it runs where the bench itself was started."""
    return [sys.executable, "-m", module, *words]
