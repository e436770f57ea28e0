"""Work on every checked part of a store, in several processes where there are several parts.

Each part is laid out (where it is not yet), checked and worked on in one go, so that no more than
one part a process is in memory. Results come in the order of the parts, whoever was faster.

What counts is counted by layers (see `store.touched`), so that what a part came to stays true
whatever comes on top of it, and is kept (see `kept`).
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar

from zhiheng.checks import kept
from zhiheng.checks.counts import Counts
from zhiheng.checks.from_store import Loaded
from zhiheng.checks.kept import Counting
from zhiheng.checks.needs import needs_of
from zhiheng.checks.run import Checked, check_part, load_part, of_live, refuse_unfit
from zhiheng.checks.setting import Setting
from zhiheng.law.model import Duty
from zhiheng.law.order import in_order
from zhiheng.store.engine import connect
from zhiheng.store.lake import Store
from zhiheng.store.parts import Part, changes, lay_out_part, parts_of
from zhiheng.store.prune import prune, used
from zhiheng.store.wanted import Needs

if TYPE_CHECKING:
    from ibis.backends import BaseBackend
from zhiheng.store.worker import end_with_parent

R = TypeVar("R")
Progress = Callable[[int, int], None]
Work = Callable[[Checked], R]
"""What is done with a checked part; it and what it returns can be pickled."""

MEMORY = "1GB"
"""What the engine of one process may use; the rest it keeps on disk while it works."""


@dataclass(frozen=True, eq=False)
class _Job:
    """What a process needs to work on any part: each work on the part's cases that count."""

    setting: Setting
    needs: Needs
    duties: Sequence[Duty]
    work: Any

    def on(self, part: Part, con: BaseBackend) -> Any:
        """The result of the work."""
        return self.work(self.checked(part, con, of_live))

    def checked(
        self, part: Part, con: BaseBackend, chosen: Callable[[Loaded, Part], Loaded]
    ) -> Checked:
        """The part (or what is chosen of it), laid out and checked."""
        # Frames know the frames they are of and those know them: only this lets go of a part
        # before the next one comes.
        gc.collect()
        lay_out_part(part, con, self.needs)
        return check_part(chosen(load_part(part, self.needs), part), self.setting, self.duties)


@dataclass(frozen=True, eq=False)
class _CountJob(_Job):
    """The work is `Counts`; `said` is what the kept results of each of its works hang on."""

    said: Sequence[str] = ()

    def found(self, part: Part) -> list[Any] | None:
        """The kept results on a part; None unless every work's is there."""
        return self.sums_of([part])

    def on(self, part: Part, con: BaseBackend) -> list[Any]:
        """The result of every work on all cases of the part, kept for the next time."""
        results: list[Any] = self.work(self.checked(part, con, lambda loaded, _: loaded))
        self._keep([part], results)
        return results

    def sums_of(self, parts: Sequence[Part]) -> list[Any] | None:
        """The kept sums over several parts; None unless every work's is there."""
        if not all(part.home.is_dir() for part in parts):
            return None
        for part in parts:
            part.sound()  # also where nothing of it is read: what is damaged is not passed over
        return self._kept(parts)

    def summed(self, parts: Sequence[Part], results: Sequence[list[Any]]) -> list[Any]:
        """The sums of the works' results on several parts, kept for the next time."""
        if len(parts) == 1:
            return results[0]
        total: list[Any] = self.work.total(results)
        self._keep(parts, total)
        return total

    def _kept(self, parts: Sequence[Part]) -> list[Any] | None:
        results = []
        for name, work in self._named(parts):
            if (arrays := kept.find(kept.folder_of(parts[0].store), name)) is None:
                return None
            results.append(work.result(arrays))
        return results

    def _keep(self, parts: Sequence[Part], results: list[Any]) -> None:
        for (name, work), result in zip(self._named(parts), results, strict=True):
            kept.keep(kept.folder_of(parts[0].store), name, work.arrays(result))

    def _named(self, parts: Sequence[Part]) -> Iterator[tuple[str, Counting[Any]]]:
        for said, work in zip(self.said, self.work.works, strict=True):
            yield kept.name_of(parts, said, work), work


def over_parts(
    store: Store,
    setting: Setting,
    work: Work[R],
    progress: Progress | None = None,
    only: Iterable[str] | None = None,
    court: str | None = None,
    workers: int | None = None,
) -> Iterator[R]:
    """The result of `work` on every part of the store, as `run` gives the parts.

    `workers`: how many processes at most (as many as processors when None); a store of one part
    is worked on in this process.

    Raises BadInput where the store holds no record at all, StoreDamaged.
    """
    needs, parts = _planned(store, setting, court)
    job = _Job(setting, needs, tuple(in_order(setting.law, only)), work)
    yield from _told(_each(job, parts, workers), parts, progress)
    _make_room(store, parts)


def count_over_parts(
    store: Store,
    setting: Setting,
    works: Sequence[Counting[Any]],
    progress: Progress | None = None,
    court: str | None = None,
    workers: int | None = None,
) -> list[Any]:
    """The result of each work on all cases of the store together, counted in one pass and kept
    beside it; `court`: of the parts that can hold its cases. Raises as `over_parts`."""
    needs, own = _planned(store, setting, court)
    parts = [*own, *changes(own, needs)]
    job = _count_job(setting, needs, Counts.of(setting.law, works))
    groups = _groups(parts)
    known = {place: sums for place, group in enumerate(groups) if (sums := job.sums_of(group))}
    left = [group for n, group in enumerate(groups) if n not in known]
    results = iter(list(_counted(job, left, progress, workers)) if left else ())
    sums = [known[n] if n in known else next(results) for n in range(len(groups))]
    _make_room(store, parts)
    after = [each for each, group in zip(sums, groups, strict=True) if not group[0].before]
    before = [each for each, group in zip(sums, groups, strict=True) if group[0].before]
    total: list[Any] = job.work.total(after, before)
    return total


def _groups(parts: Sequence[Part]) -> list[list[Part]]:
    """The parts of each layer, those of before it apart."""
    together = groupby(parts, key=lambda part: (part.before, part.layer))
    return [list(group) for _, group in together]


def _counted(
    job: _CountJob, groups: Sequence[list[Part]], progress: Progress | None, workers: int | None
) -> Iterator[list[Any]]:
    """The sums of every group, put together from what is kept of its parts and what is counted."""
    parts = [part for group in groups for part in group]
    known = {place: found for place, part in enumerate(parts) if (found := job.found(part))}
    fresh = _each(job, [part for n, part in enumerate(parts) if n not in known], workers)
    results = (known[n] if n in known else next(fresh) for n in range(len(parts)))
    told = iter(_told(results, parts, progress))
    for group in groups:
        yield job.summed(group, [next(told) for _ in group])
    next(told, None)  # so that it is told to the end


def _count_job(setting: Setting, needs: Needs, counts: Counts) -> _CountJob:
    said = [kept.about(setting, duties) for duties in counts.duties]
    return _CountJob(setting, needs, tuple(in_order(setting.law, counts.only)), counts, said)


def _planned(store: Store, setting: Setting, court: str | None) -> tuple[Needs, list[Part]]:
    refuse_unfit(store)
    needs = needs_of(setting.law.duties.values())
    return needs, parts_of(store, connect, needs, court)


def _each(job: _Job, parts: Sequence[Part], workers: int | None) -> Iterator[Any]:
    many = min(workers or os.cpu_count() or 1, len(parts))
    return _here(job, parts) if many < 2 else _beside(job, parts, many)


def _told(results: Iterable[R], parts: Sequence[Part], progress: Progress | None) -> Iterator[R]:
    for number, result in enumerate(results):
        if progress:
            progress(number, len(parts))
        yield result
    if progress:
        progress(len(parts), len(parts))


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
    gc.freeze()  # what every part shares need not be looked through after each of them
    _job, _con = job, connect(threads=1, memory=MEMORY)


def _on_part(part: Part) -> Any:
    assert _job is not None and _con is not None
    return _job.on(part, _con)
