"""Directories of derived files: put in place as a whole, held against their digests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zhiheng.store.digests import ensure, note_digests, noted_digests, verified_at
from zhiheng.store.files import move_into_place
from zhiheng.store.working import working_directory


@contextmanager
def building(home: Path) -> Iterator[Path]:
    """A directory to fill, put in place as a whole at the end; gone where that fails. Another
    process that is done first wins: both made the same."""
    home.parent.mkdir(exist_ok=True)
    with working_directory(home.parent, ".building-") as working:
        yield working
        note_digests(working)
        try:
            move_into_place(working, home)
        except OSError:
            if not home.is_dir():
                raise


def sound(root: Path, home: Path) -> None:
    """Hold a directory of derived files against its digests. Raises DerivedDamaged."""
    ensure(root, noted_digests(root, home), verified_at(root), derived=True)
