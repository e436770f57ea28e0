"""Composites against the oracle: through their real members, and over every mix of outcomes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from random import Random

import numpy as np
import pytest
from hypothesis import given

from every_duty import COMPOSITE, DUTIES, SUBJECTS, compared, member_names, seeds, setting
from oracle import Verdict, judge
from plain_facts import Facts
from plain_frames import frame_of_all, verdicts_of
from random_subjects import Draw, Wording, draw_day_of_check
from zhiheng.calendar import to_day
from zhiheng.checks.composite import Judged, check_composite
from zhiheng.checks.duty import check
from zhiheng.checks.frame import Frame
from zhiheng.checks.outcomes import STATES, blank
from zhiheng.law.model import Duty, Law
from zhiheng.law.order import in_order


@dataclass(frozen=True)
class Drawn:
    """Subjects of one kind, and the case (by position) each belongs to."""

    per: str
    subjects: list[Facts]
    cases: list[int]
    as_of: date

    def frame(self) -> Frame:
        """The same as a frame as of the day of the check."""
        return frame_of_all(self.per, self.subjects, self.cases, {}).as_of(to_day(self.as_of))

    def verdicts(
        self, duty: Duty, law: Law, members: list[dict[str, list[str]]] | None = None
    ) -> list[Verdict]:
        """What the oracle says of each; `members`: the states of a composite's members, by case."""
        on = {"as_of": self.as_of.isoformat()}
        states = members or [{}] * len(self.subjects)
        pairs = zip(self.subjects, states, strict=True)
        return [judge(duty, law, {**facts, **on}, found) for facts, found in pairs]


@pytest.mark.parametrize("name", COMPOSITE)
@compared
@given(seed=seeds)
def test_a_composite_agrees_through_its_real_members(name: str, seed: int) -> None:
    law, whole, random = DUTIES[name], DUTIES[name].duties[name], Random(seed)
    drawn = drawn_cases(random, law, whole)
    judged = {}
    of_case: list[dict[str, list[str]]] = [defaultdict(list) for _ in range(SUBJECTS)]
    for duty in in_order(law, [name])[:-1]:
        subjects = drawn[duty.per]
        at = setting(law, subjects.as_of)
        if duty.kind == "composite":
            outcomes = check_composite(duty, subjects.frame(), at, judged)
            verdicts = subjects.verdicts(duty, law, of_case)
        else:
            outcomes = check(duty, subjects.frame(), at)
            verdicts = subjects.verdicts(duty, law)
        assert verdicts_of(outcomes) == verdicts
        judged[duty.id] = Judged(subjects.frame().case, outcomes)
        for case, verdict in zip(subjects.cases, verdicts, strict=True):
            of_case[case][duty.id].append(verdict.state)
    compare(law, whole, drawn["case"], judged, of_case)


@pytest.mark.parametrize("name", COMPOSITE)
@compared
@given(seed=seeds)
def test_a_composite_agrees_over_every_mix_of_outcomes(name: str, seed: int) -> None:
    law, whole, random = DUTIES[name], DUTIES[name].duties[name], Random(seed)
    cases = drawn_cases(random, law, whole)["case"]
    judged = {}
    of_case: list[dict[str, list[str]]] = [{} for _ in range(SUBJECTS)]
    for member in member_names(whole):
        likely = random.choice([("met", "not_applicable"), ("met", "not_due", "excused"), STATES])
        for states in of_case:
            states[member] = random.choices(likely, k=random.choice([0, 1, 1, 3]))
        judged[member] = judged_as([states[member] for states in of_case])
    compare(law, whole, cases, judged, of_case)


def compare(
    law: Law,
    whole: Duty,
    cases: Drawn,
    judged: dict[str, Judged],
    of_case: list[dict[str, list[str]]],
) -> None:
    outcomes = check_composite(whole, cases.frame(), setting(law, cases.as_of), judged)
    for facts, verdict, states in zip(cases.subjects, verdicts_of(outcomes), of_case, strict=True):
        known = {**facts, "as_of": cases.as_of.isoformat()}
        assert verdict == judge(whole, law, known, states), (known, states)


def judged_as(states: list[list[str]]) -> Judged:
    """Outcomes of a member with the given states, case by case."""
    cases = [case for case, found in enumerate(states) for _ in found]
    outcomes = blank(len(cases))
    outcomes.state[:] = [STATES.index(state) for found in states for state in found]
    return Judged(np.array(cases, np.int64), outcomes)


def drawn_cases(random: Random, law: Law, whole: Duty) -> dict[str, Drawn]:
    """Cases, and up to three subjects of each other kind for each, who share the case's facts."""
    as_of = draw_day_of_check(random)
    duties = in_order(law, [whole.id])
    draws = {per: drawing(random, law, duties, per, as_of) for per in {one.per for one in duties}}
    cases = [draws["case"].facts() for _ in range(SUBJECTS)]
    drawn = {"case": Drawn("case", cases, list(range(SUBJECTS)), as_of)}
    for per in sorted(draws.keys() - {"case"}):
        owners = [case for case in range(SUBJECTS) for _ in range(random.randint(0, 3))]
        subjects = [{**draws[per].facts(), **seen_by_subject(cases[case])} for case in owners]
        drawn[per] = Drawn(per, subjects, owners, as_of)
    return drawn


def drawing(random: Random, law: Law, duties: list[Duty], per: str, as_of: date) -> Draw:
    return Draw(random, Wording.of([duty for duty in duties if duty.per == per], law), as_of)


def seen_by_subject(facts: Facts) -> Facts:
    """What a subject carries of its case: its facts as they are, its nodes prefixed."""
    return {name if "." in name else f"case.{name}": value for name, value in facts.items()}
