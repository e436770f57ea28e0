"""The fixed parts of a ruling: court, case numbers, basis documents, articles, signatories."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from zhiheng.records.case_numbers import UnreadableCaseNumber, parse_case_number
from zhiheng.rulings.dates import FoundDay
from zhiheng.rulings.model import Cited, Numbered, Signatory, Span
from zhiheng.rulings.numerals import NUMERAL, parse_numeral
from zhiheng.rulings.page import Page
from zhiheng.rulings.patterns import Article, readings

_HAN = "一-鿿"
_COURT = re.compile(rf"^[^{_HAN}]*([{_HAN}]{{2,40}}?法院)(?=(?:民事|行政|刑事)?执行?裁定书)")
_ANY_COURT = re.compile(rf"([{_HAN}]{{2,30}}?人民法院)")
_NUMBER = re.compile(
    rf"\((?P<year>[0-9]{{4}})\)[{_HAN}A-Z0-9]{{2,16}}?[0-9]+号(?:之[一二三四五六七八九十]+)?"
)
_BASIS = re.compile(
    rf"(?:{_NUMBER.pattern.replace('P<year>', ':')})?[^,。;()]{{0,24}}?"
    r"(?:民事|刑事|行政|刑事附带民事|仲裁|公证)?(?:判决书|调解书|裁决书|债权文书|支付令|执行证书|决定书)"
)
_AFTER_ORDER = re.compile("裁定如下")
_TITLED = re.compile(
    r"《(?P<title>(?:[^《》]|《[^《》]*》)+)》(?P<articles>(?:第[^条,。;]{1,8}条[^第,。;]{0,4}"
    r"(?:第[^款项条,。;]{1,6}款)?(?:第\(?[^款项条,。;]{1,6}\)?项)?[、及和以之规定的]*)+)"
)
_ARTICLE = re.compile(rf"第([0-9]{{1,12}}|{NUMERAL}{{1,24}})条")
_OBJECTION = re.compile(rf"([0-9]{{1,12}}|{NUMERAL}{{1,24}})(?:个工作)?日内[^。;]{{0,60}}异议")
_FUNCTIONS = "审判长|代理审判员|助理审判员|人民陪审员|审判员|执行长|执行员|法官助理|书记员"
_SIGNED = re.compile(
    rf"({_FUNCTIONS})(\(略\)|[{_HAN}·×*]{{1,6}}?)(?={_FUNCTIONS}|[12][0-9]{{3}}年|二[〇零]|[^{_HAN}·×*]|$)"
)


def court(page: Page) -> Span | None:
    """The court that rules: the one in the heading, else the first one named."""
    found = _COURT.search(page.plain) or _ANY_COURT.search(page.plain[:400])
    return page.span(*found.span(1)) if found else None


def numbers(page: Page) -> list[Numbered]:
    """Every case number; one that cannot be read keeps its words and no canonical form."""
    return [_number(page, *found.span()) for found in _NUMBER.finditer(page.plain)]


def own_number(all_numbers: list[Numbered]) -> Numbered | None:
    """The number of the ruling's own case: the first enforcement number."""
    return next((one for one in all_numbers if "执" in one.canonical), None)


def basis(page: Page) -> list[Span]:
    """The documents enforced (判决书, 调解书, 裁决书 …), each named once."""
    end = _order_at(page)
    found = [one for one in _BASIS.finditer(page.plain, 0, end) if "失信" not in one.group()]
    trimmed = [_trimmed(one) for one in found]
    first = {page.plain[start:stop]: (start, stop) for start, stop in reversed(trimmed)}
    return [page.span(*where) for where in sorted(first.values())]


def ruling_day(page: Page, days: list[FoundDay]) -> date | None:
    """The day below the ruling: the last one behind 裁定如下."""
    start = _order_at(page)
    below = [one.day for one in days if one.start >= start and one.day]
    return below[-1] if below and start < len(page.plain) else None


def cited(page: Page, day: date | None) -> list[Cited]:
    """Articles cited, and where the number was another on `day`, that number."""
    return [one for found in _TITLED.finditer(page.plain) for one in _cited(page, found, day)]


def objection_days(page: Page) -> list[tuple[int, Span]]:
    """The days within which an objection can be made, as told."""
    found = ((parse_numeral(one[1]), one) for one in _OBJECTION.finditer(page.plain))
    return [(days, page.span(*one.span())) for days, one in found if days is not None]


def signatories(page: Page) -> list[Signatory]:
    """Who signed below the ruling."""
    return [
        Signatory(found[1], found[2].strip("()"), page.span(*found.span()))
        for found in _SIGNED.finditer(page.plain, _order_at(page))
    ]


def _order_at(page: Page) -> int:
    found = list(_AFTER_ORDER.finditer(page.plain))
    return found[-1].end() if found else len(page.plain)


def _number(page: Page, start: int, end: int) -> Numbered:
    try:
        canonical = str(parse_case_number(page.plain[start:end]))
    except UnreadableCaseNumber:
        canonical = ""
    return Numbered(canonical, page.span(start, end))


def _trimmed(found: re.Match[str]) -> tuple[int, int]:
    """Without what stands ahead of the number or, where there is none, of the document's name."""
    lead = re.match(r".*(?:的|据|对|作出|生效)(?=.)", found.group())
    numbered = found.group().startswith("(")
    return found.start() + (0 if numbered or lead is None else lead.end()), found.end()


def _cited(page: Page, found: re.Match[str], day: date | None) -> Iterator[Cited]:
    known = [one for one in readings().articles if re.search(one.name, found["title"])]
    for article in _ARTICLE.finditer(page.plain, found.start("articles"), found.end("articles")):
        number = parse_numeral(article[1])
        if number is not None:
            span = page.span(found.start(), article.end())
            topic, expected = _judged(known[:1], number, day)
            name = known[0].known_as if known else found["title"]
            yield Cited(found["title"], name, number, span, topic, expected)


def _judged(known: list[Article], number: int, day: date | None) -> tuple[str, int | None]:
    """The topic of an article, and its number on `day` where that is another."""
    for article in known:
        if not article.versions:
            return article.topic, None
        if any(version.article == number for version in article.versions):
            held = [one.article for one in article.versions if day is not None and one.holds(day)]
            return article.topic, held[0] if held and held[0] != number else None
    return "", None
