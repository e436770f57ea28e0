"""Putting finished reports in place: all of it or none, never over something that is not ours."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zhiheng.errors import Message, WrongUse

MARK = ".zhiheng-report"
"""The file that says a folder was written by us and may be replaced."""


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path`; a reader sees the old file or the new, nothing between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder to fill that takes the place of `path` when the block ends without an error.

    Raises WrongUse where `path` is a file, or a folder with content that is not a report of ours.
    """
    _refuse_foreign(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}-"))
    try:
        fresh.chmod(0o755)
        yield fresh
        (fresh / MARK).touch()
        _swap(fresh, path)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _refuse_foreign(path: Path) -> None:
    if not path.exists() or (path.is_dir() and ((path / MARK).exists() or not any(path.iterdir()))):
        return
    raise WrongUse(
        Message("该位置已有不是报告的内容。", "There is something there that is not a report."),
        Message("请另选一个目录。", "Choose another folder."),
        place=str(path),
    )


def _swap(fresh: Path, path: Path) -> None:
    if path.exists():
        old = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}-old-"))
        path.rename(old / path.name)
        fresh.rename(path)
        shutil.rmtree(old)
    else:
        fresh.rename(path)
