"""Work on every checked part of a store, in several processes where there are several parts.

Each part is laid out (where it is not yet), checked and worked on in one go, so that no more than
one part a process is in memory. Results come in the order of the parts, whoever was faster.

Work that counts is kept (see `kept`). A part whose cases are partly counted in a layer above is
then counted as a whole, once, and what its cases that count no more come to is taken off again.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from ibis.backends import BaseBackend

from zhiheng.checks import kept
from zhiheng.checks.kept import Counting
from zhiheng.checks.needs import needs_of
from zhiheng.checks.run import Checked, check_part, load_part, nothing_to_check, of_live
from zhiheng.checks.setting import Setting
from zhiheng.law.model import Duty
from zhiheng.law.order import in_order
from zhiheng.store.engine import connect
from zhiheng.store.lake import Store
from zhiheng.store.parts import Part, lay_out_part, plan
from zhiheng.store.prune import prune, used
from zhiheng.store.wanted import Needs
from zhiheng.store.worker import end_with_parent

R = TypeVar("R")
Work = Callable[[Checked], R]
"""What is done with a checked part; it and what it returns can be pickled."""

MEMORY = "1GB"
"""What the engine of one process may use; the rest it keeps on disk while it works."""


@dataclass(frozen=True, eq=False)
class _Job:
    """What a process needs to work on any part. `said` is what kept results hang on, "" where
    nothing is kept."""

    setting: Setting
    needs: Needs
    duties: Sequence[Duty]
    work: Any
    said: str = ""

    def kept(self, part: Part) -> Any:
        """The kept result of a part all of whose cases count; None where there is none."""
        if not self.said or not part.home.is_dir():
            return None
        part.sound()  # also where nothing of it is read: what is damaged is not passed over
        return None if part.has_dead else self._whole(part)

    def on(self, part: Part, con: BaseBackend) -> Any:
        """The result on the part's cases that count."""
        # Frames know the frames they are of and those know them: only this lets go of a part
        # before the next one comes.
        gc.collect()
        lay_out_part(part, con, self.needs)
        if not self.said:
            return self.work(self._checked(of_live(load_part(part, self.needs), part)))
        whole = self._whole(part)
        loaded = None
        if whole is None:
            loaded = load_part(part, self.needs)
            whole = self.work(self._checked(loaded))
            kept.keep(_folder(part), self._name(part), self.work.arrays(whole))
        if not part.has_dead:
            return whole
        loaded = loaded or load_part(part, self.needs)
        dead = loaded.of(np.isin(loaded.frames["case"].key, part.dead))
        return self.work.less(whole, self.work(self._checked(dead)))

    def _checked(self, loaded: Any) -> Checked:
        return check_part(loaded, self.setting, self.duties)

    def _name(self, part: Part) -> str:
        return kept.name_of(part, self.said, self.work)

    def _whole(self, part: Part) -> Any:
        arrays = kept.find(_folder(part), self._name(part))
        return None if arrays is None else self.work.result(arrays)


def _folder(part: Part) -> Any:
    return part.store.path / "kept"


def over_parts(
    store: Store,
    setting: Setting,
    work: Work[R],
    progress: Callable[[int, int], None] | None = None,
    only: Iterable[str] | None = None,
    court: str | None = None,
    workers: int | None = None,
) -> Iterator[R]:
    """The result of `work` on every part of the store, as `run` gives the parts.

    `workers`: how many processes at most (as many as processors when None); a store of one part
    is worked on in this process.

    Raises BadInput where the store holds no record at all, StoreDamaged.
    """
    yield from _over(store, setting, work, "", progress, only, court, workers)


def count_over_parts(
    store: Store,
    setting: Setting,
    work: Counting[R],
    progress: Callable[[int, int], None] | None = None,
    only: Iterable[str] | None = None,
    court: str | None = None,
    workers: int | None = None,
) -> Iterator[R]:
    """The same of a work whose results are kept beside the store."""
    said = kept.about(setting, [duty.id for duty in in_order(setting.law, only)])
    yield from _over(store, setting, work, said, progress, only, court, workers)


def _over(
    store: Store,
    setting: Setting,
    work: Any,
    said: str,
    progress: Callable[[int, int], None] | None,
    only: Iterable[str] | None,
    court: str | None,
    workers: int | None,
) -> Iterator[Any]:
    if not store.manifest.batches:
        raise nothing_to_check(store)
    store.sound()  # also where everything is kept: results of a damaged store are not given out
    needs = needs_of(setting.law.duties.values())
    job = _Job(setting, needs, tuple(in_order(setting.law, only)), work, said)
    parts = plan(store, connect(), needs, court)
    known = {
        number: found for number, part in enumerate(parts) if (found := job.kept(part)) is not None
    }
    left = [part for number, part in enumerate(parts) if number not in known]
    many = min(workers or os.cpu_count() or 1, len(left))
    results = _here(job, left) if many < 2 else _beside(job, left, many)
    for number in range(len(parts)):
        if progress:
            progress(number, len(parts))
        yield known[number] if number in known else next(results)
    if progress:
        progress(len(parts), len(parts))
    _make_room(store, parts)


def _make_room(store: Store, parts: Sequence[Part]) -> None:
    """Note which timelines are in use, and remove what has long been out of it."""
    used([part.home for part in parts])
    for folder in ("timelines", "kept"):
        prune(store.path / folder)


def _here(job: _Job, parts: Sequence[Part]) -> Iterator[Any]:
    con = connect()
    return (job.on(part, con) for part in parts)


def _beside(job: _Job, parts: Sequence[Part], workers: int) -> Iterator[Any]:
    """Fresh processes: a forked one would share the engine's threads and locks with this one."""
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, fresh, _begin, (job,)) as pool:
        yield from pool.map(_on_part, parts)


_job: _Job | None = None
_con: BaseBackend | None = None


def _begin(job: _Job) -> None:
    global _job, _con
    end_with_parent()
    _job, _con = job, connect(threads=1, memory=MEMORY)


def _on_part(part: Part) -> Any:
    assert _job is not None and _con is not None
    return _job.on(part, _con)
