"""Counts of a part of a store, kept beside it under a digest of all they hang on.

A part never changes, so what was counted on it by the same program under the same law as of the
same day need not be counted again. Deleting what is kept loses nothing.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeVar
from zipfile import BadZipFile

import msgspec
import numpy as np
from numpy.typing import NDArray

from zhiheng.checks.run import Checked
from zhiheng.checks.setting import Setting
from zhiheng.store.lake import Store
from zhiheng.store.parts import Part
from zhiheng.store.program import digest_of_files
from zhiheng.store.prune import used

R = TypeVar("R")
Arrays = Mapping[str, NDArray[np.generic]]
ABOUT = "about"
"""The array that says what a file was kept for: one that was moved or damaged is not believed."""


class Counting(Protocol[R]):
    """A work whose results can be kept, and taken from one another: whole numbers by name."""

    @property
    def only(self) -> Sequence[str] | None:
        """The duties it counts, with their members; None for all there are."""

    @property
    def content(self) -> object:
        """All that the result hangs on besides the part, the setting and those duties, as plain
        values."""

    def __call__(self, checked: Checked) -> R:
        """The result on a checked part."""

    def arrays(self, result: R) -> Arrays:
        """The result as arrays."""

    def result(self, arrays: Arrays) -> R:
        """The result back from arrays."""

    def total(self, plus: Sequence[R], minus: Sequence[R]) -> R:
        """The sum of results on cases, less that of others."""


def about(setting: Setting, only: Sequence[str]) -> str:
    """The digest of what every result of a setting hangs on, whatever the part and the work."""
    hangs_on = [digest_of_files(), setting.law, setting.as_of, only]
    return hashlib.sha256(msgspec.json.encode(hangs_on, order="deterministic")).hexdigest()


def name_of(parts: Sequence[Part], said: str, work: Counting[R]) -> str:
    """The digest that the result of a work on whole parts is kept under (`said`: see `about`)."""
    homes = [part.home.name for part in parts]
    hangs_on = [homes, said, type(work).__name__, work.content]
    return hashlib.sha256(msgspec.json.encode(hangs_on, order="deterministic")).hexdigest()


def folder_of(store: Store) -> Path:
    """Where the counts of a store are kept."""
    return store.path / "kept"


def find(folder: Path, name: str) -> Arrays | None:
    """What is kept under a name; None where nothing (or nothing whole) is."""
    try:
        with np.load(folder / f"{name}.npz", allow_pickle=False) as kept:
            found = {key: _whole(kept[key]) for key in kept.files}
    except (OSError, ValueError, BadZipFile, KeyError, EOFError):
        return None
    about = found.pop(ABOUT, None)
    if about is None or str(about) != name:
        return None
    used([folder / f"{name}.npz"])
    return found


def keep(folder: Path, name: str, arrays: Arrays) -> None:
    """Keep arrays under a name, whole or not at all; a store that cannot be written to keeps
    nothing."""
    try:
        folder.mkdir(exist_ok=True)
        handle, working = tempfile.mkstemp(dir=folder, prefix=".keeping-")
        with os.fdopen(handle, "wb") as out:
            small = {key: _small(array) for key, array in arrays.items()}
            np.savez(out, allow_pickle=False, **{ABOUT: np.array(name), **small})
        Path(working).replace(folder / f"{name}.npz")
    except OSError:
        return


def _small(array: NDArray[np.generic]) -> NDArray[np.generic]:
    """Counts in as few bytes as hold them: read faster than what is compressed."""
    if array.dtype.kind != "i" or not array.size:
        return array
    least, most = int(array.min()), int(array.max())
    kinds = (np.iinfo(kind) for kind in (np.int8, np.int16, np.int32, np.int64))
    return array.astype(next(k.dtype for k in kinds if k.min <= least and most <= k.max))


def _whole(array: NDArray[np.generic]) -> NDArray[np.generic]:
    return array.astype(np.int64) if array.dtype.kind == "i" else array
