"""The records of the cases that a layer of a store touches, before the layer and after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhiheng.records.catalogue import tables
from zhiheng.store.lake import Store
from zhiheng.store.layers import Layer
from zhiheng.store.touched import Rows, Touched, after, before, has_case, only

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend


def rows_after(
    store: Store, con: BaseBackend, layer: Layer, touched: Touched, courts: tuple[str, ...] = ()
) -> Rows:
    """The records of the cases a layer touches, as they are after it, of some courts (neighbours in
    order; none named: of all). Only the layer's own files are read, and what was taken out of
    the store for it."""

    def rows(table: str) -> ir.Table:
        own = only(store, layer)
        if layer.first == 0 or not has_case(table):
            return _chosen(after(store, layer).relation(con, table), courts)
        if not len(touched.there):
            return _chosen(own.relation(con, table), courts)
        return _chosen(_renewed(own, con, table, touched), courts)

    return rows


def rows_before(
    store: Store, con: BaseBackend, layer: Layer, touched: Touched, courts: tuple[str, ...] = ()
) -> Rows:
    """The records of the same cases as they were before the layer."""

    def rows(table: str) -> ir.Table:
        if not has_case(table):
            return _chosen(before(store, layer).relation(con, table), courts)
        from zhiheng.store.current import all_rows  # loads the engine

        return _chosen(all_rows(con, table, touched.earlier(table)), courts)

    return rows


def _renewed(own: Store, con: BaseBackend, table: str, touched: Touched) -> ir.Table:
    """What was there of the cases, and what the layer's own batches bring."""
    from zhiheng.store.current import all_rows, latest_rows  # loads the engine

    own.sound(tables=(table,))
    batches = [*touched.earlier(table), *own.batches(table)]
    if not own.manifest.overlaps(table):
        return all_rows(con, table, batches)
    return latest_rows(con, table, batches, tables()[table].key or "")


def _chosen(rows: ir.Table, courts: tuple[str, ...]) -> ir.Table:
    if not courts:
        return rows
    # Neighbours in the order the files are sorted in: a range is found without reading the rest.
    return rows.filter((rows["court"] >= courts[0]) & (rows["court"] <= courts[-1]))
