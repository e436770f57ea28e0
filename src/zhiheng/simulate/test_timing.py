"""Acts keep or miss a limit as they were drawn; the limits are the law's."""

from __future__ import annotations

from datetime import date
from importlib import resources

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.calendar import to_day
from zhiheng.simulate import calibration, truth
from zhiheng.simulate.courts import courts_of
from zhiheng.simulate.timing import acts, drawn_plan
from zhiheng.simulate.world import FAR, KEPT, LATE, NEVER, World, drawn_quality, rows_of

WORLD = World(courts_of("陕西"), 5, to_day(date(2018, 1, 1)), to_day(date(2019, 12, 31)))
QUALITY = drawn_quality(WORLD)
TIMED = [
    name
    for name, habit in calibration.duties().duties.items()
    if habit.limit
    and habit.late > 0
    and (habit.limit.days is not None or habit.limit.working_days is not None)
]


def law_versions() -> dict[str, dict[str, object]]:
    """The newest version of every duty in the law's own files."""
    folder = resources.files("zhiheng.law").joinpath("data", "duties")
    files = [yaml.safe_load(file.read_text("utf-8")) for file in folder.iterdir()]
    return {duty["id"]: duty["versions"][-1] for file in files for duty in file}


def test_every_duty_of_the_law_is_drawn_derived_or_made_of_others() -> None:
    known = calibration.duties()
    assert set(law_versions()) == {*known.duties, *known.derived, *known.wholes}


def test_limits_are_those_of_the_law() -> None:
    versions = law_versions()
    for duty, habit in calibration.duties().duties.items():
        version = versions[duty]
        stated = next(
            (
                version[name]
                for name in ("within", "at_least", "more_than", "every")
                if name in version
            ),
            None,
        )
        if stated is None:
            continue  # judged at a node; see the next test
        assert habit.limit is not None, duty
        ours = {
            unit: getattr(habit.limit, unit)
            for unit in ("days", "working_days", "months", "hours")
            if getattr(habit.limit, unit) is not None
        }
        assert ours == {unit: n for unit, n in stated.items() if unit != "roll"}, duty
        if {"days", "months"} & set(ours):
            assert habit.limit.roll == stated.get("roll", True), duty


def test_periods_of_grace_are_those_of_the_law() -> None:
    file = resources.files("zhiheng.law").joinpath("data", "assumptions.yaml")
    assumptions = yaml.safe_load(file.read_text("utf-8"))
    versions = law_versions()
    for duty, habit in calibration.duties().duties.items():
        by = versions[duty].get("by")
        if isinstance(by, dict) and "grace" in by:
            grace = assumptions[by["grace"]]
            limit = grace["choices"][grace["value"]]["settings"]["limit"]
            assert habit.limit is not None and {"days": habit.limit.days} == limit, duty


def test_wholes_have_the_members_of_the_law() -> None:
    for whole, members in calibration.duties().wholes.items():
        stated = law_versions()[whole]["all_of"]
        assert [member["duty"] for member in stated] == list(members)  # type: ignore[attr-defined]


def test_the_first_day_is_one_on_which_the_newest_versions_are_in_force() -> None:
    later = calibration.parameters()["later_in_force"].value
    in_force = {duty: str(version["valid_from"]) for duty, version in law_versions().items()}
    assert later == {duty: in_force[duty] for duty in later}
    first = calibration.parameters()["earliest_day"].value
    entrusted = calibration.parameters()["entrustment_rule_from"].value
    known = set(later) | {duty for duty, day in in_force.items() if day == entrusted}
    assert {duty for duty, day in in_force.items() if day > first} == known


def test_the_longer_limits_of_an_appraisal_are_those_of_the_law() -> None:
    special = law_versions()["appraisal.report_issued"]["within_when"]
    stated = [other["within"] for other in special]  # type: ignore[attr-defined]
    longer = calibration.parameters()["appraisal_extension_limits"].value
    assert stated == [{"days": days} for days in longer]


@pytest.mark.parametrize("duty", TIMED)
def test_kept_is_in_time_late_is_not_and_never_is_never(duty: str) -> None:
    rng = np.random.default_rng(1)
    court = rng.integers(0, len(WORLD.courts), 20_000)
    start = rng.integers(WORLD.first, WORLD.last, 20_000).astype(np.int32)
    done = acts(WORLD, QUALITY, duty, court, start)
    plan = drawn_plan(WORLD, QUALITY, duty, court)
    assert np.all((done.done <= done.due)[plan == KEPT])
    assert np.all((done.done >= start)[plan == KEPT])
    assert np.all((done.done > done.due)[plan == LATE])
    assert np.all((done.done >= FAR)[plan == NEVER])


@pytest.mark.parametrize("duty", TIMED)
def test_the_last_day_and_the_day_after_it_are_both_hit(duty: str) -> None:
    rng = np.random.default_rng(2)
    court = rng.integers(0, len(WORLD.courts), 20_000)
    start = rng.integers(WORLD.first, WORLD.last, 20_000).astype(np.int32)
    done = acts(WORLD, QUALITY, duty, court, start)
    assert np.mean(done.done == done.due) > 0.05
    assert np.sum(done.done == done.due + 1) > 20


def test_breaches_come_as_often_as_the_court_is_said_to_commit_them() -> None:
    court = np.full(200_000, 5)
    for duty in ("inquiry.network", "payment.paid_out"):
        row = QUALITY.row(duty)
        plan = drawn_plan(WORLD, QUALITY, duty, court)
        assert np.mean(plan == LATE) == pytest.approx(QUALITY.late[row][5], abs=0.004)
        assert np.mean(plan == NEVER) == pytest.approx(QUALITY.never[row][5], abs=0.004)


@settings(max_examples=300, deadline=None)
@given(
    last=st.integers(0, 40),
    start=st.integers(0, 60),
    due=st.integers(0, 60),
    stop=st.integers(0, 60),
    ended=st.integers(0, 60),
)
def test_a_state_says_what_has_happened_by_the_last_day(
    last: int, start: int, due: int, stop: int, ended: int
) -> None:
    arrays = [np.array([day], np.int32) for day in (start, due, stop, ended)]
    state = truth.STATES[truth.deadline(last, arrays[0], arrays[1], arrays[2], arrays[3])[0]]
    if start > last:
        assert state == ("undeterminable" if stop <= last else "not_applicable")
    elif stop <= last:
        assert state == ("met" if stop <= due else "late")
    elif ended <= last:
        assert state == "discharged"
    else:
        assert state == ("overdue" if last > due else "not_due")


def test_a_breach_outweighs_the_unknown_and_that_what_is_still_open() -> None:
    whole = truth.Whole(5)
    for case, states in enumerate(
        [("met", "late"), ("met", "undeterminable"), ("met", "not_due"), ("discharged",), ()]
    ):
        for state in states:
            whole.add(np.array([case]), np.array([truth.STATES.index(state)], np.int8))
    found = whole.states(np.ones(5, np.bool_))
    assert [truth.STATES[state] for state in found] == [
        "overdue", "undeterminable", "not_due", "met", "not_applicable",
    ]  # fmt: skip


@given(st.lists(st.integers(0, 5), max_size=30))
def test_children_are_counted_within_their_parent(counts: list[int]) -> None:
    parent, nth = rows_of(np.array(counts, np.int64))
    wanted = [(p, k) for p, count in enumerate(counts) for k in range(count)]
    assert list(zip(parent.tolist(), nth.tolist(), strict=True)) == wanted
