"""What the ruling says was done, with the days it gives for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from zhiheng.rulings.dates import FoundDay
from zhiheng.rulings.model import Dated, Statement
from zhiheng.rulings.page import Page
from zhiheng.rulings.patterns import StatementKind, readings, statement_kinds

_BEHIND = 6
"""So many characters after a statement its day may begin: 立案日期为2018年3月5日."""
_JOINED = re.compile(r"[、,和及与]?(?:以及|并于|又于)?")


def find_statements(page: Page, days: list[FoundDay], names: Sequence[str] = ()) -> list[Statement]:
    """Every statement of every kind, in the order of the text; one a clause and kind.

    `names`: what the text calls the debtors, the longest first.
    """
    found = [
        statement
        for kind, rules in statement_kinds().items()
        for statement in _of_kind(page, days, kind, rules, names)
    ]
    return sorted(set(found), key=lambda one: (one.span.start, one.kind))


def days_of(page: Page, days: list[FoundDay], start: int, end: int) -> list[FoundDay]:
    """The days that date what plain[start:end] says: the group of days ahead of it in its
    sentence, or the day just behind it."""
    low, high = page.sentence(start)
    ahead = [one for one in days if low <= one.start and one.end <= start]
    group: list[FoundDay] = []
    for one in reversed(ahead):
        gap_end = group[0].start if group else one.end
        if group and not _JOINED.fullmatch(page.plain[one.end : gap_end]):
            break
        group.insert(0, one)
    if group and not re.search(readings().date_breaks, page.plain[group[-1].end : start]):
        return group
    return [one for one in days if end <= one.start <= end + _BEHIND and one.start < high][:1]


def dated_events(page: Page, days: list[FoundDay], statements: list[Statement]) -> list[Dated]:
    """Every day of the text with each thing it dates; `other` where nothing claims it."""
    events = []
    for one in days:
        if one.day is None:
            continue
        low, high = page.sentence(one.start)
        span = page.span(one.start, one.end)
        inside = [page.origin[low], page.origin[high - 1]]
        kinds = {
            said.kind
            for said in statements
            if one.day in said.days and inside[0] <= said.span.start <= inside[1]
        }
        events += [Dated(kind, one.day, span) for kind in sorted(kinds) or ["other"]]
    return events


def _of_kind(
    page: Page, days: list[FoundDay], kind: str, rules: StatementKind, names: Sequence[str]
) -> Iterator[Statement]:
    for found in re.finditer("|".join(f"(?:{one})" for one in rules.patterns), page.plain):
        start, end = found.span()
        sentence = page.plain[slice(*page.sentence(start))]
        if any(re.search(one, sentence) for one in rules.unless):
            continue
        dating = [one.day for one in days_of(page, days, start, end) if one.day]
        if rules.dated and not dating:
            continue
        clause = page.clauses(start, end)
        ahead = page.plain[max(clause[0], start - 40) : start]
        for name in names:
            ahead = ahead.replace(name, "被执行人")
        negated = not rules.affirms and bool(re.search(readings().negators, ahead))
        yield Statement(kind, page.span(*clause), tuple(dating), negated)
