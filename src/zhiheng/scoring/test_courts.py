"""Courts scored together: the same scores as one by one, answers among them."""

from __future__ import annotations

import numpy as np
import pytest

from zhiheng.checks import outcomes as o
from zhiheng.indexes.answers import Answer, Answers
from zhiheng.indexes.editions import available_editions, load_edition
from zhiheng.indexes.model import Edition
from zhiheng.measures.tally import Tally
from zhiheng.scoring.columns import OfCourt, column_of
from zhiheng.scoring.courts import score_courts, score_set
from zhiheng.scoring.leaf import Evidence, score_leaf
from zhiheng.scoring.results import Score

COURTS = [f"陕01{number:02}" for number in range(1, 41)]


def rows(level: str = "basic") -> list[dict[str, str]]:
    return [{"court": code, "name": code, "level": level, "parent": "陕01"} for code in COURTS]


def evidence(edition: Edition, seed: int = 5) -> Evidence:
    """Every figure and every duty of the edition on most courts, drawn by chance."""
    draw = np.random.default_rng(seed)
    figures = {}
    leaves = [node.indicator for one in edition.sets.values() for node in one.leaves()]
    rules = [leaf.score for leaf in leaves if leaf.score]
    tally = Tally.empty(COURTS, {duty for rule in rules for duty in rule.duties}, bands=4)
    for court in range(len(tally.courts)):
        for duty in range(len(tally.duties)):
            if draw.random() < 0.8:
                counts = draw.integers(0, 3, len(o.STATES)) * draw.integers(0, 2)
                tally.states[court, duty] = counts
                tally.bands[court, duty] = draw.integers(0, 9, 4)
                tally.late[court, duty] = int(draw.integers(0, 3))
    for court in COURTS:
        for name in sorted({rule.figure for rule in rules if rule.figure}):
            if draw.random() < 0.8:
                above, below = draw.integers(0, 50, 2)
                figures[(court, name)] = (float(above), float(below))
    return Evidence(edition, tally, figures)


@pytest.mark.parametrize("name", available_editions())
def test_courts_together_score_as_each_court_alone(name: str) -> None:
    edition = load_edition(name).assuming()
    found = evidence(edition)
    answered = _answers(edition)
    for court in score_courts(rows(), found, answered)[1]:
        for node in edition.sets["basic"].leaves():
            leaf = node.indicator
            alone = score_leaf(leaf, court.court, found, answered.get(court.court, leaf.id))
            assert court.scores[leaf.id] == alone
        _, (single,) = score_courts([{**rows()[0], "court": court.court}], found, answered)
        assert dict(single.scores) == dict(court.scores)
        assert single.lines == court.lines


def _answers(edition: Edition) -> Answers:
    """An answer to every other leaf that takes one, from every third court."""
    leaves = [n.indicator for n in edition.sets["basic"].leaves() if n.indicator.answerable]
    given = [
        Answer(court, leaf.id, present=True, figure=3.0, numerator=2.0, denominator=5.0)
        for court in COURTS[::3]
        for leaf in leaves[::2]
    ]
    return Answers({(each.court, each.leaf): each for each in given})


def test_only_courts_with_a_set_are_scored_and_in_the_order_given() -> None:
    edition = load_edition("core-3+1")
    mixed = [{**row, "level": "supreme"} if n % 2 else row for n, row in enumerate(rows())]
    sets, found = score_courts(mixed[::-1], evidence(edition), Answers({}))
    assert [(one.level, len(one.courts)) for one in sets] == [("basic", 20)]
    assert [court.court for court in found] == [row["court"] for row in mixed[::-1]][1::2]


def test_counts_stay_whole_numbers_and_figures_do_not_become_them() -> None:
    edition = load_edition("cass-2017")
    columns = score_set(edition.sets["basic"], COURTS, evidence(edition), Answers({}))
    scores = [column.at(place) for column in columns.values() for place in range(len(COURTS))]
    kinds = {(type(s.numerator), type(s.denominator)) for s in scores if s.denominator is not None}
    assert kinds == {(int, int), (float, int), (float, float)}


def test_the_scores_of_a_court_read_like_a_mapping_of_their_nodes() -> None:
    columns = {"a": column_of("a", [Score("a", "no_data", None, 0.0)] * 2)}
    of = OfCourt(columns, 1)
    assert (len(of), list(of), "b" in of) == (1, ["a"], False)
    assert of["a"] == Score("a", "no_data", None, 0.0)
