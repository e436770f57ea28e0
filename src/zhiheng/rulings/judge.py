"""How each condition stands by the words of the ruling, by the data of conditions.yaml."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from zhiheng.law.model import Text
from zhiheng.rulings.debtors import about
from zhiheng.rulings.model import Debtor, Facts, Finding, OfDebtor, Span, State, Statement
from zhiheng.rulings.patterns import Condition, conditions, documents, statement_kinds
from zhiheng.rulings.weigh import TESTS, Judged

RULE = "fa-2016-373"
"""The document whose conditions are asked; before it was in force there were none of its."""
FAILING: tuple[State, ...] = ("not_evidenced", "contradicted")
"""States that raise a flag."""
_WEIGHT: tuple[State, ...] = ("not_applicable", "evidenced", "not_assessable", *FAILING)
"""Of several debtors the one who stands furthest behind decides."""
_SILENCE = Text("裁定未载。", "The ruling does not state it.")


def judge(facts: Facts) -> list[Finding]:
    """Every condition in the order of the data."""
    return [_finding(one, facts) for one in conditions()]


def _finding(condition: Condition, facts: Facts) -> Finding:
    if not condition.each_debtor or len(facts.debtors) < 2:  # one debtor: nothing to tell apart
        return _told(condition, _judged(condition, facts), ())
    each = tuple(_of_debtor(condition, facts, debtor) for debtor in facts.debtors)
    worst = max(each, key=lambda one: _WEIGHT.index(one.state))
    failing = [one for one in each if one.state == worst.state]
    reason = worst.reason
    if worst.state in FAILING:
        reason = Text(
            f"{'、'.join(_name(one)[0] for one in failing)}：{reason.zh}",
            f"{', '.join(_name(one)[1] for one in failing)}: {reason.en}",
        )
    spans = dict.fromkeys(span for one in failing for span in one.spans)
    return _told(condition, (worst.state, reason, tuple(spans)), each)


def _told(condition: Condition, judged: Judged, each: tuple[OfDebtor, ...]) -> Finding:
    state, reason, spans = judged
    return Finding(
        condition.id, condition.group, condition.title, state, reason, spans, condition.cites, each
    )


def _of_debtor(condition: Condition, facts: Facts, debtor: Debtor) -> OfDebtor:
    own = replace(
        facts, statements=about(facts.statements, debtor), steps=about(facts.steps, debtor)
    )
    return OfDebtor(debtor.number, debtor.masked, *_judged(condition, own))


def _name(one: OfDebtor) -> tuple[str, str]:
    return f"被执行人{one.number}（{one.masked}）", f"debtor {one.number} ({one.masked})"


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
