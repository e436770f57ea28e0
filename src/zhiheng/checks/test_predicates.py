"""Predicates: true, false, or unknown with the fact that is missing."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.calendar import MISSING
from zhiheng.checks.frame import Field, Frame
from zhiheng.checks.predicates import holds
from zhiheng.law.model import Predicate

FACTS: dict[str, Any] = {
    "case.kind": "first",
    "case.claim_kind": None,
    "party.minor": False,
    "case.amount": 1000,
    "case.ceiling": None,
    "case.paid": 1000,
}


def field(value: Any) -> Field:
    known = np.array([value is not None])
    if isinstance(value, str):
        return Field(np.array([0]), known, (value,))
    return Field(np.array([value or 0]), known)


def subject() -> Frame:
    return Frame(
        "case",
        np.array([1]),
        np.array([1]),
        {name: field(value) for name, value in FACTS.items()},
        {"closed": np.array([10], np.int32), "archived": np.array([MISSING], np.int32)},
    )


def told(predicate: Predicate, on: int | None = None) -> bool | str:
    """True, False, or the missing fact."""
    day = None if on is None else np.array([on], np.int32)
    truth = holds(predicate, subject(), day)
    assert not (truth.true[0] and truth.false[0])
    if truth.unknown[0]:
        return truth.facts[truth.fact[0]]
    assert truth.fact[0] == 0
    return bool(truth.true[0])


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        ({}, True),
        ({"case.kind": ["first", "resumed"]}, True),
        ({"case.kind": ["objection"]}, False),
        ({"case.claim_kind": ["money"]}, "case.claim_kind"),
        ({"case.claim_kind": ["money", None]}, True),
        ({"unheard.of": ["anything"]}, "unheard.of"),
        ({"party.minor": [False]}, True),
        ({"party.minor": [True, None]}, False),
        ({"case.kind": "present"}, True),
        ({"case.claim_kind": "present"}, False),
        ({"closed": "present"}, True),
        ({"archived": "present"}, False),
    ],
)
def test_an_entry_is_true_false_or_unknown(predicate: Predicate, expected: bool | str) -> None:
    assert told(predicate) == expected


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        ({"case.claim_kind": ["money"], "case.kind": ["objection"]}, False),
        ({"case.claim_kind": ["money"], "case.kind": ["first"]}, "case.claim_kind"),
        ({"case.ceiling": [1], "case.claim_kind": ["money"]}, "case.ceiling"),
        ({"any_of": [{"case.claim_kind": ["money"]}, {"case.kind": ["first"]}]}, True),
        ({"any_of": [{"case.kind": ["x"]}, {"case.claim_kind": ["money"]}]}, "case.claim_kind"),
        ({"any_of": [{"case.kind": ["x"]}, {"archived": "present"}]}, False),
        ({"any_of": [{"case.claim_kind": ["money"]}], "case.kind": ["x"]}, False),
    ],
)
def test_what_fails_decides_all_and_what_holds_decides_any_whatever_is_missing(
    predicate: Predicate, expected: bool | str
) -> None:
    assert told(predicate) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"ge": 1000}, True),
        ({"gt": 1000}, False),
        ({"le": 1000}, True),
        ({"lt": 1000}, False),
        ({"ge": 999, "lt": 1000}, False),
        ({"ge": "$case.paid"}, True),
        ({"le": "$case.ceiling"}, "case.ceiling"),
        ({"gt": 1000, "le": "$case.ceiling"}, False),
    ],
)
def test_a_figure_is_compared_and_the_missing_side_is_named(
    wanted: dict[str, Any], expected: bool | str
) -> None:
    assert told({"case.amount": wanted}) == expected


def test_a_comparison_with_a_figure_that_is_missing_itself_names_it() -> None:
    assert told({"case.ceiling": {"ge": "$case.amount"}}) == "case.ceiling"


@pytest.mark.parametrize(("on", "expected"), [(9, False), (10, True), (11, True)])
def test_on_a_day_a_node_counts_only_if_passed_by_then(on: int, expected: bool) -> None:
    assert told({"closed": "present"}, on) is expected


@pytest.mark.parametrize(
    ("sign", "percent", "expected"),
    [
        ("ge", 100, True),
        ("gt", 100, False),
        ("le", 99.9, False),
        ("ge", 0.1, True),
        ("lt", 0, False),
    ],
)
def test_a_share_of_another_fact_is_compared_exactly(
    sign: str, percent: float, expected: bool
) -> None:
    assert told({"case.amount": {sign: {"percent": percent, "of": "case.paid"}}}) is expected


def test_a_share_names_the_missing_fact_the_compared_one_first() -> None:
    share = {"percent": 5, "of": "case.ceiling"}
    assert told({"case.amount": {"le": share}}) == "case.ceiling"
    assert told({"case.nowhere": {"le": share}}) == "case.nowhere"


@given(
    st.integers(-(10**17), 10**17),
    st.integers(-(10**17), 10**17),
    st.sampled_from(["0.01", "0.1", "5", "33.33", "100", "250"]),
)
def test_a_share_is_never_rounded_and_never_overflows(part: int, whole: int, percent: str) -> None:
    one = np.array([1])
    fields = {"a": Field(np.array([part]), one == 1), "b": Field(np.array([whole]), one == 1)}
    bound = {"percent": float(percent), "of": "b"}
    truth = holds({"a": {"le": bound}}, Frame("case", one, one, fields))
    assert truth.true[0] == (Fraction(part) <= Fraction(percent) / 100 * whole)
