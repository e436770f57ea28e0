"""Parts of a store: some courts' cases of one layer, laid out once and kept under a digest of what
they were laid out from. Deleting them loses nothing; they are made again when they are asked for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from zhiheng.records.catalogue import tables
from zhiheng.records.stored import belongs_to_case
from zhiheng.store.arrow_arrays import numbers
from zhiheng.store.arrow_files import read_arrow, write_arrow
from zhiheng.store.digests import ensure, note_digests, noted_digests, verified_at
from zhiheng.store.files import move_into_place
from zhiheng.store.lake import Store
from zhiheng.store.layers import Layer, layers
from zhiheng.store.layout import lay_out
from zhiheng.store.manifest import Manifest
from zhiheng.store.prune import used
from zhiheng.store.wanted import Needs, refuse_unseen
from zhiheng.store.working import working_directory

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

LAYOUT = 2
"""Changes whenever the columns or their meaning do, so that older timelines are left behind."""

CASES_IN_A_PART = 200_000
"""About so many cases are laid out together: enough that the work outweighs its beginnings, few
enough that two parts fit into memory side by side."""


@dataclass(frozen=True, eq=False)
class Part:
    """Some courts' cases of one layer. `store` is the store as it was after the layer's last batch;
    `dead` are cases (sorted) that a layer above has, so that here they count no more."""

    name: str
    courts: tuple[str, ...]
    home: Path
    store: Store
    layer: Layer
    dead: NDArray[np.int64]

    def read(
        self, name: str, columns: list[str] | None = None, where_there: Collection[str] = ()
    ) -> pa.Table:
        """The timeline of a subject kind, a day list "<kind>.<node>", or "intervals"."""
        return read_arrow(self.home / f"{name}.arrow", columns, where_there)

    @cached_property
    def has_dead(self) -> bool:
        """Whether any of the part's cases (which must be laid out) counts in a layer above."""
        if not len(self.dead) or not self.home.is_dir():
            return bool(len(self.dead))
        keys = numbers(self.read("case", ["key"]).column("key"))
        at = np.minimum(np.searchsorted(keys, self.dead), len(keys) - 1)
        return bool(len(keys)) and bool((keys[at] == self.dead).any())

    def sound(self) -> None:
        """Hold the part's files against their digests. Raises DerivedDamaged."""
        _sound(self.store, self.home)


def plan(store: Store, con: BaseBackend, needs: Needs, court: str | None = None) -> list[Part]:
    """The parts of a store in a fixed order, lowest layer first. Nothing is laid out yet.

    `court`: only the parts that can hold cases of this court.
    """
    refuse_unseen(needs)
    found: list[Part] = []
    touched = [_touched(store, lambda: con, layer) for layer in layers(store.manifest)]
    for number, (layer, own) in enumerate(zip(layers(store.manifest), touched, strict=True)):
        above = [cases.keys for cases in touched[number + 1 :]]
        dead = np.unique(np.concatenate(above)) if above else np.zeros(0, np.int64)
        for courts in _shares(own.by_court):
            if court is None or court in courts:
                found.append(_part(store, needs, layer, courts, dead))
    return found


def part_of(
    store: Store, connect: Callable[[], BaseBackend], needs: Needs, court: str, case: int
) -> Part | None:
    """The part in which a case of a court counts: it is of the uppermost layer that has the case.

    `connect` is asked for a connection only where a layer was not looked up yet.
    """
    refuse_unseen(needs)
    for layer in reversed(layers(store.manifest)):
        own = _touched(store, connect, layer)
        if layer.first and case not in own:
            continue
        none = np.zeros(0, np.int64)
        shares = (courts for courts in _shares(own.by_court) if court in courts)
        return next((_part(store, needs, layer, courts, none) for courts in shares), None)
    return None


@dataclass(frozen=True, eq=False)
class Touched:
    """The cases of a layer: how many by court; of a layer above the first also their keys."""

    by_court: Mapping[str, int]
    keys: NDArray[np.int64]

    def __contains__(self, case: int) -> bool:
        at = int(np.searchsorted(self.keys, case))
        return at < len(self.keys) and int(self.keys[at]) == case


def _touched(store: Store, connect: Callable[[], BaseBackend], layer: Layer) -> Touched:
    """Looked up once for each layer and kept beside the timelines."""
    home = store.path / "timelines" / f"layer-{_digest(store, layer)}"
    used([home])
    if not home.is_dir():
        con = connect()
        with building(home) as working:
            cases = con.to_pyarrow(_cases(store, con, layer))
            write_arrow(cases if layer.first else cases.slice(0, 0), working / "cases.arrow")
            counted = cases.column("court").value_counts().to_pylist()
            by_court = {row["values"]: row["counts"] for row in counted}
            (working / "courts.json").write_text(
                json.dumps(dict(sorted(by_court.items())), ensure_ascii=False), encoding="utf-8"
            )
    _sound(store, home)
    by_court = json.loads((home / "courts.json").read_text(encoding="utf-8"))
    keys = numbers(read_arrow(home / "cases.arrow", ["case"]).column("case"))
    return Touched(by_court, keys)


def _sound(store: Store, home: Path) -> None:
    """Hold a directory of derived files against its digests. Raises DerivedDamaged."""
    root = store.path
    ensure(root, noted_digests(root, home), verified_at(root), derived=True)


def _cases(store: Store, con: BaseBackend, layer: Layer) -> ir.Table:
    """Case and court of the cases that a layer's batches touch, sorted."""
    if layer.first == 0:
        cases = _after(store, layer).relation(con, "cases")
        return cases.select("case", "court")
    batches = store.manifest.batches[layer.first : layer.last + 1]
    own = replace(store, manifest=Manifest(0, batches))
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
    return every.distinct().order_by("case")


def _after(store: Store, layer: Layer) -> Store:
    """The store as it was after a layer's last batch."""
    batches = store.manifest.batches[: layer.last + 1]
    return replace(store, manifest=Manifest(store.manifest.number, batches))


def _shares(by_court: Mapping[str, int]) -> Iterator[tuple[str, ...]]:
    """Courts in order of their codes, about CASES_IN_A_PART cases together."""
    share: list[str] = []
    cases = 0
    for court, count in sorted(by_court.items()):
        if share and cases + count > CASES_IN_A_PART:
            yield tuple(share)
            share, cases = [], 0
        share.append(court)
        cases += count
    if share:
        yield tuple(share)


def _part(
    store: Store, needs: Needs, layer: Layer, courts: tuple[str, ...], dead: NDArray[np.int64]
) -> Part:
    name = f"{layer.first}-{layer.last}:{courts[0]}..{courts[-1]}"
    content = [LAYOUT, _digest(store, layer, courts), courts, dict(needs)]
    home = store.path / "timelines" / f"part-{_hex(content)}"
    return Part(name, courts, home, _after(store, layer), layer, dead)


def _digest(store: Store, layer: Layer, courts: tuple[str, ...] = ()) -> str:
    """Over the batches a layer is made of: those that have any of the courts, where named."""
    wanted = set(courts)
    named = [
        [batch.id, position >= layer.first]
        for position, batch in enumerate(store.manifest.batches[: layer.last + 1])
        if not wanted or wanted & set(batch.courts)
    ]
    return _hex([LAYOUT, named])


def _hex(content: object) -> str:
    return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()


def lay_out_part(part: Part, con: BaseBackend, needs: Needs) -> None:
    """Make the timelines of a part, all or nothing, unless they are there."""
    if part.home.is_dir():
        return
    from zhiheng.store.projection import projections  # loads the engine

    with building(part.home) as working:
        read = {
            table: con.to_pyarrow(expression)
            for table, expression in projections(rows_of(part, con), needs).items()
        }
        for name, timeline in lay_out(read, needs).items():
            write_arrow(timeline, working / f"{name}.arrow")


def rows_of(part: Part, con: BaseBackend) -> Callable[[str], ir.Table]:
    """Gives the records of a part's cases, by table."""
    first, last = part.courts[0], part.courts[-1]
    cases = _touched_here(part, con)

    def rows(table: str) -> ir.Table:
        relation = part.store.relation(con, table)
        # The courts of a part are neighbours in the order the files are sorted in.
        chosen = relation.filter((relation["court"] >= first) & (relation["court"] <= last))
        return chosen if cases is None else chosen.semi_join(cases, "case")

    return rows


def _touched_here(part: Part, con: BaseBackend) -> ir.Table | None:
    """The cases a layer above the first is made of; None for all cases."""
    if part.layer.first == 0:
        return None
    import ibis

    home = part.store.path / "timelines" / f"layer-{_digest(part.store, part.layer)}"
    cases = read_arrow(home / "cases.arrow")
    return ibis.memtable(
        cases.filter(pc.is_in(cases["court"], pa.array(part.courts))).select(["case"])
    )


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
