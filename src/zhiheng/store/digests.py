"""Files held against the digests they were written with, before anything is computed from them.

Reading a whole store costs seconds, so what was found right is remembered with the file's size,
times and inode, and read again only when one of these has changed. `zhiheng store verify` reads
everything: only that finds bytes that changed on the disk without the file being written to.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from zhiheng.errors import Message
from zhiheng.store.files import write_atomically
from zhiheng.store.problems import DerivedDamaged, StoreDamaged

Progress = Callable[[int, int], None]
"""Hears how many MiB of how many have been read."""

Expected = Mapping[str, str]
"""Path below a root (with slashes) → sha256 in hex."""

FILE = "digests.json"
"""Where a directory of derived files keeps the digests of its files."""

_THREADS = 2
_BLOCK = 1 << 20
_SETTLED = 2_000_000_000
"""Nanoseconds. A file changed this recently may change once more with the same time stamp."""


class Stamp(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What changes whenever a file does."""

    size: int
    mtime: int
    ctime: int
    inode: int


class _Right(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    stamp: Stamp
    sha256: str


class Verified:
    """Which files below `root` were found right and unchanged since, kept in the file `notes`.

    Notes that are damaged, missing or cannot be written only mean that files are read again.
    """

    def __init__(self, root: Path, notes: Path) -> None:
        self._root = root
        self._notes = notes
        self._right = _read_notes(notes)

    def holds(self, name: str, sha256: str) -> bool:
        """Whether the file was found to have this digest and has not changed since."""
        stamp = stamp_of(self._root / name)
        return stamp is not None and self._right.get(name) == _Right(stamp, sha256)

    def learn(self, found: Mapping[str, tuple[Stamp, str]]) -> None:
        """Note files found right; those changed a moment ago are not trusted yet."""
        now = time.time_ns()
        fresh = {
            name: _Right(stamp, sha256)
            for name, (stamp, sha256) in found.items()
            if now - max(stamp.mtime, stamp.ctime) > _SETTLED
        }
        if fresh:
            self._right.update(fresh)
            self._write()

    def _write(self) -> None:
        try:
            with FileLock(f"{self._notes}.lock", timeout=0):
                merged = {**_read_notes(self._notes), **self._right}
                there = {n: right for n, right in merged.items() if (self._root / n).exists()}
                write_atomically(self._notes, msgspec.json.encode(there, order="deterministic"))
        except (OSError, Timeout):
            return  # a store that cannot be written to, or another process that is at it


@cache
def verified_at(root: Path) -> Verified:
    """The notes of a store, one for the process: a store that cannot be written to is read once."""
    return Verified(root, root / "verified.json")


def stamp_of(path: Path) -> Stamp | None:
    """The stamp of a file as it is now; None where there is none."""
    try:
        return _stamp(path.stat())
    except OSError:
        return None


@dataclass(frozen=True)
class Fault:
    """A file that is not what its digest says; `place` is its path below the root."""

    place: str
    what: Message

    def problem(self, derived: bool = False) -> StoreDamaged:
        """The fault as an error that says what to do; derived files need no backup."""
        kind = DerivedDamaged if derived else StoreDamaged
        return kind(self.place, self.what.zh, self.what.en)


MISSING = Message("文件缺失。", "The file is missing.")
DIFFERS = Message("文件内容与记录的摘要不符。", "The file is not what its digest says.")
UNREADABLE = Message("文件无法读取。", "The file cannot be read.")


def faults(
    root: Path,
    expected: Expected,
    verified: Verified | None = None,
    progress: Progress | None = None,
) -> list[Fault]:
    """Every file below `root` that is missing or not as expected, in the order given.

    Files that `verified` knows to be right are not read; without it every file is.
    """
    unknown = {n: s for n, s in expected.items() if not (verified and verified.holds(n, s))}
    if not unknown:
        return []
    read = _Reading(root, unknown, progress)
    with ThreadPoolExecutor(_THREADS) as pool:
        results = list(pool.map(read.judge, unknown))
    if verified:
        verified.learn(read.right)
    return [fault for fault in results if fault]


def ensure(
    root: Path,
    expected: Expected,
    verified: Verified | None = None,
    progress: Progress | None = None,
    derived: bool = False,
) -> None:
    """Raise StoreDamaged (DerivedDamaged if `derived`) naming the first bad or missing file."""
    for fault in faults(root, expected, verified, progress):
        raise fault.problem(derived)


def note_digests(directory: Path) -> None:
    """Write the digests of all files of a directory of derived files into it."""
    files = sorted(file for file in directory.iterdir() if file.name != FILE)
    digests = {file.name: _hashed(file, lambda _: None)[1] for file in files}
    write_atomically(directory / FILE, msgspec.json.encode(digests))


def noted_digests(root: Path, directory: Path) -> dict[str, str]:
    """The digests of a directory's files as `ensure` takes them, paths below `root`.

    Raises DerivedDamaged where they are missing or damaged.
    """
    place = directory.relative_to(root).as_posix()
    try:
        digests = msgspec.json.decode((directory / FILE).read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        raise Fault(f"{place}/{FILE}", MISSING).problem(derived=True) from None
    except (OSError, ValueError) as error:
        raise Fault(f"{place}/{FILE}", UNREADABLE).problem(derived=True) from error
    return {f"{place}/{name}": sha256 for name, sha256 in digests.items()}


class _Reading:
    """Files being read by several threads, and how far they are."""

    def __init__(self, root: Path, expected: Expected, progress: Progress | None) -> None:
        self.right: dict[str, tuple[Stamp, str]] = {}
        self._root = root
        self._expected = expected
        self._progress = progress
        self._done = 0
        self._total = sum(_sizes(root / name for name in expected)) if progress else 0

    def judge(self, name: str) -> Fault | None:
        """Read one file to its end."""
        try:
            stamp, sha256 = _hashed(self._root / name, self._tell)
        except FileNotFoundError:
            return Fault(name, MISSING)
        except OSError:
            return Fault(name, UNREADABLE)
        if sha256 != self._expected[name]:
            return Fault(name, DIFFERS)
        if stamp:
            self.right[name] = (stamp, sha256)
        return None

    def _tell(self, size: int) -> None:
        self._done += size
        if self._progress:
            self._progress(self._done // _BLOCK, self._total // _BLOCK)


def _hashed(path: Path, tell: Callable[[int], None]) -> tuple[Stamp | None, str]:
    """The digest of a file, and its stamp if it stayed as it was while it was read."""
    digest = hashlib.sha256()
    block = bytearray(_BLOCK)
    view = memoryview(block)
    with path.open("rb", buffering=0) as stream:
        before = _stamp(os.fstat(stream.fileno()))
        while size := stream.readinto(block):
            digest.update(view[:size])
            tell(size)
        after = _stamp(os.fstat(stream.fileno()))
    return (after if after == before else None), digest.hexdigest()


def _stamp(status: os.stat_result) -> Stamp:
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def _sizes(paths: Iterable[Path]) -> Iterable[int]:
    return (stamp.size for stamp in map(stamp_of, paths) if stamp)


def _read_notes(notes: Path) -> dict[str, _Right]:
    try:
        return msgspec.json.decode(notes.read_bytes(), type=dict[str, _Right])
    except (OSError, ValueError):
        return {}
