"""From files that were read to the error of every node of a court's index.

One influence value a file and leaf goes up the tree along its derivatives; the variance of what
arrives is that of the draw, covariances of leaves read in the same file included (Särndal,
Swensson and Wretman, Model Assisted Survey Sampling, 1992, section 5.5). Census leaves add none.

Where all files read of an item are alike the sample shows no variance; what it cannot show is added
(`Read.unseen`).

A node's interval is put together of those of its leaves, which need not reach as far down as up,
with their correlations (MOVER: Zou and Donner, "Construction of confidence limits about effect
measures", Statistics in Medicine 27, 2008): a node of a single leaf has that leaf's interval, and
leaves of which all files were alike are not taken for sure.

A leaf that gives all marks or none has no derivative. There one wrong file settles
the matter, and where none was found what is unsure is whether the files not read are all right too:
the score is full or nothing, with the chance of `chance_of_share`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zhiheng.composites.plan import Plan
from zhiheng.composites.score import slopes, tree_weights, walk
from zhiheng.indexes.model import IndexSet
from zhiheng.sampling.intervals import interval
from zhiheng.sampling.mover import correlations, reach
from zhiheng.sampling.variance import covariance
from zhiheng.scoring.chances import chance_of_line
from zhiheng.scoring.columns import NOT_APPLICABLE, SCORED, Column, Floats
from zhiheng.scoring.readings import Read, Readings
from zhiheng.scoring.sampled import FULL, NEGATIVE, SAMPLE
from zhiheng.scoring.set_plan import code_of, plan_of_set

CONFIDENCE = 0.95
METHOD = "logit"
"""The interval of a leaf's share."""


@dataclass(frozen=True, eq=False)
class NodeErrors:
    """The error of one node for several courts, in their order (scores are 0-100).

    `error`: standard error; 0 where all that counts is a census, NaN where it cannot be told.
    `low` and `high`: the 95 % interval; NaN where there is no score. `files`: how many files the
    item applied to (leaves that were read; 0 elsewhere). `freedom`: degrees of freedom, infinite
    for a census.
    """

    error: Floats
    low: Floats
    high: Floats
    files: Floats
    freedom: Floats


@dataclass(frozen=True, eq=False)
class Scored:
    """A set scored for several courts, with the files behind it."""

    index: IndexSet
    courts: Sequence[str]
    columns: Mapping[str, Column]
    readings: Readings | None
    full_where_not_applicable: bool
    cliffs: frozenset[str]

    @cached_property
    def plan(self) -> Plan:
        """The set's tree."""
        return plan_of_set(self.index)

    @cached_property
    def steps(self) -> Floats:
        """How much each node changes with each leaf, shape (courts, nodes, leaves)."""
        leaves = {code: self._figures(self.columns[code]) for code in self.plan.tree.leaves}
        weights = tree_weights(self.plan)
        return slopes(self.plan, walk(self.plan, leaves, weights), weights)

    def _figures(self, column: Column) -> Floats:
        if not self.full_where_not_applicable:
            return column.value
        return np.where(column.state == NOT_APPLICABLE, FULL, column.value)

    @cached_property
    def signs(self) -> dict[str, float]:
        """What a whole share adds to a leaf's score: 100, or less 100 where less is better."""
        leaves = {node.indicator.id: node.indicator for node in self.index.leaves()}
        return {
            item: -FULL if leaf.score and leaf.score.method in NEGATIVE else FULL
            for item, leaf in leaves.items()
        }

    def sampled(self, place: int) -> list[str]:
        """The leaves of a court whose score comes from files read."""
        if self.readings is None:
            return []
        return [
            item
            for item in self.readings.items
            if item in self.columns
            and self.columns[item].state[place] == SCORED
            and (score := self.columns[item].answered.get(place))
            and score.source == SAMPLE
        ]


def node_errors(scored: Scored) -> dict[str, NodeErrors]:
    """Node id → errors, of every node of the set and of the leaves beside it."""
    found = {node: _census(column) for node, column in scored.columns.items()}
    for place in range(len(scored.courts)):
        items = scored.sampled(place)
        if items:
            _leaves(scored, place, items, found)
            _branches(scored, place, items, found)
    return found


def _census(column: Column) -> NodeErrors:
    nothing = np.where(np.isnan(column.value), np.nan, 0.0)
    return NodeErrors(
        nothing,
        column.value.copy(),
        column.value.copy(),
        np.zeros(len(column)),
        np.full(len(column), np.inf),
    )


def _leaves(scored: Scored, place: int, items: list[str], found: dict[str, NodeErrors]) -> None:
    assert scored.readings is not None
    for item in items:
        read = scored.readings.by_court_and_item[scored.courts[place], item]
        errors = found[item]
        errors.files[place] = read.applies
        errors.freedom[place] = read.share.df
        if item in scored.cliffs:
            _cliff(read, errors, place, float(scored.columns[item].value[place]))
            continue
        errors.error[place] = FULL * np.sqrt(read.share.variance + read.unseen)
        ends = [scored.signs[item] * end for end in interval(read.share, METHOD, CONFIDENCE)]
        base = FULL if scored.signs[item] < 0 else 0.0
        errors.low[place], errors.high[place] = base + min(ends), base + max(ends)


def _cliff(read: Read, errors: NodeErrors, place: int, value: float) -> None:
    chance = _all_right(read)
    errors.error[place] = FULL * np.sqrt(chance * (1 - chance))
    other = FULL - value
    sure = read.yes < read.applies or chance >= CONFIDENCE
    errors.low[place] = value if sure else min(value, other)
    errors.high[place] = value if sure else max(value, other)


def _all_right(read: Read) -> float:
    """The chance that every file of the court that the item applies to is right."""
    return chance_of_line(read, FULL, None) or 0.0


def _branches(scored: Scored, place: int, items: list[str], found: dict[str, NodeErrors]) -> None:
    """The nodes above the leaves that were read."""
    assert scored.readings is not None
    tree = scored.plan.tree
    inside = [item for item in items if item in tree.leaves]
    steps = scored.steps[place][:, [tree.leaves.index(item) for item in inside]]
    variance, together = _variance(scored, place, inside, steps)
    ends = _ends(scored, place, inside, found)
    below, above = (reach(steps, end, together) for end in ends)
    freedom = scored.readings.freedom(scored.courts[place])
    for node in found:
        code = code_of(node)
        if node in items or (node != "" and code not in tree.children):
            continue
        at = tree.codes.index(code)
        value = float(scored.columns[node].value[place])
        if not steps[at].any() or np.isnan(value):
            continue
        errors = found[node]
        errors.error[place], errors.freedom[place] = float(np.sqrt(variance[at])), freedom
        errors.low[place] = max(value - below[at], 0.0)
        errors.high[place] = min(value + above[at], FULL)


def _ends(
    scored: Scored, place: int, items: list[str], found: dict[str, NodeErrors]
) -> tuple[Floats, Floats]:
    """How far the intervals of the leaves reach down and up."""
    values = np.array([scored.columns[item].value[place] for item in items])
    low = np.array([found[item].low[place] for item in items])
    high = np.array([found[item].high[place] for item in items])
    return values - low, high - values


def _variance(scored: Scored, place: int, items: list[str], steps: Floats) -> tuple[Floats, Floats]:
    """Variances of all nodes of the tree, in the order of its codes, and how the leaves go
    together: the correlations of their estimates, NaN where no error can be told."""
    court, readings = scored.courts[place], scored.readings
    assert readings is not None
    _, design = readings.of_court(court)
    influence = readings.estimates(court).influence[:, [readings.items.index(i) for i in items]]
    smooth = np.array([item not in scored.cliffs for item in items])
    moved = influence * np.array([scored.signs[item] for item in items]) * smooth
    leaves = covariance(design, moved)
    together = correlations(leaves, 1e-9 * FULL)
    leaves[np.diag_indices(len(items))] += [_more(scored, court, item) for item in items]
    if not readings.tells_error(court):
        return np.full(len(steps), np.nan), np.full(leaves.shape, np.nan)
    return np.einsum("ni,ij,nj->n", steps, leaves, steps), together


def _more(scored: Scored, court: str, item: str) -> float:
    """The variance of a leaf's score beside that of the draw."""
    readings = scored.readings
    assert readings is not None
    read = readings.by_court_and_item[court, item]
    if item in scored.cliffs:
        chance = _all_right(read)
        return FULL**2 * chance * (1 - chance)
    return FULL**2 * (read.unseen + readings.readers.get((court, item), 0.0))
