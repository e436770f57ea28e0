"""Rows of screens as people read them: case numbers, ids, nodes by name instead of keys."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends import BaseBackend

from zhiheng.law.screens import Screen
from zhiheng.records.catalogue import SUBJECTS, nodes, tables
from zhiheng.screens.rows import Tables, lookup

COLUMNS = (
    "screen", "rulebook", "detail", "detail_zh", "court", "case_number", "subject_kind",
    "subject_id", "node", "against", "officer", "about", "start", "minute", "measure", "unit",
)  # fmt: skip
"""Columns of the rows written to a file; `start` is the day."""


def named(con: BaseBackend, screen: Screen, rows: ir.Table, stored: Tables) -> pa.Table:
    """The rows of one screen with names, in a total order."""
    cases = stored("cases").select("case_number", of="case")
    found = rows.left_join(cases, rows["case"] == cases["of"])
    found = _with_nodes(found)
    found = found.mutate(kind_=_kind(found, screen.rows))
    found = _with_ids(found, stored)
    found = found.left_join(_details(screen), "detail")
    own = (
        "screen",
        "detail",
        "detail_zh",
        "court",
        "case_number",
        "subject_id",
        "officer",
        "about",
    )
    wanted = found.select(
        *own,
        "minute",
        "measure",
        "unit",
        rulebook=ibis.literal(screen.rulebook),
        subject_kind=found["kind_"],
        node=found["node_name"],
        against=found["against_name"],
        start=found["day"],
    )  # fmt: skip
    return con.to_pyarrow(wanted.select(*COLUMNS).order_by(*COLUMNS))


def _with_nodes(rows: ir.Table) -> ir.Table:
    every = nodes()
    types = {"number_": pa.int16(), "name_": pa.string(), "whose_": pa.string()}
    columns: dict[str, list[Any]] = {
        "number_": [node.number for node in every.values()],
        "name_": list(every),
        "whose_": [node.subject for node in every.values()],
    }
    first = lookup(columns, types).rename(node_name="name_", node_kind="whose_")
    rows = rows.left_join(first, rows["node"] == first["number_"]).drop("number_")
    second = lookup(columns, types).rename(against_name="name_").drop("whose_")
    return rows.left_join(second, rows["against"] == second["number_"]).drop("number_")


def _kind(rows: ir.Table, of: str) -> ir.Value:
    """The kind of subject `subject` is the key of; null where the row is of the case or court."""
    kind = rows["node_kind"] if of == "event" else ibis.literal(of)
    return ibis.ifelse(rows["subject"].isnull(), ibis.null("string"), kind)


def _with_ids(rows: ir.Table, stored: Tables) -> ir.Table:
    """The subject's own id beside its key."""
    ids = [
        table.select(id_kind=ibis.literal(kind), id_key=table[key], subject_id=table[f"{key}_id"])
        for kind, name in SUBJECTS.items()
        for key in (tables()[name].key or "",)
        for table in (stored(name),)
        if kind != "case"
    ]
    every = ibis.union(*ids)
    return rows.left_join(
        every, [rows["kind_"] == every["id_kind"], rows["subject"] == every["id_key"]]
    )


def _details(screen: Screen) -> ir.Table:
    details = screen.details
    return lookup(
        {
            "detail": list(details),
            "detail_zh": [one.zh for one in details.values()],
            "unit": [one.unit or None for one in details.values()],
        },
        dict.fromkeys(("detail", "detail_zh", "unit"), pa.string()),
    )
