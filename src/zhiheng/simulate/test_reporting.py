"""Duties from the application to the archive: a made-up province keeps and breaches each."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.simulate import truth
from zhiheng.simulate.events import EventLog
from zhiheng.simulate.test_province import LAST, column, counted, days, province
from zhiheng.simulate.test_timing import WORLD
from zhiheng.simulate.world import FAR

DUTIES = [
    "preservation.ruled",
    "preservation.ruled_after_security",
    "preservation.ruled_urgent",
    "preservation.begun",
    "preservation.begun_urgent",
    "case.filed_in_time",
    "case.assigned_in_time",
    "enforcement_notice.after_file",
    "enforcement_notice.after_application",
    "inquiry.network_practice",
    "inquiry.finished",
    "file.archived",
    "objection.filed",
    "objection.notified",
    "objection.reviewed",
    "reconsideration.decided",
    "party_change.decided",
    "audit.decided",
    "reward.decided",
    "report.supplemented",
    "report.breach_sanctioned",
    "report.breach_listed",
]
some_days = st.lists(st.integers(LAST, LAST + 99) | st.just(FAR), min_size=3, max_size=3)


@pytest.mark.parametrize("duty", DUTIES)
def test_every_duty_is_met_more_often_than_breached_but_breached_too(duty: str) -> None:
    assert counted(duty, "met") > counted(duty, "late", "overdue") > 0


def test_a_request_is_decided_or_withdrawn_never_both() -> None:
    decided, withdrawn = days("requests", "decided"), days("requests", "withdrawn")
    assert not np.any((decided >= 0) & (withdrawn >= 0))
    assert np.all(decided[decided >= 0] >= days("requests", "received")[decided >= 0])


def test_only_a_decided_request_has_an_outcome() -> None:
    outcome = pc.is_valid(column("requests", "outcome")).to_numpy()
    assert np.array_equal(outcome, days("requests", "decided") >= 0)


def test_only_preservations_are_urgent() -> None:
    urgent = pc.fill_null(column("cases", "urgent"), False).to_numpy()
    kinds = np.array(column("cases", "kind").to_pylist())
    assert urgent.any()
    assert set(kinds[urgent]) == {"preservation"}


def test_a_debtor_who_changes_property_belongs_to_the_case() -> None:
    parties = province().tables["parties"]
    case_of = dict(zip(parties["party"].to_pylist(), parties["case"].to_pylist(), strict=True))
    changes = province().tables["changes"]
    assert [case_of[party] for party in changes["party"].to_pylist()] == changes["case"].to_pylist()


@given(some_days)
def test_an_act_counts_unless_it_was_late_and_the_duty_had_ended_in_time(given: list[int]) -> None:
    due, stop, ended = (np.array([day], np.int32) for day in given)
    (counts,) = truth.still_counts(due, stop, ended) == stop
    (gone,) = (stop > due) & (ended <= due) & (ended < stop)
    assert counts == (not gone or stop[0] == FAR)


def test_the_log_tells_the_first_day_a_subject_passed_a_node() -> None:
    log = EventLog(WORLD)
    case = np.zeros(3, np.int64)
    first = np.array([17600, 17700, FAR], np.int32)
    log.add("sanction", case, first, subject=np.array([7, 5, 9]))
    log.add("sanction", case[:1], first[1:2], subject=np.array([7]))
    log.add("searched_for", case[:1], first[:1], subject=np.array([9]))
    found = log.first_of("sanction", np.array([9, 7, 5, 8]))
    assert found.tolist() == [FAR, 17600, 17700, FAR]
    assert log.first_of("sanction", np.zeros(0, np.int64)).tolist() == []
