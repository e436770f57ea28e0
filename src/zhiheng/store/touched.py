"""The cases a layer of a store touches, and what the store held of them before the layer.

What is summed over cases can be summed by layers: over all cases as the first layer left them, and
for each layer above, over the cases it touches, as they are after it less as they were before. No
sum of a layer then changes when another comes on top. See `touched_rows` for their records.
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
from zhiheng.store.engine import copied, scan
from zhiheng.store.lake import Store
from zhiheng.store.layers import Layer
from zhiheng.store.manifest import Manifest
from zhiheng.store.prune import used

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

LAYOUT = 3
"""Changes whenever the columns or their meaning do, so that older timelines are left behind."""

Rows = Callable[[str], "ir.Table"]
"""Gives the records of a table."""

CASES, _COURTS = "cases.parquet", "courts.json"


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

    def earlier(self, table: str) -> list[list[Path]]:
        """What the store held before in a table of these cases: the file, if it held any, as a
        batch of its own."""
        file = self.home / _earlier(table)
        return [[file]] if file.is_file() else []


def _earlier(table: str) -> str:
    return f"before-{table}.parquet"


def has_case(table: str) -> bool:
    """Whether rows of the table are cases or belong to one."""
    return table == "cases" or belongs_to_case(table)


def touched_by(store: Store, connect: Callable[[], Backend], layer: Layer) -> Touched:
    """Looked up once for each layer and kept beside the timelines; `connect` is asked for a
    connection only then. Raises DerivedDamaged."""
    home = store.path / "timelines" / f"cases-{digest_of(store, layer)}"
    used([home])
    if not home.is_dir():
        _look_up(store, connect(), layer, home)
    sound(store.path, home)
    by_court = json.loads((home / _COURTS).read_text(encoding="utf-8"))
    # Not `read_table`: that loads a third of a second of code for sets of files.
    cases = pq.ParquetFile(home / CASES).read(["case", "there"])
    keys = numbers(cases.column("case"))
    there = numbers(cases.column("there").cast(pa.int8())) == 1
    return Touched(home, by_court, keys, keys[there])


def _look_up(store: Store, con: Backend, layer: Layer, home: Path) -> None:
    with building(home) as working:
        con.con.execute(f"CREATE OR REPLACE TABLE touched AS {_cases(store, con, layer)}")
        counted = "SELECT court, count(*) FROM touched GROUP BY court ORDER BY court"
        by_court = dict(con.con.execute(counted).fetchall())
        text = json.dumps(by_court, ensure_ascii=False)
        (working / _COURTS).write_text(text, encoding="utf-8")
        _mark_those_there(store, con, layer)
        # The first layer has all cases: nobody asks which.
        read = "SELECT * FROM touched" + ("" if layer.first else " WHERE false")
        copied(con, f'{read} ORDER BY "case"', working / CASES)
        if layer.first:
            _take_out(store, con, layer, working)
        con.con.execute("DROP TABLE touched")


def _cases(store: Store, con: Backend, layer: Layer) -> str:
    """A query for case and court of the cases that a layer's batches touch."""
    own = only(store, layer)
    if layer.first == 0:
        cases = after(store, layer).relation(con, "cases").select("case", "court")
        return str(con.compile(cases))
    own.sound()
    named = [
        f'SELECT "case", court FROM {scan(own.files(table))}'
        for table in tables()
        if has_case(table) and own.holds(table)
    ]
    none = 'SELECT NULL::BIGINT AS "case", NULL::VARCHAR AS court LIMIT 0'
    return f"SELECT DISTINCT * FROM ({' UNION ALL '.join(named or [none])})"


def _mark_those_there(store: Store, con: Backend, layer: Layer) -> None:
    """Column `there` of the table touched: whether the store held the case before the layer."""
    con.con.execute("ALTER TABLE touched ADD COLUMN there BOOLEAN DEFAULT false")
    if earlier := before(store, layer).files("cases"):
        known = f'SELECT "case" FROM {scan(earlier)}'
        con.con.execute(f'UPDATE touched SET there = true WHERE "case" IN ({known})')


def _take_out(store: Store, con: Backend, layer: Layer, working: Path) -> None:
    """Write what the store held of the cases before the layer: read once, it is asked for often."""
    if not con.con.execute("SELECT 1 FROM touched WHERE there LIMIT 1").fetchall():
        return
    earlier, cases = before(store, layer), con.table("touched")
    for table in filter(has_case, tables()):
        if earlier.holds(table):
            rows = earlier.relation(con, table).semi_join(cases.filter(cases["there"]), "case")
            copied(con, str(con.compile(rows)), working / _earlier(table))


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
