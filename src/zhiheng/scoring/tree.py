"""From leaves to the root: weighted means, weight moved to siblings, coverage beside each value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zhiheng.indexes.model import IndexSet, Indicator
from zhiheng.scoring.leaf import FULL
from zhiheng.scoring.results import Score

ROOT = ""


def score_tree(
    index: IndexSet, leaves: Mapping[str, Score], full_where_not_applicable: bool = False
) -> dict[str, Score]:
    """Scores of every node of a set; the root has the id "".

    A leaf without data moves its weight to its siblings; so does one that does not apply, unless
    that counts as full marks. Coverage is the share of the applicable weight that has data.
    """
    scores = dict(leaves)
    top = [_node(part, scores, full_where_not_applicable) for part in index.parts]
    weights = [part.weight for part in index.parts]
    scores[ROOT] = combine(ROOT, weights, top, full_where_not_applicable)
    return scores


def _node(part: Indicator, scores: dict[str, Score], full: bool) -> Score:
    if part.is_leaf:
        return scores[part.id]
    children = [_node(child, scores, full) for child in part.parts]
    weights = [child.weight for child in part.parts]
    scores[part.id] = combine(part.id, weights, children, full)
    return scores[part.id]


def combine(
    node: str, weights: Sequence[float], children: Sequence[Score], full: bool = False
) -> Score:
    """One node from its children."""
    pairs = list(zip(weights, children, strict=True))
    applicable = [(w, c) for w, c in pairs if full or c.state != "not_applicable"]
    if not applicable:
        return Score(node, "not_applicable", None, 0.0)
    asked = sum(weight for weight, _ in applicable)
    valued = [(weight, _value(child)) for weight, child in applicable if child.state != "no_data"]
    covered = sum(w * (1.0 if c.state == "not_applicable" else c.coverage) for w, c in applicable)
    if not valued:
        return Score(node, "no_data", None, 0.0)
    total = sum(weight for weight, _ in valued)
    value = sum(weight * value for weight, value in valued) / total
    return Score(node, "scored", value, covered / asked)


def _value(child: Score) -> float:
    return FULL if child.value is None else child.value
