"""What reviewers add to the error of a court's share."""

from __future__ import annotations

import numpy as np
import pytest

from zhiheng.sampling.design import design_of
from zhiheng.sampling.ratings import Rating
from zhiheng.scoring.reader_effect import added_by_readers
from zhiheng.scoring.readings import Draw, Readings


def rated(
    seed: int, strictness: dict[str, float], files: int, twice: int
) -> tuple[list[Rating], dict[str, str], dict[str, int]]:
    """Files read by reviewers in turn, the first `twice` by the next one too."""
    rng = np.random.default_rng(seed)
    names = list(strictness)
    found, court_of, answers = [], {}, {}
    for number in range(files):
        file = f"f{number:04}"
        court_of[file] = "甲"
        truth = rng.random() < 0.8
        for turn in range(2 if number < twice else 1):
            who = names[(number + turn) % len(names)]
            answer = int(truth and rng.random() > strictness[who])
            answers.setdefault(file, answer)
            found.append(Rating(file, "a", who, str(answer), ""))
    return found, court_of, answers


def test_reviewers_who_read_alike_add_next_to_nothing_and_strict_ones_do():
    alike = [
        added_by_readers(*rated(seed, {"x": 0.1, "y": 0.1, "z": 0.1}, 300, 150)[:2])["甲", "a"]
        for seed in range(20)
    ]
    strict = [
        added_by_readers(*rated(seed, {"x": 0.0, "y": 0.1, "z": 0.5}, 300, 150)[:2])["甲", "a"]
        for seed in range(20)
    ]
    assert np.mean(alike) < 0.0005
    assert np.mean(strict) > 0.008


def test_the_added_variance_is_that_of_the_formula():
    """σ_b² (Σ m_g² / n² - 1/n) with 2, 1 and 1 of 4 files, counted by hand."""
    pairs = [("f1", "x", 1, "y", 0), ("f2", "x", 1, "z", 0), ("f3", "y", 0, "z", 0)]
    found = [
        Rating(file, "a", who, str(answer), "")
        for file, one, first, other, second in pairs
        for who, answer in ((one, first), (other, second))
    ]
    found.append(Rating("f4", "a", "x", "1", ""))
    added = added_by_readers(found, dict.fromkeys(("f1", "f2", "f3", "f4"), "甲"))
    from zhiheng.sampling.agreement_report import effect_of
    from zhiheng.sampling.ratings import items_of

    effect = effect_of(items_of(found)[0])
    assert effect is not None
    loads = np.array([0.5 + 0.5 + 1.0, 0.5 + 0.5, 0.5 + 0.5])
    expected = effect.between * ((loads**2).sum() / 16 - 1 / 4)
    assert added["甲", "a"] == pytest.approx(expected)


def test_what_readers_add_widens_the_interval_even_of_a_court_read_in_full():
    every = np.ones((40, 1), np.bool_)
    yes = every.copy()
    yes[:6] = False
    design = design_of(40, strata=["甲"] * 40, population=[40] * 40)
    draw = Draw("", "", "", 40)
    plain = Readings(draw, np.array(["甲"] * 40), design, ("a",), yes, every, every, {"甲": 40})
    assert plain.by_court_and_item["甲", "a"].share.variance == pytest.approx(0.0, abs=1e-15)
    moved = Readings(
        *(draw, plain.court, design, ("a",), yes, every, every, {"甲": 40}, {("甲", "a"): 0.0025})
    )
    share = moved.by_court_and_item["甲", "a"].share
    assert share.variance == pytest.approx(0.0025)
    assert not share.whole
