"""Flags: conditions that are contradicted or not evidenced, and what else does not fit."""

from __future__ import annotations

from collections.abc import Iterator

from zhiheng.law.model import Text
from zhiheng.records.case_numbers import parse_case_number
from zhiheng.rulings.judge import FAILING
from zhiheng.rulings.model import Arithmetic, Facts, Finding, Flag, Span
from zhiheng.rulings.patterns import flag_kinds, limit_of, readings
from zhiheng.rulings.weigh import last_day

_STEPS = (
    "notice_issued", "report_ordered", "spending_restricted", "dishonest_listed",
    "network_queried", "inquired_on_site", "applicant_told", "applicant_heard",
)  # fmt: skip
"""Steps of the case whose days lie between the filing and the ruling."""


def find_flags(facts: Facts, sums: Arithmetic, findings: list[Finding]) -> list[Flag]:
    """Every flag: those of the conditions in their order, then the others."""
    of_conditions = [
        Flag(one.id, one.title, one.reason, one.spans, one.cites)
        for one in findings
        if one.state in FAILING
    ]
    return [
        *of_conditions,
        *_of_sums(facts, sums),
        *_of_days(facts),
        *_of_wording(facts),
        *_of_numbers(facts),
    ]


def _flag(kind: str, zh: str, en: str, *spans: Span) -> Flag:
    row = flag_kinds()[kind]
    return Flag(kind, row.title, Text(zh, en), spans, row.cites)


def _of_sums(facts: Facts, sums: Arithmetic) -> Iterator[Flag]:
    if sums.state == "disagrees":
        told = [one.span for one in facts.sums if one.role != "other"]
        yield _flag("sums_do_not_add_up", sums.reason.zh, sums.reason.en, *told)
    for one in facts.sums:
        if one.unclear:
            yield _flag(
                "figure_unlike_words", "括号内外不是同一数额。", "Two figures for one.", one.span
            )


def _of_days(facts: Facts) -> Iterator[Flag]:
    for bad in facts.bad_dates:
        yield _flag("impossible_date", "没有这一天。", "There is no such day.", bad.span)
    if facts.ruling_day is None:
        yield _flag("ruling_day_missing", "落款未见日期。", "None below the ruling.")
    if facts.filing_day is None:
        yield _flag("filing_day_missing", "无法核对三个月。", "The three months cannot be checked.")
    yield from _out_of_order(facts)
    yield from _told_when(facts)
    yield from _too_long(facts)


def _out_of_order(facts: Facts) -> Iterator[Flag]:
    """Days of steps before the filing, and days after the ruling, each day of the text once."""
    filed, ruled = facts.filing_day, facts.ruling_day
    told = {one.span for one in facts.dates if one.kind in ("applicant_told", "applicant_heard")}
    steps = {one.span: one.day for one in facts.dates if one.kind in _STEPS}
    every = {one.span: one.day for one in facts.dates if one.span not in told}
    for span, day in steps.items():
        if filed and day < filed:
            yield _flag("before_filing", f"{day} 早于 {filed}。", f"{day} is before {filed}.", span)
    for span, day in every.items():
        if ruled and day > ruled:
            yield _flag("after_ruling", f"{day} 晚于 {ruled}。", f"{day} is after {ruled}.", span)


def _told_when(facts: Facts) -> Iterator[Flag]:
    told = [one for one in facts.said("applicant_told") if not one.negated]
    days = [day for one in told for day in one.days]
    spans = [one.span for one in told]
    if told and not days:
        yield _flag("told_undated", "告知先后无从核对。", "Whether it came first is open.", *spans)
    if days and facts.ruling_day and max(days) > facts.ruling_day:
        yield _flag(
            "told_after_ruling", f"{max(days)} 晚于 {facts.ruling_day}。",
            f"{max(days)} is after {facts.ruling_day}.", *spans,
        )  # fmt: skip


def _too_long(facts: Facts) -> Iterator[Flag]:
    """Past the time limit of the law; a filing known only by the application says too little."""
    if not (facts.filing_day and facts.filing_stated and facts.ruling_day):
        return
    limit = limit_of("case.closed_in_time", "within", facts.ruling_day)
    due = last_day(facts.filing_day, limit)
    if due and facts.ruling_day > due and not facts.said("longer_allowed"):
        yield _flag(
            "over_time_limit", f"期限至 {due}（未计扣除）。",
            f"The limit ended on {due} (without stops).",
            *(one.span for one in facts.dates if one.kind in ("filed", "ruling")),
        )  # fmt: skip


def _of_wording(facts: Facts) -> Iterator[Flag]:
    anew = [one.span for one in facts.said("applied_anew")]
    if anew and not facts.said("resumption_told"):
        yield _flag(
            "worded_anew",
            "终本后应为恢复执行。",
            "After this ruling enforcement is resumed.",
            *anew,
        )
    vague = [one.span for one in facts.said("queried_in_a_word")]
    if vague and not facts.said("network_queried", "inquired_on_site"):
        yield _flag("queries_in_a_word", "未列明具体措施。", "No measure is listed.", *vague)
    usual = readings().objection_days
    for days, span in facts.objection_days:
        if days != usual:
            yield _flag(
                "objection_period", f"写 {days} 日，通行 {usual} 日。",
                f"It says {days} days, commonly {usual}.", span,
            )  # fmt: skip
    yield from _out_of_date(facts)


def _out_of_date(facts: Facts) -> Iterator[Flag]:
    for one in facts.cited:
        if one.expected is not None:
            row = next(row for row in readings().articles if row.topic == one.topic)
            reason = Text(
                f"{one.known_as}第 {one.article} 条，裁定时为第 {one.expected} 条。",
                f"Article {one.article}; on the day it was article {one.expected}.",
            )
            title = flag_kinds()["article_out_of_date"].title
            yield Flag("article_out_of_date", title, reason, (one.span,), row.cites)


def _of_numbers(facts: Facts) -> Iterator[Flag]:
    own = facts.case_number
    if own is None:
        yield _flag("case_number_missing", "未见“执”字案号。", "No enforcement number.")
    elif facts.filing_day and facts.filing_stated:
        year = parse_case_number(own.canonical).year
        if year != facts.filing_day.year:
            yield _flag(
                "year_mismatch", f"案号 {year} 年，立案 {facts.filing_day}。",
                f"The number is of {year}, the filing of {facts.filing_day}.", own.span,
            )  # fmt: skip
