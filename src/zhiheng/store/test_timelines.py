"""Timelines: the first day of each node, held against a loop; rebuilt only where touched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.records.catalogue import nodes
from zhiheng.records.stored import stored_schema
from zhiheng.store.engine import connect
from zhiheng.store.timelines import NO_MINUTE, PACK, Wanted, day_list, part_of, timeline

Rows = list[dict[str, Any]]


@pytest.mark.parametrize(
    ("court", "part"),
    [("陕0102", "陕01"), ("陕01", "陕01"), ("陕", "陕"), ("陕7102", "陕71"), ("兵0801", "兵08")],
)
def test_a_court_belongs_to_its_intermediate_courts_district(court: str, part: str) -> None:
    assert part_of(court) == part


def relation(tables: dict[str, Rows]) -> Callable[[str], ir.Table]:
    def rows(name: str) -> ir.Table:
        schema = stored_schema(name)
        given_rows = [{f.name: row.get(f.name) for f in schema} for row in tables.get(name, [])]
        return ibis.memtable(pa.Table.from_pylist(given_rows, schema=schema))

    return rows


def built(subject: str, wanted: Wanted, **tables: Rows) -> Rows:
    expression = timeline(relation(tables), subject, wanted)
    found: Rows = connect().to_pyarrow(expression).to_pylist()
    return found


def event(subject: int, node: str, day: int, minute: int | None = None) -> dict[str, Any]:
    number = nodes()[node].number
    return {"case": 1, "court": "陕0102", "subject": subject, "node": number, "day": day,
            "minute": minute}  # fmt: skip


ASSETS: Rows = [
    {"asset": 11, "case": 1, "court": "陕0102", "kind": "deposit"},
    {"asset": 12, "case": 1, "court": "陕0102", "kind": "vehicle"},
]


def test_a_subject_without_events_has_a_row_with_nothing_in_it() -> None:
    rows = built("asset", Wanted(("kind",), ("sealed",)), assets=ASSETS)
    assert [(row["key"], row["f_kind"], row["d_sealed"]) for row in rows] == [
        (11, "deposit", None),
        (12, "vehicle", None),
    ]


def test_nodes_of_assets_are_seen_from_the_case_as_the_first_of_any() -> None:
    events = [event(12, "sealed", 50), event(11, "sealed", 40)]
    cases = [{"case": 1, "court": "陕0102"}]
    (row,) = built("case", Wanted((), ("sealed",)), cases=cases, events=events)
    assert row["d_sealed"] == 40


def test_a_node_read_off_a_table_respects_its_condition() -> None:
    cases = [
        {"case": 1, "court": "陕0102", "closed": 70, "closing_kind": "satisfied"},
        {"case": 2, "court": "陕0102", "closed": 80, "closing_kind": "provisional_closure"},
    ]
    documents = [
        {"document": 5, "case": 2, "kind": "provisional_closure_ruling", "made": 79},
        {"document": 6, "case": 2, "kind": "notice", "made": 10},
    ]
    wanted = Wanted((), ("closed", "closure_ruling_made", "provisionally_closed"))
    rows = built("case", wanted, cases=cases, documents=documents)
    assert [row["d_closed"] for row in rows] == [70, 80]
    assert [row["d_provisionally_closed"] for row in rows] == [None, 80]
    assert [row["d_closure_ruling_made"] for row in rows] == [None, 79]


def days(subject: str, node: str, **tables: Rows) -> list[tuple[int, int]]:
    """All days of one node: key and day."""
    found = connect().to_pyarrow(day_list(relation(tables), subject, nodes()[node])).to_pylist()
    return [(row["key"], row["day"]) for row in found]


def test_all_days_of_an_event_are_the_subjects_own_or_of_any_of_its_case() -> None:
    events = [event(12, "sealed", 50), event(11, "sealed", 40), event(11, "sealed", 45)]
    assert days("asset", "sealed", events=events) == [(11, 40), (11, 45), (12, 50)]
    assert days("case", "sealed", events=events) == [(1, 40), (1, 45), (1, 50)]


def test_all_days_of_a_node_may_be_read_off_a_table() -> None:
    documents = [
        {"document": 5, "case": 2, "kind": "provisional_closure_ruling", "made": 79},
        {"document": 6, "case": 2, "kind": "provisional_closure_ruling", "made": 90},
        {"document": 7, "case": 2, "kind": "notice", "made": 10},
    ]
    assert days("case", "closure_ruling_made", documents=documents) == [(2, 79), (2, 90)]
    assert days("document", "document_made", documents=documents) == [(5, 79), (6, 90), (7, 10)]


def test_another_table_is_only_read_off_for_a_case() -> None:
    with pytest.raises(ValueError, match="not read off"):
        built("asset", Wanted((), ("document_made",)), assets=ASSETS)


EVENTS = st.lists(
    st.tuples(
        st.sampled_from([11, 12]),
        st.sampled_from(["asset_found", "sealed", "frozen"]),
        st.integers(17000, 17005),
        st.one_of(st.none(), st.integers(0, 1439)),
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(EVENTS)
def test_first_days_and_minutes_agree_with_a_loop(
    drawn: list[tuple[int, str, int, int | None]],
) -> None:
    wanted = Wanted((), ("asset_found", "frozen", "sealed"), ("asset_found",))
    rows = built("asset", wanted, assets=ASSETS, events=[event(*each) for each in drawn])
    for row in rows:
        own = [each for each in drawn if each[0] == row["key"]]
        for node in wanted.nodes:
            days = [day for _, name, day, _ in own if name == node]
            assert row[f"d_{node}"] == min(days, default=None)
        packed = [
            day * PACK + (NO_MINUTE if minute is None else minute)
            for _, name, day, minute in own
            if name == "asset_found"
        ]
        assert row["m_asset_found"] == min(packed, default=None)
