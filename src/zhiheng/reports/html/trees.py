"""The picture of a tree on a page: a set's weights, or the scores of one court on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhiheng.indexes.model import IndexSet, Node
from zhiheng.language import translator
from zhiheng.reports.bands import band_rank
from zhiheng.reports.pictures.sunburst import Arc, Part, sunburst
from zhiheng.reports.tree import ScoredNode, number_of
from zhiheng.reports.words import score_text
from zhiheng.scoring.results import Score


@dataclass(frozen=True)
class TreeArc:
    """An arc, what is read where the pointer rests on it, and how it is filled: "plain" without
    scores, "b0" (the lowest band) and on with one, else the state of the score."""

    arc: Arc
    title: str
    fill: str


def set_tree(index: IndexSet, language: str) -> list[TreeArc]:
    """The tree of a set without scores."""
    nodes = list(index.walk())
    arcs = _arcs(nodes)
    return [
        TreeArc(arcs[id_], f"{_title(node, language)} {node.effective:.2%}", "plain")
        for node in nodes
        if (id_ := node.indicator.id) in arcs
    ]


def court_tree(nodes: Sequence[ScoredNode], language: str) -> list[TreeArc]:
    """The tree of a court's set with its scores."""
    _, arcs = translator(language), _arcs(nodes)
    return [
        TreeArc(arcs[id_], f"{_title(node, language)} {score_text(node.score, _)}", _fill(node))
        for node in nodes
        if (id_ := node.indicator.id) in arcs
    ]


def _arcs(nodes: Sequence[Node] | Sequence[ScoredNode]) -> dict[str, Arc]:
    parts = (
        Part(n.indicator.id, number_of(n.indicator.id), n.parent, n.depth, n.effective)
        for n in nodes
    )
    return {arc.part.id: arc for arc in sunburst(tuple(parts))}


def _title(node: Node | ScoredNode, language: str) -> str:
    return f"{number_of(node.indicator.id)} {node.indicator.title(language)}"


def _fill(node: ScoredNode) -> str:
    score: Score = node.score
    return score.state if score.value is None else f"b{band_rank(score.value)}"
