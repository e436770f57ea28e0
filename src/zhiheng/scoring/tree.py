"""From leaves to the root: weighted means, weight moved to siblings, coverage beside each value.

All courts of a level at once: every node is a `Column`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from zhiheng.composites.aggregate import combine as weighted
from zhiheng.indexes.model import IndexSet, Indicator
from zhiheng.scoring.columns import NO_DATA, NOT_APPLICABLE, SCORED, Column, Flags, Floats
from zhiheng.scoring.leaf import FULL

ROOT = ""


def score_tree(
    index: IndexSet, leaves: Mapping[str, Column], full_where_not_applicable: bool = False
) -> dict[str, Column]:
    """Scores of every node of a set; the root has the id "".

    A leaf without data moves its weight to its siblings; so does one that does not apply, unless
    that counts as full marks. Coverage is the share of the applicable weight that has data.
    """
    scores = dict(leaves)
    top = [_node(part, scores, full_where_not_applicable) for part in index.parts]
    weights = [part.weight for part in index.parts]
    scores[ROOT] = combine(ROOT, weights, top, full_where_not_applicable)
    return scores


def _node(part: Indicator, scores: dict[str, Column], full: bool) -> Column:
    if part.is_leaf:
        return scores[part.id]
    children = [_node(child, scores, full) for child in part.parts]
    weights = [child.weight for child in part.parts]
    scores[part.id] = combine(part.id, weights, children, full)
    return scores[part.id]


def combine(
    node: str, weights: Sequence[float], children: Sequence[Column], full: bool = False
) -> Column:
    """One node from its children, court by court."""
    out = [np.zeros(len(child), np.bool_) if full else _is_out(child) for child in children]
    asked = _sum(weights, [np.where(o, 0.0, 1.0) for o in out])
    covered = _sum(weights, [_covered(child, full) for child in children])
    valued = [~without & (c.state != NO_DATA) for c, without in zip(children, out, strict=True)]
    held = [np.where(v, _value(c), np.nan) for c, v in zip(children, valued, strict=True)]
    value = weighted("arithmetic", held, weights)
    some = np.any(valued, axis=0)
    nothing = np.full(len(some), np.nan)
    state = np.where(some, SCORED, np.where(np.all(out, axis=0), NOT_APPLICABLE, NO_DATA))
    return Column(
        node,
        state.astype(np.int8),
        np.where(some, value, np.nan),
        np.where(some, covered / np.where(some, asked, 1.0), 0.0),
        nothing,
        nothing,
    )


def _is_out(child: Column) -> Flags:
    return np.asarray(child.state == NOT_APPLICABLE)


def _covered(child: Column, full: bool) -> Floats:
    return np.where(_is_out(child), 1.0 if full else 0.0, child.coverage)


def _value(child: Column) -> Floats:
    return np.where(np.isnan(child.value), FULL, child.value)


def _sum(weights: Sequence[float], parts: Sequence[Floats]) -> Floats:
    # In the order of the children, so that every court's sum is that of a plain loop.
    total = np.zeros(len(parts[0]))
    for weight, part in zip(weights, parts, strict=True):
        total += weight * part
    return total
