"""The figures of the later editions and of Wuhan's plan, held against plain loops."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.indexes.editions import available_editions, load_edition
from zhiheng.indexes.programmes import programmes
from zhiheng.measures.definitions import definitions
from zhiheng.measures.figures import FIGURES
from zhiheng.measures.question import ENFORCEMENT
from zhiheng.measures.test_figures import FIRST, LAST, Rows, asked, case, figure, paid, passed
from zhiheng.records.catalogue import nodes

KINDS = ["satisfied", "provisional_closure", "terminated", None]
CASES = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from([*ENFORCEMENT, "objection"]),
            "court": st.sampled_from(["陕01", "陕0102"]),
            "filed": st.integers(FIRST - 40, LAST),
            "closed": st.one_of(st.none(), st.integers(FIRST - 40, LAST + 40)),
            "closing_kind": st.sampled_from(KINDS),
            "paid": st.sampled_from([0, 0, 40]),
            "node": st.sampled_from([None, "frozen", "sanction", "network_inquiry"]),
            "listed": st.one_of(st.none(), st.integers(FIRST, LAST + 40)),
            "petition": st.one_of(st.none(), st.integers(FIRST - 40, LAST + 40)),
            "answered": st.one_of(st.none(), st.integers(FIRST, LAST + 40)),
            "answer": st.sampled_from(["resolved", "answered", None]),
            "in_beijing": st.sampled_from([True, False, None]),
        }
    ),
    max_size=25,
)
MEASURES = definitions()["measures_taken_share"].nodes


def tables(drawn: Rows) -> dict[str, Rows]:
    def facts(row: dict[str, Any]) -> dict[str, Any]:
        return {k: row[k] for k in ("kind", "court", "filed", "closed", "closing_kind")}

    rows = list(enumerate(drawn))
    return {
        "cases": [case(n, **facts(row)) for n, row in rows],
        "payments": [
            paid(n, str(Decimal(row["paid"])), "direct", paid=FIRST)
            for n, row in rows
            if row["paid"]
        ],
        "events": [passed(n, row["node"], FIRST) for n, row in rows if row["node"]],
        "listings": [{"case": n, "listed": row["listed"]} for n, row in rows if row["listed"]],
        "petitions": [
            {
                "case": n,
                "court": row["court"],
                "received": row["petition"],
                "closed": row["answered"],
                "closing": row["answer"],
                "in_beijing": row["in_beijing"],
            }
            for n, row in rows
            if row["petition"]
        ],
    }


def expected(name: str, drawn: Rows, as_of: int) -> dict[str, tuple[float, float]]:
    last = min(LAST, as_of)
    found: dict[str, tuple[float, float]] = {}
    for row in drawn:
        for above, below in terms(name, row, last, as_of):
            before = found.get(row["court"], (0.0, 0.0))
            found[row["court"]] = (before[0] + above, before[1] + below)
    return {court: sums for court, sums in found.items() if any(sums)}


def terms(name: str, row: dict[str, Any], last: int, as_of: int) -> list[tuple[int, int]]:
    enforcing = row["kind"] in ENFORCEMENT
    if name == "petition_case_ratio":
        received = row["petition"] is not None and FIRST <= row["petition"] <= last
        filed = enforcing and FIRST <= row["filed"] <= last
        return [(1, 0)] * received + [(0, 1)] * filed
    if name in ("petition_resolution_rate", "beijing_petition_ratio"):
        return petition_terms(name, row, last, as_of)
    if not enforcing or row["closed"] is None or not FIRST <= row["closed"] <= last:
        return []
    if name == "provisional_closure_share" and row["kind"] != "first":
        return []
    listed = row["listed"] is not None and row["listed"] <= as_of
    satisfied = row["closing_kind"] == "satisfied"
    above = {
        "provisional_closure_share": row["closing_kind"] == "provisional_closure",
        "partial_satisfaction_share": not satisfied and row["paid"] > 0,
        "average_enforcement_days": row["closed"] - row["filed"],
        "measures_taken_share": row["node"] in MEASURES or listed,
        "completion_rate": satisfied,
    }
    return [(int(above[name]), 1)]


def petition_terms(name: str, row: dict[str, Any], last: int, as_of: int) -> list[tuple[int, int]]:
    if row["petition"] is None or not FIRST <= row["petition"] <= last:
        return []
    if name == "beijing_petition_ratio":  # where it is not recorded, it is not counted as no
        return [(int(row["in_beijing"] is True), int(row["in_beijing"] is not None))]
    answered = row["answered"] is not None and row["answered"] <= as_of
    return [(int(answered and row["answer"] == "resolved"), 1)]


@pytest.mark.parametrize(
    "name",
    [
        "provisional_closure_share", "completion_rate", "partial_satisfaction_share",
        "average_enforcement_days", "measures_taken_share", "petition_case_ratio",
        "petition_resolution_rate", "beijing_petition_ratio",
    ],
)  # fmt: skip
@settings(max_examples=20, deadline=None)
@given(drawn=CASES, as_of=st.integers(FIRST, LAST + 20))
def test_a_figure_agrees_with_a_loop(name: str, drawn: Rows, as_of: int) -> None:
    assert figure(name, asked(as_of, **tables(drawn))) == expected(name, drawn, as_of)


def test_the_completion_rate_is_of_the_cases_the_assumption_names() -> None:
    rows = [
        case(1, closed=LAST, closing_kind="satisfied"),
        case(2, kind="resumed", closed=LAST, closing_kind="terminated"),
    ]
    assert figure("completion_rate", asked(cases=rows)) == {"陕0102": (1.0, 2.0)}
    first = asked(choices={"completion_base": "first"}, cases=rows)
    assert figure("completion_rate", first) == {"陕0102": (1.0, 1.0)}


def test_petitions_to_beijing_are_a_share_of_what_the_assumption_names() -> None:
    rows = {
        "cases": [case(1), case(2)],
        "petitions": [
            {"case": 1, "court": "陕0102", "received": LAST, "in_beijing": True},
            {"case": 1, "court": "陕0102", "received": LAST, "in_beijing": False},
            {"case": 2, "court": "陕0102", "received": LAST},
        ],
    }
    assert figure("beijing_petition_ratio", asked(**rows)) == {"陕0102": (1.0, 2.0)}
    of_cases = asked(choices={"beijing_base": "cases"}, **rows)
    assert figure("beijing_petition_ratio", of_cases) == {"陕0102": (1.0, 2.0)}
    more = {**rows, "cases": [*rows["cases"], case(3)]}
    of_cases = asked(choices={"beijing_base": "cases"}, **more)
    assert figure("beijing_petition_ratio", of_cases) == {"陕0102": (1.0, 3.0)}


def test_the_measures_that_count_are_nodes_there_are() -> None:
    assert MEASURES and set(MEASURES) <= set(nodes())


OF_OUTCOMES = {
    "in_time_closing_rate", "closed_within_limit_with_property", "closure_compliance_rate",
    "in_limit_satisfaction_rate", "satisfied_with_property",
}  # fmt: skip


def test_every_figure_an_edition_or_programme_names_is_computed() -> None:
    named = {key for one in programmes().values() for item in one.items for key in item.targets}
    for edition in map(load_edition, available_editions()):
        leaves = (node.indicator for one in edition.sets.values() for node in one.leaves())
        named |= {leaf.score.figure for leaf in leaves if leaf.score and leaf.score.figure}
        for assumption in edition.assumptions.values():
            for choice in assumption.choices.values():
                named |= set(choice.settings.get("figures", ()))
    assert named <= FIGURES.keys() | OF_OUTCOMES
    assert definitions().keys() >= OF_OUTCOMES
