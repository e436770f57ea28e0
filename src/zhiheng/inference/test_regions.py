"""Three indexes of a region and their errors."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest

from zhiheng.errors import BadInput
from zhiheng.inference.regions import WEIGHTINGS, Courts, region_index, told_by_one
from zhiheng.inference.shrinkage import shrink

NAN = float("nan")


def region(rows: list[tuple[str, float, float, float]]) -> Courts:
    part, score, error, cases = zip(*rows, strict=True)
    return Courts(part, *(np.array(each, np.float64) for each in (score, error, cases)))


def test_three_weightings_answer_three_questions():
    courts = region([("甲", 90, 0, 1000), ("甲", 60, 0, 100), ("乙", 70, 0, 100)])
    found = {name: region_index(courts, name) for name in WEIGHTINGS}
    assert found["by_cases"].value == pytest.approx((90_000 + 6_000 + 7_000) / 1200)
    assert found["by_courts"].value == pytest.approx(220 / 3)
    assert found["equally"].value == pytest.approx((75 + 70) / 2)
    assert all(each.error == 0 for each in found.values())


def test_of_all_courts_only_the_files_give_an_error():
    courts = region([("甲", 90, 2, 300), ("甲", 60, 1, 100)])
    by_cases, by_courts = (region_index(courts, name) for name in ("by_cases", "by_courts"))
    assert by_cases.error == pytest.approx(np.hypot(0.75 * 2, 0.25 * 1))
    assert by_courts.error == pytest.approx(np.hypot(2, 1) / 2)
    assert (by_cases.from_courts, by_cases.courts, by_cases.of_courts) == (0.0, 2, 2)


def test_the_error_of_drawn_courts_is_right_on_average_over_every_draw():
    """All draws of 2 of 4 and 3 of 4 courts, with every outcome of their files."""
    truth = {"甲": [90.0, 80.0, 70.0, 85.0], "乙": [60.0, 75.0, 66.0, 71.0]}
    error, drawn = 3.0, {"甲": 2, "乙": 3}
    values, variances = [], []
    for first in combinations(range(4), drawn["甲"]):
        for second in combinations(range(4), drawn["乙"]):
            for signs in product((-1, 1), repeat=5):
                rows = _rows(truth, {"甲": first, "乙": second}, error, signs)
                found = region_index(region(rows), "by_courts")
                values.append(found.value)
                variances.append(found.error**2)
    assert np.mean(values) == pytest.approx(np.mean([*truth["甲"], *truth["乙"]]))
    assert np.mean(variances) == pytest.approx(np.var(values), rel=1e-9)


def _rows(truth, chosen, error, signs):
    steps = iter(signs)
    return [
        (part, score + error * next(steps) if place in chosen[part] else NAN, error, 1)
        for part, scores in truth.items()
        for place, score in enumerate(scores)
    ]


def test_a_part_without_any_score_is_named_not_guessed():
    courts = region([("甲", 90, 1, 10), ("甲", 80, 1, 10), ("乙", NAN, 0, 10)])
    found = region_index(courts, "equally")
    assert found.parts_without == ("乙",)
    assert (found.value, found.courts, found.of_courts) == (85.0, 2, 3)


def test_one_court_of_several_has_no_error_to_tell():
    with pytest.raises(BadInput, match="乙"):
        region_index(region([("甲", 90, 1, 1), ("乙", 80, 1, 1), ("乙", NAN, 0, 1)]), "by_cases")


def test_no_score_at_all_is_refused():
    with pytest.raises(BadInput):
        region_index(region([("甲", NAN, 0, 1)]), "by_cases")


def test_shrinkage_draws_in_the_courts_with_few_files_most():
    scores = np.array([70.0, 80.0, 85.0, 90.0, 99.0])
    errors = np.array([1.0, 4.0, 1.0, 2.0, 9.0])
    found = shrink(scores, errors)
    assert np.argsort(found.own, kind="stable").tolist() == [4, 1, 3, 0, 2]
    assert np.all(np.abs(found.value - found.common) <= np.abs(scores - found.common))
    assert found.own.tolist() == pytest.approx(
        (found.variance / (found.variance + errors**2)).tolist()
    )


def test_the_variance_between_courts_is_where_the_restricted_score_is_zero():
    """Rao and Molina, Small Area Estimation (2015), section 6.1.2: tr(PP) = y'PPy."""
    rng = np.random.Generator(np.random.PCG64(3))
    errors = rng.uniform(1, 4, 30)
    x = np.column_stack([np.ones(30), rng.uniform(0, 1, 30)])
    scores = x @ [80.0, 5.0] + 3 * rng.standard_normal(30) + errors * rng.standard_normal(30)
    found = shrink(scores, errors, x)
    inverse = np.diag(1 / (found.variance + errors**2))
    p = inverse - inverse @ x @ np.linalg.inv(x.T @ inverse @ x) @ x.T @ inverse
    assert np.trace(p) == pytest.approx(scores @ p @ p @ scores, rel=1e-5)
    assert found.variance > 0


def test_courts_that_do_not_differ_get_the_common_score():
    found = shrink(np.array([80.0, 80.1, 79.9, 80.0]), np.array([5.0, 5.0, 5.0, 5.0]))
    assert found.variance == 0.0
    assert found.value.tolist() == pytest.approx([80.0] * 4)
    assert np.all(found.error > 0)


def test_a_census_court_keeps_its_score():
    found = shrink(np.array([70.0, 80.0, 90.0, 99.0]), np.array([0.0, 4.0, 4.0, 4.0]))
    assert found.value[0] == pytest.approx(70.0)
    assert found.error[0] == pytest.approx(0.0, abs=1e-6)


def test_two_courts_are_too_few():
    with pytest.raises(BadInput, match="2 courts"):
        shrink(np.array([70.0, 80.0]), np.array([1.0, 1.0]))


def test_shrunken_scores_are_nearer_to_the_truth_and_their_error_says_how_near():
    rng = np.random.Generator(np.random.PCG64(11))
    own, drawn, told = [], [], []
    for _ in range(300):
        errors = rng.uniform(2, 6, 25)
        truth = 85 + 3 * rng.standard_normal(25)
        seen = truth + errors * rng.standard_normal(25)
        found = shrink(seen, errors)
        own.append(np.mean((seen - truth) ** 2))
        drawn.append(np.mean((found.value - truth) ** 2))
        told.append(np.mean(found.error**2))
    assert np.mean(drawn) < 0.55 * np.mean(own)
    assert np.mean(told) == pytest.approx(np.mean(drawn), rel=0.1)


def test_unequal_chances_weigh_and_their_error_is_not_short_over_many_draws():
    """Systematic draws by size out of 30 courts, against the truth of all of them."""
    rng = np.random.Generator(np.random.PCG64(17))
    cases = rng.integers(20, 300, 30).astype(float)
    truth = 75 + 8 * rng.standard_normal(30)
    chance = np.minimum(8 * cases / cases.sum(), 1.0)
    values, variances = [], []
    for _ in range(2000):
        order = rng.permutation(30)
        ends = np.cumsum(chance[order])
        start = rng.random()
        taken = np.diff(np.floor(np.concatenate([[0.0], ends]) - start)) > 0
        score = np.full(30, NAN)
        score[order[taken]] = truth[order[taken]] + 2 * rng.standard_normal(taken.sum())
        courts = Courts(["甲"] * 30, score, np.full(30, 2.0), cases, chance)
        found = region_index(courts, "by_courts")
        values.append(found.value)
        variances.append(found.error**2)
    assert np.mean(values) == pytest.approx(truth.mean(), abs=0.5)
    assert 0.9 < np.mean(variances) / np.var(values) < 1.5


def test_a_court_that_was_certain_adds_only_the_error_of_its_files():
    courts = Courts(
        ["甲"] * 3,
        np.array([90.0, 80.0, 70.0]),
        np.array([3.0, 0.0, 0.0]),
        np.ones(3),
        np.ones(3),
    )
    found = region_index(courts, "by_courts")
    assert (found.value, found.from_courts) == (80.0, 0.0)
    assert found.error == pytest.approx(1.0)


def test_equal_parts_with_unequal_chances_are_not_surer_than_they_are_over_many_draws():
    """Four parts of ten courts, three courts of each drawn by size with replacement's variance."""
    rng = np.random.Generator(np.random.PCG64(23))
    cases = rng.integers(50, 200, 40).astype(float)
    truth = 75 + 8 * rng.standard_normal(40)
    part = np.repeat(list("甲乙丙丁"), 10)
    total = np.array([cases[part == one].sum() for one in part])
    chance = 3 * cases / total
    values, variances = [], []
    for _ in range(2000):
        score = np.full(40, NAN)
        for one in "甲乙丙丁":
            order = rng.permutation(np.flatnonzero(part == one))
            ends = np.cumsum(chance[order])
            taken = np.diff(np.floor(np.concatenate([[0.0], ends]) - rng.random())) > 0
            score[order[taken]] = truth[order[taken]]
        courts = Courts(part.tolist(), score, np.zeros(40), cases, chance)
        found = region_index(courts, "equally")
        values.append(found.value)
        variances.append(found.error**2)
    assert 0.85 < np.mean(variances) / np.var(values) < 1.6


def test_a_part_told_by_one_court_stops_equal_parts_alone_where_chances_are_unequal():
    courts = Courts(
        ["甲", "甲", "乙", "乙"],
        np.array([90.0, 80.0, 70.0, NAN]),
        np.zeros(4),
        np.ones(4),
        np.array([0.5, 0.4, 0.5, NAN]),
    )
    assert told_by_one(courts) == ("乙",)
    assert region_index(courts, "by_courts").error > 0
    with pytest.raises(BadInput, match="乙"):
        region_index(courts, "equally")
