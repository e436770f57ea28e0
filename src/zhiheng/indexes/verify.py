"""Whether an edition is sound: weights, counts, ids, sources, methods, references."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from zhiheng.errors import Message
from zhiheng.indexes.flaws import Flaw
from zhiheng.indexes.lines import line_flaws
from zhiheng.indexes.model import (
    LEVELS,
    Edition,
    IndexSet,
    Indicator,
    Method,
)
from zhiheng.law.load import load_law
from zhiheng.law.model import Assumption

WHOLE = 100
"""Sibling weights are percentages of their parent."""


class _Needs(NamedTuple):
    """What a method takes: from duties, from a figure, and whether an assumption must settle it."""

    duties: bool = False
    figure: bool = False
    assumption: bool = False


_NEEDS: dict[Method, _Needs] = {
    "share": _Needs(duties=True, figure=True),
    "band": _Needs(duties=True, assumption=True),
    "all_or_nothing": _Needs(duties=True),
    "complement": _Needs(figure=True),
    "presence": _Needs(),
    "absence": _Needs(assumption=True),
    "answered_share": _Needs(),
    "answered_complement": _Needs(),
    "within_days": _Needs(figure=True, assumption=True),
}
EVERYWHERE = (
    "absence_rule",
    "answer_precedence",
    "excused_counts",
    "grade_bands",
    "late_discharge",
    "not_applicable_weight",
    "period_membership",
    "recovered_when",
    "recovery_cap",
    "reversal_denominator",
)
"""Assumptions every evaluation rests on, whether or not a leaf names them."""
_NEGATIVE: tuple[Method, ...] = ("complement", "absence", "answered_complement", "within_days")


def verify(edition: Edition) -> list[Flaw]:
    """Everything wrong with an edition; an empty list means it is sound."""
    found = list(_edition_flaws(edition))
    for name, assumption in edition.assumptions.items():
        found += _assumption_flaws(name, assumption)
    for level, index_set in edition.sets.items():
        found += _set_flaws(level, index_set)
        found += line_flaws(index_set, edition)
        for node in index_set.leaves():
            found += _leaf_flaws(node.indicator, edition)
    return found


def _edition_flaws(edition: Edition) -> Iterator[Flaw]:
    if not edition.sets:
        yield Flaw(edition.id, Message("没有任何一套指标。", "There is no set at all."))
    if not edition.cites:
        yield Flaw(edition.id, Message("没有注明出处。", "There is no citation."))
    for name in EVERYWHERE:
        if name not in edition.assumptions:
            yield Flaw(name, Message("缺少这项假设。", "This assumption is missing."))
    yield from _unknown_checks(edition)
    if edition.verdict and not any(s.lines for s in edition.sets.values()):
        yield Flaw(edition.id, Message("没有可作结论的指标线。", "No line to base a verdict on."))
    ids = Counter(node.indicator.id for s in edition.sets.values() for node in s.walk())
    for one in edition.sets.values():
        ids.update(beside.id for beside in one.beside)
    for node_id, times in ids.items():
        if times > 1:
            yield Flaw(node_id, Message(f"编号出现{times}次。", f"The id occurs {times} times."))


def _unknown_checks(edition: Edition) -> Iterator[Flaw]:
    """Further checks that name no duty, or something that is not made of duties."""
    duties = load_law().duties
    for composite, added in edition.also_required.items():
        whole = duties.get(composite)
        if whole is None or whole.kind != "composite":
            yield Flaw(composite, Message("不是由职责组成的要求。", "It is not made of duties."))
        for name in added:
            if name not in duties:
                yield Flaw(name, Message("没有这项职责。", "There is no such duty."))


def _assumption_flaws(name: str, assumption: Assumption) -> Iterator[Flaw]:
    if assumption.value not in assumption.choices:
        what = Message("选定值不在备选之中。", "The value in force is not one of the choices.")
        yield Flaw(name, what)
    if not assumption.left_open:
        what = Message("没有注明出处留白之处。", "It does not say where the source leaves it open.")
        yield Flaw(name, what)


def _set_flaws(level: str, index_set: IndexSet) -> Iterator[Flaw]:
    if index_set.level != level or level not in LEVELS:
        yield Flaw(level, Message("层级与文件不符。", "The level does not match its file."))
    depths = Counter(node.depth for node in index_set.walk())
    counts = tuple(depths[depth] for depth in sorted(depths))
    if counts != index_set.counts:
        said, found = _joined(index_set.counts), _joined(counts)
        text = Message(
            f"各级指标数应为{said}，实为{found}。",
            f"{said} indicators are declared by depth, {found} are there.",
        )
        yield Flaw(level, text)
    yield from _weight_flaws(level, index_set.parts)


def _joined(counts: tuple[int, ...]) -> str:
    return "/".join(str(count) for count in counts)


def _weight_flaws(place: str, parts: tuple[Indicator, ...]) -> Iterator[Flaw]:
    total = sum(part.weight for part in parts)
    if abs(total - WHOLE) > 1e-9:
        what = Message(
            f"下级权重合计为{total:g}，应为{WHOLE}。",
            f"The weights below add up to {total:g}, not {WHOLE}.",
        )
        yield Flaw(place, what)
    for part in parts:
        if part.weight <= 0:
            yield Flaw(part.id, Message("权重不是正数。", "The weight is not positive."))
        if part.parts:
            yield from _weight_flaws(part.id, part.parts)
            yield from _branch_flaws(part)


def _branch_flaws(branch: Indicator) -> Iterator[Flaw]:
    if branch.score or branch.source or branch.direction or branch.question or branch.reason:
        what = Message(
            "有下级指标的节点不应有评分字段。", "A node with parts must not have scoring fields."
        )
        yield Flaw(branch.id, what)


def _leaf_flaws(leaf: Indicator, edition: Edition) -> Iterator[Flaw]:
    required: Mapping[str, object] = {
        "source": leaf.source,
        "source_grade": leaf.source_grade,
        "direction": leaf.direction,
        "score": leaf.score,
        "place": leaf.place,
    }
    for field, value in required.items():
        if value is None:
            yield Flaw(leaf.id, Message(f"缺少字段{field}。", f"The field {field} is missing."))
    yield from _source_flaws(leaf, edition)
    yield from _score_flaws(leaf, edition)


def _source_flaws(leaf: Indicator, edition: Edition) -> Iterator[Flaw]:
    unknown = [source for source in leaf.sources if source not in edition.sources]
    if unknown or len(set(leaf.sources)) < len(leaf.sources):
        yield Flaw(leaf.id, Message("来源重复或未说明。", "A source is repeated or unexplained."))
    if leaf.computed and "system" not in leaf.sources:
        what = Message(
            "由记录计算的指标须列出来源 system。",
            "A leaf computed from records must list the source system.",
        )
        yield Flaw(leaf.id, what)
    if leaf.answerable and leaf.question is None:
        yield Flaw(leaf.id, Message("缺少填答问题。", "The question to answer is missing."))
    if not leaf.computed and leaf.reason not in edition.reasons:
        what = Message(
            "未说明为何不能由记录计算。", "It does not say why records cannot give the figure."
        )
        yield Flaw(leaf.id, what)


def _score_flaws(leaf: Indicator, edition: Edition) -> Iterator[Flaw]:
    rule = leaf.score
    if rule is None:
        return
    needs = _NEEDS[rule.method]
    given = (bool(rule.duties), rule.figure is not None)
    # A method that may take either takes exactly one of the two.
    wanted = [(needs.duties, False), (False, needs.figure)]
    if given not in [pair for pair in wanted if any(pair) == (needs.duties or needs.figure)]:
        what = Message(
            f"方法{rule.method}的义务或指标值参数不完整。",
            f"The method {rule.method} has the wrong duties or figure.",
        )
        yield Flaw(leaf.id, what)
    if needs.assumption and rule.assumption is None:
        what = Message(
            f"方法{rule.method}须指明假设。", f"The method {rule.method} must name an assumption."
        )
        yield Flaw(leaf.id, what)
    if rule.assumption is not None and rule.assumption not in edition.assumptions:
        what = Message(
            f"假设{rule.assumption}不存在。", f"There is no assumption {rule.assumption}."
        )
        yield Flaw(leaf.id, what)
    if leaf.direction and (leaf.direction == "negative") != (rule.method in _NEGATIVE):
        what = Message("方向与评分方法不符。", "The direction does not fit the method.")
        yield Flaw(leaf.id, what)
