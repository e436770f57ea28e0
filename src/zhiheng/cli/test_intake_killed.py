"""`zhiheng intake` killed anywhere, and two at once: the store is as before or as after."""

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhiheng.cli.test_intake_support import take_in
from zhiheng.store.lake import open_store

TRIES = 16
_MAIN = "from zhiheng.cli import main; main()"


def start(store: Path, source: Path) -> subprocess.Popen:
    words = [sys.executable, "-c", _MAIN, "intake", str(source), "--store", str(store)]
    return subprocess.Popen(
        words,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "ZHIHENG_LANG": "en"},
    )


def until_begun(store: Path, process: subprocess.Popen) -> None:
    """Wait until the intake has the store's lock and has made its staging directory."""
    while process.poll() is None and not list((store / "staging").glob("*")):
        time.sleep(0.002)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Enough events for an intake that lasts about a second."""
    count = 150_000
    days = pa.array(range(17_231, 17_231 + count // 100), pa.int32()).cast(pa.date32())
    events = pa.table(
        {
            "case": pa.array([1, 2] * (count // 2)),
            "node": ["enforcement_notice"] * count,
            "day": pa.concat_arrays([days] * 100),
            "minute": pa.array([n % 1440 for n in range(count)], pa.int16()),
        }
    )
    folder = tmp_path / "events"
    folder.mkdir()
    pq.write_table(events, folder / "events.parquet")
    return folder


def test_killed_at_any_moment_the_store_is_as_before_or_as_after(
    tmp_path: Path, store: Path, source: Path
) -> None:
    before = open_store(store).digest
    whole = shutil.copytree(store, tmp_path / "whole")
    process = start(whole, source)
    until_begun(whole, process)
    begun = time.monotonic()
    assert process.wait() == 0
    lasts = time.monotonic() - begun
    after = open_store(whole).digest
    assert after != before
    chance = random.Random(20170306)
    for number in range(TRIES):
        left = shutil.copytree(store, tmp_path / f"killed-{number}")
        process = start(left, source)
        until_begun(left, process)
        time.sleep(lasts * (number + chance.random()) / TRIES)
        process.kill()
        process.wait()
        found = open_store(left)
        found.verify()
        assert found.digest in (before, after)
        assert take_in(left, source)["digest"] == after
        assert not list((left / "staging").glob("*"))
        assert len(list((left / "batches").iterdir())) == len(open_store(left).manifest.batches)
        shutil.rmtree(left)


def test_a_second_intake_at_once_is_refused_with_a_clear_message(store: Path, source: Path) -> None:
    before = open_store(store).digest
    with open_store(store).writing():
        second = start(store, source)
        _, said = second.communicate()
    assert second.returncode == 1
    assert "Another process is writing to this store." in said.decode()
    assert open_store(store).digest == before
