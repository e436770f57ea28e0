"""Writing files so that a killed process never leaves half of one in force."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Force a file or a directory to disk (Windows keeps directories itself and opens none)."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_atomically(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Put `content` at `path`: a reader sees the old file or the new one, never a part."""
    fresh = path.with_name(f"{path.name}.new")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)  # a full disk has no room for halves
        raise
    sync(path.parent)


def move_into_place(source: Path, target: Path) -> None:
    """Rename a finished file or directory to `target` (same file system), durably."""
    for path in source.rglob("*") if source.is_dir() else ():
        sync(path)
    sync(source)
    source.replace(target)
    sync(target.parent)
