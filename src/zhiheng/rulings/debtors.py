"""Who the debtors of a ruling are, and of which of them each of its statements speaks.

A statement speaks of the debtors its clause names; where it names none, of those named last before
it in the same sentence; where the sentence names none (被执行人, 其), of all of them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from zhiheng.rulings.model import Debtor, Span, Statement, Step
from zhiheng.rulings.page import Page

_NAME = re.compile(
    r"被执行人(?:\([^()]{1,8}\)|[一二三四五六七八九十0-9]{1,2}(?=[:,]))?[:,]?"
    r"(?P<name>[^,。;:()]{2,40})(?:\((?:以下)?(?:简)?称[“\"]?(?P<short>[^()“”\"]{2,20})[”\"]?\))?"
)
_BODY = re.compile(r"一案|本院")
_LONGEST_PERSON = 4
"""Characters of the longest name of a person; a longer one is a firm's."""

Said = TypeVar("Said", Statement, Step)


def find_debtors(page: Page) -> tuple[Debtor, ...]:
    """The debtors of the heading, in its order, each once."""
    body = _BODY.search(page.plain)
    end = body.start() if body else len(page.plain)
    found: dict[str, Debtor] = {}
    for hit in _NAME.finditer(page.plain, 0, end):
        name = _on_one_line(page, *hit.span("name"))
        if name and _begins(page, hit.start()):
            names = (name, hit["short"]) if hit["short"] else (name,)
            span = page.span(hit.start("name"), hit.start("name") + len(name))
            found.setdefault(name, Debtor(len(found) + 1, masked(name), names, span))
    return tuple(found.values())


def masked(name: str) -> str:
    """张三 → 张*, 陕西某某公司 → 陕西***."""
    return f"{name[0]}*" if len(name) <= _LONGEST_PERSON else f"{name[:2]}***"


def spoken_of(page: Page, debtors: Sequence[Debtor], said: Iterable[Said]) -> tuple[Said, ...]:
    """The same statements with the debtors each speaks of; none where it speaks of all."""
    if len(debtors) < 2:  # nothing to tell apart
        return tuple(said)
    return tuple(replace(one, of=_of(page, debtors, one.span)) for one in said)


def about(said: Iterable[Said], debtor: Debtor) -> tuple[Said, ...]:
    """Only what speaks of one debtor."""
    return tuple(one for one in said if not one.of or debtor.number in one.of)


def _of(page: Page, debtors: Sequence[Debtor], span: Span) -> tuple[int, ...]:
    start, end = bisect_left(page.origin, span.start), bisect_left(page.origin, span.end)
    named = _named(page.plain[start:end], debtors)
    low = page.sentence(start)[0]
    while not named and start > low:
        before = page.clauses(start - 1, start)[0]
        start = min(before, start - 1)
        named = _named(page.plain[start:end], debtors)
    return () if len(named) == len(debtors) else named


def _named(words: str, debtors: Sequence[Debtor]) -> tuple[int, ...]:
    """Debtors named in some words; a name inside a longer one is not its own."""
    for name, number in sorted(_names(debtors), key=lambda one: -len(one[0])):
        words = words.replace(name, f"\0{number}\0")
    return tuple(sorted({int(one) for one in re.findall("\0([0-9]+)\0", words)}))


def _names(debtors: Sequence[Debtor]) -> Iterator[tuple[str, int]]:
    return ((name, debtor.number) for debtor in debtors for name in debtor.names)


def _begins(page: Page, at: int) -> bool:
    """Whether a sentence or a line of the file begins at plain[at]."""
    if at == 0 or page.sentence(at)[0] == at:
        return True
    return "\n" in page.raw[page.origin[at - 1] + 1 : page.origin[at]]


def _on_one_line(page: Page, start: int, end: int) -> str:
    """The name up to the end of its line in the file."""
    raw = page.raw[page.origin[start] : page.origin[end - 1] + 1]
    return page.plain[start : start + len("".join(raw.split("\n")[0].split()))]
