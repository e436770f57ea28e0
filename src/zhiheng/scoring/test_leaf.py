"""One leaf: from counts, from figures, from answers; what is missing and what is assumed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from zhiheng.indexes.answers import Answer
from zhiheng.indexes.editions import load_edition
from zhiheng.indexes.model import Edition, Indicator
from zhiheng.measures.tally import Tally
from zhiheng.scoring.leaf import Evidence, score_leaf

EDITION = load_edition("cass-2017")
COURT = "陕0102"


def leaf(leaf_id: str) -> Indicator:
    found = EDITION.leaf(leaf_id)
    assert found is not None
    return found


def leaf_of(method: str, duty: str = "", figure: str | None = None) -> Indicator:
    for node in EDITION.sets["basic"].leaves():
        rule = node.indicator.score
        if rule is None or rule.method != method:
            continue
        if (not duty or duty in rule.duties) and figure in (None, rule.figure):
            return node.indicator
    raise AssertionError(f"no leaf by {method}")


def counted(duty: str, edition: Edition = EDITION, **states: int) -> Evidence:
    return Evidence(edition, Tally.of_states({(COURT, duty): states}), {})


def test_a_share_is_met_over_met_late_and_overdue() -> None:
    got = score_leaf(
        leaf_of("share", "appraisal.served"),
        COURT,
        counted("appraisal.served", met=7, late=2, overdue=1, not_due=50, discharged=3),
        None,
    )
    assert (got.value, got.numerator, got.denominator, got.coverage) == (70.0, 7, 10, 1.0)


def test_outcomes_that_cannot_be_determined_lower_the_coverage_not_the_score() -> None:
    evidence = counted("appraisal.served", met=8, undeterminable=2)
    got = score_leaf(leaf_of("share", "appraisal.served"), COURT, evidence, None)
    assert (got.value, got.coverage) == (100.0, 0.8)


def test_nothing_due_is_not_applicable_and_nothing_known_is_no_data() -> None:
    served = leaf_of("share", "appraisal.served")
    nothing_due = counted("appraisal.served", not_due=4, not_applicable=9)
    assert score_leaf(served, COURT, nothing_due, None).state == "not_applicable"
    unknown = counted("appraisal.served", undeterminable=4)
    assert score_leaf(served, COURT, unknown, None).state == "no_data"


def test_an_approved_delay_counts_as_fulfilled_unless_it_is_left_out() -> None:
    paid = leaf_of("share", "payment.paid_out")
    states = {"met": 6, "late": 2, "excused": 2}
    assert score_leaf(paid, COURT, counted("payment.paid_out", **states), None).value == 80.0
    other = EDITION.assuming(excused_counts="excluded")
    left_out = counted("payment.paid_out", other, **states)
    assert score_leaf(paid, COURT, left_out, None).value == 75.0


def test_a_late_discharge_is_left_out_unless_it_counts_as_a_breach() -> None:
    served = leaf_of("share", "appraisal.served")
    for choice, expected in (("excluded", 100.0), ("breach", 50.0)):
        evidence = counted("appraisal.served", EDITION.assuming(late_discharge=choice), met=1)
        evidence.tally.late[0, 0] = 1
        assert score_leaf(served, COURT, evidence, None).value == expected


@pytest.mark.parametrize(
    ("choice", "expected"),
    [("equal_steps", 46.6), ("first_band_only", 20.0), ("gap_is_last", 40.0)],
)
def test_bands_score_by_the_assumption_in_force(choice: str, expected: float) -> None:
    evidence = counted("inquiry.network", EDITION.assuming(inquiry_bands=choice), met=1, late=4)
    banded = replace(evidence.tally, bands=np.array([[[1, 1, 1, 1, 1]]]))
    evidence = replace(evidence, tally=banded)
    got = score_leaf(leaf_of("band", "inquiry.network"), COURT, evidence, None)
    assert got.value == pytest.approx(expected)


def test_one_failing_condition_zeroes_the_case_or_if_so_assumed_the_court() -> None:
    closure = leaf_of("all_or_nothing", "closure.substance")
    assert (
        score_leaf(closure, COURT, counted("closure.substance", met=9, overdue=1), None).value == 90
    )
    strict = counted("closure.substance", EDITION.assuming(closure_zero="court"), met=9, overdue=1)
    assert score_leaf(closure, COURT, strict, None).value == 0


def figure(name: str, above: float, below: float, edition: Edition = EDITION) -> Evidence:
    return Evidence(edition, Tally.empty(), {(COURT, name): (above, below)})


def test_a_figure_is_scored_and_its_complement_where_less_is_better() -> None:
    satisfied = leaf_of("share", figure="satisfaction_rate")
    assert score_leaf(satisfied, COURT, figure("satisfaction_rate", 30, 40), None).value == 75
    reversal = leaf_of("complement", figure="reversal_rate")
    assert score_leaf(reversal, COURT, figure("reversal_rate", 1, 50), None).value == 98


def test_a_figure_without_a_denominator_does_not_apply() -> None:
    satisfied = leaf_of("share", figure="satisfaction_rate")
    assert (
        score_leaf(satisfied, COURT, Evidence(EDITION, Tally.empty(), {}), None).state
        == "not_applicable"
    )


def test_a_closing_rate_above_one_is_full_marks() -> None:
    objections = leaf_of("share", figure="objection_closing_rate")
    assert (
        score_leaf(objections, COURT, figure("objection_closing_rate", 12, 10), None).value == 100
    )


def test_answers_score_by_their_kind_and_none_is_no_data() -> None:
    nothing = Evidence(EDITION, Tally.empty(), {})
    presence = leaf_of("presence")
    assert score_leaf(presence, COURT, nothing, None).state == "no_data"
    for present, expected in ((True, 100.0), (False, 0.0)):
        answer = Answer(COURT, presence.id, present=present, evidence="文号一")
        got = score_leaf(presence, COURT, nothing, answer)
        assert (got.value, got.source, got.evidence) == (expected, "answer", "文号一")
    absence = leaf_of("absence")
    for count, expected in ((0, 100.0), (1, 0.0)):
        answer = Answer(COURT, absence.id, figure=float(count))
        assert score_leaf(absence, COURT, nothing, answer).value == expected
    share = leaf_of("answered_share")
    answer = Answer(COURT, share.id, numerator=3, denominator=4)
    assert score_leaf(share, COURT, nothing, answer).value == 75.0
    answer = Answer(COURT, share.id, numerator=0, denominator=0)
    assert score_leaf(share, COURT, nothing, answer).state == "not_applicable"


def test_an_answer_goes_before_the_computed_figure_unless_assumed_otherwise() -> None:
    served = leaf_of("share", "appraisal.served")
    answer = Answer(COURT, served.id, numerator=1, denominator=2, evidence="评查表三")
    for choice, expected in (("answer", 50.0), ("system", 100.0)):
        evidence = counted("appraisal.served", EDITION.assuming(answer_precedence=choice), met=3)
        got = score_leaf(served, COURT, evidence, answer)
        assert got.value == expected
        assert "100.00" in got.evidence or "50.00" in got.evidence


def test_an_answered_ratio_follows_the_assumption_its_leaf_names() -> None:
    nothing = Evidence(EDITION.assuming(closure_zero="court"), Tally.empty(), {})
    closure = leaf_of("all_or_nothing", "closure.substance")
    answer = Answer(COURT, closure.id, numerator=9, denominator=10)
    assert score_leaf(closure, COURT, nothing, answer).value == 0
    assert score_leaf(closure, COURT, Evidence(EDITION, Tally.empty(), {}), answer).value == 90
