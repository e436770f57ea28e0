"""The dishonest list answers as the duties of the law judge, for any facts and any days."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from law_cases import day_of, frame_of
from zhiheng.calendar import from_day, load_calendar, to_day
from zhiheng.checks.duty import check
from zhiheng.checks.outcomes import STATES
from zhiheng.checks.setting import Setting
from zhiheng.law.load import load_law
from zhiheng.listings.admission import on_ground
from zhiheng.listings.lifecycle import Entry, life_cycle
from zhiheng.listings.model import admission
from zhiheng.records.catalogue import nodes

LAW, CALENDAR, RULES = load_law(), load_calendar(), admission()
NAMES = tuple(ground.fact for ground in RULES.grounds.values()) + tuple(RULES.bars)
FACTS = st.fixed_dictionaries({name: st.sampled_from([True, False, None]) for name in NAMES})
FIRST, LAST = to_day(date(2017, 4, 20)), to_day(date(2018, 12, 31))
HOLIDAYS = [to_day(date(2018, 2, 14)) + n for n in range(14)]
HOLIDAYS += [to_day(date(2018, 9, 26)) + n for n in range(15)]
DAY = st.none() | st.integers(FIRST, LAST) | st.sampled_from(HOLIDAYS)
DAYS = (
    "decided", "listed", "ends", "deletion_ground_day", "case_over", "lifted", "withdrawn",
    "error_found", "corrected", "correction_requested", "correction_decided", "review_requested",
    "review_decided",
)  # fmt: skip
ENTRIES = st.builds(
    Entry,
    ground=st.sampled_from(["able_but_refuses", "evades"]),
    period_months=st.sampled_from([None, 24]),
    error_kind=st.sampled_from(["wrongly_listed", "inaccurate", None]),
    correction_outcome=st.sampled_from(["upheld", "rejected", None]),
    **dict.fromkeys(DAYS, DAY),
)
STATE = {
    "not_due": "open",
    "met": "done",
    "late": "done_late",
    "overdue": "overdue",
    "discharged": "fell_away",
}


@given(facts=FACTS, ground=st.sampled_from(tuple(RULES.grounds)))
def test_a_listing_breaches_the_law_exactly_where_it_must_not_be(
    facts: dict[str, bool | None], ground: str
) -> None:
    states = outcomes({**facts, "performed": bool(facts["performed"])}, ground)
    verdict = on_ground(ground, {**facts, "performed": bool(facts["performed"])}, RULES).verdict
    if {"late", "overdue"} & states:
        assert verdict == "must_not"
    else:
        assert verdict == ("unknown" if "undeterminable" in states else "may")


DUTIES = (
    "listing.on_ground",
    "listing.obligation_outstanding",
    "listing.not_barred",
    "listing.no_minor",
)


def outcomes(facts: dict[str, Any], ground: str) -> set[str]:
    """The states of the duties on a listing of such a debtor."""
    law, as_of = load_law(), "2018-12-31"
    case: dict[str, Any] = {"as_of": as_of, "dishonest_entered": "2018-03-08"}
    case["listing.ground"] = ground
    case |= {f"party.{name}": value for name, value in facts.items() if name != "performed"}
    if facts["performed"]:
        case["case.satisfied"] = "2018-03-01"
    setting = Setting(law, load_calendar(), day_of(as_of))
    found = set()
    for name in DUTIES:
        duty = law.duties[name]
        found.add(STATES[check(duty, frame_of(duty, case), setting).state[0]])
    return found


def records(entry: Entry, as_of: int) -> dict[str, Any]:
    """The entry as the records hold it, each node read off its column."""
    row = {name: getattr(entry, name) for name in (*DAYS, "error_kind", "correction_outcome")}
    case: dict[str, Any] = {"as_of": from_day(as_of).isoformat(), "listing.ground": entry.ground}
    case |= {"listing.period_months": entry.period_months, "listing.ends": row["ends"]}
    for name, node in nodes().items():
        if node.subject == "listing" and node.source:
            chosen = {key: set(codes) for key, codes in node.source.where.items() if key != "kind"}
            value = row.get(node.source.column)
            if value is not None and all(row.get(key) in codes for key, codes in chosen.items()):
                case[name] = from_day(value).isoformat()
    if entry.case_over is not None:
        case["case.satisfied"] = from_day(entry.case_over).isoformat()
    return case


@given(entry=ENTRIES, as_of=st.integers(FIRST, LAST + 40))
def test_every_task_stands_as_its_duty_does(entry: Entry, as_of: int) -> None:
    found = life_cycle(entry, as_of, LAW, admission(), CALENDAR)
    facts, setting = records(entry, as_of), Setting(LAW, CALENDAR, as_of)
    for name in (
        "listing.withdrawn", "listing.corrected", "listing.correction_reviewed",
        "listing.corrected_on_request", "listing.review_decided", "listing.deleted_on_ground",
        "listing.deleted_after_period",
    ):  # fmt: skip
        duty = LAW.duties[name]
        outcome = check(duty, frame_of(duty, facts), setting)
        state = STATES[outcome.state[0]]
        task = next((task for task in found.tasks if task.duty == name), None)
        computed = name == "listing.deleted_after_period" and entry.ends is None
        if task is None or computed or task.since > as_of:
            # An act without its beginning shows a gap in the records, and no task.
            assert state in ("not_applicable", "undeterminable") or computed
        else:
            assert STATE[state] == task.state
            assert outcome.due[0] == task.by
