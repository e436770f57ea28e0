"""YAML files as plain data, parsed once and then kept in the user's cache.

The product's own data files hold more than a megabyte of YAML; to parse the law anew takes most of
the time of a short command. What is kept is found again by the digest of the text it came from, so
it can never be of another version. So is what else takes long to make and hangs on no record (see
`once`). A cache that cannot be read or written is done without.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import yaml

FOLDER = "ZHIHENG_CACHE"
"""The environment variable that names the folder of the cache; empty, nothing is kept."""
LAYOUT = b"1"
"""Changes whenever what is kept of a text does."""
DIGEST_BYTES = 32
KEPT_FOR = 90 * 86_400
"""Seconds that what nobody asks for any more is kept."""
_ENDING = ".parsed"


def parse(text: str, loader: type[yaml.CSafeLoader] = yaml.CSafeLoader) -> Any:
    """The data in a YAML text. Raises what the loader raises; what it refuses is never kept."""
    # Two loaders may refuse different texts.
    said = b"\n".join((LAYOUT, loader.__qualname__.encode(), text.encode()))
    return once(said, lambda: yaml.load(text, Loader=loader))


def once(said: bytes, make: Callable[[], Any]) -> Any:
    """What `make` makes, as plain data, made once and then kept under a digest of `said`, which
    must say all that it hangs on. Raises what `make` raises."""
    file = _file(said)
    if file is None:
        return make()
    kept = _kept(file)
    if kept is not None:
        return msgspec.msgpack.decode(kept)
    found = make()
    _keep(file, found)
    return found


def folder() -> Path | None:
    """Where parsed files are kept; None where nothing is to be kept."""
    named = os.environ.get(FOLDER)
    if named is not None:
        return Path(named) if named else None
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    else:
        base = os.environ.get("XDG_CACHE_HOME")
    with contextlib.suppress(RuntimeError):  # an account without a home
        return Path(base or Path.home() / ".cache") / "zhiheng"
    return None


def _file(said: bytes) -> Path | None:
    home = folder()
    return home / f"{hashlib.sha256(said).hexdigest()}{_ENDING}" if home else None


def _kept(file: Path) -> bytes | None:
    """What a file keeps, if it is whole: a digest stands before the content."""
    try:
        content = file.read_bytes()
    except OSError:
        return None
    with contextlib.suppress(OSError):
        os.utime(file)
    digest, kept = content[:DIGEST_BYTES], content[DIGEST_BYTES:]
    return kept if hashlib.sha256(kept).digest() == digest else None


def _keep(file: Path, found: Any) -> None:
    try:
        kept = msgspec.msgpack.encode(found)
        if msgspec.msgpack.decode(kept) != found:  # a date would come back as text
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, fresh = tempfile.mkstemp(dir=file.parent, prefix=".")
        with os.fdopen(handle, "wb") as stream:
            stream.write(hashlib.sha256(kept).digest() + kept)
        Path(fresh).replace(file)
        _make_room(file.parent)
    except (OSError, TypeError, OverflowError, msgspec.MsgspecError):
        return


def _make_room(home: Path) -> None:
    """Remove what was not asked for in KEPT_FOR: queries hang on the day they are asked as of."""
    before = time.time() - KEPT_FOR
    for file in home.glob(f"*{_ENDING}"):
        with contextlib.suppress(FileNotFoundError):  # another process was first
            if file.stat().st_mtime < before:
                file.unlink()
