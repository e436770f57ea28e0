"""What holds of every duty, whatever the subject: order, time, versions, emptiness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.calendar import MISSING, Days, load_calendar, to_day
from zhiheng.checks.composite import check_composite
from zhiheng.checks.duty import check
from zhiheng.checks.frame import UNKNOWN_MINUTE, DayLists, Field, Frame, Intervals
from zhiheng.checks.outcomes import STATES, Outcomes
from zhiheng.checks.setting import Setting
from zhiheng.law.load import load_law
from zhiheng.law.model import ClockStop, Duty, Predicate

LAW = load_law()
SIMPLE = [duty for duty in LAW.duties.values() if duty.kind != "composite"]
BORDERS = [
    pytest.param(duty, day, id=f"{duty.id} {day}")
    for duty in SIMPLE
    for version in duty.versions
    if version.governed_by == "start"
    for day in (version.first_day, version.last_day)
    if day is not None
]
FIRST, LAST = to_day(date(2016, 1, 1)), to_day(date(2020, 12, 31))
days = st.one_of(st.just(MISSING), st.integers(FIRST, LAST))


def at(day: date) -> Setting:
    return Setting(LAW, load_calendar(), to_day(day))


def nodes_of(duty: Duty) -> list[str]:
    """Nodes that the versions of a duty name outright."""
    nodes: dict[str, None] = {}
    for version in duty.versions:
        nodes.update(dict.fromkeys((*version.start, *version.stop, *version.discharged_by)))
        nodes.update(dict.fromkeys((*version.ended_by, *([version.by.node] if version.by else []))))
    return list(nodes)


def in_scope(duty: Duty, n: int) -> dict[str, Field]:
    """Facts that satisfy the latest version for n subjects."""
    return satisfying(duty.versions[-1].applies, n)


def satisfying(predicate: Predicate, n: int) -> dict[str, Field]:
    found: dict[str, Field] = {}
    known = np.ones(n, np.bool_)
    for name, wanted in predicate.items():
        if name == "any_of":
            found.update(satisfying(wanted[0], n))
        elif isinstance(wanted, dict):
            found.update({one: Field(np.full(n, 2), known) for one in (name, *bounds(wanted))})
        elif isinstance(wanted[0], str):
            found[name] = Field(np.zeros(n, np.int64), known, (wanted[0],))
        else:
            found[name] = Field(np.full(n, wanted[0]), known)
    return found


def bounds(wanted: Mapping[str, Any]) -> list[str]:
    """Facts a comparison speaks of: with all of them equal, or against 1, ge, le and gt hold."""
    return [bound[1:] for bound in wanted.values() if isinstance(bound, str)]


def made(duty: Duty, passings: Mapping[str, list[int]], case: list[int] | None = None) -> Frame:
    """Subjects in scope with these first days; a recurring act is on record once."""
    n = len(next(iter(passings.values())))
    first = {node: np.array(found, np.int32) for node, found in passings.items()}
    lists = {
        node: DayLists(np.flatnonzero(found != MISSING), found[found != MISSING])
        for node, found in first.items()
        if duty.kind in ("recurring", "recent") and node in duty.versions[-1].stop
    }
    key = np.arange(n)
    return Frame(duty.per, key, np.array(case or key), in_scope(duty, n), first, {}, lists)


@st.composite
def drawn(draw: st.DrawFn, duty: Duty, n: int = 8) -> Frame:
    """n subjects with days anywhere, and intervals on some of their cases."""
    column = st.lists(days, min_size=n, max_size=n)
    frame = made(duty, {node: draw(column) for node in nodes_of(duty)})
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(0, n - 1),
                st.sampled_from(["suspension", "stay", "extension"]),
                st.integers(FIRST, LAST),
                st.one_of(st.none(), st.integers(0, 200)),
                st.sampled_from(["president", "clerk"]),
            ),
            min_size=1,
            max_size=6,
        )
    )
    return replace(frame, intervals=intervals(sorted(rows, key=lambda row: row[0])))


def intervals(rows: list[tuple[int, str, int, int | None, str]]) -> Intervals:
    lasts = [MISSING if more is None else first + more for _, _, first, more, _ in rows]
    return Intervals(
        np.array([case for case, *_ in rows], np.int64),
        np.array([kind for _, kind, *_ in rows]),
        np.array([first for _, _, first, *_ in rows], np.int32),
        np.array(lasts, np.int32),
        np.array([by for *_, by in rows]),
    )


def judged(duty: Duty, frame: Frame, day: date) -> Outcomes:
    return check(duty, frame.as_of(to_day(day)), at(day))


def states(outcomes: Outcomes) -> list[str]:
    return [STATES[state] for state in outcomes.state]


@pytest.mark.parametrize("duty", SIMPLE, ids=lambda duty: duty.id)
@given(data=st.data())
@settings(max_examples=8, deadline=None)
def test_shuffled_subjects_have_shuffled_outcomes(duty: Duty, data: st.DataObject) -> None:
    frame = data.draw(drawn(duty))
    order = np.array(data.draw(st.permutations(range(len(frame)))))
    day = data.draw(st.dates(date(2016, 6, 1), date(2020, 12, 31)))
    plain, moved = judged(duty, frame, day), judged(duty, shuffled(frame, order), day)
    for name in ("state", "reason", "start", "due", "stop", "days_over", "band"):
        assert np.array_equal(getattr(plain, name)[order], getattr(moved, name)), name
    details = [plain.details[code] for code in plain.detail[order]]
    assert details == [moved.details[code] for code in moved.detail]


def shuffled(frame: Frame, order: np.ndarray) -> Frame:
    yes = np.ones(len(frame), np.bool_)
    place = np.argsort(order)
    return replace(
        frame,
        key=frame.key[order],
        case=frame.case[order],
        fields={name: fact.take(order, yes) for name, fact in frame.fields.items()},
        days={node: first[order] for node, first in frame.days.items()},
        lists={node: DayLists(place[one.row], one.day) for node, one in frame.lists.items()},
    )


@pytest.mark.parametrize("duty", SIMPLE, ids=lambda duty: duty.id)
@given(data=st.data())
@settings(max_examples=8, deadline=None)
def test_what_is_overdue_does_not_become_not_due_or_met_in_time_later(
    duty: Duty, data: st.DataObject
) -> None:
    frame = data.draw(drawn(duty))
    day = data.draw(st.dates(date(2016, 6, 1), date(2020, 12, 31)))
    later = day + timedelta(days=data.draw(st.integers(1, 400)))
    before, after = states(judged(duty, frame, day)), states(judged(duty, frame, later))
    may_follow = {"overdue", "late", "discharged"}
    if duty.kind == "presence" and not any(v.by and v.by.strict for v in duty.versions):
        may_follow |= {"met"}  # an act without a limit of its own serves whenever it comes
    for was, is_now in zip(before, after, strict=True):
        assert was != "overdue" or is_now in may_follow


@pytest.mark.parametrize("duty", SIMPLE, ids=lambda duty: duty.id)
@given(data=st.data())
@settings(max_examples=8, deadline=None)
def test_days_over_are_counted_from_the_due_day(duty: Duty, data: st.DataObject) -> None:
    day = data.draw(st.dates(date(2016, 6, 1), date(2020, 12, 31)))
    got = judged(duty, data.draw(drawn(duty)), day)
    over = got.days_over != MISSING
    assert np.all(got.days_over[over] >= 0)
    late = over & (got.state == STATES.index("late"))
    assert np.array_equal(got.days_over[late], (got.stop - got.due)[late])
    undone = got.state == STATES.index("overdue")
    assert np.array_equal(got.days_over[undone], to_day(day) - got.due[undone])


@pytest.mark.parametrize("duty", LAW.duties.values(), ids=lambda duty: duty.id)
def test_no_subject_has_no_outcome(duty: Duty) -> None:
    nobody = Frame(duty.per, np.zeros(0, np.int64), np.zeros(0, np.int64))
    setting = at(date(2018, 12, 31))
    if duty.kind == "composite":
        assert len(check_composite(duty, nobody, setting, {})) == 0
    else:
        assert len(check(duty, nobody, setting)) == 0


@pytest.mark.parametrize(("duty", "border"), BORDERS)
def test_a_duty_is_judged_by_the_version_in_force_on_the_day_it_began(
    duty: Duty, border: date
) -> None:
    around = [border + timedelta(days=n) for n in (-1, 0, 1)]
    began = [to_day(day) for day in around]
    acts = {node: [to_day(border) + 400] * 3 for node in duty.versions[-1].stop}
    frame = made(duty, {**acts, duty.versions[-1].start[0]: began})
    got, later = judged(duty, frame, border), judged(duty, frame, date(2030, 12, 31))
    assert states(got)[2] == "not_applicable"  # it has not begun yet
    for day, started in zip(around, later.start, strict=True):
        in_force = any(v.first_day <= day <= (v.last_day or day) for v in duty.versions)
        assert (started == to_day(day)) == in_force


def test_the_old_limit_holds_to_its_last_day_and_the_new_one_from_its_first() -> None:
    clue = LAW.duties["clue.verified"]
    began = [to_day(date(2017, 4, 30)), to_day(date(2017, 5, 1))]
    got = judged(clue, made(clue, {"clue_received": began}), date(2017, 12, 31))
    assert [day - start for day, start in zip(got.due, began, strict=True)] == [5, 7]


def test_hours_with_minutes_missing_decide_only_what_is_certain() -> None:
    duty = LAW.duties["control.online"]
    found = to_day(date(2018, 3, 6))
    frame = made(duty, {"asset_found": [found] * 3, "sealed": [found + n for n in (1, 2, 3)]})
    for minutes in ({}, {"sealed": unknown(3)}):
        got = judged(duty, replace(frame, minutes=minutes), date(2018, 12, 31))
        assert states(got) == ["met", "undeterminable", "late"]
        assert got.details[got.detail[1]] == "minute"


def unknown(n: int) -> np.ndarray:
    return np.full(n, UNKNOWN_MINUTE, np.int16)


def test_one_clock_per_case_stops_for_each_of_its_subjects() -> None:
    duty = suspendable(LAW.duties["control.offline"])
    found: Days = np.array([to_day(date(2018, 3, 5))] * 3, np.int32)
    frame = made(duty, {"asset_found": list(found)}, case=[7, 7, 8])
    stop = intervals([(7, "suspension", int(found[0]) + 1, 6, "president")])
    got = judged(duty, replace(frame, intervals=stop), date(2018, 12, 31))
    assert list(got.due - found) == [21, 21, 14]


def suspendable(duty: Duty) -> Duty:
    """The same duty with suspensions left out of the count."""
    stopped = msgspec.structs.replace(duty.versions[-1], clock_stops=(ClockStop("suspension"),))
    return msgspec.structs.replace(duty, versions=(stopped,))
