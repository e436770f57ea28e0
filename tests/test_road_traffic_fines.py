"""The outside check: the engine on a real log nobody here made, against independent counts.

examples/road-traffic-fines/README.md says where the log can be had.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml

from zhiheng.calendar import to_day
from zhiheng.checks.event_log import check_log
from zhiheng.checks.log_rules import LogRules, read_rules, rules_from
from zhiheng.checks.log_summary import DutyCount, findings, notices, summarise
from zhiheng.intake.event_log import EventLog
from zhiheng.intake.logs import read_log

EXAMPLE = Path(__file__).parents[1] / "examples" / "road-traffic-fines"


@pytest.fixture(scope="module")
def rules() -> LogRules:
    return read_rules(EXAMPLE / "duties.yaml")


@pytest.fixture(scope="module")
def log(rules: LogRules, shared: Callable[..., Path]) -> EventLog:
    path = shared("road-traffic-fines", "road-traffic-fines.xes.gz")
    return read_log(path, rules.columns, rules.attributes)


@pytest.fixture(scope="module")
def counts(log: EventLog, rules: LogRules) -> dict[str, DutyCount]:
    return {count.duty.id: count for count in summarise(check_log(log, rules), 10)}


def stated(count: DutyCount) -> dict[str, int]:
    """The states that occur among the cases the duty concerns."""
    return {s: n for s, n in count.states.items() if n and s != "not_applicable"}


def test_the_whole_log_is_read(log: EventLog) -> None:
    assert (len(log.cases), len(log), len(log.activities)) == (150_370, 561_470, 11)
    assert not log.eventless
    assert not log.all_utc


def test_every_case_counts_under_every_duty(counts: dict[str, DutyCount]) -> None:
    assert {sum(count.states.values()) for count in counts.values()} == {150_370}


def test_fines_are_sent_within_ninety_calendar_days(counts: dict[str, DutyCount]) -> None:
    sent = counts["fine.sent"]
    assert stated(sent) == {"met": 54_215, "late": 49_772, "discharged": 46_014 + 369}
    assert sent.reasons == {"ended_in_time": 46_014, "ended_after_limit": 369}
    assert sent.open == 0


def test_the_penalty_is_added_on_the_sixtieth_local_day_without_exception(
    counts: dict[str, DutyCount],
) -> None:
    assert stated(counts["penalty.exact"]) == {"met": 79_860}


def test_appeals_are_late_in_time_or_answer_nothing_on_record(
    counts: dict[str, DutyCount],
) -> None:
    prefect, judge = counts["appeal.prefect"], counts["appeal.judge"]
    assert (prefect.concerned, prefect.states["late"]) == (4_188, 582)
    assert prefect.missing == {"notified_before_prefect": 187}
    assert (judge.concerned, judge.states["late"]) == (555, 224)
    assert judge.missing == {"notified_before_judge": 17}


def test_three_cases_were_sent_for_collection_although_paid(counts: dict[str, DutyCount]) -> None:
    assert stated(counts["collection.unpaid_only"]) == {"met": 59_010, "late": 3}
    assert counts["collection.unpaid_only"].reasons["barred"] == 3


def test_the_three_are_the_same_whether_later_payments_count_or_not(log: EventLog) -> None:
    text = (EXAMPLE / "duties.yaml").read_text("utf-8").replace(", until: collection_begun", "")
    assert "until" not in text
    whole = rules_from(yaml.safe_load(text), "duties.yaml")
    counts = {count.duty.id: count for count in summarise(check_log(log, whole), 10)}
    assert stated(counts["collection.unpaid_only"]) == {"met": 59_010, "late": 3}


def test_as_of_a_day_in_the_middle_what_came_later_is_not_known(
    log: EventLog, rules: LogRules
) -> None:
    checked = check_log(log, rules, to_day(date(2010, 6, 30)))
    sent = summarise(checked, 10)[0]
    assert len(checked.log.cases) == 130_145
    assert (sent.open, sent.states["overdue"], sent.due_soon) == (1_398, 25, 9)


def test_nothing_has_to_be_said_beside_the_counts(log: EventLog, rules: LogRules) -> None:
    assert list(notices(log, check_log(log, rules))) == []


def test_the_findings_are_as_many_as_the_counts(
    log: EventLog, rules: LogRules, counts: dict[str, DutyCount]
) -> None:
    listed = ("late", "overdue", "excused", "undeterminable")
    expected = sum(count.states[state] for count in counts.values() for state in listed)
    assert findings(check_log(log, rules)).num_rows == expected == 50_785


def test_the_guide_beside_the_rules_promises_these_figures() -> None:
    guide = (EXAMPLE / "README.md").read_text("utf-8")
    for figure in (
        "54,215", "49,772", "46,014", "369", "79,860", "582", "187", "224", "17", "3 of 59,013",
        "130,145", "1,398", "25", "9",
    ):  # fmt: skip
        assert figure in guide
