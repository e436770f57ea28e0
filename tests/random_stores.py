"""Small stores drawn at random, dense enough that every screen finds something now and then."""

from __future__ import annotations

import random
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from zhiheng.law.powers import load_powers
from zhiheng.law.screens import load_sequences
from zhiheng.records.catalogue import codes, nodes
from zhiheng.records.stored import stored_schema
from zhiheng.screens.rows import Tables

Row = dict[str, Any]
Store = dict[str, list[Row]]
FIRST = 17_400
"""A day in August 2017; stores span some 700 days from it."""
COURTS = ("陕0101", "陕0102")
RATES = pa.schema(
    [("court", pa.string()), ("duty", pa.string()), ("kept", pa.int64()), ("judged", pa.int64())]
)


def relations(store: Store) -> Tables:
    """The tables of a store as relations."""

    def table(name: str) -> ir.Table:
        schema = RATES if name == "rates" else stored_schema(name)
        rows = [{field.name: row.get(field.name) for field in schema} for row in store[name]]
        return ibis.memtable(pa.Table.from_pylist(rows, schema=schema))

    made = {name: table(name) for name in store}
    return made.__getitem__


def random_store(seed: int) -> Store:
    """A store whose content follows from the seed."""
    draw = random.Random(seed)
    officers = [officer(draw, number) for number in range(8)]
    rushed = seed % 2 == 1  # so many that luck is ruled out
    many = 90 if rushed else draw.randint(3, 60)
    cases = [case(draw, number, officers, rushed) for number in range(1, many)]
    crowded = seed % 4 == 1
    events = 300 if crowded else draw.randint(0, 150)
    return {
        "officers": officers,
        "cases": cases,
        "events": [event(draw, draw.choice(cases), crowded) for _ in range(events)],
        "documents": [document(draw, n, draw.choice(cases)) for n in range(draw.randint(0, 20))],
        "payments": [payment(draw, n, draw.choice(cases)) for n in range(draw.randint(0, 15))],
        "rates": [rate(draw, court, n) for court in COURTS for n in range(draw.randint(0, 5))],
    }


def maybe(draw: random.Random, value: Any, share: float = 0.85) -> Any:
    return value if draw.random() < share else None


def officer(draw: random.Random, number: int) -> Row:
    since = FIRST + draw.randint(-300, 300)
    return {
        "officer": f"O-{number}",
        "court": draw.choice(COURTS),
        "role": draw.choice(list(codes()["officer_role"])),
        "valid_from": maybe(draw, since),
        "valid_to": maybe(draw, since + draw.randint(0, 900), 0.3),
        "team": maybe(draw, draw.choice("一二") + "组"),
        "team_since": maybe(draw, FIRST + draw.randint(-400, 300)),
    }


def case(draw: random.Random, number: int, officers: list[Row], rushed: bool) -> Row:
    filed = FIRST + draw.randint(0, 400)
    over = draw.random() < 0.8
    closed = filed + draw.choice((draw.randint(88, 115), draw.randint(0, 300)))
    kind = draw.choice(("provisional_closure", "withdrawn", "satisfied", None))
    if rushed and kind == "provisional_closure":
        closed = filed + 92 + draw.randint(0, 5)
    if rushed and kind == "withdrawn":
        closed = FIRST + 700 - draw.randint(0, 5)
    return {
        "case": number,
        "case_id": str(number),
        "court": COURTS[draw.random() < 0.3],
        "kind": draw.choice(("first", "resumed", "objection")),
        "filed": filed,
        "filed_recorded": maybe(draw, filed + draw.choice((0, 0, 1, 2, 9))),
        "closed": closed if over else None,
        "closed_recorded": maybe(draw, closed + draw.choice((0, 1, 2, 9))) if over else None,
        "closing_kind": kind if over else None,
        "officer": maybe(draw, draw.choice(officers)["officer"]),
        "earlier_case": maybe(draw, draw.randint(1, 60), 0.2),
        "allocation": maybe(draw, draw.choice(("random", "designated"))),
        "allocation_ground": maybe(draw, "major", 0.5),
        "allocation_logged": maybe(draw, filed, 0.5),
    }


def _nodes_of_screens() -> list[int]:
    names = {node for power in load_powers().powers for node in power.nodes}
    names |= {name for pair in load_sequences().pairs for name in (pair.first, *pair.then)}
    names |= {name for chain in load_sequences().chains.values() for step in chain.steps
              for name in step}  # fmt: skip
    names |= {"archived", *load_sequences().before_filing}
    return sorted(nodes()[name].number for name in names - {"filed"})


NODES = _nodes_of_screens()
FOUND, SEALED = nodes()["asset_found"].number, nodes()["sealed"].number
OF_CASE = {node.number for node in nodes().values() if node.subject == "case"}


def event(draw: random.Random, of: Row, crowded: bool) -> Row:
    node = draw.choice(NODES[: draw.choice((8, len(NODES)))])
    day = of["filed"] + draw.randint(-5, 40)
    if draw.random() < 0.2:  # found and sealed on one day: the minutes decide
        node, day = draw.choice((FOUND, SEALED)), of["filed"] + 10
    minute = maybe(draw, draw.randint(500, 560))
    recorded = day + draw.choice((-1, 0, 0, 0, 1, 2, 30, 150))
    at = maybe(draw, draw.randint(500, 1000))
    if crowded and draw.random() < 0.7:
        recorded, at = FIRST + 500, draw.choice((600, 601, 640))
    return {
        "court": of["court"],
        "case": of["case"],
        "subject": of["case"] if node in OF_CASE else of["case"] * 10 + draw.randint(0, 1),
        "node": node,
        "day": day,
        "minute": minute,
        "recorded_day": maybe(draw, recorded, 0.95),
        "recorded_minute": at,
        "officer": maybe(draw, f"O-{draw.choice((0, 0, draw.randint(0, 9)))}"),
    }


def document(draw: random.Random, number: int, of: Row) -> Row:
    return {
        "document": 1000 + number,
        "case": of["case"],
        "court": of["court"],
        "kind": draw.choice(list(codes()["document_kind"])),
        "made": of["filed"] + draw.randint(0, 200),
        "digest": maybe(draw, draw.choice("abcdefgh"), 0.7),
    }


def payment(draw: random.Random, number: int, of: Row) -> Row:
    return {
        "payment": 2000 + number,
        "case": of["case"],
        "court": of["court"],
        "account": maybe(draw, f"A{draw.randint(0, 8)}"),
    }


def rate(draw: random.Random, court: str, number: int) -> Row:
    judged = draw.choice((0, 1, 28, 29, draw.randint(0, 60)))
    kept = draw.choice((judged, draw.randint(0, judged)))
    return {"court": court, "duty": f"duty.{number}", "kept": kept, "judged": judged}
