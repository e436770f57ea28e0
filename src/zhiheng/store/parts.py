"""Parts of a store: some courts' cases of one layer, laid out once and kept under a digest of what
they were laid out from. Deleting them loses nothing; they are made again when they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhiheng.store.arrow_arrays import numbers
from zhiheng.store.arrow_files import read_arrow, write_arrow
from zhiheng.store.building import building, sound
from zhiheng.store.engine import fetched
from zhiheng.store.lake import Store
from zhiheng.store.layers import Layer, layers
from zhiheng.store.layout import lay_out
from zhiheng.store.touched import (
    LAYOUT,
    Rows,
    Touched,
    digest_of,
    hex_of,
    touched_by,
)
from zhiheng.store.touched_rows import rows_after, rows_before
from zhiheng.store.wanted import Needs, refuse_unseen

if TYPE_CHECKING:
    from ibis.backends import BaseBackend

CASES_IN_A_PART = 200_000
"""About so many cases are laid out together: enough that the work outweighs its beginnings, few
enough that two parts fit into memory side by side."""


@dataclass(frozen=True, eq=False)
class Part:
    """Some courts' cases of one layer, as they are after it or (`before`) as they were before.

    `dead` are cases (sorted) that a layer above has, so that here they count no more.
    """

    name: str
    courts: tuple[str, ...]
    home: Path
    store: Store
    layer: Layer
    touched: Touched
    dead: NDArray[np.int64]
    before: bool = False

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

    def among_dead(self, cases: NDArray[np.integer]) -> NDArray[np.bool_]:
        """Which of some cases count in a layer above."""
        # Looked up one by one: there may be far more dead than cases.
        at = np.minimum(np.searchsorted(self.dead, cases), len(self.dead) - 1)
        found = self.dead[at] == cases if len(self.dead) else np.zeros(len(cases), np.bool_)
        return np.asarray(found)

    def sound(self) -> None:
        """Hold the part's files against their digests. Raises DerivedDamaged."""
        sound(self.store.path, self.home)

    def rows(self, con: BaseBackend) -> Rows:
        """Gives the records of the part's cases, by table."""
        rows = rows_before if self.before else rows_after
        return rows(self.store, con, self.layer, self.touched, self.courts)


def plan(store: Store, con: BaseBackend, needs: Needs, court: str | None = None) -> list[Part]:
    """The parts of a store in a fixed order, lowest layer first. Nothing is laid out yet.

    `court`: only the parts that can hold cases of this court.
    """
    return parts_of(store, lambda: con, needs, court)


def parts_of(
    store: Store, connect: Callable[[], BaseBackend], needs: Needs, court: str | None
) -> list[Part]:
    """As `plan`; `connect` is asked for a connection only where a layer was not looked up yet."""
    refuse_unseen(needs)
    found: list[Part] = []
    every = layers(store.manifest)
    touched = [touched_by(store, connect, layer) for layer in every]
    for number, (layer, own) in enumerate(zip(every, touched, strict=True)):
        above = [cases.keys for cases in touched[number + 1 :]]
        dead = np.unique(np.concatenate(above)) if above else np.zeros(0, np.int64)
        for courts in _shares(own.by_court):
            if court is None or court in courts:
                found.append(_part(store, needs, layer, own, courts, dead))
    return found


def part_of(
    store: Store, connect: Callable[[], BaseBackend], needs: Needs, court: str, case: int
) -> Part | None:
    """The part in which a case of a court counts: it is of the uppermost layer that has the case.

    `connect` is asked for a connection only where a layer was not looked up yet.
    """
    refuse_unseen(needs)
    for layer in reversed(layers(store.manifest)):
        own = touched_by(store, connect, layer)
        if layer.first and case not in own:
            continue
        none = np.zeros(0, np.int64)
        shares = (courts for courts in _shares(own.by_court) if court in courts)
        return next((_part(store, needs, layer, own, courts, none) for courts in shares), None)
    return None


def changes(parts: list[Part], needs: Needs) -> list[Part]:
    """For sums over cases: what the parts' cases were before their layer, where they were there."""
    return [_was(part, needs) for part in parts if len(part.touched.there)]


def _was(part: Part, needs: Needs) -> Part:
    content = ["before", LAYOUT, digest_of(part.store, part.layer), part.courts, dict(needs)]
    home = part.home.with_name(f"part-{hex_of(content)}")
    return replace(part, name=f"before {part.name}", home=home, before=True)


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
    store: Store,
    needs: Needs,
    layer: Layer,
    touched: Touched,
    courts: tuple[str, ...],
    dead: NDArray[np.int64],
) -> Part:
    name = f"{layer.first}-{layer.last}:{courts[0]}..{courts[-1]}"
    content = [LAYOUT, digest_of(store, layer, courts), courts, dict(needs)]
    home = store.path / "timelines" / f"part-{hex_of(content)}"
    return Part(name, courts, home, store, layer, touched, dead)


def lay_out_part(part: Part, con: BaseBackend, needs: Needs) -> None:
    """Make the timelines of a part, all or nothing, unless they are there."""
    if part.home.is_dir():
        return
    from zhiheng.store.projection import projections  # loads the engine

    with building(part.home) as working:
        read = {
            table: fetched(con, expression)
            for table, expression in projections(part.rows(con), needs).items()
        }
        for name, timeline in lay_out(read, needs).items():
            write_arrow(timeline, working / f"{name}.arrow")
