"""The measures a ruling names: what was queried, frozen, seized; how many, for how long."""

from __future__ import annotations

import re

from zhiheng.rulings.dates import FoundDay
from zhiheng.rulings.model import Step
from zhiheng.rulings.numerals import NUMERAL
from zhiheng.rulings.page import Page
from zhiheng.rulings.patterns import readings
from zhiheng.rulings.statements import days_of

_COUNT = re.compile(
    rf"(?:[0-9]{{1,12}}|{NUMERAL}{{1,24}})(?:余)?(?:个|套|辆|处|宗|项|笔|台|间|次|份)"
)
_DURATION = re.compile(
    rf"(?:[0-9]{{1,12}}|{NUMERAL}{{1,24}})(?:年|个月)(?!{NUMERAL}*[0-9]*月)(?!\d)"
)
_TERM = re.compile(r"期限|为期|冻结期|查封期")
_NOTHING = re.compile(r"未发现|未查到|未查找到|没有发现|查无|无可供|均无|无财产")


def find_steps(page: Page, days: list[FoundDay]) -> list[Step]:
    """Every measure, in the order of the text; a sentence's queries of one kind are one step."""
    steps: list[Step] = []
    for low in page.sentence_starts:
        start, end = page.sentence(low)
        sentence = page.plain[start:end]
        if not re.search(readings().step_unless, sentence):
            steps += _of_sentence(page, days, start, sentence)
    return steps


def _of_sentence(page: Page, days: list[FoundDay], start: int, sentence: str) -> list[Step]:
    found: dict[str, re.Match[str]] = {}
    for kind, named in readings().steps.items():
        hit = re.search(named.words, sentence)
        if hit and not re.search(
            readings().negators, sentence[max(hit.start() - 40, 0) : hit.start()]
        ):
            found[kind] = hit
    if len(found) > 1 and found.keys() & set(readings().queries) - {"query"}:
        found.pop("query", None)
    return [_step(page, days, kind, start, hit, sentence) for kind, hit in found.items()]


def _step(
    page: Page, days: list[FoundDay], kind: str, start: int, hit: re.Match[str], sentence: str
) -> Step:
    query = kind in readings().queries
    low, high = (start, start + len(sentence.rstrip("。;")))
    if not query:
        low, high = page.clauses(start + hit.start(), start + hit.end())
    words = page.plain[low:high]
    objects = tuple(name for name, one in readings().objects.items() if re.search(one.words, words))
    when = tuple(
        one.day for one in days_of(page, days, start + hit.start(), start + hit.end()) if one.day
    )
    count = None if query else _COUNT.search(words)
    rest = sentence[hit.end() :]
    lasts = _DURATION.search(rest) if not query and _TERM.search(rest) else None
    return Step(
        kind=kind,
        objects=objects,
        span=page.span(low, max(high, low + 1)),
        days=when,
        count=count.group() if count else "",
        duration=lasts.group() if lasts else "",
        nothing_found=query and _NOTHING.search(sentence) is not None,
    )
