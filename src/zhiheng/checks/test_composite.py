"""Composites: which member decides, and what no member means."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from zhiheng.calendar import load_calendar, to_day
from zhiheng.checks.composite import Judged, check_composite
from zhiheng.checks.frame import Frame
from zhiheng.checks.outcomes import REASONS, STATES, blank
from zhiheng.checks.setting import Setting
from zhiheng.law.load import law_from, load_law

RAW = {
    "documents": {
        "none": {"title": {"zh": "无", "en": "none"}, "issuer": "nobody", "issued": "2016-01-01"}
    },
    "duties": [],
}


def entry(name: str, kind: str, version: dict[str, object]) -> dict[str, object]:
    cited = {"valid_from": "2016-01-01", "cites": [{"document": "none", "place": "nowhere"}]}
    return {
        "id": name,
        "title": {"zh": name, "en": name},
        "per": "case",
        "kind": kind,
        "nature": "local",
        "summary": name,
        "versions": [{**cited, "start": ["filed"], **version}],
    }


PARTS = [entry(name, "presence", {"stop": ["closed"]}) for name in ("first", "second", "third")]
WHOLE = entry(
    "whole",
    "composite",
    {
        "all_of": [
            {"duty": "first"},
            {"any_of": [{"duty": "second"}, {"duty": "third", "empty": "undeterminable"}]},
        ]
    },
)
LAW = law_from({**RAW, "duties": [*PARTS, WHOLE]}, "test")
FILED = to_day(date(2018, 3, 5))
SETTING = Setting(LAW, load_calendar(), FILED + 10)


def told(members: dict[str, list[tuple[int, str]]], cases: int = 1) -> list[tuple[str, str, str]]:
    """State, reason and detail of each case; `members`: duty → (case, state) of its subjects."""
    key = np.arange(cases)
    frame = Frame("case", key, key, days={"filed": np.full(cases, FILED, np.int32)})
    got = check_composite(LAW.duties["whole"], frame, SETTING, as_judged(members))
    return [
        (STATES[state], REASONS[reason], got.details[detail])
        for state, reason, detail in zip(got.state, got.reason, got.detail, strict=True)
    ]


def as_judged(members: dict[str, list[tuple[int, str]]]) -> dict[str, Judged]:
    found = {}
    for name, rows in members.items():
        outcomes = blank(len(rows))
        outcomes.state[:] = [STATES.index(state) for _, state in rows]
        found[name] = Judged(np.array([case for case, _ in rows], np.int64), outcomes)
    return found


CHOICE = "second | third"


@pytest.mark.parametrize(
    ("first", "second", "third", "expected"),
    [
        ("met", "met", "overdue", ("met", "", "")),
        ("discharged", "overdue", "excused", ("met", "", "")),
        ("late", "met", "met", ("overdue", "member_fails", "first")),
        ("met", "overdue", "late", ("overdue", "member_fails", CHOICE)),
        ("undeterminable", "overdue", "late", ("overdue", "member_fails", CHOICE)),
        ("met", "overdue", "undeterminable", ("undeterminable", "fact_missing", CHOICE)),
        ("not_due", "undeterminable", "late", ("undeterminable", "fact_missing", CHOICE)),
        ("met", "not_due", "undeterminable", ("not_due", "", CHOICE)),
        ("not_applicable", "met", "met", ("met", "", "")),
        ("not_applicable", "met", "not_applicable", ("met", "", "")),
    ],
)
def test_a_breach_outweighs_the_unknown_and_the_best_of_a_choice_counts(
    first: str, second: str, third: str, expected: tuple[str, str, str]
) -> None:
    members = {"first": [(0, first)], "second": [(0, second)], "third": [(0, third)]}
    assert told(members) == [expected]


def test_the_worst_subject_of_a_case_decides_and_only_for_its_own_case() -> None:
    first = [(1, "met"), (0, "met"), (1, "overdue"), (2, "met"), (9, "overdue")]
    second = [(0, "met"), (1, "met"), (2, "met")]
    assert [state for state, _, _ in told({"first": first, "second": second}, cases=3)] == [
        "met",
        "overdue",
        "met",
    ]


def test_no_subject_at_all_is_undeterminable_where_the_member_says_so() -> None:
    assert told({}) == [("undeterminable", "fact_missing", CHOICE)]


def test_members_that_concern_nobody_do_not_pass_silently() -> None:
    none = [(0, "not_applicable")]
    law, closed = load_law(), np.array([FILED], np.int32)
    frame = Frame("case", np.array([0]), np.array([0]), days={"provisionally_closed": closed})
    judged = as_judged({"closure.heard": none, "closure.ruling_made": none})
    setting = Setting(law, load_calendar(), FILED + 10)
    got = check_composite(law.duties["closure.procedure"], frame, setting, judged)
    assert (STATES[got.state[0]], REASONS[got.reason[0]]) == ("not_applicable", "no_member")
