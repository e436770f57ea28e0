"""Work on every checked part of a store, in several processes where there are several parts.

Each part is laid out (where it is not yet), checked and worked on in one go, so that no more than
one part a process is in memory. Results come in the order of the parts, whoever was faster.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from ibis.backends import BaseBackend

from zhiheng.checks.needs import needs_of
from zhiheng.checks.run import Checked, check_part, load_part, nothing_to_check
from zhiheng.checks.setting import Setting
from zhiheng.law.model import Duty
from zhiheng.law.order import in_order
from zhiheng.store.engine import connect
from zhiheng.store.lake import Store
from zhiheng.store.parts import Part, lay_out_part, plan
from zhiheng.store.wanted import Needs

R = TypeVar("R")
Work = Callable[[Checked], R]
"""What is done with a checked part; it and what it returns can be pickled."""

MEMORY = "1GB"
"""What the engine of one process may use; the rest it keeps on disk while it works."""


@dataclass(frozen=True, eq=False)
class _Job:
    """What a process needs to work on any part."""

    setting: Setting
    needs: Needs
    duties: Sequence[Duty]
    work: Work[Any]

    def on(self, part: Part, con: BaseBackend) -> Any:
        lay_out_part(part, con, self.needs)
        return self.work(check_part(load_part(part, self.needs), self.setting, self.duties))


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

    Raises BadInput where the store holds no record at all.
    """
    if not store.manifest.batches:
        raise nothing_to_check(store)
    needs = needs_of(setting.law.duties.values())
    job = _Job(setting, needs, tuple(in_order(setting.law, only)), work)
    parts = plan(store, connect(), needs, court)
    many = min(workers or os.cpu_count() or 1, len(parts))
    results = _here(job, parts) if many < 2 else _beside(job, parts, many)
    for done, result in enumerate(results):
        if progress:
            progress(done + 1, len(parts))
        yield result


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
    _job, _con = job, connect(threads=1, memory=MEMORY)


def _on_part(part: Part) -> Any:
    assert _job is not None and _con is not None
    return _job.on(part, _con)
