"""The engine against the oracle: the cases beside the law, then thousands of random subjects."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from random import Random

import pytest
from hypothesis import given

from every_duty import DUTIES, SIMPLE, SUBJECTS, compared, seeds, setting
from oracle import Verdict, judge
from plain_facts import Facts
from plain_frames import frame_of_all, verdicts_of
from random_subjects import Draw, Wording, draw_day_of_check
from zhiheng.calendar import to_day
from zhiheng.checks.duty import check
from zhiheng.law.load import load_law
from zhiheng.law.model import Duty, Law

CASES = [
    pytest.param(duty, case, id=f"{duty.id}: {case['name']}")
    for duty in load_law().duties.values()
    for case in duty.cases
]


@pytest.mark.parametrize(("duty", "case"), CASES)
def test_the_oracle_agrees_with_the_case_beside_the_law(duty: Duty, case: Facts) -> None:
    got = judge(duty, load_law(), case, case.get("members"))
    said = {
        "expect": got.state,
        "due": got.due and got.due.isoformat(),
        "days_over": got.days_over,
        "band": got.band,
        "detail": got.detail,
    }
    expected = {name: case[name] for name in said if name in case}
    assert {name: said[name] for name in expected} == expected


@pytest.mark.parametrize("name", SIMPLE)
@compared
@given(seed=seeds)
def test_the_engine_agrees_with_the_oracle(name: str, seed: int) -> None:
    law, duty, random = DUTIES[name], DUTIES[name].duties[name], Random(seed)
    draw = Draw(random, Wording.of([duty], law), draw_day_of_check(random))
    cases = sorted(random.choices(range(SUBJECTS), k=SUBJECTS))
    subjects = [draw.facts() for _ in cases]
    intervals = drawn_intervals(draw, subjects, cases)
    got = engine(law, duty, draw.as_of, subjects, cases, intervals)
    for facts, case, verdict in zip(subjects, cases, got, strict=True):
        whole = {**facts, "intervals": intervals[case], "as_of": draw.as_of.isoformat()}
        if verdict != judge(duty, law, whole):
            pytest.fail(difference(law, duty, smallest(law, duty, whole)))


def engine(
    law: Law,
    duty: Duty,
    as_of: date,
    subjects: list[Facts],
    cases: list[int],
    intervals: dict[int, list[Facts]],
) -> list[Verdict]:
    frame = frame_of_all(duty.per, subjects, cases, intervals).as_of(to_day(as_of))
    return verdicts_of(check(duty, frame, setting(law, as_of)))


def drawn_intervals(
    draw: Draw, subjects: list[Facts], cases: list[int]
) -> dict[int, list[dict[str, str]]]:
    """The intervals of each case, about the days of its subjects."""
    of_case = defaultdict(list)
    for facts, case in zip(subjects, cases, strict=True):
        of_case[case].append(facts)
    return {case: draw.intervals(found) for case, found in of_case.items()}


def difference(law: Law, duty: Duty, whole: Facts) -> str:
    """What the two say of one subject; nothing where they agree."""
    facts = {name: value for name, value in whole.items() if name not in ("as_of", "intervals")}
    as_of = date.fromisoformat(whole["as_of"])
    [got] = engine(law, duty, as_of, [facts], [0], {0: whole["intervals"]})
    expected = judge(duty, law, whole)
    return "" if got == expected else f"{duty.id}\n{whole}\nengine {got}\noracle {expected}"


def smallest(law: Law, duty: Duty, whole: Facts) -> Facts:
    """The subject without every fact and interval that the disagreement does not need."""
    for name in [name for name in whole if name not in ("as_of", "intervals")]:
        fewer = {key: value for key, value in whole.items() if key != name}
        whole = fewer if difference(law, duty, fewer) else whole
    for row in list(whole["intervals"]):
        fewer = {**whole, "intervals": [other for other in whole["intervals"] if other is not row]}
        whole = fewer if difference(law, duty, fewer) else whole
    return whole
