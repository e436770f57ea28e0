"""The score of one leaf for one court: from its figure, or from a person's answer.

A leaf is 0-100. 0/0 is not applicable, no figure is no data; neither is ever 0. The coverage of a
computed leaf is the share of its subjects whose outcome could be determined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zhiheng.checks import outcomes as o
from zhiheng.indexes.answers import Answer
from zhiheng.indexes.model import Edition, Indicator, ScoreRule
from zhiheng.law.model import Assumption
from zhiheng.measures.tally import Tally
from zhiheng.scoring.results import Score

FULL = 100.0
ALL_OR_ZERO = {
    ("review_unit", "court"),
    ("closure_zero", "court"),
    ("case_handling_rule", "presence"),
}
"""Choices by which a share is full marks where it is whole and zero otherwise."""
Ratio = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Evidence:
    """What leaves are scored from: outcomes counted, figures by (court, figure), the edition
    with the assumptions in force."""

    edition: Edition
    tally: Tally
    figures: Mapping[tuple[str, str], Ratio]

    def choice(self, assumption: str) -> str:
        """The choice in force."""
        return self.edition.assumptions[assumption].value


def score_leaf(leaf: Indicator, court: str, evidence: Evidence, answer: Answer | None) -> Score:
    """One leaf of one court; a person's answer and a computed figure by the precedence in force.

    The figure that was not taken stands in the score's evidence.
    """
    computed = _computed(leaf, court, evidence) if leaf.computed else None
    answered = _answered(leaf, answer, evidence) if answer else None
    if answered is None:
        return computed or Score(leaf.id, "no_data", None, 0.0)
    if computed is None or computed.state != "scored":
        return answered
    first, second = answered, computed
    if evidence.choice("answer_precedence") == "system":
        first, second = computed, answered
    other = f"{second.source}: {second.value:.2f}" if second.value is not None else ""
    return replace(first, evidence="; ".join(filter(None, (first.evidence, other))))


def _computed(leaf: Indicator, court: str, evidence: Evidence) -> Score:
    assert leaf.score is not None
    rule = leaf.score
    if rule.figure is not None:
        return _from_figure(leaf, rule, court, evidence)
    if rule.method == "band":
        return _banded(leaf, rule, court, evidence)
    return _shared(leaf, rule, court, evidence)


def _from_figure(leaf: Indicator, rule: ScoreRule, court: str, evidence: Evidence) -> Score:
    assert rule.figure is not None
    above, below = evidence.figures.get((court, rule.figure), (0.0, 0.0))
    if below <= 0:
        return Score(leaf.id, "not_applicable", None, 0.0, above or None, below or None, "system")
    if rule.method == "within_days":
        value = _of_days(above / below, evidence.edition.assumptions[rule.assumption or ""])
        return Score(leaf.id, "scored", value, 1.0, above, below, "system")
    share = min(above / below, 1.0)
    if rule.method == "complement":
        share = 1.0 - share
    elif rule.assumption == "case_handling_rule" and evidence.choice(rule.assumption) == "presence":
        share = float(above >= below)
    return Score(leaf.id, "scored", FULL * share, 1.0, above, below, "system")


def _of_days(mean: float, scale: Assumption) -> float:
    """Full marks up to `full_days`; beyond, in proportion, or in a straight line to `zero_days`."""
    full, zero = float(scale.settings["full_days"]), scale.settings.get("zero_days")
    if mean <= full:
        return FULL
    if zero is None:
        return FULL * full / mean
    return FULL * max(float(zero) - mean, 0.0) / (float(zero) - full)


def _shared(leaf: Indicator, rule: ScoreRule, court: str, evidence: Evidence) -> Score:
    counts = evidence.tally.of(court, rule.duties)
    good, total = _good_of(counts, court, rule, evidence)
    share = good / total if total else 0.0
    if rule.assumption == "closure_zero" and evidence.choice("closure_zero") == "court":
        share = float(good == total)
    return _of_counts(leaf, counts, good, total, FULL * share)


def _good_of(
    counts: NDArray[np.int64], court: str, rule: ScoreRule, evidence: Evidence
) -> tuple[int, int]:
    """Subjects whose duty was fulfilled, of those it was due on."""
    met, late, overdue = (int(counts[state]) for state in (o.MET, o.LATE, o.OVERDUE))
    excused = int(counts[o.EXCUSED]) if evidence.choice("excused_counts") == "as_met" else 0
    total = met + late + overdue + excused
    if evidence.choice("late_discharge") == "breach":
        total += evidence.tally.discharged_late(court, rule.duties)
    return met + excused, total


def _banded(leaf: Indicator, rule: ScoreRule, court: str, evidence: Evidence) -> Score:
    counts = evidence.tally.of(court, rule.duties)
    scores = evidence.edition.assumptions[rule.assumption or ""].settings["scores"]
    points, total = 0.0, 0
    for duty in rule.duties:
        bands = evidence.tally.of_bands(court, duty)
        for count, score in zip(bands if bands is not None else (), scores, strict=False):
            points += float(count) * score
            total += int(count)
    return _of_counts(leaf, counts, points / FULL, total, points / total if total else 0.0)


def _of_counts(
    leaf: Indicator, counts: NDArray[np.int64], above: float, total: int, value: float
) -> Score:
    states = {name: int(count) for name, count in zip(o.STATES, counts, strict=True) if count}
    unknown = int(counts[o.UNDETERMINABLE])
    if total:
        coverage = total / (total + unknown)
        return Score(leaf.id, "scored", value, coverage, above, total, "system", states)
    state = "no_data" if unknown else "not_applicable"
    return Score(leaf.id, state, None, 0.0, None, None, "system", states)  # type: ignore[arg-type]


def _answered(leaf: Indicator, answer: Answer, evidence: Evidence) -> Score | None:
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
    if (rule.assumption, evidence.choice(rule.assumption or "review_unit")) in ALL_OR_ZERO:
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
