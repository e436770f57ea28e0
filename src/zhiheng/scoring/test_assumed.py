"""Leaves under other choices, against the edition scored anew under those choices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from zhiheng.checks import outcomes as o
from zhiheng.errors import Message
from zhiheng.indexes.answers import Answer, Answers
from zhiheng.indexes.editions import load_edition
from zhiheng.indexes.model import Edition
from zhiheng.measures.tally import Tally
from zhiheng.scoring.assumed import COUNTED, Assumed, Counted, alternatives
from zhiheng.scoring.courts import score_courts
from zhiheng.scoring.leaf import Evidence
from zhiheng.scoring.set_plan import plan_of_set
from zhiheng.sensitivity.factors import draw
from zhiheng.sensitivity.study import Study

COURTS = tuple(f"陕01{number:02}" for number in range(1, 13))
EDITION = load_edition("cass-2017")


def evidence(edition: Edition, seed: int = 5) -> Evidence:
    """Every duty and figure of the edition on most courts, drawn by chance."""
    random = np.random.default_rng(seed)
    rules = [n.indicator.score for n in edition.sets["basic"].leaves() if n.indicator.score]
    tally = Tally.empty(list(COURTS), {duty for rule in rules for duty in rule.duties}, bands=4)
    shape = (len(tally.courts), len(tally.duties))
    tally.states[:] = random.integers(0, 5, (*shape, len(o.STATES)))
    tally.bands[:] = random.integers(0, 9, (*shape, 4))
    tally.late[:] = random.integers(0, 3, shape)
    figures = {
        (court, name): (float(random.integers(1, 50)), 50.0)
        for court in COURTS
        for name in sorted({rule.figure for rule in rules if rule.figure})
        if random.random() < 0.8
    }
    return Evidence(edition, tally, figures)


ANSWERS = Answers(
    {
        (court, leaf): Answer(court, leaf, numerator=float(n), denominator=40.0)
        for n, court in enumerate(COURTS, 29)
        for leaf in ("basic.1.7.1", "basic.1.8.1")
    }
)


def root_of(found: Evidence) -> np.ndarray:
    rows = [{"court": c, "name": c, "level": "basic", "parent": ""} for c in COURTS]
    return score_courts(rows, found, ANSWERS)[0][0].columns[""].value


def assumed(found: Evidence, counted: tuple[Counted, ...] = ()) -> Assumed:
    answers: dict[str, dict[int, Answer]] = {}
    for answer in ANSWERS:
        answers.setdefault(answer.leaf, {})[COURTS.index(answer.court)] = answer
    return Assumed(EDITION.sets["basic"], COURTS, found, counted, answers, {})


def study_of(of: Assumed) -> Study:
    return Study(plan_of_set(EDITION.sets["basic"]), of, units=COURTS)


def test_what_is_in_force_is_the_score_of_the_edition():
    found = evidence(EDITION)
    assert study_of(assumed(found)).in_force == pytest.approx(root_of(found), rel=1e-12)


def test_each_choice_by_itself_is_the_edition_under_that_choice():
    found = evidence(EDITION)
    of = assumed(found)
    study = study_of(of)
    seen = set()
    for name, title, draws in alternatives(of):
        choice = of.choices[name][int(draws[name][0, 0] * len(of.choices[name]))]
        other = replace(found, edition=EDITION.assuming(**{name: choice}))
        assert study.run(draws)[0] == pytest.approx(root_of(other), rel=1e-12), title.en
        seen.add(name)
    assert {"inquiry_bands", "review_unit", "closure_zero", "excused_counts"} <= seen
    # What changes no score is no factor.
    assert "grade_bands" not in seen


def test_choices_together_are_the_edition_under_all_of_them():
    found = evidence(EDITION)
    of = assumed(found)
    study = study_of(of)
    draws = draw(study.factors, 30, (2,))
    scores = study.run(draws)
    for at in range(30):
        choice = {
            name: choices[int(draws[name][at, 0] * len(choices))]
            for name, choices in of.choices.items()
        }
        other = replace(found, edition=EDITION.assuming(**choice))
        assert scores[at] == pytest.approx(root_of(other), rel=1e-12)


def test_a_count_of_its_own_departs_one_at_a_time_and_joins_with_the_choices():
    found, other = evidence(EDITION), evidence(EDITION, seed=6)
    of = assumed(found, (Counted(Message("另一口径", "another count"), other),))
    assert [factor.id for factor in of.factors][-1] == COUNTED
    study = study_of(of)
    assert study.run({COUNTED: np.array([[0.75]])})[0] == pytest.approx(root_of(other), rel=1e-12)
    chosen = EDITION.assuming(review_unit="court")
    both = {COUNTED: np.array([[0.75]]), "review_unit": np.array([[0.75]])}
    assert study.run(both)[0] == pytest.approx(root_of(replace(other, edition=chosen)), rel=1e-12)
    assert of.differs(other)
    assert not of.differs(found)


def test_errors_of_samples_move_the_leaves_they_belong_to_and_stay_within_the_scale():
    found = evidence(EDITION)
    root = np.array([[3.0, 0.0], [1.0, 2.0]])
    errors = {0: (("basic.1.7.1", "basic.1.8.1"), root)}
    of = replace(assumed(found), errors=errors)
    some = np.arange(4000)
    draws = draw(of.factors, 4000, (9,))
    only = {"data": draws["data"]}
    one, two = (of.values(code, only, some) for code in errors[0][0])
    first, second = one.spread(one.rows)[:, 0], two.spread(two.rows)[:, 0]
    assert np.cov(first, second) == pytest.approx(root @ root.T, abs=0.45)
    assert np.ptp(one.spread(one.rows)[:, 1]) == 0.0
    assert first.max() <= 100.0


def test_a_leaf_that_gives_all_or_nothing_is_not_moved_by_a_small_error():
    found = evidence(EDITION)
    of = replace(assumed(found), errors={0: (("basic.1.7.1",), np.array([[3.0]]))})
    draws = {"data": np.full((1, 1), 0.9), "review_unit": np.array([[0.75]])}
    moved = of.values("basic.1.7.1", draws, np.arange(1))
    assert moved.spread(moved.rows)[0, 0] in (0.0, 100.0)
