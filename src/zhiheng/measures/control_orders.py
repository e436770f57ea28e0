"""Control orders out of the store, as the freeze ledger takes them.

Property that was put under control without an order on record is taken from the assets: the first
day of its control and its recorded end, and nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import ibis.expr.types as ir
from ibis.backends import BaseBackend

from zhiheng.freezes.ledger import BEGINS, Order
from zhiheng.records.catalogue import nodes
from zhiheng.store.lake import Store

CONTROLLED = ("sealed", "seized", "frozen", "network_frozen", "other_control")
DISPOSED = ("auction_confirmed", "set_off_in_kind")
FROM_ASSET = "asset:"
"""Begins the id of a control that only the table of assets knows."""


def control_orders(store: Store, con: BaseBackend) -> Iterator[Order]:
    """Every order in the store, and every controlled asset without one."""
    events = store.relation(con, "events")
    disposed = _first_days(con, events, DISPOSED)
    released = _first_days(con, events, ("control_released",))
    renewed = _counts(con, events, "control_renewed")
    ordered: set[int] = set()
    for row in _rows(con, _controls(store, con)):
        if row["asset"] is not None and row["measure"] in BEGINS:
            ordered.add(row["asset"])
        yield _order(row, released, disposed, renewed)
    began = _first_days(con, events, CONTROLLED)
    for row in _rows(con, _assets(store, con)):
        if row["asset"] in began and row["asset"] not in ordered:
            yield _from_asset(row, began[row["asset"]], disposed.get(row["asset"]))


def _controls(store: Store, con: BaseBackend) -> ir.Table:
    controls, cases = store.relation(con, "controls"), store.relation(con, "cases")
    assets = store.relation(con, "assets").select("asset", "kind")
    numbers = cases.select(case_key=cases["case"], case_number=cases["case_number"])
    with_case = controls.left_join(numbers, controls["case"] == numbers["case_key"])
    return with_case.left_join(assets, with_case["asset"] == assets["asset"])


def _assets(store: Store, con: BaseBackend) -> ir.Table:
    assets, cases = store.relation(con, "assets"), store.relation(con, "cases")
    numbers = cases.select(case_key=cases["case"], case_number=cases["case_number"])
    joined = assets.left_join(numbers, assets["case"] == numbers["case_key"])
    return joined.select("asset", "asset_id", "case_number", "court", "kind", "control_expires")


def _order(
    row: dict[str, Any], released: dict[int, int], disposed: dict[int, int], renewed: dict[int, int]
) -> Order:
    through_network = row["arrived"] is not None
    key = row["control"]
    return Order(
        id=row["control_id"],
        case=row["case_number"] or "",
        court=row["court"],
        account=row["account"] or f"{FROM_ASSET}{row['asset']}",
        kind=row["kind"] or "other",
        measure=row["measure"],
        earlier=row["earlier_id"],
        day=row["arrived"] if through_network else row["served"],
        minute=row["arrived_minute"] if through_network else row["served_minute"],
        amount=_cents(row["amount_asked"]),
        frozen=_cents(row["amount_frozen"]),
        taken=_cents(row["amount_taken"]),
        balance=_cents(row["balance"]),
        expires=row["expires"],
        rank=row["rank"],
        prior_right=bool(row["prior_right"]),
        released=released.get(key),
        disposed=disposed.get(row["asset"]),
        renewed=renewed.get(key, 0),
    )


def _from_asset(row: dict[str, Any], began: int, disposed: int | None) -> Order:
    return Order(
        id=f"{FROM_ASSET}{row['asset_id']}",
        case=row["case_number"] or "",
        court=row["court"],
        account=f"{FROM_ASSET}{row['asset']}",
        kind=row["kind"],
        measure="freeze",
        day=began,
        expires=row["control_expires"],
        disposed=disposed,
    )


def _rows(con: BaseBackend, table: ir.Table) -> Iterator[dict[str, Any]]:
    found = con.to_pyarrow(table).to_pylist()
    ids = {row["control"]: row["control_id"] for row in found if "control" in row}
    for row in found:
        if ids:
            row["earlier_id"] = ids.get(row["earlier"])
        yield row


def _first_days(con: BaseBackend, events: ir.Table, names: tuple[str, ...]) -> dict[int, int]:
    """The first day any of the nodes was passed, by subject."""
    chosen = events.filter(events["node"].isin([nodes()[name].number for name in names]))
    firsts = con.to_pyarrow(chosen.group_by("subject").aggregate(day=chosen["day"].min()))
    return {row["subject"]: row["day"] for row in firsts.to_pylist()}


def _counts(con: BaseBackend, events: ir.Table, name: str) -> dict[int, int]:
    chosen = events.filter(events["node"] == nodes()[name].number)
    counted = con.to_pyarrow(chosen.group_by("subject").aggregate(times=chosen.count()))
    return {row["subject"]: row["times"] for row in counted.to_pylist()}


def _cents(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * 100)
