"""Files drawn and read: what they make of leaves, nodes, lines and ranks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from zhiheng.errors import BadInput
from zhiheng.indexes.answers import Answer, Answers
from zhiheng.indexes.editions import load_edition
from zhiheng.indexes.model import Edition
from zhiheng.measures.tally import Tally
from zhiheng.sampling.bootstrap import replicate_weights
from zhiheng.sampling.design import Design, design_of
from zhiheng.scoring.columns import SetScores
from zhiheng.scoring.courts import score_courts
from zhiheng.scoring.leaf import Evidence
from zhiheng.scoring.node_errors import NodeErrors, node_errors
from zhiheng.scoring.readings import Draw, Readings
from zhiheng.scoring.said import pairs_of
from zhiheng.scoring.saying import said_of_sets, scored_sets

EDITION = load_edition("cass-2017")
ITEMS = ("basic.1.1.2", "basic.1.7.1", "basic.1.8.1")
COURTS = ("陕0102", "陕0103", "陕0104")
DRAW = Draw("d" * 64, "seed", "", 120)


def readings(
    design: Design, court: Sequence[str], yes: np.ndarray, applies: np.ndarray | None = None
) -> Readings:
    every = np.ones(yes.shape, np.bool_)
    asked = every if applies is None else applies
    wanted = {name: list(court).count(name) for name in dict.fromkeys(court)}
    return Readings(DRAW, np.array(court), design, ITEMS, yes & asked, asked, every, wanted)


def by_court(sizes: Sequence[int], there: int = 200, seed: int = 1) -> Readings:
    """So many files of each court, a simple draw of `there` in each, items of a file alike."""
    rng = np.random.default_rng(seed)
    court = np.repeat(COURTS[: len(sizes)], sizes)
    of_file = rng.random(len(court))[:, None]
    yes = 0.5 * of_file + 0.5 * rng.random((len(court), 3)) < 0.8
    applies = rng.random((len(court), 3)) < 0.9
    design = design_of(len(court), strata=court, population=np.full(len(court), there))
    return readings(design, court.tolist(), yes, applies)


def scored(found: Readings | None, edition: Edition = EDITION, answers: Answers | None = None):
    evidence = Evidence(edition, Tally.empty(), {}, found)
    rows = [{"court": c, "name": c, "level": "basic", "parent": "陕01"} for c in COURTS]
    sets, courts = score_courts(rows, evidence, answers or Answers({}))
    return sets, courts, evidence


def errors_of(
    found: Readings, edition: Edition = EDITION
) -> tuple[SetScores, dict[str, NodeErrors]]:
    sets, _, evidence = scored(found, edition)
    (one,) = scored_sets(sets, evidence)
    return sets[0], node_errors(one)


def test_a_leaf_is_the_share_that_is_right_with_the_error_of_its_draw():
    """Cochran (1977), equation 3.8: (1 - f) p q / (n - 1)."""
    court = ["陕0102"] * 50
    yes = np.zeros((50, 3), np.bool_)
    yes[:45] = True
    design = design_of(50, strata=court, population=[200] * 50)
    sets, errors = errors_of(readings(design, court, yes))
    leaf = sets.columns["basic.1.7.1"].at(0)
    assert (leaf.value, leaf.numerator, leaf.denominator, leaf.source) == (90.0, 45, 50, "sample")
    assert leaf.coverage == 1.0
    expected = 100 * np.sqrt(0.75 * 0.9 * 0.1 / 49)
    assert errors["basic.1.7.1"].error[0] == pytest.approx(expected, rel=1e-12)
    assert errors["basic.1.7.1"].files[0] == 50
    assert errors["basic.1.7.1"].low[0] < 90 < errors["basic.1.7.1"].high[0]


def test_items_of_the_same_files_that_agree_give_no_smaller_error_together():
    """All three answered alike in every file: the root is as unsure as one of them."""
    court = ["陕0102"] * 50
    yes = np.zeros((50, 3), np.bool_)
    yes[:45] = True
    design = design_of(50, strata=court, population=[200] * 50)
    _, errors = errors_of(readings(design, court, yes))
    assert errors[""].error[0] == pytest.approx(errors["basic.1.7.1"].error[0], rel=1e-12)


def test_every_node_varies_as_its_replicates_do():
    """Against the tree scored anew under 600 rescaled bootstrap weights."""
    found = by_court((40, 60, 50))
    _sets, errors = errors_of(found)
    weights = replicate_weights(found.design, 600, 3)
    for place, court in enumerate(COURTS):
        own = found.court == court
        values: dict[str, list[float]] = {"": [], "basic.1": [], "basic.1.1": []}
        for row in weights:
            w = (row * own)[:, None]
            shares = (w * found.yes).sum(axis=0) / (w * found.applies).sum(axis=0)
            given = {
                (court, item): Answer(court, item, numerator=share, denominator=1.0)
                for item, share in zip(ITEMS, shares.tolist(), strict=True)
            }
            again, _, _ = scored(None, answers=Answers(given))
            for node in values:
                values[node].append(float(again[0].columns[node].value[place]))
        for node, replicated in values.items():
            error = errors[node].error[place]
            assert error == pytest.approx(np.std(replicated), rel=0.09), (court, node)


def test_a_court_read_in_full_has_no_error_and_one_not_read_none_to_tell():
    found = by_court((40, 30), there=40)
    sets, errors = errors_of(found)
    assert errors[""].error[0] == pytest.approx(0.0, abs=1e-12)
    assert errors[""].error[1] > 0
    assert np.isnan(sets.columns[""].value[2])
    assert np.isnan(errors[""].error[2])


def test_one_file_of_many_tells_no_error():
    court = ["陕0102", *["陕0103"] * 20]
    yes = np.ones((21, 3), np.bool_)
    yes[5:8] = False
    design = design_of(21, strata=court, population=[50] * 21)
    sets, errors = errors_of(readings(design, court, yes))
    assert sets.columns[""].value[0] == 100.0
    assert np.isnan([errors[""].error[0], errors["basic.1.7.1"].low[0]]).all()
    assert errors[""].error[1] > 0
    (said,) = said_of_sets((sets,), scored(readings(design, court, yes))[2])
    assert said.ranks.rank.tolist() == [0, 1, 0]


def test_a_draw_not_by_court_has_courts_as_domains():
    """The variance of a domain of a simple draw: Särndal, Swensson and Wretman (1992), 5.8."""
    rng = np.random.default_rng(4)
    court = rng.choice(COURTS, 150).tolist()
    yes = rng.random((150, 3)) < 0.85
    design = design_of(150, population=[900] * 150)
    found = readings(design, court, yes)
    assert len(found.of_court("陕0102")[0]) == 150
    _, errors = errors_of(found)
    own = np.array(court) == "陕0102"
    share = yes[own, 1].mean()
    residual = np.where(own, yes[:, 1] - share, 0.0)
    variance = (1 - 150 / 900) * 150 * np.var(residual, ddof=1) / own.sum() ** 2
    assert errors["basic.1.7.1"].error[0] == pytest.approx(100 * np.sqrt(variance), rel=1e-10)
    assert len(by_court((10, 10)).of_court("陕0102")[0]) == 10


def test_a_court_drawn_before_its_files_is_a_sample_of_its_own():
    """Given that a court was drawn its files are a simple draw: the same as by court, although
    the design is of two stages and courts have unequal chances."""
    sizes, there = (12, 20, 15), (40, 90, 300)
    court = np.repeat(COURTS, sizes)
    rng = np.random.default_rng(8)
    yes = rng.random((47, 3)) < 0.8
    inside = np.repeat(there, sizes)
    # The third was certain: each of its files is a unit by itself, its stratum the court.
    certain = court == COURTS[2]
    two = design_of(
        47,
        weights=np.where(certain, 20.0, 35.0),
        strata=np.where(certain, COURTS[2], "(by size)"),
        clusters=[
            one if sure else c for one, sure, c in zip(range(47), certain, court, strict=True)
        ],
        population=np.where(certain, 300.0, np.inf),
        population_within=np.where(certain, 1, inside),
        lonely="certainty",
    )
    apart = design_of(47, strata=court, population=inside)
    found, plain = readings(two, court.tolist(), yes), readings(apart, court.tolist(), yes)
    assert (
        found.files == plain.files == dict(zip(COURTS, zip(sizes, there, strict=True), strict=True))
    )
    (_, one), (_, other) = errors_of(found), errors_of(plain)
    for node, errors in other.items():
        for name in ("error", "low", "high", "freedom"):
            np.testing.assert_allclose(getattr(one[node], name), getattr(errors, name), 1e-12)


def test_a_node_of_one_sampled_leaf_has_that_leafs_interval():
    _, errors = errors_of(by_court((40, 60, 50)))
    # 1.7.1 is the only leaf of 1.7 that was read, and nothing else of 1.7 has data.
    assert errors["basic.1.7"].low == pytest.approx(errors["basic.1.7.1"].low)
    assert errors["basic.1.7"].high == pytest.approx(errors["basic.1.7.1"].high)
    assert errors["basic.1.7"].error == pytest.approx(errors["basic.1.7.1"].error)


def test_an_interval_is_put_together_of_those_of_the_leaves_by_hand():
    found = by_court((40, 60, 50))
    sets, errors = errors_of(found)
    value = [sets.columns[item].value[0] for item in ITEMS]
    rows, design = found.of_court(COURTS[0])
    matrix = found.estimates(COURTS[0]).covariance(design)
    spread = np.sqrt(np.diagonal(matrix))
    # Shares of the root's weight: 35 % x 10, 5 and 5 %, and nothing else has data.
    steps = np.array([10, 5, 5]) / 20
    down = [v - errors[item].low[0] for v, item in zip(value, ITEMS, strict=True)]
    total = sum(
        steps[i] * down[i] * steps[j] * down[j] * matrix[i, j] / spread[i] / spread[j]
        for i in range(3)
        for j in range(3)
    )
    assert len(rows) == 40
    assert errors[""].low[0] == pytest.approx(sets.columns[""].value[0] - np.sqrt(total))


def test_a_court_whose_files_read_were_all_right_is_not_as_sure_as_a_census():
    court = ["陕0102"] * 30 + ["陕0103"] * 30
    yes = np.ones((60, 3), np.bool_)
    yes[:30, 1] = False  # all alike the other way
    design = design_of(60, strata=court, population=[120] * 30 + [30] * 30)
    _, errors = errors_of(readings(design, court, yes))
    # Jeffreys' posterior of 30 of 30, three quarters of the files unread: by hand.
    unseen = 0.75 * (30.5 * 0.5) / (31**2 * 32)
    for item in ITEMS:
        assert errors[item].error[0] == pytest.approx(100 * np.sqrt(unseen))
        assert errors[item].error[1] == 0.0
    assert errors[""].error[0] > 0
    assert errors[""].error[1] == pytest.approx(0.0, abs=1e-9)


def test_where_all_or_nothing_counts_one_wrong_file_settles_it():
    other = EDITION.assuming(review_unit="court")
    court = ["陕0102"] * 50 + ["陕0103"] * 50
    yes = np.ones((100, 3), np.bool_)
    yes[3, 1] = False
    design = design_of(100, strata=court, population=[60] * 100)
    sets, errors = errors_of(readings(design, court, yes), other)
    leaf = errors["basic.1.7.1"]
    assert sets.columns["basic.1.7.1"].value[:2].tolist() == [0.0, 100.0]
    assert (leaf.error[0], leaf.low[0], leaf.high[0]) == (0.0, 0.0, 0.0)
    # Ten files unread: Jeffreys' chance that all ten are right, in closed form.
    ks = np.arange(10)
    chance = float(np.prod((50.5 + ks) / (51.0 + ks)))
    assert leaf.error[1] == pytest.approx(100 * np.sqrt(chance * (1 - chance)))
    assert (leaf.low[1], leaf.high[1]) == (0.0, 100.0)


def test_an_answer_sheet_may_not_give_what_was_read():
    answer = Answer("陕0102", "basic.1.7.1", numerator=1.0, denominator=2.0, evidence="e")
    with pytest.raises(BadInput, match="陕0102"):
        scored(by_court((10, 10)), answers=Answers({("陕0102", "basic.1.7.1"): answer}))


def test_an_item_that_no_share_of_files_can_score_is_refused():
    from dataclasses import replace

    for item, said in (("basic.9.9", "no leaf"), ("basic.1.1.1", "share of files")):
        wrong = replace(by_court((10, 10)), items=(*ITEMS[:2], item))
        sets, _, evidence = scored(wrong)
        with pytest.raises(BadInput, match=said):
            said_of_sets(sets, evidence)


def test_without_a_draw_nothing_is_said():
    sets, _, evidence = scored(None)
    assert said_of_sets(sets, evidence) == ()


def test_differences_of_all_pairs_stand_with_the_higher_court_first():
    sets, _, evidence = scored(by_court((60, 60, 60), seed=9))
    (said,) = said_of_sets(sets, evidence)
    pairs = list(pairs_of(said, [None] * 3))
    assert len(pairs) == 3
    assert all(pair.value >= 0 and pair.first_higher >= 0.5 for pair in pairs)
    error = said.root.error
    assert pairs[0].error == pytest.approx(np.hypot(error[pairs[0].first], error[pairs[0].second]))
    assert said.files == dict.fromkeys(COURTS, (60, 200))


REVISED = load_edition("cass-2018")


@pytest.mark.parametrize(
    ("decision", "reached"), [("point", "yes"), ("lower_bound", "no"), ("upper_bound", "yes")]
)
def test_a_line_is_held_against_the_number_that_was_declared(decision: str, reached: str):
    """46 of 50 files of 5,000: 92 %, whose one-sided bounds are about 84 and 96."""
    leaf = next(line.leaf for line in REVISED.sets["basic"].lines if line.leaf)
    edition = REVISED.assuming(sample_decision=decision)
    court = ["陕0102"] * 50
    yes = np.zeros((50, 1), np.bool_)
    yes[:46] = True
    design = design_of(50, strata=court, population=[5000] * 50)
    every = np.ones((50, 1), np.bool_)
    found = Readings(DRAW, np.array(court), design, (leaf,), yes, every, every, {"陕0102": 50})
    _, courts, _ = scored(found, edition)
    line = next(line for line in courts[0].lines if line.source == "sample")
    assert line.value == pytest.approx(92.0)
    assert line.reached == reached
    assert line.chance == pytest.approx(0.7, abs=0.08)
    if decision == "lower_bound":
        assert line.judged == pytest.approx(83.5, abs=1.5)
    if decision == "upper_bound":
        assert line.judged == pytest.approx(96.2, abs=1.0)
