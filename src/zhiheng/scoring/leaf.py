"""The score of one leaf for every court: from its figure, or from a person's answer.

A leaf is 0-100. 0/0 is not applicable, no figure is no data; neither is ever 0. The coverage of a
computed leaf is the share of its subjects whose outcome could be determined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zhiheng.checks import outcomes as o
from zhiheng.indexes.answers import Answer
from zhiheng.indexes.model import Edition, Indicator, ScoreRule
from zhiheng.law.model import Assumption
from zhiheng.measures.tally import Tally
from zhiheng.scoring.columns import (
    NO_DATA,
    NOT_APPLICABLE,
    SCORED,
    Column,
    Flags,
    Floats,
    blank,
)
from zhiheng.scoring.results import Score
from zhiheng.scoring.sampled import given_twice, sampled_score

if TYPE_CHECKING:
    from zhiheng.scoring.readings import Readings

FULL = 100.0
ALL_OR_ZERO = {
    ("review_unit", "court"),
    ("closure_zero", "court"),
    ("case_handling_rule", "presence"),
}
"""Choices by which a share is full marks where it is whole and zero otherwise."""
Ratio = tuple[float, float]
Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Evidence:
    """What leaves are scored from: outcomes counted, figures by (court, figure), files that were
    drawn and read, the edition with the assumptions in force."""

    edition: Edition
    tally: Tally
    figures: Mapping[tuple[str, str], Ratio]
    readings: Readings | None = None

    def choice(self, assumption: str) -> str:
        """The choice in force."""
        return self.edition.assumptions[assumption].value

    def ratios(self, courts: Sequence[str], figure: str) -> tuple[Floats, Floats]:
        """Numerators and denominators of a figure, 0 and 0 where a court has none."""
        pairs = [self.figures.get((court, figure), (0.0, 0.0)) for court in courts]
        above, below = np.array(pairs, np.float64).reshape(-1, 2).T
        return above, below

    def counts(self, courts: Sequence[str], duties: tuple[str, ...]) -> Counts:
        """Outcomes of several duties together: a row a court, a column a state."""
        return self.tally.of_courts(courts, duties)

    def bands(self, courts: Sequence[str], duty: str, width: int) -> Counts:
        """Outcomes of a duty in the first `width` bands: a row a court."""
        found = np.zeros((len(courts), width), np.int64)
        bands = self.tally.bands_of_courts(courts, duty)[:, :width]
        found[:, : bands.shape[1]] = bands
        return found

    def late_discharges(self, courts: Sequence[str], duties: tuple[str, ...]) -> NDArray[np.int64]:
        """What was discharged only after its limit, by court."""
        return self.tally.late_of_courts(courts, duties)


def score_leaf(leaf: Indicator, court: str, evidence: Evidence, answer: Answer | None) -> Score:
    """One leaf of one court; see `leaf_column`."""
    return leaf_column(leaf, (court,), evidence, {0: answer} if answer else {}).at(0)


def leaf_column(
    leaf: Indicator, courts: Sequence[str], evidence: Evidence, answers: Mapping[int, Answer]
) -> Column:
    """One leaf of several courts; `answers` by the court's place. A person's answer and a computed
    figure by the precedence in force.

    The figure that was not taken stands in the score's evidence.
    """
    computed = _computed(leaf, courts, evidence) if leaf.computed else blank(leaf.id, len(courts))
    given = {place: _answered(leaf, each, evidence) for place, each in answers.items()}
    given.update(_sampled(leaf, courts, evidence, answers))
    return computed.with_answers(
        {place: _merged(each, computed.at(place), evidence) for place, each in given.items()}
    )


def _sampled(
    leaf: Indicator, courts: Sequence[str], evidence: Evidence, answers: Mapping[int, Answer]
) -> dict[int, Score]:
    """What files that were read say of the leaf, by the court's place. Raises BadInput where the
    answer sheet has a figure of the same leaf as well."""
    readings = evidence.readings
    if readings is None or leaf.id not in readings.items:
        return {}
    found = {}
    for place, court in enumerate(courts):
        read = readings.by_court_and_item.get((court, leaf.id))
        if read is not None and place in answers:
            raise given_twice(leaf.id, court)
        if read is not None:
            cliff = gives_all_or_nothing(leaf, evidence)
            found[place] = sampled_score(leaf, read, cliff, readings.draw.digest)
    return found


def gives_all_or_nothing(leaf: Indicator, evidence: Evidence) -> bool:
    """True where the choice in force gives a leaf full marks where all is right, else none."""
    named = leaf.score.assumption if leaf.score else None
    return named is not None and (named, evidence.choice(named)) in ALL_OR_ZERO


def _merged(answered: Score, computed: Score, evidence: Evidence) -> Score:
    if computed.state != "scored":
        return answered
    if answered.state == "no_data":
        return computed
    first, second = answered, computed
    if evidence.choice("answer_precedence") == "system":
        first, second = computed, answered
    other = f"{second.source}: {second.value:.2f}" if second.value is not None else ""
    return replace(first, evidence="; ".join(filter(None, (first.evidence, other))))


def _computed(leaf: Indicator, courts: Sequence[str], evidence: Evidence) -> Column:
    assert leaf.score is not None
    rule = leaf.score
    if rule.figure is not None:
        return _from_figure(leaf, rule, courts, evidence)
    if rule.method == "band":
        return _banded(leaf, rule, courts, evidence)
    return _shared(leaf, rule, courts, evidence)


def _from_figure(
    leaf: Indicator, rule: ScoreRule, courts: Sequence[str], evidence: Evidence
) -> Column:
    assert rule.figure is not None
    above, below = evidence.ratios(courts, rule.figure)
    held = below > 0
    value = _of_ratios(rule, above, below, held, evidence)
    return Column(
        leaf.id,
        np.where(held, SCORED, NOT_APPLICABLE).astype(np.int8),
        np.where(held, value, np.nan),
        held.astype(np.float64),
        np.where(held | (above != 0), above, np.nan),
        np.where(held | (below != 0), below, np.nan),
        source="system",
    )


def _of_ratios(
    rule: ScoreRule, above: Floats, below: Floats, held: Flags, evidence: Evidence
) -> Floats:
    """What the ratios are worth where they are `held`; anything elsewhere."""
    ratio = above / np.where(held, below, 1.0)
    if rule.method == "within_days":
        return _of_days(ratio, evidence.edition.assumptions[rule.assumption or ""])
    share = np.minimum(ratio, 1.0)
    if rule.method == "complement":
        share = 1.0 - share
    elif rule.assumption == "case_handling_rule" and evidence.choice(rule.assumption) == "presence":
        share = (above >= below).astype(np.float64)
    return FULL * share


def _of_days(mean: Floats, scale: Assumption) -> Floats:
    """Full marks up to `full_days`; beyond, in proportion, or in a straight line to `zero_days`."""
    full, zero = float(scale.settings["full_days"]), scale.settings.get("zero_days")
    longer = np.maximum(mean, full)
    if zero is None:
        return np.where(mean <= full, FULL, FULL * full / longer)
    line = FULL * np.maximum(float(zero) - longer, 0.0) / (float(zero) - full)
    return np.where(mean <= full, FULL, line)


def _shared(leaf: Indicator, rule: ScoreRule, courts: Sequence[str], evidence: Evidence) -> Column:
    counts = evidence.counts(courts, rule.duties)
    good, total = _good_of(counts, courts, rule, evidence)
    share = good / np.maximum(total, 1)
    if rule.assumption == "closure_zero" and evidence.choice("closure_zero") == "court":
        share = (good == total).astype(np.float64)
    return _of_counts(leaf, counts, good.astype(np.float64), total, FULL * share, whole=True)


def _good_of(
    counts: Counts, courts: Sequence[str], rule: ScoreRule, evidence: Evidence
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Subjects whose duty was fulfilled, of those it was due on."""
    good = counts[:, o.MET]
    if evidence.choice("excused_counts") == "as_met":
        good = good + counts[:, o.EXCUSED]
    total = good + counts[:, o.LATE] + counts[:, o.OVERDUE]
    if evidence.choice("late_discharge") == "breach":
        total = total + evidence.late_discharges(courts, rule.duties)
    return good, total


def _banded(leaf: Indicator, rule: ScoreRule, courts: Sequence[str], evidence: Evidence) -> Column:
    scores = evidence.edition.assumptions[rule.assumption or ""].settings["scores"]
    points, total = np.zeros(len(courts)), np.zeros(len(courts), np.int64)
    for duty in rule.duties:
        for count, score in zip(evidence.bands(courts, duty, len(scores)).T, scores, strict=True):
            points += count.astype(np.float64) * score
            total += count
    counts = evidence.counts(courts, rule.duties)
    return _of_counts(leaf, counts, points / FULL, total, points / np.maximum(total, 1))


def _of_counts(
    leaf: Indicator,
    counts: Counts,
    above: Floats,
    total: NDArray[np.int64],
    value: Floats,
    whole: bool = False,
) -> Column:
    judged, unknown = total > 0, counts[:, o.UNDETERMINABLE]
    without = np.where(unknown > 0, NO_DATA, NOT_APPLICABLE)
    return Column(
        leaf.id,
        np.where(judged, SCORED, without).astype(np.int8),
        np.where(judged, value, np.nan),
        np.where(judged, total / np.maximum(total + unknown, 1), 0.0),
        np.where(judged, above, np.nan),
        np.where(judged, total, np.nan),
        (whole, True),
        "system",
        counts,
    )


def _answered(leaf: Indicator, answer: Answer, evidence: Evidence) -> Score:
    assert leaf.score is not None
    value = ANSWERED[leaf.answer_kind](leaf.score, answer, evidence)
    named = "; ".join(filter(None, (answer.evidence, answer.place)))
    blank = Score(leaf.id, "not_applicable", None, 0.0, source="answer", evidence=named)
    if value is None:
        return blank
    numerator = answer.figure if answer.numerator is None else answer.numerator
    return replace(
        blank,
        state="scored",
        value=value,
        coverage=1.0,
        numerator=numerator,
        denominator=answer.denominator,
    )


def _of_choice(rule: ScoreRule, answer: Answer, evidence: Evidence) -> float | None:
    return FULL if answer.present else 0.0


def _of_count(rule: ScoreRule, answer: Answer, evidence: Evidence) -> float | None:
    points = float(evidence.edition.assumptions["absence_rule"].settings["points_per_case"])
    return max(FULL - (answer.figure or 0.0) * points, 0.0)


def _of_points(rule: ScoreRule, answer: Answer, evidence: Evidence) -> float | None:
    return answer.figure


def _of_ratio(rule: ScoreRule, answer: Answer, evidence: Evidence) -> float | None:
    above, below = answer.numerator or 0.0, answer.denominator or 0.0
    if below == 0:
        return None
    share = above / below
    named = rule.assumption
    if named is not None and (named, evidence.choice(named)) in ALL_OR_ZERO:
        share = float(above == below)
    negative = rule.method in ("complement", "answered_complement")
    return FULL * (1.0 - share if negative else share)


ANSWERED: dict[str, Callable[[ScoreRule, Answer, Evidence], float | None]] = {
    "choice": _of_choice,
    "count": _of_count,
    "points": _of_points,
    "ratio": _of_ratio,
}
"""What an answer of each kind is worth; None where there was nothing to judge."""
