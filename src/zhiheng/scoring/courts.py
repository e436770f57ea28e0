"""Every court on the set of its level: leaves, tree, lines and the verdict drawn from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from zhiheng.errors import BadInput, Message
from zhiheng.indexes.answers import Answer, Answers
from zhiheng.indexes.model import IndexSet
from zhiheng.scoring.columns import Column, OfCourt, SetScores
from zhiheng.scoring.leaf import Evidence, leaf_column
from zhiheng.scoring.lines import passed, score_lines
from zhiheng.scoring.results import CourtScores
from zhiheng.scoring.tree import score_tree

Rows = Sequence[Mapping[str, str]]


def score_courts(
    rows: Rows, evidence: Evidence, answers: Answers
) -> tuple[tuple[SetScores, ...], tuple[CourtScores, ...]]:
    """The courts of `rows` (court, name, level, parent): their scores by set, and court by court
    in the order given. Courts whose level the edition has no set for are left out."""
    sets: list[SetScores] = []
    found: dict[str, CourtScores] = {}
    for level, index in evidence.edition.sets.items():
        of_level = [row for row in rows if row["level"] == level]
        if of_level:
            courts = tuple(row["court"] for row in of_level)
            sets.append(SetScores(level, courts, score_set(index, courts, evidence, answers)))
            found.update(_of_level(index, of_level, sets[-1].columns, evidence))
    return tuple(sets), tuple(found[row["court"]] for row in rows if row["court"] in found)


def no_such_court(place: str) -> BadInput:
    """The error where a store lacks a court, or the edition has no set for its level."""
    return BadInput(
        Message("数据仓中没有这个法院。", "The store has no such court."),
        Message(
            "请核对法院代字，或先导入法院和案件记录。",
            "Check the court's code, or take in courts and cases first.",
        ),
        place,
    )


def _of_level(
    index: IndexSet, rows: Rows, columns: Mapping[str, Column], evidence: Evidence
) -> Iterator[tuple[str, CourtScores]]:
    for place, row in enumerate(rows):
        court, scores = row["court"], OfCourt(columns, place)
        lines = score_lines(index, court, scores, evidence)
        verdict = passed(evidence.edition, lines)
        yield (
            court,
            CourtScores(
                court, row["name"], row["level"], row.get("parent"), scores, lines, verdict
            ),
        )


def score_set(
    index: IndexSet, courts: Sequence[str], evidence: Evidence, answers: Answers
) -> dict[str, Column]:
    """Every node of a set for several courts: node → column; "" is the root."""
    places = {court: place for place, court in enumerate(courts)}
    given: dict[str, dict[int, Answer]] = {}
    for answer in answers:
        if answer.court in places:
            given.setdefault(answer.leaf, {})[places[answer.court]] = answer
    leaves = {
        leaf.id: leaf_column(leaf, courts, evidence, given.get(leaf.id, {}))
        for leaf in (node.indicator for node in index.leaves())
    }
    return score_tree(index, leaves, evidence.choice("not_applicable_weight") == "full")
