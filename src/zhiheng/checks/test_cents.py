from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from small_logs import DOCUMENTS
from zhiheng.checks.cents import cents, law_in_cents
from zhiheng.law.load import law_from


@given(st.integers(-(10**15), 10**15))
def test_an_amount_to_the_cent_is_read_exactly(amount: int) -> None:
    assert cents(str(Decimal(amount) / 100)) == amount


@given(st.integers(-(10**9), 10**9))
def test_an_amount_that_went_through_a_float_is_the_same_amount(amount: int) -> None:
    assert cents(repr(amount / 100)) == amount


@pytest.mark.parametrize(
    ("text", "expected"),
    [("35.0", 3500), ("1.312E2", 13120), ("131.20000000000002", 13120), ("0", 0), ("-0.01", -1)],
)
def test_the_ways_in_which_logs_write_an_amount(text: str, expected: int) -> None:
    assert cents(text) == expected


@pytest.mark.parametrize(
    "text", ["", "NIL", "1,5", "0.005", "131.201", "nan", "inf", "1e99", "1元"]
)
def test_what_is_no_amount_or_finer_than_a_cent_is_not_read(text: str) -> None:
    assert cents(text) is None


def scaled(predicate: dict[str, Any]) -> dict[str, Any]:
    raw = {
        "documents": DOCUMENTS,
        "duties": [
            {
                "id": "x", "title": {"zh": "甲", "en": "x"}, "per": "case", "kind": "prohibition",
                "nature": "local", "summary": "x",
                "versions": [
                    {
                        "valid_from": "2000-01-01", "start": ["a"], "forbidden_when": predicate,
                        "cites": [{"document": "law", "place": "1"}],
                    }
                ],
            }
        ],
    }  # fmt: skip
    law = law_in_cents(law_from(raw, "test"), frozenset({"paid", "due"}))
    return law.duties["x"].versions[0].forbidden_when


def test_figures_beside_an_amount_become_cents_and_others_stay() -> None:
    predicate = {
        "paid": {"ge": 100.1, "lt": "$due", "le": {"percent": 5, "of": "due"}},
        "points": {"ge": 3},
        "any_of": [{"due": [0, None]}, {"kind": ["7"]}],
        "due": "present",
    }
    assert scaled(predicate) == {
        "paid": {"ge": 10010, "lt": "$due", "le": {"percent": 5, "of": "due"}},
        "points": {"ge": 3},
        "any_of": [{"due": [0, None]}, {"kind": ["7"]}],
        "due": "present",
    }


def test_a_figure_finer_than_a_cent_is_not_rounded() -> None:
    assert scaled({"paid": {"gt": 0.005}}) == {"paid": {"gt": 0.5}}
