"""Putting finished reports in place: all of it or none, never over something that is not ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zhiheng.errors import Message, WrongUse
from zhiheng.store.working import working_directory

MARK = ".zhiheng-report"
"""The file that says a folder was written by us and may be replaced."""


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path`; a reader sees the old file or the new, nothing between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with working_directory(path.parent, f".{path.name}-") as directory:
        fresh = directory / path.name
        fresh.write_bytes(content)
        fresh.chmod(0o644)
        fresh.replace(path)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder to fill that takes the place of `path` when the block ends without an error.

    Raises WrongUse where `path` is a file, or a folder with content that is not a report of ours.
    """
    _refuse_foreign(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with working_directory(path.parent, f".{path.name}-") as fresh:
        fresh.chmod(0o755)
        yield fresh
        (fresh / MARK).touch()
        _swap(fresh, path)


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
        with working_directory(path.parent, f".{path.name}-old-") as old:
            path.rename(old / path.name)
            fresh.rename(path)
    else:
        fresh.rename(path)
