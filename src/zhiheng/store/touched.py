"""The cases a layer of a store touches, and their records before the layer and after it.

What is summed over cases can be summed by layers: over all cases as the first layer left them, and
for each layer above, over the cases it touches, as they are after it less as they were before. No
sum of a layer then changes when another comes on top.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from zhiheng.records.catalogue import tables
from zhiheng.records.stored import belongs_to_case
from zhiheng.store.arrow_arrays import numbers
from zhiheng.store.building import building, sound
from zhiheng.store.engine import fetched
from zhiheng.store.lake import Store
from zhiheng.store.layers import Layer
from zhiheng.store.manifest import Manifest
from zhiheng.store.prune import used

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

LAYOUT = 3
"""Changes whenever the columns or their meaning do, so that older timelines are left behind."""

Rows = Callable[[str], "ir.Table"]
"""Gives the records of a table."""

_CASES, _COURTS = "cases.parquet", "courts.json"


@dataclass(frozen=True, eq=False)
class Touched:
    """The cases of a layer: how many by court, and `home`, where their keys stand. `keys` (sorted)
    and `there`, those of them that were in the store before, are empty for the first layer, which
    has all cases."""

    home: Path
    by_court: Mapping[str, int]
    keys: NDArray[np.int64]
    there: NDArray[np.int64]

    def __contains__(self, case: int) -> bool:
        at = int(np.searchsorted(self.keys, case))
        return at < len(self.keys) and int(self.keys[at]) == case


def touched_by(store: Store, connect: Callable[[], BaseBackend], layer: Layer) -> Touched:
    """Looked up once for each layer and kept beside the timelines; `connect` is asked for a
    connection only then. Raises DerivedDamaged."""
    home = store.path / "timelines" / f"layer-{digest_of(store, layer)}"
    used([home])
    if not home.is_dir():
        _look_up(store, connect(), layer, home)
    sound(store.path, home)
    by_court = json.loads((home / _COURTS).read_text(encoding="utf-8"))
    # Not `read_table`: that loads a third of a second of code for sets of files.
    cases = pq.ParquetFile(home / _CASES).read(["case", "there"])
    keys = numbers(cases.column("case"))
    there = numbers(cases.column("there").cast(pa.int8())) == 1
    return Touched(home, by_court, keys, keys[there])


def _look_up(store: Store, con: BaseBackend, layer: Layer, home: Path) -> None:
    cases = _cases(store, con, layer)
    counted = fetched(con, cases.group_by("court").aggregate(cases=cases.count()).order_by("court"))
    # The first layer has all cases: nobody asks which.
    read = fetched(con, cases.order_by("case") if layer.first else cases.limit(0))
    there = np.isin(read.column("case").to_numpy(), _cases_before(store, con, layer, cases))
    with building(home) as working:
        pq.write_table(read.append_column("there", pa.array(there)), working / _CASES)
        by_court = dict(
            zip(*(counted.column(n).to_pylist() for n in ("court", "cases")), strict=True)
        )
        text = json.dumps(by_court, ensure_ascii=False)
        (working / _COURTS).write_text(text, encoding="utf-8")


def _cases(store: Store, con: BaseBackend, layer: Layer) -> ir.Table:
    """Case and court of the cases that a layer's batches touch."""
    if layer.first == 0:
        return after(store, layer).relation(con, "cases").select("case", "court")
    own = only(store, layer)
    named = [
        own.relation(con, table).select("case", "court")
        for table in tables()
        if (belongs_to_case(table) or table == "cases") and own.holds(table)
    ]
    if not named:
        return own.relation(con, "cases").select("case", "court")
    every = named[0]
    for other in named[1:]:
        every = every.union(other)
    return every.distinct()


def _cases_before(
    store: Store, con: BaseBackend, layer: Layer, cases: ir.Table
) -> NDArray[np.int64]:
    """Those of some cases that the store held before the layer."""
    if layer.first == 0:
        return np.zeros(0, np.int64)
    known = before(store, layer).relation(con, "cases").select("case")
    found = fetched(con, known.semi_join(cases, "case"))
    return np.asarray(found.column("case").to_numpy(), np.int64)


def after(store: Store, layer: Layer) -> Store:
    """The store as it was after a layer's last batch."""
    return _of(store, 0, layer.last + 1)


def before(store: Store, layer: Layer) -> Store:
    """The store as it was before a layer's first batch."""
    return _of(store, 0, layer.first)


def only(store: Store, layer: Layer) -> Store:
    """The store as if there were a layer's batches only."""
    return _of(store, layer.first, layer.last + 1)


def _of(store: Store, first: int, end: int) -> Store:
    return replace(
        store, manifest=Manifest(store.manifest.number, store.manifest.batches[first:end])
    )


def rows_after(
    store: Store, con: BaseBackend, layer: Layer, touched: Touched, courts: tuple[str, ...] = ()
) -> Rows:
    """The records of the cases a layer touches, as they are after it, of some courts (neighbours in
    order; none named: of all). Where all these cases came with the layer, only its own files are
    read."""
    if layer.first == 0:
        return _within(after(store, layer), con, courts)
    if not len(touched.there):
        return _within(only(store, layer), con, courts)
    return _among(_within(after(store, layer), con, courts), _read(con, touched, courts))


def rows_before(
    store: Store, con: BaseBackend, layer: Layer, touched: Touched, courts: tuple[str, ...] = ()
) -> Rows:
    """The records of the same cases as they were before the layer."""
    cases = _read(con, touched, courts)
    return _among(_within(before(store, layer), con, courts), cases.filter(cases["there"]))


def _read(con: BaseBackend, touched: Touched, courts: tuple[str, ...]) -> ir.Table:
    return _chosen(con.read_parquet(str(touched.home / _CASES)), courts)


def _within(store: Store, con: BaseBackend, courts: tuple[str, ...]) -> Rows:
    """Gives the records of some courts."""
    return lambda table: _chosen(store.relation(con, table), courts)


def _chosen(rows: ir.Table, courts: tuple[str, ...]) -> ir.Table:
    if not courts:
        return rows
    # Neighbours in the order the files are sorted in: a range is found without reading the rest.
    return rows.filter((rows["court"] >= courts[0]) & (rows["court"] <= courts[-1]))


def _among(rows: Rows, cases: ir.Table) -> Rows:
    """Gives the records of some cases; of tables that belong to no case, all."""
    keys = cases.select("case")

    def chosen(table: str) -> ir.Table:
        if table == "cases" or belongs_to_case(table):
            return rows(table).semi_join(keys, "case")
        return rows(table)

    return chosen


def digest_of(store: Store, layer: Layer, courts: Iterable[str] = ()) -> str:
    """Over the batches a layer is made of: those that have any of the courts, where named."""
    wanted = set(courts)
    named = [
        [batch.id, position >= layer.first]
        for position, batch in enumerate(store.manifest.batches[: layer.last + 1])
        if not wanted or wanted & set(batch.courts)
    ]
    return hex_of([LAYOUT, named])


def hex_of(content: object) -> str:
    """sha256 over plain values."""
    return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()
