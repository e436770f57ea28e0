"""Directories to work in: gone afterwards, swept where their process was killed."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from zhiheng.store.working import sweep, working_directory

LONG_AGO = 1_500_000_000
_WAIT = """
import sys, time
from pathlib import Path
from zhiheng.store.working import working_directory
with working_directory(Path(sys.argv[1]), ".building-") as directory:
    (directory / "half").write_text("x")
    print(directory, flush=True)
    time.sleep(60)
"""


def start(parent: Path) -> tuple[subprocess.Popen, Path]:
    process = subprocess.Popen(
        [sys.executable, "-c", _WAIT, str(parent)], stdout=subprocess.PIPE, text=True
    )
    directory = Path(process.stdout.readline().strip())
    os.utime(directory, (LONG_AGO, LONG_AGO))
    return process, directory


def test_it_is_gone_afterwards_whether_it_fails_or_not(tmp_path: Path) -> None:
    with working_directory(tmp_path, ".x-") as directory:
        (directory / "a").write_text("x")
    with pytest.raises(ZeroDivisionError), working_directory(tmp_path, ".x-"):
        _ = 1 / 0
    assert not list(tmp_path.iterdir())


def test_what_is_moved_away_stays(tmp_path: Path) -> None:
    with working_directory(tmp_path, ".x-") as directory:
        (directory / "a").write_text("x")
        directory.rename(tmp_path / "done")
    assert [path.name for path in tmp_path.iterdir()] == ["done"]
    assert (tmp_path / "done" / "a").exists()


def test_a_living_process_keeps_its_own_and_a_killed_one_is_swept_after(tmp_path: Path) -> None:
    process, directory = start(tmp_path)
    with working_directory(tmp_path, ".building-"):
        assert (directory / "half").exists()
    process.kill()
    process.wait()
    with working_directory(tmp_path, ".building-"):
        assert not directory.exists()


def test_what_was_made_a_moment_ago_is_left_alone(tmp_path: Path) -> None:
    fresh = tmp_path / ".x-fresh"
    fresh.mkdir()
    sweep(tmp_path, ".x-")
    assert fresh.exists()
    os.utime(fresh, (time.time() - 60,) * 2)
    sweep(tmp_path, ".x-")
    assert not fresh.exists()


def test_only_directories_of_the_prefix_are_swept(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / ".x-file").write_text("x")
    (tmp_path / ".x-link").symlink_to(tmp_path / "target")
    (tmp_path / ".y-other").mkdir()
    for path in tmp_path.iterdir():
        os.utime(path, (LONG_AGO, LONG_AGO))
    sweep(tmp_path, ".x-")
    assert len(list(tmp_path.iterdir())) == 4
