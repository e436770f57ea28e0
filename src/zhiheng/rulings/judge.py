"""How each condition stands by the words of the ruling, by the data of conditions.yaml."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from zhiheng.law.model import Text
from zhiheng.rulings.model import Facts, Finding, Span, Statement
from zhiheng.rulings.patterns import Condition, conditions, documents, statement_kinds
from zhiheng.rulings.weigh import TESTS, Judged

RULE = "fa-2016-373"
"""The document whose conditions are asked; before it was in force there were none of its."""
_SILENCE = Text("裁定未载。", "The ruling does not state it.")


def judge(facts: Facts) -> list[Finding]:
    """Every condition in the order of the data."""
    return [_finding(one, _judged(one, facts)) for one in conditions()]


def _finding(condition: Condition, judged: Judged) -> Finding:
    state, reason, spans = judged
    return Finding(
        condition.id, condition.group, condition.title, state, reason, spans, condition.cites
    )


def _judged(condition: Condition, facts: Facts) -> Judged:
    if _not_yet_in_force(condition, facts.ruling_day):
        reason = Text(
            "裁定时该规定尚未施行。", "The rule was not in force on the day of the ruling."
        )
        return "not_assessable", reason, ()
    exempt = facts.said(*condition.unless)
    if exempt:
        reason = Text("申请执行人自己申请终本。", "The applicant asked for the closure.")
        return "not_applicable", reason, _spans(exempt)
    called_for = [one for one in facts.said(*condition.when) if not one.negated]
    if condition.when and not called_for:
        names = [statement_kinds()[kind].title for kind in condition.when]
        reason = Text(
            f"裁定未载{'、'.join(one.zh for one in names)}。",
            f"The ruling does not state: {', '.join(one.en for one in names)}.",
        )
        return "not_applicable", reason, ()
    if condition.test:
        return TESTS[condition.test](facts)
    return _by_statements(condition, facts)


def _by_statements(condition: Condition, facts: Facts) -> Judged:
    said = facts.said(*condition.evidence)
    denied = [one for one in said if one.negated]
    if denied:
        return "contradicted", Text("裁定自称未做。", "The ruling says it was not."), _spans(denied)
    if said:
        return "evidenced", Text("裁定载明。", "The ruling states it."), _spans(said)
    for weak in condition.weak:
        short = facts.said(weak.statement)
        if short:
            return "not_evidenced", weak.reason, _spans(short)
    return condition.silent, condition.reason or _SILENCE, _called(condition, facts)


def _called(condition: Condition, facts: Facts) -> tuple[Span, ...]:
    """The words that call for a condition nothing shows to be met."""
    return _spans(facts.said(*condition.when))


def _not_yet_in_force(condition: Condition, day: date | None) -> bool:
    if day is None or not any(cite.document == RULE for cite in condition.cites):
        return False
    since = documents()[RULE].in_force
    return since is not None and day < date.fromisoformat(since)


def _spans(said: Iterable[Statement]) -> tuple[Span, ...]:
    return tuple(one.span for one in said)
