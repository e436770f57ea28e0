"""Figures out of small tables, held against plain loops."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.measures.behind import rows_behind
from zhiheng.measures.definitions import definitions
from zhiheng.measures.figures import FIGURES
from zhiheng.measures.period import Period
from zhiheng.measures.question import ENFORCEMENT, Question
from zhiheng.measures.sums import figures_of
from zhiheng.records.catalogue import nodes
from zhiheng.records.stored import stored_schema
from zhiheng.store.engine import connect

FIRST, LAST = 17532, 17896  # the year 2018
PERIOD = Period(FIRST, LAST)
Rows = list[dict[str, Any]]


def asked(as_of: int = LAST, choices: dict[str, str] | None = None, **tables: Rows) -> Question:
    def rows(name: str) -> ir.Table:
        schema = stored_schema(name)
        given_rows = [{f.name: row.get(f.name) for f in schema} for row in tables.get(name, [])]
        return ibis.memtable(pa.Table.from_pylist(given_rows, schema=schema))

    return Question(rows, PERIOD, as_of, choices or {})


def figure(name: str, ask: Question) -> dict[str, tuple[float, float]]:
    scale, sums = FIGURES[name].scale, figures_of(ask, connect(), [name])
    return {court: (above / scale, below / scale) for (court, _), (above, below) in sums.items()}


def case(number: int, **facts: Any) -> dict[str, Any]:
    plain = {"case": number, "court": "陕0102", "kind": "first", "claim_kind": "money"}
    return {**plain, "filed": FIRST, "case_number": f"（2018）陕0102执{number}号", **facts}


def paid(number: int, amount: str, direction: str = "in", **facts: Any) -> dict[str, Any]:
    row = {"payment": 100 + number, "case": number, "direction": direction}
    return {**row, "amount": Decimal(amount), **facts}


def passed(number: int, node: str, day: int) -> dict[str, Any]:
    event = {"case": number, "court": "陕0102", "subject": 100 + number}
    return {**event, "node": nodes()[node].number, "day": day}


CLOSED = {"closed": LAST, "closing_kind": "satisfied", "amount_claimed": Decimal("100.00")}


def test_pooled_and_per_case_recovery_are_two_figures() -> None:
    big = case(1, **{**CLOSED, "amount_claimed": Decimal("900.00")})
    ask = asked(
        cases=[big, case(2, **CLOSED)],
        payments=[paid(2, "100.00")],
        events=[passed(2, "paid_out", FIRST)],
    )
    assert figure("recovery_pooled", ask) == {"陕0102": (100.0, 1000.0)}
    assert figure("recovery_per_case", ask) == {"陕0102": (1.0, 2.0)}


def test_one_case_counts_at_most_once_whatever_was_paid() -> None:
    ask = asked(
        cases=[case(1, **CLOSED)],
        payments=[paid(1, "130.00")],
        events=[passed(1, "paid_out", FIRST)],
    )
    assert figure("recovery_per_case", ask) == {"陕0102": (1.0, 1.0)}
    assert figure("recovery_pooled", ask) == {"陕0102": (130.0, 100.0)}


def test_a_claim_entered_as_next_to_nothing_counts_once_too() -> None:
    ask = asked(
        cases=[case(1, **{**CLOSED, "amount_claimed": Decimal("0.01")})],
        payments=[paid(1, "200000000.00")],
        events=[passed(1, "paid_out", FIRST)],
    )
    assert figure("recovery_per_case", ask) == {"陕0102": (1.0, 1.0)}


def test_money_counts_when_paid_out_or_if_so_assumed_when_it_arrives() -> None:
    tables: dict[str, Rows] = {
        "cases": [case(1, **CLOSED)],
        "payments": [paid(1, "40.00")],
        "events": [passed(1, "payment_arrived", FIRST)],
    }
    assert figure("recovery_pooled", asked(**tables))["陕0102"][0] == 0
    arrived = asked(choices={"recovered_when": "arrived"}, **tables)
    assert figure("recovery_pooled", arrived)["陕0102"][0] == 40


def test_money_paid_directly_counts_and_returned_money_does_not() -> None:
    ask = asked(
        cases=[case(1, **CLOSED)],
        payments=[paid(1, "25.00", "direct", paid=FIRST), paid(1, "60.00", "returned")],
    )
    assert figure("recovery_pooled", ask)["陕0102"] == (25.0, 100.0)


def test_what_lies_after_the_day_of_the_check_has_not_happened() -> None:
    ask = asked(as_of=LAST - 1, cases=[case(1, **CLOSED)])
    assert figure("satisfaction_rate", ask) == {}


def test_a_closing_rate_divides_closings_by_receipts_of_the_period() -> None:
    objections = [
        case(1, kind="objection", filed=FIRST - 9, closed=FIRST, closing_kind="upheld"),
        case(2, kind="objection", filed=FIRST, closed=LAST, closing_kind="revoked"),
        case(3, kind="objection", filed=LAST),
    ]
    assert figure("objection_closing_rate", asked(cases=objections)) == {"陕0102": (2.0, 2.0)}


def test_an_online_auction_counts_by_case() -> None:
    events = [
        passed(1, "online_auction", FIRST),
        passed(1, "auction_started", LAST),
        passed(2, "auction_started", LAST),
        passed(3, "online_auction", LAST + 1),
    ]
    assert figure("online_auction_rate", asked(events=events)) == {"陕0102": (1.0, 2.0)}


@pytest.mark.parametrize(("choice", "cases"), [("handled", 3), ("received", 2), ("closed", 1)])
def test_reversals_are_set_against_the_cases_the_assumption_names(choice: str, cases: int) -> None:
    rows = [
        case(1, filed=FIRST - 50),
        case(2, closed=LAST, closing_kind="satisfied"),
        case(3, filed=LAST),
        case(4, filed=FIRST - 50, closed=FIRST - 1, closing_kind="satisfied"),
        case(5, kind="objection", closed=FIRST, closing_kind="revoked"),
        case(6, kind="objection", closed=FIRST, closing_kind="upheld"),
    ]
    ask = asked(choices={"reversal_denominator": choice}, cases=rows)
    assert figure("reversal_rate", ask) == {"陕0102": (1.0, float(cases))}


def test_the_overall_rate_looks_back_over_the_years_its_definition_fixes() -> None:
    inside, outside = LAST - 3 * 365 + 30, LAST - 3 * 366
    rows = [
        case(1, filed=outside, closed=inside, closing_kind="satisfied"),
        case(2, filed=inside),
        case(3, filed=inside, closed=LAST, closing_kind="terminated"),
    ]
    assert definitions()["overall_closing_rate"].years == 3
    assert figure("overall_closing_rate", asked(cases=rows)) == {"陕0102": (2.0, 2.0)}


def test_petitions_count_by_the_day_received_and_as_closed_by_the_day_of_the_check() -> None:
    days = [(FIRST - 1, FIRST), (FIRST, LAST), (LAST, LAST + 1), (LAST, None), (LAST + 1, None)]
    rows = [
        {"petition": n, "case": n, "court": "陕0102", "received": received, "closed": closed}
        for n, (received, closed) in enumerate(days)
    ]
    ask = asked(petitions=rows)
    assert figure("petition_closing_rate", ask) == {"陕0102": (1.0, 3.0)}


def test_every_figure_is_defined_and_cited() -> None:
    assert set(FIGURES) <= set(definitions())


DAYS = st.one_of(st.none(), st.integers(FIRST - 40, LAST + 40))
CASES = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from([*ENFORCEMENT, "objection", "preservation"]),
            "court": st.sampled_from(["陕01", "陕0102"]),
            "filed": st.integers(FIRST - 40, LAST + 40),
            "closed": DAYS,
            "closing_kind": st.sampled_from(["satisfied", "terminated", None]),
        }
    ),
    max_size=30,
)


@settings(max_examples=40, deadline=None)
@given(CASES, st.integers(FIRST, LAST + 20))
def test_the_satisfaction_rate_agrees_with_a_loop(drawn: Rows, as_of: int) -> None:
    rows = [case(n, **facts) for n, facts in enumerate(drawn)]
    expected: dict[str, tuple[float, float]] = {}
    for row in rows:
        closed = row["closed"]
        if row["kind"] in ENFORCEMENT and closed and FIRST <= closed <= min(LAST, as_of):
            above, below = expected.get(row["court"], (0.0, 0.0))
            expected[row["court"]] = (above + (row["closing_kind"] == "satisfied"), below + 1.0)
    assert figure("satisfaction_rate", asked(as_of, cases=rows)) == expected


def test_the_rows_behind_a_figure_sum_to_it() -> None:
    rows = [
        case(1, closed=FIRST, closing_kind="satisfied"),
        case(2, closed=LAST, closing_kind="terminated"),
        case(3, court="陕01", closed=LAST, closing_kind="satisfied"),
    ]
    ask = asked(cases=rows)
    behind = rows_behind("satisfaction_rate", ask, connect())
    for court, (above, below) in figure("satisfaction_rate", ask).items():
        own = [row for row in behind.to_pylist() if row["court"] == court]
        assert (sum(r["above"] for r in own), sum(r["below"] for r in own)) == (above, below)
    only = rows_behind("satisfaction_rate", ask, connect(), "陕01")
    assert only.column("case_number").to_pylist() == ["（2018）陕0102执3号"]
