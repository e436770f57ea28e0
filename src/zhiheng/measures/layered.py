"""The figures of a whole store, summed layer by layer (see `store.touched`) and kept beside it.

A day's batch then costs the records of the cases it touches, not those of the country.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from zhiheng.checks import kept
from zhiheng.checks.kept import Arrays
from zhiheng.measures.question import Question
from zhiheng.measures.sums import Sums, added, figures_of
from zhiheng.store.lake import Store
from zhiheng.store.layers import Layer, layers
from zhiheng.store.program import digest_of_files
from zhiheng.store.touched import Rows, digest_of, hex_of, touched_by
from zhiheng.store.touched_rows import rows_after, rows_before

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

Connect = Callable[[], "BaseBackend"]
"""Gives a connection, always the same; to make it takes half a second."""


def figures_of_store(ask: Question, store: Store, connect: Connect) -> Sums:
    """`figures_of` over all records of the store; what `ask` says of rows does not count.
    `connect` is asked only where something is not kept."""
    total: Sums = {}
    for layer in layers(store.manifest):
        for sign, sums in _of_layer(ask, store, connect, layer):
            total = added(total, sums, sign) if total else sums
    return total


def _of_layer(
    ask: Question, store: Store, connect: Connect, layer: Layer
) -> Iterator[tuple[int, Sums]]:
    touched = touched_by(store, connect, layer)
    now = partial(rows_after, layer=layer, touched=touched)
    yield 1, _summed(ask, store, connect, now, [digest_of(store, layer), "after"])
    if len(touched.there):
        then = partial(rows_before, layer=layer, touched=touched)
        yield -1, _summed(ask, store, connect, then, [digest_of(store, layer), "before"])


def _summed(
    ask: Question, store: Store, connect: Connect, read: Callable[..., Rows], of: list[str]
) -> Sums:
    """The sums over the records that `read` gives, whose courts are all of today's."""
    courts = [
        batch.tables["courts"].sha256
        for batch in store.manifest.batches
        if "courts" in batch.tables
    ]
    name = hex_of([digest_of_files(), of, courts, ask.terms])
    folder = kept.folder_of(store)
    if (arrays := kept.find(folder, name)) is not None:
        return _sums(arrays)
    con = connect()
    rows = read(store, con)

    def of_courts_now(table: str) -> ir.Table:
        return store.relation(con, table) if table == "courts" else rows(table)

    found = figures_of(replace(ask, rows=of_courts_now), con)
    kept.keep(folder, name, _arrays(found))
    return found


def _arrays(sums: Sums) -> Arrays:
    keys = sorted(sums)
    return {
        "courts": np.array([court for court, _ in keys], np.str_),
        "figures": np.array([figure for _, figure in keys], np.str_),
        "sums": np.array([sums[key] for key in keys], np.int64).reshape(len(keys), 2),
    }


def _sums(arrays: Arrays) -> Sums:
    keys = zip(arrays["courts"].tolist(), arrays["figures"].tolist(), strict=True)
    return dict(zip(keys, map(tuple, arrays["sums"].tolist()), strict=True))
