"""A killed command leaves no process behind."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

_POOL = """
import multiprocessing, os, sys, time
from concurrent.futures import ProcessPoolExecutor
from zhiheng.store.engine import connect
from zhiheng.store.worker import end_with_parent

def begin():
    global con
    end_with_parent()
    con = connect()
    con.con.sql("select 1").to_arrow_table()

if __name__ == "__main__":
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, fresh, begin) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        time.sleep(float(sys.argv[1]))
"""


def start(folder: Path, seconds: float) -> tuple[subprocess.Popen, int]:
    """A process with one of its own, which is at rest by now; the number of that one."""
    script = folder / "pool.py"
    script.write_text(_POOL, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, str(script), str(seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    return process, int(process.stdout.readline())


def lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(os.name != "posix", reason="processes are looked up in the POSIX way")
def test_the_processes_of_a_killed_one_end(tmp_path: Path) -> None:
    process, worker = start(tmp_path, 60)
    assert lives(worker)
    process.kill()
    process.wait()
    until = time.monotonic() + 30
    while lives(worker) and time.monotonic() < until:
        time.sleep(0.05)
    assert not lives(worker)


def test_a_process_of_a_pool_takes_its_directory_along_and_says_nothing(tmp_path: Path) -> None:
    process, _ = start(tmp_path, 0)
    assert process.communicate()[1] == ""
    assert process.returncode == 0
    assert not list(tmp_path.glob("zhiheng-spill-*"))
