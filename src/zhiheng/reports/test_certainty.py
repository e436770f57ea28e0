"""A made-up evaluation with files drawn and replays, and what is shared of what may be said."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from zhiheng.indexes.answers import Answers
from zhiheng.indexes.editions import load_edition
from zhiheng.inference.bands import Band
from zhiheng.language import translator
from zhiheng.measures.tally import Tally
from zhiheng.reports import test_evaluation as sample
from zhiheng.reports.certainty import (
    Doubts,
    band_numbers,
    band_sentences,
    in_brackets,
    something_said,
)
from zhiheng.reports.certainty_words import RULE_NAMES, certainty_sections, draw_terms
from zhiheng.reports.method import method_sections
from zhiheng.reports.moved_rows import change_rows, court_rows, factor_rows
from zhiheng.sampling.design import design_of
from zhiheng.scoring.courts import score_courts
from zhiheng.scoring.leaf import Evidence
from zhiheng.scoring.moved import SetMoved
from zhiheng.scoring.readings import Draw, Readings
from zhiheng.scoring.results import Evaluation
from zhiheng.scoring.saying import said_of_sets
from zhiheng.scoring.set_plan import plan_of_set
from zhiheng.sensitivity.analysis import analyse
from zhiheng.sensitivity.sources import Figures
from zhiheng.sensitivity.study import Study, alternatives_alone

TREE, LINES = "cass-2018", "core-3+1"
ITEMS = {
    TREE: ("basic.1.2.1", "basic.1.4.1", "basic.1.7.1", "basic.2.1.1"),
    LINES: ("basic.core.2",),
}
CENSUS, LONELY = "陕0101", "陕0102"
"""The court nobody drew files of, and the one of which a single file was drawn."""
DRAW = Draw("ab12" * 16, "20171231", "lower_bound", 0, 3)
NAMES = ("新城", "碑林", "莲湖", "灞桥", "未央", "雁塔", "阎良", "临潼", "长安", "高陵")


@cache
def evaluation(
    courts: int = 9, files: int = 40, replays: bool = True, name: str = TREE
) -> Evaluation:
    """Basic courts of which files were read, with ranks that were replayed; one court above."""
    edition = edition_of(name)
    codes = [f"陕01{number:02}" for number in range(1, courts + 1)]
    rows = [_row("陕01", "西安市中级人民法院", "intermediate", "陕")]
    rows += [_row(code, name_of(at), "basic", "陕01") for at, code in enumerate(codes)]
    readings = _readings(codes, files, ITEMS[name])
    evidence = Evidence(edition, Tally.empty(), _figures(edition, codes), readings)
    sets, found = score_courts(rows, evidence, Answers({}))
    base = sample.evaluation(sample.COURTS[:1], findings_per_duty=0, cases_per_figure=2)
    return replace(
        base, edition=name, edition_title_zh=edition.zh, edition_title_en=edition.en,
        courts=found, sets=sets, said=said_of_sets(sets, evidence), draw=readings.draw,
        moved=_moved(edition, sets, ITEMS[name]) if replays else (),
        leaf_duties={}, leaf_figures={}, behind={},
    )  # fmt: skip


def edition_of(name: str = TREE):
    return load_edition(name).assuming()


def name_of(at: int) -> str:
    """A name for the court in that place."""
    again = f"第{at // len(NAMES) + 1}" if at >= len(NAMES) else ""
    return f"西安市{NAMES[at % len(NAMES)]}区{again}人民法院"


def _row(court: str, name: str, level: str, parent: str) -> dict[str, str]:
    return {"court": court, "name": name, "level": level, "parent": parent}


def _readings(codes, files: int, items) -> Readings:
    random = np.random.default_rng(11)
    drawn = {code: 0 if code == CENSUS else 1 if code == LONELY else files for code in codes}
    court = np.repeat(np.array(list(drawn)), list(drawn.values()))
    skill = np.repeat(np.linspace(0.97, 0.55, len(codes)), list(drawn.values()))
    shape = (len(court), len(items))
    applies = random.random(shape) < 0.9
    yes = applies & (random.random(shape) < skill[:, None])
    design = design_of(len(court), strata=court, population=np.full(len(court), 400))
    draw = replace(DRAW, files=len(court))
    asked = np.ones(shape, np.bool_)
    return Readings(draw, court, design, items, yes, applies, asked, drawn)


def _figures(edition, codes):
    random = np.random.default_rng(3)
    rules = [n.indicator.score for n in edition.sets["basic"].leaves() if n.indicator.score]
    figures = {}
    for code in [*codes, "陕01"]:
        for name in sorted({rule.figure for rule in rules if rule.figure}):
            if random.random() < 0.85:
                below = int(random.integers(0, 6)) * 100
                figures[code, name] = (float(random.integers(80, 96)) / 100 * below, float(below))
    return figures


def _moved(edition, sets, items) -> tuple[SetMoved, ...]:
    basic = next(one for one in sets if one.level == "basic")
    plan = plan_of_set(edition.sets["basic"])
    figures = {leaf: basic.columns[leaf].value for leaf in plan.tree.leaves}
    errors = {item: np.full(len(basic.courts), 4.0) for item in items}
    study = Study(plan, Figures(figures, errors), 0.25, leave_out=True, units=basic.courts)
    analyses = analyse(study.run, study.factors, study.in_force, 32, 5)
    alone = tuple(alternatives_alone(study))
    return (SetMoved("basic", basic.courts, study.in_force, tuple(analyses), alone),)


def scores_of(whole: Evaluation, court: str):
    return next(one.scores for one in whole.courts if one.court == court)


def test_a_score_is_a_census_a_sample_or_beyond_telling():
    whole = evaluation()
    doubts = Doubts(whole)
    found = {court: doubts.of(court, scores_of(whole, court)[""]) for court in whole.said[0].courts}
    assert found[CENSUS].state == "census" and found[CENSUS].error == 0
    assert found[LONELY].state == "untold" and found[LONELY].low is None
    assert {one.state for court, one in found.items() if court not in (CENSUS, LONELY)} == {
        "sampled"
    }
    at = whole.said[0].courts.index("陕0103")
    assert found["陕0103"].low == whole.said[0].root.low[at]
    assert found["陕0103"].error == pytest.approx(1.2499, abs=1e-4)


def test_a_leaf_that_was_read_says_how_many_files_it_rests_on_and_other_leaves_none():
    whole = evaluation()
    doubts, scores = Doubts(whole), scores_of(whole, "陕0103")
    read = doubts.of("陕0103", scores["basic.1.4.1"])
    assert read.files == scores["basic.1.4.1"].denominator == 36
    assert doubts.of("陕0103", scores["basic.3.1.1"]).state == "census"
    assert doubts.of("陕0103", scores["basic.1.1.1"]) is None  # no score
    assert doubts.of("陕01", scores_of(whole, "陕01")[""]) is None  # another level


def test_files_that_all_agree_are_still_a_sample():
    whole = evaluation(30, 6, replays=False)
    said, doubts = whole.said[0], Doubts(whole)
    values = next(one.columns for one in whole.sets if one.level == "basic")["basic.1.4.1"].value
    agreed = [
        court
        for at, court in enumerate(said.courts)
        if court not in (CENSUS, LONELY) and values[at] in (0.0, 100.0)
    ]
    assert len(agreed) > 3
    for court in agreed:
        for node in ("basic.1.4.1", "basic.1.4"):
            found = doubts.of(court, scores_of(whole, court)[node])
            assert found.state == "sampled" and found.low < found.high and found.error > 0


def test_a_court_whose_error_cannot_be_told_has_no_rank():
    doubts = Doubts(evaluation())
    assert doubts.standing(LONELY) is None and doubts.standing("陕01") is None
    assert doubts.standing(CENSUS) is None  # no file of it was read: it is another measure
    found = doubts.standing("陕0104")
    assert (found.rank, found.best, found.worst, found.of, found.letters) == (1, 1, 3, 7, "A")
    assert found.in_brackets(translator("zh")) == "（1–3）"


def test_what_is_unsure_stands_in_brackets_and_nothing_where_all_is_sure():
    whole, _ = evaluation(), translator("zh")
    doubts = Doubts(whole)
    told = {court: in_brackets(doubts.of(court, scores_of(whole, court)[""]), _)
            for court in (CENSUS, LONELY, "陕0103")}  # fmt: skip
    assert told == {CENSUS: "", LONELY: "（误差无法得知）", "陕0103": "（78.8–84.1）"}


def test_the_sentence_of_a_band_names_its_courts_and_of_a_long_one_its_ends():
    said, _ = evaluation().said[0], translator("zh")
    names = {court: f"院{at}" for at, court in enumerate(said.courts)}
    assert band_sentences(said, names, _)[0] == ("A", "院3、院2、院6之间分不出高低。")
    alone = replace(said, bands=(Band((4,)),))
    assert band_sentences(alone, names, _) == [("A", "院4与前后相邻的法院都分得出高低。")]
    many = evaluation(20, replays=False).said[0]
    long_ = replace(many, bands=(Band(tuple(range(20))),))
    sentence = band_sentences(long_, {}, translator("en"))[0][1]
    assert sentence == "陕0101 down to 陕0120, 20 courts in all, cannot be told apart."


def test_bands_of_a_court_follow_one_another():
    said = evaluation(60, replays=False).said[0]
    numbers = band_numbers(said)
    for place, (first, last) in numbers.items():
        member = [place in band.members for band in said.bands]
        assert all(member[first : last + 1]) and sum(member) == last - first + 1


def test_factors_and_changes_stand_by_what_they_move():
    (moved,) = evaluation().moved
    for analysis in moved.analyses:
        totals = [row.total or 0.0 for row in factor_rows(analysis, "zh")]
        assert totals == sorted(totals, reverse=True) and len(totals) == len(
            analysis.replays.factors
        )
    rows = change_rows(moved, {"陕0101": "新城"}, "en")
    assert len(rows) == len(moved.alone) == 10  # leaves that somebody has a value of
    shifts = [row.mean_shift for row in rows]
    assert shifts == sorted(shifts, reverse=True) and shifts[0] > 1
    assert (rows[0].title, rows[0].moved_most) == ("without basic.3.6.1", "新城")


def test_ranks_in_the_replays_lie_around_the_one_in_force():
    (moved,) = evaluation().moved
    rows = court_rows(moved, moved.analyses[-1])
    assert [row.rank for row in rows] == list(range(1, 10))
    assert all(1 <= row.low <= row.median <= row.high <= 9 for row in rows)


def test_the_draw_is_told_with_what_was_declared_before_it():
    terms = dict(draw_terms(evaluation().draw, translator("zh")))
    assert terms["抽样前声明的对照指标线的数值"] == "置信下限：有把握达到才算达到"
    assert (terms["抽取案卷数"], terms["未评查案卷数"]) == ("281", "3")
    assert set(RULE_NAMES) == {"point", "lower_bound", "upper_bound", ""}


def test_the_method_names_its_sources_only_where_something_is_said():
    whole, plain = evaluation(), sample.evaluation()
    text = " ".join(
        paragraph
        for section in method_sections(whole, edition_of(), "en")
        for paragraph in section.paragraphs
    )
    for source in ("Mogstad", "Jeffreys", "logit", "95 %", "Saltelli", "census", "questionnaires"):
        assert source in text
    assert something_said(whole) and not something_said(plain)
    assert certainty_sections(plain, translator("en")) == []
    assert len(certainty_sections(replace(whole, moved=()), translator("en"))) == 3
