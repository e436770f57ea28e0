"""The days of an entry, by a plain restatement (for the duties see tests/)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from zhiheng.calendar import from_day, load_calendar, to_day
from zhiheng.law.load import load_law
from zhiheng.listings.lifecycle import Entry, LifeCycle, life_cycle
from zhiheng.listings.model import admission

LAW, CALENDAR = load_law(), load_calendar()
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


def day(text: str) -> int:
    return to_day(date.fromisoformat(text))


def cycle(as_of: str | int, **known: Any) -> LifeCycle:
    days = {name: day(value) if name in DAYS else value for name, value in known.items()}
    on = day(as_of) if isinstance(as_of, str) else as_of
    return life_cycle(Entry(**days), on, LAW, admission(), CALENDAR)


@given(entry=ENTRIES, as_of=st.integers(FIRST, LAST + 40))
def test_deletion_is_due_three_working_days_after_its_ground(entry: Entry, as_of: int) -> None:
    task = life_cycle(entry, as_of, LAW, admission(), CALENDAR).deletion
    if task is not None:
        left, passing = 3, from_day(task.since)
        while left:
            passing += timedelta(days=1)
            left -= CALENDAR.working(to_day(passing))
        assert task.by == to_day(passing)
        assert (task.state == "overdue") == (task.by < as_of and task.done is None) or (
            task.state == "fell_away"
        )


@given(entry=ENTRIES, as_of=st.integers(FIRST, LAST))
def test_what_happens_later_changes_nothing_today(entry: Entry, as_of: int) -> None:
    today = life_cycle(entry, as_of, LAW, admission(), CALENDAR)
    assert today == life_cycle(entry.as_of(as_of), as_of, LAW, admission(), CALENDAR)


@given(entry=ENTRIES)
def test_an_entry_once_gone_stays_gone(entry: Entry) -> None:
    standing = [
        life_cycle(entry, on, LAW, admission(), CALENDAR).in_force for on in range(FIRST, LAST, 9)
    ]
    runs = [a for a, b in zip(standing, [None, *standing], strict=False) if a != b]
    assert runs in ([False], [True], [False, True], [True, False], [False, True, False])


def test_the_end_is_counted_from_the_decision_where_it_is_not_recorded() -> None:
    known = {"ground": "evades", "period_months": 24, "decided": "2018-03-08"}
    found = cycle("2018-06-30", listed="2018-03-09", **known)
    assert found.in_force and found.ends == day("2020-03-08")
    assert found.deletion and found.deletion.state == "ahead"
    assert found.deletion.by == day("2020-03-11")
    other = LAW.assuming({"listing_runs_from": "listed"})
    entry = Entry("evades", 24, day("2018-03-08"), day("2018-03-09"))
    later = life_cycle(entry, day("2018-06-30"), other, admission(), CALENDAR)
    assert later.ends == day("2020-03-09")


def test_a_listing_without_a_period_ends_with_its_ground() -> None:
    known = {"ground": "able_but_refuses", "listed": "2018-01-08"}
    assert cycle("2018-02-13", **known).deletion is None
    found = cycle("2018-02-24", case_over="2018-02-14", **known).deletion
    assert found and (found.state, found.by) == ("open", day("2018-02-24"))
    found = cycle("2018-02-25", case_over="2018-02-14", **known).deletion
    assert found and found.state == "overdue"


def test_a_period_keeps_an_entry_on_the_list_when_the_case_is_satisfied() -> None:
    known = {"ground": "evades", "period_months": 24, "decided": "2018-01-08"}
    assert cycle("2018-06-30", listed="2018-01-08", case_over="2018-02-14", **known).in_force


def test_the_earliest_open_correction_is_the_pressing_one() -> None:
    found = cycle(
        "2018-03-06", ground="evades", listed="2018-01-08", error_kind="wrongly_listed",
        error_found="2018-03-05", correction_requested="2018-03-01",
        correction_decided="2018-03-02", correction_outcome="upheld",
    )  # fmt: skip
    assert found.correction and found.correction.duty == "listing.corrected_on_request"
    assert found.correction.by == day("2018-03-07")


def test_a_withdrawn_entry_is_in_force_no_more() -> None:
    assert not cycle("2018-03-06", listed="2018-01-08", withdrawn="2018-03-06").in_force
    assert cycle("2018-03-05", listed="2018-01-08", withdrawn="2018-03-06").in_force
