"""The audit trace: one JSON line for everything done to a store. Only ever appended to."""

from __future__ import annotations

import errno
import getpass
import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

CHINA = timezone(timedelta(hours=8))


def append(path: Path, action: str, facts: dict[str, Any]) -> None:
    """Add one line: when (China Standard Time), who, what, and the facts."""
    when = datetime.now(CHINA).isoformat(timespec="seconds")
    line = json.dumps(
        {"time": when, "user": _user(), "action": action, **facts}, ensure_ascii=False
    )
    # One write call: a killed process leaves the whole line or none. The newline stands in front
    # too, so that a torn line of a full disk never swallows the next one.
    content = f"\n{line}\n".encode()
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        if os.write(handle, content) < len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        os.fsync(handle)
    finally:
        os.close(handle)


def read(path: Path) -> Iterator[dict[str, Any]]:
    """Every entry of the trace, oldest first; a torn line is passed over."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            entry = json.loads(line)
        except json.JSONDecodeError:
            continue
        yield entry


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in a container
        return str(os.getuid())
