"""Conditions that need more than a statement: days, sums, kinds of queries, signatures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from zhiheng.calendar import from_day, load_calendar, to_day
from zhiheng.law.model import Limit, Text
from zhiheng.rulings.model import Facts, Role, Span, State
from zhiheng.rulings.patterns import limit_of, readings

Judged = tuple[State, Text, tuple[Span, ...]]

_FIRST, _LAST = 2000, 2059
"""Years the calendar reaches with room for a limit; further away nothing is counted."""


def add_months(start: date, months: int) -> date | None:
    """The same day number `months` on, or that month's last; None outside the calendar."""
    if not _FIRST <= start.year <= _LAST:
        return None
    return from_day(load_calendar().add_months(to_day(start), months))


def last_day(start: date, limit: Limit) -> date | None:
    """The last day of a limit in months, rolled where the limit rolls; None outside the calendar.

    Raises ValueError for a limit in another unit.
    """
    if limit.months is None:
        raise ValueError("only limits in months are counted here")
    due = add_months(start, limit.months)
    if due is None or not limit.rolls():
        return due
    return from_day(load_calendar().roll_forward(to_day(due)))


def three_months(facts: Facts) -> Judged:
    """Ruled more than so many months after filing. The application comes no later than the
    filing: where even it is too near, so is the filing; where not, the filing may still be."""
    spans = tuple(one.span for one in facts.dates if one.kind in ("filed", "applied", "ruling"))
    if facts.filing_day is None or facts.ruling_day is None:
        return "not_assessable", Text("缺立案日期或裁定日期。", "A day is missing."), spans
    limit = limit_of("closure.three_months", "more_than", facts.ruling_day)
    due = last_day(facts.filing_day, limit)
    if due is None:
        return "not_assessable", Text("日期超出日历。", "The day is outside the calendar."), spans
    told = "立案" if facts.filing_stated else "申请执行"
    gone = (facts.ruling_day - facts.filing_day).days
    zh = f"{told} {facts.filing_day}，裁定 {facts.ruling_day}，相隔 {gone} 日，须在 {due} 之后"
    en = f"{gone} days from {facts.filing_day} to {facts.ruling_day}; must be after {due}"
    if facts.ruling_day > due:
        if facts.filing_stated:
            return "evidenced", Text(zh + "。", en + "."), spans
        why = Text(zh + "；立案日期未载。", en + "; the day of filing itself is not stated.")
        return "not_assessable", why, spans
    asked = facts.said("closure_applied")
    if asked:
        why = Text(zh + "；申请执行人申请终本。", en + "; but the applicant asked for it.")
        return "not_assessable", why, (*spans, *(one.span for one in asked))
    why = Text(
        zh + "；也未载申请执行人申请终本。",
        en + "; nor does the ruling say that the applicant asked for the closure.",
    )
    return "contradicted", why, spans


def query_kinds(facts: Facts) -> Judged:
    """Queries name every kind of property they have to cover."""
    queries = [one for one in facts.steps if one.kind in readings().queries]
    named = {name for one in queries for name in one.objects}
    missing = [name for name in readings().needed_queries.objects if name not in named]
    spans = tuple(one.span for one in queries)
    if not missing:
        return "evidenced", Text("均已写明。", "All are named."), spans
    titles = [readings().objects[name] for name in missing]
    reason = Text(
        f"未写明查询：{'、'.join(one.zh for one in titles)}。",
        f"Not named: {', '.join(one.en for one in titles)}.",
    )
    return "not_evidenced", reason, spans


def property_exhausted(facts: Facts) -> Judged:
    """Nothing found, or a reason why what was found cannot be disposed of."""
    controls = [one.span for one in facts.steps if one.kind in readings().controls]
    found = [one.span for one in facts.said("property_found")] + controls
    why_not = tuple(one.span for one in facts.said("not_disposable"))
    none = tuple(one.span for one in facts.said("nothing_found"))
    if found and why_not:
        return "evidenced", Text("载明不能处置的原因。", "The reason is stated."), why_not
    if found:
        reason = Text(
            "载有已发现或控制的财产，未载不能处置的原因。",
            "Property was found or controlled; no reason is given why it is left undisposed.",
        )
        return "contradicted", reason, tuple(found)
    if none or why_not:
        return "evidenced", Text("裁定载明。", "The ruling states it."), none or why_not
    return "not_evidenced", Text("裁定未载。", "The ruling does not state it."), ()


def applicant_told(facts: Facts) -> Judged:
    """Told, and not after the ruling."""
    told = facts.said("applicant_told")
    spans = tuple(one.span for one in told)
    if any(one.negated for one in told):
        return "contradicted", Text("裁定自称未做。", "The ruling says it was not."), spans
    days = [day for one in told for day in one.days]
    if days and facts.ruling_day and min(days) > facts.ruling_day:
        reason = Text(f"告知于 {min(days)}，晚于裁定。", f"Told on {min(days)}, after the ruling.")
        return "contradicted", reason, spans
    if not told:
        return "not_evidenced", Text("裁定未载。", "The ruling does not state it."), ()
    when = Text("裁定载明。", "The ruling states it.")
    undated = Text("裁定载明，未写日期。", "The ruling states it and gives no day.")
    return "evidenced", when if days else undated, spans


def panel(facts: Facts) -> Judged:
    """A signature of the applicant, or a panel: whoever signs as presiding judge sits in one."""
    said = facts.said("confirmed")
    if said:
        return (
            "evidenced",
            Text("裁定载明。", "The ruling states it."),
            tuple(one.span for one in said),
        )
    signed = tuple(one.span for one in facts.signatories)
    if any(one.function == "审判长" for one in facts.signatories):
        reason = Text(
            "由合议庭署名；院长批准在裁定上看不出。",
            "Signed by a panel; the president's approval cannot be told from the ruling.",
        )
        return "not_assessable", reason, signed
    reason = Text(
        "未载签字确认，也不是合议庭署名。", "No confirmation is stated and no panel signed."
    )
    return "not_evidenced", reason, signed


def legal_basis(facts: Facts) -> Judged:
    """An article on ending the round, by the number in force on the ruling's day."""
    closure = [one for one in facts.cited if one.topic == "closure"]
    spans = tuple(one.span for one in closure)
    wrong = [one for one in closure if one.expected is not None]
    if wrong:
        one = wrong[0]
        reason = Text(
            f"引用第 {one.article} 条，裁定时为第 {one.expected} 条。",
            f"Cites article {one.article}; on the day it was article {one.expected}.",
        )
        return "contradicted", reason, spans
    if closure and facts.ruling_day:
        return "evidenced", Text("条文序号与裁定日相合。", "The number fits the day."), spans
    if closure:
        return "not_assessable", Text("缺裁定日期。", "The day of the ruling is missing."), spans
    other = tuple(one.span for one in facts.cited if one.topic == "closure_rule")
    if other:
        return "evidenced", Text("引用终本规定。", "It cites the rule on ending the round."), other
    return "not_evidenced", Text("未引用终本的条文。", "No article on ending the round."), ()


def claim_stated(facts: Facts) -> Judged:
    """A sum that is the claim."""
    return _stated(facts, "claim")


def outstanding_stated(facts: Facts) -> Judged:
    """A sum that is still owed."""
    return _stated(facts, "outstanding")


def measures_stated(facts: Facts) -> Judged:
    """Some measure named with its object or its day."""
    real = tuple(one.span for one in facts.steps if one.objects or one.days)
    if real:
        return "evidenced", Text("裁定载明。", "The ruling states it."), real
    vague = tuple(one.span for one in facts.steps)
    return "not_evidenced", Text("未列明措施。", "No measure is listed."), vague


def query_recent(facts: Facts) -> Judged:
    """The last network query lies within the stretch before the ruling that practice asks for."""
    asked = facts.said("network_queried")
    spans, days = tuple(one.span for one in asked), [day for one in asked for day in one.days]
    if not days or facts.ruling_day is None:
        return "not_assessable", Text("查询未写日期。", "The query bears no day."), spans
    last = max(days)
    stretch = readings().recent_query
    until = add_months(last, stretch["months"])
    if until is None:
        return "not_assessable", Text("日期超出日历。", "The day is outside the calendar."), spans
    fresh = (facts.ruling_day - until).days <= stretch["days"]
    reason = Text(f"末次查询 {last}。", f"Last queried on {last}.")
    return "evidenced" if fresh else "contradicted", reason, spans


def _stated(facts: Facts, role: Role) -> Judged:
    spans = tuple(one.span for one in facts.sums if one.role == role)
    if spans:
        return "evidenced", Text("裁定载明。", "The ruling states it."), spans
    return "not_evidenced", Text("裁定未载。", "The ruling does not state it."), ()


TESTS: dict[str, Callable[[Facts], Judged]] = {
    one.__name__: one
    for one in (
        three_months, query_kinds, property_exhausted, applicant_told, panel, legal_basis,
        claim_stated, outstanding_stated, measures_stated, query_recent,
    )
}  # fmt: skip
"""The functions conditions.yaml names."""
