"""Where a store is checked: on this machine, or spread over a Spark cluster.

Both read the same files by the same expressions, lay the records out and judge them by the same
functions, and give the same results; only what works together at once differs.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import pyarrow as pa

from zhiheng.checks.counts import Counts
from zhiheng.checks.from_store import load
from zhiheng.checks.kept import Counting
from zhiheng.checks.needs import needs_of
from zhiheng.checks.over_parts import Work, count_over_parts, over_parts
from zhiheng.checks.run import check_part, nothing_to_check
from zhiheng.checks.setting import Setting
from zhiheng.law.model import Duty
from zhiheng.law.order import in_order
from zhiheng.store.engine import connect
from zhiheng.store.lake import Store
from zhiheng.store.layout import lay_out
from zhiheng.store.wanted import Needs

if TYPE_CHECKING:
    from ibis.backends import BaseBackend

    from zhiheng.store.spark_backend import SparkBackend

R = TypeVar("R")
Progress = Callable[[int, int], None]


class Engine(Protocol):
    """What runs the expressions, and what works on the checked parts of a store.

    `keeps`: whether results may be kept beside the store.
    """

    keeps: bool

    def connect(self) -> BaseBackend:
        """Where expressions over the store's records run."""

    def over(
        self,
        store: Store,
        setting: Setting,
        work: Work[R],
        progress: Progress | None = None,
        only: Iterable[str] | None = None,
        court: str | None = None,
    ) -> Iterator[R]:
        """The result of a work on every part (see `checks.over_parts`)."""

    def count_over(
        self,
        store: Store,
        setting: Setting,
        works: Sequence[Counting[Any]],
        progress: Progress | None = None,
        court: str | None = None,
    ) -> list[Any]:
        """The result of each of several works on all parts together (see `checks.over_parts`)."""


class Here:
    """This machine: DuckDB, and as many processes as there are processors."""

    keeps = True
    connect = staticmethod(connect)
    over = staticmethod(over_parts)
    count_over = staticmethod(count_over_parts)


HERE: Engine = Here()


@dataclass(frozen=True, eq=False)
class OnCluster:
    """A Spark cluster, which sees the store's files under the same path. Nothing is kept, and the
    store is not written to."""

    con: SparkBackend
    keeps = False

    def connect(self) -> BaseBackend:
        """The connection there is."""
        return self.con

    def over(
        self,
        store: Store,
        setting: Setting,
        work: Work[R],
        progress: Progress | None = None,
        only: Iterable[str] | None = None,
        court: str | None = None,
    ) -> Iterator[R]:
        """See `Engine`."""
        from zhiheng.store.projection import projections
        from zhiheng.store.spread import Sorted, spread

        if not store.manifest.batches:
            raise nothing_to_check(store)
        needs = needs_of(setting.law.duties.values())
        read = projections(lambda table: store.relation(self.con, table), needs, with_court=True)
        placed = self._placed(store, court)
        task = _ChunkWork(setting, needs, tuple(in_order(setting.law, only)), work)
        if progress:
            progress(0, 1)
        found = spread(
            self.con, {name: Sorted(each, ("case",)) for name, each in read.items()}, placed, task
        )
        for packed in found[_RESULT].column(_RESULT).to_pylist():
            yield pickle.loads(packed)
        if progress:
            progress(1, 1)

    def count_over(
        self,
        store: Store,
        setting: Setting,
        works: Sequence[Counting[Any]],
        progress: Progress | None = None,
        court: str | None = None,
    ) -> list[Any]:
        """See `Engine`."""
        counts = Counts.of(setting.law, works)
        return counts.total(list(self.over(store, setting, counts, progress, counts.only, court)))

    def _placed(self, store: Store, court: str | None) -> Mapping[str, int]:
        """Court → chunk, chunks about as large as each other, a few for every processor."""
        from zhiheng.store.spread import chunks

        cases = store.relation(self.con, "cases")
        counted = self.con.to_pyarrow(
            cases.group_by("court").aggregate(n=cases.count())
        ).to_pydict()
        sizes = dict(zip(counted["court"], counted["n"], strict=True))
        if court is not None:
            sizes = {court: sizes[court]} if court in sizes else {}
        parallel = int(self.con.session.sparkContext.defaultParallelism)
        return chunks(sizes, max(1, min(len(sizes), CHUNKS_A_PROCESSOR * parallel)))


CHUNKS_A_PROCESSOR = 3
_RESULT = "result"


@dataclass(frozen=True, eq=False)
class _ChunkWork:
    """What a worker does with the records of a chunk. Its result travels as Python's own bytes, as
    everything between a cluster's Python processes does."""

    setting: Setting
    needs: Needs
    duties: Sequence[Duty]
    work: Any

    def __call__(self, tables: Mapping[str, pa.Table]) -> Mapping[str, pa.Table]:
        loaded = load(lay_out(tables, self.needs), self.needs)
        result = self.work(check_part(loaded, self.setting, self.duties))
        packed = pa.array([pickle.dumps(result)], pa.large_binary())
        return {_RESULT: pa.table({_RESULT: packed})}
