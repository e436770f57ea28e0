"""Lines: at, below and without a figure; samples; verdicts; the share of courts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.indexes.editions import load_edition
from zhiheng.indexes.model import Edition
from zhiheng.measures.tally import Tally
from zhiheng.scoring.leaf import Evidence, score_leaf
from zhiheng.scoring.lines import group_shares, passed, score_lines, together, wilson
from zhiheng.scoring.results import CourtScores, LineScore, Score

CORE, REVISED, THREE, WUHAN = map(
    load_edition, ("core-3+1", "cass-2018", "triplet-2024", "wuhan-2016")
)
COURT = "陕0102"
CORE_FIGURES = {
    "closed_within_limit_with_property": (90.0, 100.0),
    "closure_compliance_rate": (90.0, 100.0),
    "petition_closing_rate": (90.0, 100.0),
    "overall_closing_rate": (80.0, 100.0),
}


def lines_of(
    edition: Edition,
    figures: dict[str, tuple[float, float]],
    scores: dict[str, Score] | None = None,
) -> tuple[LineScore, ...]:
    index = edition.sets["basic"]
    evidence = Evidence(edition, Tally.empty(), {(COURT, name): of for name, of in figures.items()})
    leaves = [node.indicator for node in index.leaves()]
    found = {leaf.id: score_leaf(leaf, COURT, evidence, None) for leaf in leaves}
    return score_lines(index, COURT, {**found, **(scores or {})}, evidence)


def test_a_court_that_stands_on_every_line_passes() -> None:
    lines = lines_of(CORE, CORE_FIGURES)
    assert [line.reached for line in lines] == ["yes"] * 4
    assert [line.value for line in lines] == [90, 90, 90, 80]
    assert passed(CORE, lines) == "yes"


@pytest.mark.parametrize("figure", CORE_FIGURES)
def test_a_court_below_one_line_does_not_pass(figure: str) -> None:
    above, below = CORE_FIGURES[figure]
    lines = lines_of(CORE, {**CORE_FIGURES, figure: (above * 10 - 1, below * 10)})
    assert [line.reached for line in lines].count("no") == 1
    assert passed(CORE, lines) == "no"


@pytest.mark.parametrize("figure", CORE_FIGURES)
def test_what_is_missing_is_never_a_line_missed(figure: str) -> None:
    rest = {name: of for name, of in CORE_FIGURES.items() if name != figure}
    for figures in (rest, {**rest, figure: (0.0, 0.0)}):
        lines = lines_of(CORE, figures)
        assert sorted(line.reached for line in lines) == ["no_data", "yes", "yes", "yes"]
        assert passed(CORE, lines) == "undetermined"


def test_the_plus_one_as_a_sum_reaches_its_line_exactly() -> None:
    other = CORE.assuming(plus_one="sum_of_two")
    # 7/15 and 5/15 make 12/15; in floating point 46.666… + 33.333… need not make 80.
    sums = {"provisional_closure_share": (7.0, 15.0), "in_limit_satisfaction_rate": (5.0, 15.0)}
    line = lines_of(other, {**CORE_FIGURES, **sums, "overall_closing_rate": (0.0, 9.0)})[3]
    assert (line.value, line.reached) == (80, "yes")
    del sums["in_limit_satisfaction_rate"]
    assert lines_of(other, {**CORE_FIGURES, **sums})[3].reached == "no_data"


VETOES = {
    "closure_compliance_rate": (95.0, 100.0),
    "closed_within_limit_with_property": (95.0, 100.0),
    "petition_closing_rate": (95.0, 100.0),
}


@pytest.mark.parametrize("figure", VETOES)
def test_one_veto_bars_a_court_and_none_does_not_make_it_pass(figure: str) -> None:
    barred = lines_of(REVISED, {**VETOES, figure: (89.0, 100.0)})
    assert passed(REVISED, barred) == "no"
    assert passed(REVISED, lines_of(REVISED, VETOES)) == "undetermined"
    assert passed(REVISED, lines_of(REVISED, {})) == "undetermined"


@pytest.mark.parametrize(
    ("choice", "above", "reached"),
    [
        ("point", 45, "yes"), ("point", 44, "no"),
        ("lower_bound", 45, "no"), ("lower_bound", 49, "yes"),
        ("upper_bound", 44, "yes"), ("upper_bound", 38, "no"),
    ],
)  # fmt: skip
def test_a_sample_is_held_against_the_line_by_the_decision_rule(
    choice: str, above: int, reached: str
) -> None:
    edition = REVISED.assuming(sample_decision=choice)
    sample = Score("basic.veto.1", "scored", 2.0 * above, 1.0, float(above), 50.0, "answer")
    line = lines_of(edition, VETOES, {"basic.veto.1": sample})[0]
    assert line.value == 2 * above
    assert line.reached == reached
    counted = lines_of(edition, {**VETOES, "closure_compliance_rate": (45.0, 50.0)})[0]
    assert counted.judged == counted.value == 90, "a full count is no sample"


@given(st.integers(1, 500), st.data())
def test_the_bounds_lie_about_the_share_and_within_a_whole(size: int, data: st.DataObject) -> None:
    above = data.draw(st.integers(0, size))
    low, high = wilson(above, size, 0.95)
    assert 0 <= low <= above / size + 1e-12 and above / size - 1e-12 <= high <= 1
    other = wilson(size - above, size, 0.95)
    assert other == pytest.approx((1 - high, 1 - low))


def test_the_bounds_agree_with_values_computed_by_hand() -> None:
    # z = 1.6449; n = 10, nothing found: the upper bound is z² / (n + z²).
    low, high = wilson(0, 10, 0.95)
    assert (low, high) == (0, pytest.approx(2.70554 / 12.70554, abs=1e-5))


def test_a_line_without_a_published_interval_has_a_value_and_no_verdict() -> None:
    figures = {"completion_rate": (3.0, 4.0), "provisional_closure_share": (1.0, 4.0)}
    lines = lines_of(THREE, figures)
    assert [(line.value, line.reached) for line in lines] == [
        (75, "no_verdict"), (25, "no_verdict"), (None, "no_data"),
    ]  # fmt: skip
    assert passed(THREE, lines) is None


def test_an_edition_without_lines_draws_no_verdict() -> None:
    assert lines_of(WUHAN, {}) == () and passed(WUHAN, ()) is None
    assert group_shares(WUHAN, ()) == ()


def court(level: str, figures: dict[str, tuple[float, float]]) -> CourtScores:
    return CourtScores(COURT, "", level, None, {}, lines_of(CORE, figures))


def test_the_share_of_courts_leaves_out_those_that_cannot_be_judged() -> None:
    low = {**CORE_FIGURES, "petition_closing_rate": (0.0, 1.0)}
    unknown = {**CORE_FIGURES, "petition_closing_rate": (0.0, 0.0)}
    courts = [court("basic", CORE_FIGURES)] * 9 + [court("basic", low), court("basic", unknown)]
    courts.append(court("intermediate", unknown))
    everyone, intermediate, basic = group_shares(CORE, courts)
    assert (everyone.reached, everyone.missed, everyone.undetermined) == (9, 1, 2)
    assert (everyone.share, everyone.met) == (90, "yes")
    assert (basic.level, basic.share, basic.undetermined) == ("basic", 90, 1)
    assert (intermediate.level, intermediate.share, intermediate.met) == (
        "intermediate", None, "no_data",
    )  # fmt: skip


def test_no_line_at_all_is_no_pass() -> None:
    assert together(()) == "undetermined"


@pytest.mark.parametrize(
    ("choice", "days", "score"),
    [
        ("in_proportion", 179, 100), ("in_proportion", 180, 100), ("in_proportion", 240, 75),
        ("straight_line", 180, 100), ("straight_line", 270, 50), ("straight_line", 361, 0),
    ],
)  # fmt: skip
def test_the_average_cycle_is_scored_by_its_scale(choice: str, days: int, score: float) -> None:
    edition = WUHAN.assuming(cycle_scale=choice)
    figures = {(COURT, "average_enforcement_days"): (2.0 * days, 2.0)}
    leaf = edition.leaf("basic.2.2")
    assert leaf is not None
    found = score_leaf(leaf, COURT, Evidence(edition, Tally.empty(), figures), None)
    assert found.value == pytest.approx(score)
    none = score_leaf(leaf, COURT, Evidence(edition, Tally.empty(), {}), None)
    assert none.state == "not_applicable"
