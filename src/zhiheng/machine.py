"""What the machine refuses (a full disk, no right to write, no memory), said as a `Problem`.

Every library says it in its own way; commands ask here once, where they end.
"""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from zhiheng.errors import BadInput, Message, Problem


class DiskFull(BadInput):
    """A file could not be written to its end: no room, or no more of it allowed."""

    def __init__(self, place: str) -> None:
        super().__init__(
            Message("磁盘已满，文件未能写完。", "The disk is full: a file could not be written."),
            Message(
                "请在该处腾出空间（或改用别的磁盘）后重试；写了一半的内容不会生效。",
                "Free some space there (or use another disk) and try again; nothing that was"
                " half written is in force.",
            ),
            place,
        )


class NoRight(BadInput):
    """The account may not read or write there."""

    def __init__(self, place: str) -> None:
        super().__init__(
            Message("没有读写权限。", "There is no right to read or write this."),
            Message(
                "请更改权限，或换一个可以读写的位置。",
                "Change the rights, or name a place that can be read and written.",
            ),
            place,
        )


class DiskFails(BadInput):
    """The disk itself reports an error."""

    def __init__(self, place: str) -> None:
        super().__init__(
            Message("磁盘读写出错。", "The disk reports an error."),
            Message(
                "请检查磁盘；用 zhiheng store verify 核对数据仓，必要时从备份恢复。",
                "Check the disk; `zhiheng store verify` tells which files to restore.",
            ),
            place,
        )


class NoMemory(BadInput):
    """The work does not fit in memory."""

    def __init__(self, place: str) -> None:
        super().__init__(
            Message("内存不足。", "There is not enough memory."),
            Message(
                "请关闭其他程序，或用 --court 分法院处理。",
                "Close other programs, or work court by court with --court.",
            ),
            place,
        )


_Kind = type[DiskFull] | type[NoRight] | type[DiskFails] | type[NoMemory]

_BY_NUMBER: dict[int, _Kind] = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), DiskFull),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), NoRight),
    errno.EIO: DiskFails,
}
_FULL = re.compile(
    r"No space left on device|Disk quota exceeded|not enough space on the disk"
    r'|"errno":"28"|max_temp_directory_size',
    re.IGNORECASE,
)
_QUOTED = re.compile(r'file \\*"(?P<path>[^"\\]+)\\*"')


def trouble(error: BaseException, near: Iterable[Path] = ()) -> Problem | None:
    """The error as a problem of the machine; None where it is not one.

    `near`: where the command writes, for an error that does not say where it happened.
    """
    for one in _chain(error):
        kind = _kind(one)
        if kind is not None:
            return kind(_place(one, near))
    return None


def _kind(error: BaseException) -> _Kind | None:
    by_engine = type(error).__module__.endswith("duckdb")
    if isinstance(error, OSError) and error.errno in _BY_NUMBER:
        return _BY_NUMBER[error.errno]
    if (isinstance(error, OSError) or by_engine) and _FULL.search(str(error)):
        return DiskFull
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":
        return NoMemory
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it, each once."""
    seen: list[BaseException] = []
    next_one: BaseException | None = error
    while next_one is not None and next_one not in seen:
        seen.append(next_one)
        yield next_one
        next_one = next_one.__cause__ or next_one.__context__


def _place(error: BaseException, near: Iterable[Path]) -> str:
    """The folder it happened in: what was being written is often gone by now."""
    named = getattr(error, "filename", None)
    quoted = _QUOTED.search(str(error))
    if named or quoted:
        return str(_existing(Path(named or (quoted and quoted["path"]) or "")))
    places = [_existing(path) for path in near]
    return str(min(places, key=lambda path: shutil.disk_usage(path).free)) if places else ""


def _existing(path: Path) -> Path:
    """The path or the nearest folder above it that is there."""
    path = path.absolute()
    return next(one for one in (path, *path.parents) if one.exists())
