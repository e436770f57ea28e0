"""Whether the lines of a set are sound: what they rest on, their thresholds, their sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from zhiheng.errors import Message
from zhiheng.indexes.flaws import Flaw
from zhiheng.indexes.model import Edition, IndexSet, Line, Method
from zhiheng.law.model import Assumption

WHOLE = 100
_RATIOS: tuple[Method, ...] = ("share", "complement", "answered_share", "answered_complement")
"""Methods whose leaves have a numerator and a denominator a line can be held against."""


def line_flaws(index_set: IndexSet, edition: Edition) -> Iterator[Flaw]:
    """Everything wrong with the lines of one set."""
    for line_id, times in Counter(line.id for line in index_set.lines).items():
        if times > 1:
            what = Message(f"指标线编号出现{times}次。", f"The line id occurs {times} times.")
            yield Flaw(line_id, what)
    for line in index_set.lines:
        yield from _threshold_flaws(line)
        yield from _basis_flaws(line, index_set, edition)


def _threshold_flaws(line: Line) -> Iterator[Flaw]:
    if not line.cites:
        yield Flaw(line.id, Message("没有注明出处。", "There is no citation."))
    for limit in (line.at_least, line.at_most):
        if limit is not None and not 0 <= limit <= WHOLE:
            what = Message("界值不在0至100之间。", "A threshold is not between 0 and 100.")
            yield Flaw(line.id, what)
    if line.at_least is not None and line.at_most is not None and line.at_least > line.at_most:
        yield Flaw(line.id, Message("下限高于上限。", "The lower limit is above the upper."))
    if line.missed == "veto" and not line.judged:
        yield Flaw(line.id, Message("否决须有界值。", "A veto needs a threshold."))


def _basis_flaws(line: Line, index_set: IndexSet, edition: Edition) -> Iterator[Flaw]:
    if (line.leaf is None) == (line.assumption is None):
        what = Message("须且只能指明指标或假设之一。", "Name either a leaf or an assumption.")
        yield Flaw(line.id, what)
    if line.leaf is not None:
        leaves = {node.indicator.id: node.indicator for node in index_set.leaves()}
        leaf = leaves.get(line.leaf)
        if leaf is None or leaf.score is None or leaf.score.method not in _RATIOS:
            what = Message("所指指标不存在或没有比率。", "The leaf is not there or has no ratio.")
            yield Flaw(line.id, what)
    if line.assumption is not None:
        assumption = edition.assumptions.get(line.assumption)
        if assumption is None or not _lists_figures(assumption):
            what = Message(
                "所指假设不存在，或其选项未列明指标值。",
                "The assumption is not there, or a choice of it lists no figures.",
            )
            yield Flaw(line.id, what)


def _lists_figures(assumption: Assumption) -> bool:
    return all(choice.settings.get("figures") for choice in assumption.choices.values())
