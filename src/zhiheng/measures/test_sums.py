"""All figures in one pass: as each alone, as the rows behind, and as parts put together."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.measures.behind import rows_behind
from zhiheng.measures.figures import FIGURES
from zhiheng.measures.question import CHOICES, Question
from zhiheng.measures.sums import Sums, added, figures_of
from zhiheng.measures.test_core_figures import CASES, tables
from zhiheng.measures.test_figures import FIRST, LAST, Rows, asked
from zhiheng.store.engine import connect

CON = connect()
COURTS = [{"court": "陕01"}, {"court": "陕0102"}]
ENTRUSTED = st.lists(
    st.fixed_dictionaries(
        {
            "court": st.sampled_from(["陕01", "甘01"]),
            "to_court": st.sampled_from(["陕01", "陕0102", "甘02"]),
            "sent": st.integers(FIRST - 30, LAST + 30),
            "answered": st.one_of(st.none(), st.integers(FIRST, LAST + 30)),
            "confirmed": st.one_of(st.none(), st.integers(FIRST, LAST + 30)),
            "rating": st.sampled_from([None, "good", "poor"]),
            "complained": st.one_of(st.none(), st.integers(FIRST, LAST + 30)),
        }
    ),
    max_size=12,
)


def of_cases(drawn: Rows, matters: Rows) -> dict[str, Rows]:
    numbered = [{**row, "case": n, "entrustment": n} for n, row in enumerate(matters)]
    return {**tables(drawn), "entrustments": numbered, "courts": COURTS}


def only(found: dict[str, Rows], half: int) -> dict[str, Rows]:
    """The records of every other case; the courts are always all of them."""
    return {
        name: rows if name == "courts" else [row for row in rows if row["case"] % 2 == half]
        for name, rows in found.items()
    }


def sums(ask: Question) -> Sums:
    return figures_of(ask, CON)


@settings(max_examples=15, deadline=None)
@given(drawn=CASES, matters=ENTRUSTED, as_of=st.integers(FIRST, LAST + 20))
def test_all_figures_at_once_are_what_each_is_alone_and_what_its_rows_sum_to(
    drawn: Rows, matters: Rows, as_of: int
) -> None:
    ask = asked(as_of, **of_cases(drawn, matters))
    together = sums(ask)
    for name in FIGURES:
        alone = {key: value for key, value in together.items() if key[1] == name}
        assert figures_of(ask, CON, [name]) == alone
        total: dict[Any, Counter[str]] = {}
        for row in rows_behind(name, ask, CON).to_pylist():
            each = total.setdefault((row["court"], name), Counter(above=0, below=0))
            each.update(above=row["above"], below=row["below"])
        found = {key: (each["above"], each["below"]) for key, each in total.items()}
        assert {key: pair for key, pair in found.items() if any(pair)} == alone


@settings(max_examples=15, deadline=None)
@given(drawn=CASES, matters=ENTRUSTED)
def test_sums_over_disjoint_sets_of_cases_add_up(drawn: Rows, matters: Rows) -> None:
    whole = of_cases(drawn, matters)
    halves = [sums(asked(LAST, **only(whole, half))) for half in (0, 1)]
    assert added(*halves) == sums(asked(LAST, **whole))


@pytest.mark.parametrize("name", CHOICES)
def test_the_terms_of_a_question_differ_where_an_assumption_does(name: str) -> None:
    assert asked(choices={name: "other"}).terms != asked().terms
    assert asked(choices={"excused_counts": "other"}).terms == asked().terms
    assert asked(LAST - 1).terms != asked().terms


def test_no_records_give_no_figures() -> None:
    assert sums(asked()) == {}
