"""Columns made only when a duty asks for them, and then only of the rows it asks about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

A = TypeVar("A")
Rows = NDArray[np.intp]
Source = Callable[[Rows | None], A]
"""Makes a column of the given rows; of all rows for None."""


class Columns(Mapping[str, A], Generic[A]):
    """Columns by name. Each is made at most once; `of` gives the same columns of some rows.

    `pick` takes rows of a column that is made already; without it the sources are asked again.
    """

    def __init__(
        self,
        sources: Mapping[str, Source[A]],
        pick: Callable[[A, Rows], A] | None,
        rows: Rows | None = None,
        above: Columns[A] | None = None,
        within: Rows | None = None,
    ) -> None:
        self._sources: Mapping[str, Source[A]] = sources
        self._pick = pick
        self._rows, self._above, self._within = rows, above, within
        self._made: dict[str, A] = {}

    def __getitem__(self, name: str) -> A:
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._sources

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)

    @property
    def sources(self) -> Mapping[str, Source[A]]:
        """What makes each column, by name."""
        return self._sources

    def of(self, rows: Rows) -> Columns[A]:
        """The same columns, of these rows only (positions among the rows there are)."""
        whole = rows if self._rows is None else self._rows[rows]
        return Columns(self._sources, self._pick, whole, self, rows)

    def with_more(self, sources: Mapping[str, Source[A]]) -> Columns[A]:
        """These columns (which must be whole) and others beside them."""
        assert self._rows is None
        return Columns({**self._sources, **sources}, self._pick)

    def mapped(self, change: Callable[[A], A]) -> Columns[A]:
        """The same columns, each changed when it is made."""

        def changed(source: Source[A]) -> Source[A]:
            return lambda rows: change(source(rows))

        sources = {name: changed(source) for name, source in self._sources.items()}
        return Columns(sources, self._pick, self._rows)

    def _make(self, name: str) -> A:
        above, within = self._above, self._within
        if self._pick and above is not None and within is not None and name in above._made:
            return self._pick(above._made[name], within)
        return self._sources[name](self._rows)


def columns_of(given: Mapping[str, A] | Columns[A], pick: Callable[[A, Rows], A]) -> Columns[A]:
    """Any mapping of columns as Columns."""
    if isinstance(given, Columns):
        return given

    def source(column: A) -> Source[A]:
        return lambda rows: column if rows is None else pick(column, rows)

    return Columns({name: source(column) for name, column in given.items()}, pick)


def pick_array(values: NDArray[Any], rows: Rows) -> NDArray[Any]:
    """The values of some rows."""
    return values[rows]
