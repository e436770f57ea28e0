"""Records laid out as timelines: the first day of each node, held against a loop."""

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
from zhiheng.store.facts import known_name, words_of
from zhiheng.store.layout import lay_out
from zhiheng.store.projection import projections
from zhiheng.store.wanted import Wanted, refuse_unseen

Rows = list[dict[str, Any]]


def relation(tables: dict[str, Rows]) -> Callable[[str], ir.Table]:
    def rows(name: str) -> ir.Table:
        schema = stored_schema(name)
        given_rows = [{f.name: row.get(f.name) for f in schema} for row in tables.get(name, [])]
        return ibis.memtable(pa.Table.from_pylist(given_rows, schema=schema))

    return rows


def laid_out(needs: dict[str, Wanted], **tables: Rows) -> dict[str, pa.Table]:
    con = connect()
    read = projections(relation(tables), {"case": Wanted(), **needs})
    found = {name: con.to_pyarrow(expression) for name, expression in read.items()}
    return lay_out(found, {"case": Wanted(), **needs})


def built(subject: str, wanted: Wanted, **tables: Rows) -> Rows:
    """The timeline as people would write it: None for what is not there."""
    line = laid_out({subject: wanted}, **{"cases": CASES, **tables})[subject]
    return [
        {name: shown(line, name, row) for name in line.column_names} for row in range(len(line))
    ]


def shown(line: pa.Table, name: str, row: int) -> Any:
    value = line.column(name)[row].as_py()
    words = words_of(line, name)
    if words is not None:
        return None if value < 0 else words[value]
    if name.startswith("d_"):
        return value or None
    if name.startswith(("m_", "p_")):
        return None if value < 0 else value
    known = known_name(name)
    return value if known not in line.column_names or line.column(known)[row].as_py() else None


CASES: Rows = [{"case": case, "court": "陕0102", "kind": "first"} for case in (1, 2)]


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
    first, second = built("case", Wanted((), ("sealed",)), assets=ASSETS, events=events)
    assert (first["d_sealed"], second["d_sealed"]) == (40, None)


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
    tables = {"cases": CASES, "assets": ASSETS, **tables}
    found = laid_out({subject: Wanted(lists=(node,))}, **tables)
    key = found[subject].column("key").to_pylist()
    return [(key[row["at"]], row["day"]) for row in found[f"{subject}.{node}"].to_pylist()]


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
    with pytest.raises(ValueError, match="document_made is not a node of asset"):
        refuse_unseen({"asset": Wanted((), ("document_made",))})


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
        found = sorted(
            (day, 1440 if minute is None else minute)
            for _, name, day, minute in own
            if name == "asset_found"
        )
        minute = found[0][1] if found else 1440
        assert row["m_asset_found"] == (None if minute == 1440 else minute)


def test_an_unknown_fact_is_told_from_an_empty_one() -> None:
    cases = [
        {"case": 1, "court": "陕0102", "kind": "first", "urgent": False, "amount_claimed": 12},
        {"case": 2, "court": "陕0102", "kind": None, "urgent": None, "amount_claimed": None},
    ]
    rows = built("case", Wanted(("amount_claimed", "kind", "urgent")), cases=cases)
    facts = [(row["f_amount_claimed"], row["f_kind"], row["f_urgent"]) for row in rows]
    assert facts == [(1200, "first", 0), (None, None, None)]


def test_subjects_stand_by_case_and_key_and_know_the_row_of_their_case_and_parent() -> None:
    parties = [
        {"party": party, "case": case, "court": "陕0102", "role": "debtor"}
        for party, case in ((30, 2), (9, 1), (8, 1))
    ]
    assets = [{**ASSETS[0], "owner": 30, "case": 2}, {**ASSETS[1], "owner": 77}]
    needs = {"party": Wanted(("role",)), "asset": Wanted(("owner",))}
    found = laid_out(needs, cases=CASES, parties=parties, assets=assets)
    assert found["party"].column("key").to_pylist() == [8, 9, 30]
    assert found["party"].column("at").to_pylist() == [0, 0, 1]
    assert found["asset"].column("key").to_pylist() == [12, 11]
    assert found["asset"].column("p_party").to_pylist() == [-1, 2]


def test_the_same_records_in_another_order_are_laid_out_the_same() -> None:
    events = [event(12, "sealed", 50), event(11, "sealed", 40), event(11, "frozen", 45)]
    wanted = {"asset": Wanted(("kind",), ("frozen", "sealed"))}
    one = laid_out(wanted, cases=CASES, assets=ASSETS, events=events)
    other = laid_out(wanted, cases=CASES[::-1], assets=ASSETS[::-1], events=events[::-1])
    assert all(one[name].equals(other[name], check_metadata=True) for name in one)
