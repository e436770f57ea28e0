"""Where the sources leave a point open, another choice leads to another outcome."""

from __future__ import annotations

import pytest

from every_duty import setting
from law_cases import day_of, frame_of
from zhiheng.calendar import from_day
from zhiheng.checks.duty import check
from zhiheng.checks.outcomes import STATES
from zhiheng.law.load import load_law

URGENT = {"case.kind": "preservation", "case.urgent": True, "as_of": "2018-12-31"}
INQUIRY = {
    "case.kind": "first", "case.claim_kind": "money", "as_of": "2018-12-31",
    "filed": "2018-03-12", "file_received": "2018-03-13", "assigned": "2018-03-14",
}  # fmt: skip
BREACH = {"report_breach_found": "2018-03-05", "case.closed": "2018-05-04", "party.minor": False}
RULED, BEGUN = "preservation_ruled", "preservation_begun"


@pytest.mark.parametrize(
    ("duty", "assumption", "states", "facts"),
    [
        (
            "preservation.begun_urgent", "at_once",
            {"next_day": "met", "same_day": "late", "hours_48": "met"},
            {**URGENT, RULED: "2018-03-07 16:00", BEGUN: "2018-03-08 09:00"},
        ),
        (
            "preservation.begun_urgent", "at_once",
            {"next_day": "late", "same_day": "late", "hours_48": "met"},
            {**URGENT, RULED: "2018-03-07 16:00", BEGUN: "2018-03-09 16:00"},
        ),
        (
            "inquiry.finished", "inquiry_month_start",
            {"assigned": "met", "file_received": "late", "filed": "late"},
            {**INQUIRY, "inquiry_finished": "2018-04-16"},
        ),
        (
            "inquiry.finished", "inquiry_month_start",
            {"assigned": "met", "file_received": "met", "filed": "late"},
            {**INQUIRY, "inquiry_finished": "2018-04-13"},
        ),
        (
            "report.breach_sanctioned", "report_breach_judged",
            {"at_closing": "overdue", "after_grace": "not_due"},
            {**BREACH, "as_of": "2018-05-10"},
        ),
        (
            "report.breach_listed", "report_breach_judged",
            {"at_closing": "overdue", "after_grace": "not_due"},
            {**BREACH, "as_of": "2018-05-10"},
        ),
    ],
)  # fmt: skip
def test_another_reading_leads_to_another_outcome(
    duty: str, assumption: str, states: dict[str, str], facts: dict[str, object]
) -> None:
    found = {}
    for choice in load_law().assumptions[assumption].choices:
        law = load_law().assuming({assumption: choice})
        frame = frame_of(law.duties[duty], facts)
        as_of = from_day(day_of(str(facts["as_of"])))
        found[choice] = STATES[check(law.duties[duty], frame, setting(law, as_of)).state[0]]
    assert found == states
