"""Figures of entrusted matters, which count for the court entrusted, held against plain loops."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.measures.behind import rows_behind
from zhiheng.measures.test_figures import FIRST, LAST, Rows, asked, case, figure
from zhiheng.store.engine import connect

HERE, THERE, OUTSIDE = "陕0102", "陕0103", "晋0102"
COURTS = [{"court": HERE}, {"court": THERE}]
DAY = st.one_of(st.none(), st.integers(FIRST - 30, LAST + 30))
MATTERS = st.lists(
    st.fixed_dictionaries(
        {
            "to_court": st.sampled_from([HERE, THERE, OUTSIDE]),
            "sent": st.integers(FIRST - 30, LAST + 30),
            "answered": DAY,
            "confirmed": DAY,
            "rating": st.sampled_from(["good", "fair", "poor", None]),
            "complained": DAY,
        }
    ),
    max_size=30,
)


def sent(number: int, **facts: Any) -> dict[str, Any]:
    return {"entrustment": number, "case": 1, "court": HERE, "sent": FIRST, **facts}


def terms(name: str, row: dict[str, Any], last: int) -> list[tuple[int, int]]:
    def within(day: int | None) -> bool:
        return day is not None and FIRST <= day <= last

    received, rated = within(row["sent"]), within(row["confirmed"]) and row["rating"] is not None
    answered = row["answered"] is not None and row["answered"] <= last
    return {
        "entrusted_workload": [(1, 0)] * within(row["answered"]),
        "entrusted_answering_rate": [(int(answered), 1)] * received,
        "entrusted_rating_rate": [(int(row["rating"] in ("good", "fair")), 1)] * rated,
        "entrusted_complaint_ratio": [(1, 0)] * within(row["complained"]) + [(0, 1)] * received,
    }[name]


@pytest.mark.parametrize(
    "name",
    [
        "entrusted_workload",
        "entrusted_answering_rate",
        "entrusted_rating_rate",
        "entrusted_complaint_ratio",
    ],
)
@settings(max_examples=25, deadline=None)
@given(drawn=MATTERS, as_of=st.integers(FIRST, LAST))
def test_a_figure_of_the_entrusted_court_agrees_with_a_loop(
    name: str, drawn: Rows, as_of: int
) -> None:
    rows = [sent(n, **facts) for n, facts in enumerate(drawn)]
    expected: dict[str, tuple[float, float]] = {}
    for row in rows:
        for above, below in terms(name, row, as_of) if row["to_court"] != OUTSIDE else []:
            before = expected.get(row["to_court"], (0.0, 0.0))
            expected[row["to_court"]] = (before[0] + above, before[1] + below)
    assert figure(name, asked(as_of, courts=COURTS, entrustments=rows)) == expected


def test_the_workload_is_set_against_the_own_cases_of_the_entrusted_court() -> None:
    closed = case(2, court=THERE, closed=LAST, closing_kind="satisfied")
    done = sent(1, to_court=THERE, answered=LAST)
    ask = asked(courts=COURTS, cases=[case(1), closed], entrustments=[done])
    assert figure("entrusted_workload", ask) == {THERE: (1.0, 1.0)}
    assert rows_behind("entrusted_workload", ask, connect(), THERE).num_rows == 2
