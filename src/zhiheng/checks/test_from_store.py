"""Frames out of timelines: a subject sees its case and its parents, and nobody else's."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pytest

from zhiheng.calendar import MISSING, load_calendar
from zhiheng.checks.frame import UNKNOWN_MINUTE, Frame
from zhiheng.checks.from_store import Loaded, load
from zhiheng.checks.needs import needs_of
from zhiheng.checks.outcomes import STATES
from zhiheng.checks.run import check_part
from zhiheng.checks.setting import Setting
from zhiheng.law.load import law_from
from zhiheng.records.catalogue import PARENTS, SUBJECTS, node_named, nodes, tables
from zhiheng.records.stored import stored_schema
from zhiheng.store.engine import connect
from zhiheng.store.layout import lay_out
from zhiheng.store.projection import projections
from zhiheng.store.wanted import Needs, Wanted

CASES = [{"case": 1, "court": "陕0102", "kind": "first", "closed": 17500}]
PARTIES = [
    {"party": 12, "case": 1, "court": "陕0102", "minor": True},
    {"party": 11, "case": 1, "court": "陕0102", "minor": False},
]
LISTINGS = [
    {"listing": listing, "case": 1, "court": "陕0102", "party": party}
    for listing, party in ((21, 11), (22, 12), (23, 99), (24, None))
]
NEEDS: Needs = {
    "case": Wanted(("kind",), ("closed",)),
    "party": Wanted(("minor",), ("sanction",), ("sanction",)),
    "listing": Wanted(("party",)),
}


def loaded(needs: Needs, **tables: list[dict[str, Any]]) -> Loaded:
    """A part with these records."""
    return load(laid_out(needs, **tables), needs)


def laid_out(needs: Needs, **tables: list[dict[str, Any]]) -> dict[str, pa.Table]:
    """The timelines of these records."""

    def rows(name: str) -> ir.Table:
        schema = stored_schema(name)
        given = [{f.name: row.get(f.name) for f in schema} for row in tables.get(name, [])]
        return ibis.memtable(pa.Table.from_pylist(given, schema=schema))

    con = connect()
    read = {name: con.to_pyarrow(each) for name, each in projections(rows, needs).items()}
    return lay_out(read, needs)


@pytest.fixture
def listings() -> Frame:
    number = nodes()["sanction"].number
    sanction = {"case": 1, "court": "陕0102", "subject": 12, "node": number, "day": 40}
    events = [{**sanction, "minute": 600}]
    tables = {"cases": CASES, "parties": PARTIES, "listings": LISTINGS, "events": events}
    return loaded(NEEDS, **tables).frames["listing"]


def test_a_subject_carries_the_facts_of_its_parent_whatever_the_order_of_rows(
    listings: Frame,
) -> None:
    minor = listings.fields["party.minor"]
    assert minor.known.tolist() == [True, True, False, False]
    assert minor.values[:2].tolist() == [False, True]


def test_the_parents_nodes_go_by_its_kind(listings: Frame) -> None:
    assert listings.day("party.sanction").tolist() == [MISSING, 40, MISSING, MISSING]
    assert listings.minute("party.sanction").tolist()[1:] == [600, UNKNOWN_MINUTE, UNKNOWN_MINUTE]
    assert "sanction" not in listings.days


def test_the_case_is_seen_beside_the_parent(listings: Frame) -> None:
    assert listings.day("case.closed").tolist() == [17500] * 4
    assert listings.fields["case.kind"].known.all()


def test_a_figure_of_the_law_in_yuan_is_compared_with_amounts_in_cents() -> None:
    cases = [
        {**CASES[0], "case": key, "amount_claimed": Decimal(text)}
        for key, text in enumerate(["999.99", "1000.00", "1000.01"], start=1)
    ]
    wanted: Needs = {"case": Wanted(("amount_claimed",), ("closed",))}
    law = law_from(duty("case", requires={"case.amount_claimed": {"le": 1000}}), "x")
    part = loaded(wanted, cases=cases)
    checked = check_part(part, Setting(law, load_calendar(), 20000), law.duties.values())
    states = [STATES[state] for state in checked.outcomes["x"].state]
    assert states == ["met", "met", "overdue"]


def test_a_part_without_some_of_its_cases_is_a_part_of_the_others() -> None:
    cases = [{**CASES[0], "case": key, "closed": 17500 + key} for key in (1, 2, 3)]
    parties = [{**PARTIES[0], "party": 10 + key, "case": key} for key in (1, 2, 3)]
    whole = loaded(NEEDS, cases=cases, parties=parties)
    some = whole.of(np.array([True, False, True]))
    assert some.frames["case"].key.tolist() == [1, 3]
    assert some.frames["party"].day("case.closed").tolist() == [17501, 17503]
    assert some.court_of(some.frames["party"]).tolist() == [0, 0]


def duty(per: str, **version: Any) -> dict[str, Any]:
    return {
        "documents": {
            "x": {"title": {"zh": "x", "en": "x"}, "issuer": "x", "issued": "2016-01-01"}
        },
        "duties": [
            {
                "id": "x",
                "title": {"zh": "x", "en": "x"},
                "per": per,
                "kind": "condition",
                "nature": "local",
                "summary": "x",
                "versions": [
                    {
                        "valid_from": "2016-01-01",
                        "start": ["case.closed"],
                        "cites": [{"document": "x", "place": "x"}],
                        **version,
                    }
                ],
            }
        ],
    }


def needs(per: str, **version: Any) -> Needs:
    return needs_of(law_from(duty(per, **version), "x").duties.values())


def test_a_duty_that_speaks_of_a_parent_needs_the_way_to_it() -> None:
    found = needs("listing", requires={"party.minor": [False], "party.sanction": "present"})
    assert found["listing"].fields == ("party",)
    assert (found["party"].fields, found["party"].nodes) == (("minor",), ("sanction",))
    assert found["case"].nodes == ("closed",)


def test_both_sides_of_a_share_are_needed() -> None:
    share = {"payment.amount": {"le": {"percent": 5, "of": "case.amount_claimed"}}}
    found = needs("payment", requires=share)
    assert found["payment"].fields == ("amount",)
    assert found["case"].fields == ("amount_claimed",)


@pytest.mark.parametrize(
    ("per", "requires"),
    [
        ("payment", {"party.minor": [True]}),  # no parent of it
        ("case", {"party.minor": [True]}),
        ("listing", {"party.majority": [True]}),  # no such column
        ("listing", {"party.frozen": "present"}),  # no node of a party
        ("listing", {"asset.kind": ["deposit"]}),
        ("listing", {"frozen": "present"}),
        ("asset", {"asset.frozen": "present"}),  # its own go without a prefix
        ("case", {"nothing": "present"}),
    ],
)
def test_a_name_that_nobody_has_is_refused(per: str, requires: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"parent|neither"):
        needs(per, requires=requires)


def test_every_parent_is_reached_by_a_column_that_refers_to_it() -> None:
    for kind, parents in PARENTS.items():
        if kind in SUBJECTS:
            columns = tables()[SUBJECTS[kind]].columns
            assert {columns[column].table for column in parents.values()} == {
                SUBJECTS[parent] for parent in parents
            }


def test_a_word_means_a_node_of_the_subject_of_the_case_or_of_a_parent() -> None:
    assert node_named("sealed") is node_named("asset.sealed") is not None
    assert node_named("case.closed") is node_named("closed") is not None
    assert node_named("case.sealed") is not None  # on a case, the first of any of its assets
    assert node_named("asset.kind") is node_named("party.sealed") is node_named("sealing") is None
