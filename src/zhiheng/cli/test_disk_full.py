"""A full disk, on a real file system of a few hundred kilobytes: said in words, nothing harmed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from zhiheng.cli.test_damage import zhiheng
from zhiheng.cli.test_intake_support import write
from zhiheng.store.lake import open_store

EVENTS = "case,node,day\n" + "".join(
    f"{1 + n % 2},enforcement_notice,2017-{1 + n % 12:02}-{1 + n % 28:02}\n" for n in range(2_000)
)
PAGE = 4096


@dataclass(frozen=True)
class Disk:
    """A small file system that can be given more room."""

    path: Path

    def leave(self, free: int) -> None:
        """Resize it so that this many bytes are free."""
        status = os.statvfs(self.path)
        used = (status.f_blocks - status.f_bfree) * status.f_frsize
        size = (used + free) // PAGE * PAGE
        subprocess.run(["mount", "-o", f"remount,size={size}", self.path], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    if sys.platform != "linux" or os.geteuid():
        pytest.skip("a full file system can only be made by root on Linux")
    path = tmp_path / "disk"
    path.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", path], check=False)
    if made.returncode:
        pytest.skip("mounting a small file system is not allowed here")
    (path / "something").write_bytes(b"x")  # an empty tmpfs of size 0 would be one without bounds
    try:
        yield Disk(path)
    finally:
        subprocess.run(["umount", "-l", path], check=True)


def refused_for_room(result: subprocess.CompletedProcess[str], disk: Disk) -> bool:
    """Whether it was refused for want of room; fails where it was refused for anything else."""
    if result.returncode == 0:
        return False
    assert result.returncode == 1, result.stderr
    assert "Traceback" not in result.stderr
    what, remedy = result.stderr.strip().splitlines()
    place, _, said = what.partition(": ")
    assert Path(place).is_relative_to(disk.path)
    assert said == "The disk is full: a file could not be written."
    assert remedy.startswith("What to do: Free some space there")
    return True


def test_an_intake_that_finds_no_room_leaves_the_store_as_it_was(
    good_store: Path, tmp_path: Path, disk: Disk
) -> None:
    source = write(tmp_path / "more", {"events": EVENTS})
    whole = shutil.copytree(good_store / "store", tmp_path / "whole")
    assert zhiheng("intake", source, "--store", whole).returncode == 0
    store = shutil.copytree(good_store / "store", disk.path / "store")
    before, after = open_store(store).digest, open_store(whole).digest
    files = sorted(path for path in store.rglob("*") if "staging" not in path.parts)
    refusals = 0
    for pages in range(0, 200, 3):
        disk.leave(pages * PAGE)
        if not refused_for_room(zhiheng("intake", source, "--store", store), disk):
            break
        refusals += 1
        assert open_store(store).digest == before
        open_store(store).verify()
        left = sorted(path for path in store.rglob("*") if "staging" not in path.parts)
        assert [path for path in left if not path.name.startswith("verified.json")] == files
    assert refusals >= 3
    assert open_store(store).digest == after
    open_store(store).verify()


def test_a_first_intake_that_finds_no_room_leaves_no_store(good_store: Path, disk: Disk) -> None:
    words = ("intake", good_store / "good", "--store", disk.path / "store")
    refusals = 0
    for pages in range(0, 100, 2):
        disk.leave(pages * PAGE)
        if not refused_for_room(zhiheng(*words), disk):
            break
        refusals += 1
        assert not (disk.path / "store").exists()
    assert refusals >= 2
    assert zhiheng("store", "verify", "--store", disk.path / "store").returncode == 0


def test_a_check_that_finds_no_room_for_timelines_says_so_and_works_later(
    good_store: Path, disk: Disk
) -> None:
    store = shutil.copytree(good_store / "store", disk.path / "store")
    words = ("check", "--as-of", "2019-12-31", "--json", "--store", store)
    digest = open_store(store).digest
    for free in (0, 10 * PAGE):
        disk.leave(free)
        assert refused_for_room(zhiheng(*words), disk)
        assert open_store(store).digest == digest
    disk.leave(4 << 20)
    result = zhiheng(*words)
    assert result.returncode == 0
    elsewhere = shutil.copytree(good_store / "store", good_store / "elsewhere")
    assert result.stdout == zhiheng(*words[:-1], elsewhere).stdout


def test_a_report_that_finds_no_room_leaves_the_earlier_one(good_store: Path, disk: Disk) -> None:
    dated = ("--as-of", "2019-12-31", "--period", "2017-01-01..2019-12-31")
    words = ("evaluate", *dated, "--store", good_store / "store", "--out", disk.path / "report")
    assert zhiheng(*words).returncode == 0
    book = (disk.path / "report" / "report.xlsx").read_bytes()
    pages = sorted(path.name for path in (disk.path / "report" / "html").rglob("*"))
    disk.leave(PAGE)
    assert refused_for_room(zhiheng(*words), disk)
    assert (disk.path / "report" / "report.xlsx").read_bytes() == book
    assert sorted(path.name for path in (disk.path / "report" / "html").rglob("*")) == pages
    assert sorted(path.name for path in (disk.path / "report").iterdir()) == ["html", "report.xlsx"]
