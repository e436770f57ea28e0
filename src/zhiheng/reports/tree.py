"""An edition's tree beside the scores of one court: the rows workbook and HTML print."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zhiheng.indexes.model import LEVELS, Edition, IndexSet, Indicator
from zhiheng.scoring.results import CourtScores, Score, Scored


@dataclass(frozen=True)
class ScoredNode:
    """An indicator with a court's score. `effective` is its share (0-1) of the whole set."""

    indicator: Indicator
    parent: str
    depth: int
    effective: float
    score: Score

    @property
    def number(self) -> str:
        """The indicator's number within its set: basic.1.3.1 → 1.3.1."""
        return number_of(self.indicator.id)


def number_of(indicator_id: str) -> str:
    """The number within the set: basic.1.3.1 → 1.3.1."""
    return indicator_id.partition(".")[2] or indicator_id


def set_of(edition: Edition, level: str) -> IndexSet | None:
    """The edition's set for a court level, None where it has none."""
    return next((found for name, found in edition.sets.items() if name == level), None)


def scored_nodes(court: CourtScores, edition: Edition) -> list[ScoredNode]:
    """Every indicator of the court's set in the order of the table; one that was not scored is
    `no_data`."""
    index_set = set_of(edition, court.level)
    if index_set is None:
        return []
    return [
        ScoredNode(
            node.indicator,
            node.parent,
            node.depth,
            node.effective,
            _score(court, node.indicator.id),
        )
        for node in index_set.walk()
    ]


def beside_nodes(court: CourtScores, edition: Edition) -> list[ScoredNode]:
    """The leaves beside the tree of the court's set: they have no weight, lines rest on them."""
    index_set = set_of(edition, court.level)
    if index_set is None:
        return []
    return [ScoredNode(leaf, "", 1, 0.0, _score(court, leaf.id)) for leaf in index_set.beside]


def root_score(court: CourtScores) -> Score:
    """The court's score as a whole."""
    return _score(court, "")


def _score(court: CourtScores, node: str) -> Score:
    return court.scores.get(node) or Score(node, "no_data", None, 0.0)


def courts_by_level(evaluation: Scored) -> Iterator[tuple[str, list[CourtScores]]]:
    """The levels from the top with their courts in the order of their codes (never a ranking)."""
    known = list(LEVELS)
    others = sorted({court.level for court in evaluation.courts} - set(known))
    for level in [*known, *others]:
        courts = [court for court in evaluation.courts if court.level == level]
        if courts:
            yield level, sorted(courts, key=lambda court: court.court)
