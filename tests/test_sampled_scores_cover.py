"""How often the 95 % interval of a court's score holds the true score, over many draws.

One made-up population, known to the last file, is drawn from again and again with the product's own
draw and scored with the product's own scores. Root scores rest on thirteen leaves read in the same
files, of different weight and with different numbers of files they apply to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from zhiheng.indexes.answers import Answers
from zhiheng.indexes.editions import load_edition
from zhiheng.indexes.model import Indicator
from zhiheng.measures.tally import Tally
from zhiheng.sampling.design import design_of
from zhiheng.sampling.draw import Settings, draw
from zhiheng.sampling.frames import Frame
from zhiheng.scoring.columns import SetScores
from zhiheng.scoring.courts import score_set
from zhiheng.scoring.leaf import Evidence
from zhiheng.scoring.node_errors import Scored, node_errors
from zhiheng.scoring.readings import Draw, Readings
from zhiheng.scoring.saying import scored_sets
from zhiheng.scoring.set_plan import code_of
from zhiheng.simulate.readings import NOT_APPLICABLE, YES, file_items, true_answers

EDITION = load_edition("cass-2017")
ITEMS = file_items(EDITION, "basic")
PAGE = Path(__file__).parents[1] / "docs" / "tutorial" / "from-a-draw-to-a-province.md"
COURTS, DRAWS = 24, 60
SIZES = (150, 200, 250, 300, 400, 600)
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Population:
    """Files of courts with what is true of them, codes (files, items)."""

    courts: NDArray[np.str_]
    answers: NDArray[np.int8]

    @classmethod
    def made(cls, courts: int, seed: int) -> Population:
        sizes = [SIZES[place % len(SIZES)] for place in range(courts)]
        names = np.repeat([f"C{place:02d}" for place in range(courts)], sizes)
        files = [f"F{place:05d}" for place in range(len(names))]
        return cls(names, true_answers(files, names.tolist(), ITEMS, seed))

    @cached_property
    def frame(self) -> Frame:
        ids = tuple(f"F{place:05d}" for place in range(len(self.courts)))
        return Frame("made up", ids, {"court": tuple(self.courts.tolist())})

    @cached_property
    def names(self) -> list[str]:
        return sorted(set(self.courts.tolist()))

    @cached_property
    def sizes(self) -> dict[str, int]:
        return {name: int((self.courts == name).sum()) for name in self.names}

    def drawn(self, each: int, seed: str) -> NDArray[np.intp]:
        found = draw(self.frame, Settings(seed, each, ("court",), each=True, replacements=0))
        return np.array([one.row for one in found.sample], np.intp)

    def scored(self, rows: NDArray[np.intp]) -> Scored:
        """The courts scored by these files."""
        court, answers = self.courts[rows], self.answers[rows]
        here = {name: int((court == name).sum()) for name in self.names}
        weights = np.array([self.sizes[name] / here[name] for name in court.tolist()])
        design = design_of(
            len(rows),
            weights=weights,
            strata=court,
            population=np.array([self.sizes[name] for name in court.tolist()]),
        )
        yes, applies = answers == YES, answers != NOT_APPLICABLE
        told = Draw("", "", "", len(rows))
        asked = np.ones_like(yes)
        readings = Readings(told, court, design, ITEMS, yes, applies, asked, here)
        evidence = Evidence(EDITION, Tally.empty(), {}, readings)
        columns = score_set(EDITION.sets["basic"], self.names, evidence, Answers({}))
        (found,) = scored_sets([SetScores("basic", tuple(self.names), columns)], evidence)
        return found


def naive(scored: Scored) -> tuple[Floats, Floats]:
    """The error of every root score as if each leaf were read in a simple draw with replacement of
    its own: p(1 − p)/n, leaves independent, ± 1.96."""
    tree, root = scored.plan.tree, scored.plan.tree.codes.index(code_of(""))
    assert scored.readings is not None
    error = np.zeros(len(scored.courts))
    for place, court in enumerate(scored.courts):
        for item in scored.sampled(place):
            read = scored.readings.by_court_and_item[court, item]
            p = read.yes / read.applies
            step = scored.steps[place][root, tree.leaves.index(item)]
            error[place] += (step * 100) ** 2 * p * (1 - p) / read.applies
    value = scored.columns[""].value
    return value - 1.96 * np.sqrt(error), value + 1.96 * np.sqrt(error)


def held(low: Floats, high: Floats, truth: Floats) -> NDArray[np.bool_]:
    return np.asarray((low <= truth) & (truth <= high))


@pytest.fixture(scope="module")
def population() -> Population:
    return Population.made(COURTS, 7)


@pytest.mark.parametrize(("each", "least"), [(20, 0.93), (30, 0.93), (60, 0.93)])
def test_ninety_five_percent_intervals_of_root_scores_hold_the_truth_as_often_as_they_say(
    population: Population, each: int, least: float
) -> None:
    """1,440 intervals: a share of 95 % has a standard error of 0.6 points, and 2 are allowed."""
    truth = population.scored(np.arange(len(population.courts))).columns[""].value
    found = [population.scored(population.drawn(each, f"draw {n}")) for n in range(DRAWS)]
    errors = [node_errors(one)[""] for one in found]
    own = np.array([held(one.low, one.high, truth) for one in errors])
    bare = np.array([held(*naive(one), truth) for one in found])
    said = f"| {each} | {100 * own.mean():.1f} % | {100 * bare.mean():.1f} % |"
    assert said in PAGE.read_text("utf-8"), f"{PAGE.name} has to say: {said}"
    assert own.size == 1440
    assert least <= own.mean() <= 0.97
    assert bare.mean() < 0.91
    values = np.array([one.columns[""].value for one in found])
    told = np.sqrt(np.mean([one.error**2 for one in errors], axis=0))
    assert told.mean() == pytest.approx(values.std(axis=0, ddof=1).mean(), rel=0.06)


def test_a_census_has_no_error_and_is_the_truth(population: Population) -> None:
    whole = population.scored(np.arange(len(population.courts)))
    error = node_errors(whole)[""]
    assert error.error == pytest.approx(np.zeros(COURTS), abs=1e-9)
    assert whole.columns[""].value == pytest.approx(plain_root(population), abs=1e-9)


def plain_root(population: Population) -> list[float]:
    """The root score of every court, from its shares and the published weights alone."""
    found = []
    for name in population.names:
        answers = population.answers[population.courts == name]
        share = {
            item: 100 * float((column == YES).sum() / (column != NOT_APPLICABLE).sum())
            for item, column in zip(ITEMS, answers.T, strict=True)
        }
        values = [(part.weight, value_of(part, share)) for part in EDITION.sets["basic"].parts]
        found.append(mean(values))
    return found


def value_of(part: Indicator, share: dict[str, float]) -> float | None:
    if part.is_leaf:
        return share.get(part.id)
    parts = [(child.weight, value_of(child, share)) for child in part.parts]
    return mean(parts) if any(value is not None for _, value in parts) else None


def mean(values: Sequence[tuple[float, float | None]]) -> float:
    known = [(weight, value) for weight, value in values if value is not None]
    return sum(weight * value for weight, value in known) / sum(weight for weight, _ in known)
