"""Scores as plain data: what a person answered, what is missing, and whole numbers."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from zhiheng.indexes.answers import Answer, Answers
from zhiheng.indexes.editions import load_edition
from zhiheng.measures.figures import SCHEMA as FIGURES
from zhiheng.reports.scores import FACTS, SCHEMA, TOTAL, score_rows, summary, write_scores
from zhiheng.scoring.courts import score_courts
from zhiheng.scoring.results import Scored
from zhiheng.scoring.test_courts import COURTS, evidence, rows

EDITION = load_edition("cass-2017")


def scored(answers: Answers | None = None) -> Scored:
    sets, courts = score_courts(rows(), evidence(EDITION), answers or Answers({}))
    return Scored(
        edition=EDITION.id,
        edition_title_zh=EDITION.zh,
        edition_title_en=EDITION.en,
        as_of=17896,
        period=(17532, 17896),
        courts=courts,
        figures=FIGURES.empty_table(),
        assumptions=(),
        store_digest="0",
        provisional_days=False,
        sets=sets,
    )


def answered() -> Answers:
    leaves = [n.indicator for n in EDITION.sets["basic"].leaves() if n.indicator.answerable]
    given = [
        Answer(court, leaf.id, present=False, figure=2.0, numerator=1.0, denominator=4.0)
        for court in COURTS[1:9]
        for leaf in leaves
    ]
    return Answers({(each.court, each.leaf): each for each in given})


@pytest.mark.parametrize("answers", [Answers({}), answered()], ids=["records", "answers"])
def test_the_summary_says_of_every_score_what_the_score_says_itself(answers: Answers) -> None:
    found = scored(answers)
    for court, plain in zip(found.courts, summary(found)["courts"], strict=True):
        scores = {
            node or TOTAL: {name: getattr(score, name) for name in FACTS}
            for node, score in court.scores.items()
        }
        # As text, so that 7 and 7.0 differ.
        assert json.dumps(plain["scores"]) == json.dumps(scores)


def test_the_rows_are_the_scores_and_null_where_there_is_none() -> None:
    found = scored(answered())
    table = score_rows([found])
    assert table.schema == SCHEMA
    expected = [
        (court.court, node or TOTAL, score.state, score.value, score.numerator)
        for court in found.courts
        for node, score in court.scores.items()
    ]
    columns = ("court", "node", "state", "value", "numerator")
    assert [tuple(row[name] for name in columns) for row in table.to_pylist()] == expected
    assert table.column("value").null_count


def test_the_document_has_of_every_court_the_score_of_the_root(tmp_path: Path) -> None:
    found = scored(answered())
    document, _, _ = write_scores(tmp_path, [found])
    courts = msgspec.json.decode(document.read_bytes())["courts"]
    of_all = summary(found)["courts"]
    assert len(courts) == len(COURTS)
    assert courts == [
        msgspec.json.decode(msgspec.json.encode({**each, "scores": {TOTAL: each["scores"][TOTAL]}}))
        for each in of_all
    ]


def test_one_edition_is_one_document_and_several_are_a_list(tmp_path: Path) -> None:
    found = scored()
    document, _, _ = write_scores(tmp_path, [found])
    alone = msgspec.json.decode(document.read_bytes())
    write_scores(tmp_path, [found, found])
    assert msgspec.json.decode(document.read_bytes()) == [alone, alone]
    assert score_rows([]).num_rows == 0
