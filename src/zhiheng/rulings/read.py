"""The facts of a ruling out of its text."""

from __future__ import annotations

from datetime import date

from zhiheng.errors import BadInput, Message
from zhiheng.rulings import parts
from zhiheng.rulings.dates import FoundDay, find_days
from zhiheng.rulings.debtors import find_debtors, spoken_of
from zhiheng.rulings.model import BadDate, Dated, Facts, Statement
from zhiheng.rulings.page import Page, page_of
from zhiheng.rulings.statements import dated_events, find_statements
from zhiheng.rulings.steps import find_steps
from zhiheng.rulings.sums import find_sums


def read_facts(raw: str, place: str = "") -> Facts:
    """Everything a ruling that ends the current round says.

    Raises BadInput where the text is no such ruling.
    """
    page = page_of(raw)
    if "终结本次执行" not in page.plain:
        raise BadInput(
            Message("文中没有“终结本次执行程序”。", "The text does not end an enforcement round."),
            Message("本命令只核对终本裁定书。", "Only rulings on 终结本次执行程序 are checked."),
            place,
        )
    days = list(find_days(page.plain))
    debtors = find_debtors(page)
    names = sorted((name for one in debtors for name in one.names), key=len, reverse=True)
    statements = find_statements(page, days, names)
    filing, stated = _filing(statements)
    numbers = parts.numbers(page)
    own = parts.own_number(numbers)
    ruled = parts.ruling_day(page, days)
    return Facts(
        court=parts.court(page),
        case_number=own,
        other_numbers=tuple(one for one in numbers if one is not own),
        basis=tuple(parts.basis(page)),
        ruling_day=ruled,
        filing_day=filing,
        filing_stated=stated,
        dates=tuple(_events(page, days, statements, ruled)),
        bad_dates=tuple(BadDate(page.span(one.start, one.end)) for one in days if not one.day),
        statements=spoken_of(page, debtors, statements),
        sums=tuple(find_sums(page)),
        steps=spoken_of(page, debtors, find_steps(page, days)),
        cited=tuple(parts.cited(page, ruled)),
        objection_days=tuple(parts.objection_days(page)),
        signatories=tuple(parts.signatories(page)),
        debtors=debtors,
    )


def _filing(statements: list[Statement]) -> tuple[date | None, bool]:
    """The day of filing and whether it is stated; else the day enforcement was applied for."""
    for kind in ("filed", "applied"):
        days = [day for one in statements if one.kind == kind for day in one.days]
        if days:
            return days[0], kind == "filed"
    return None, False


def _events(
    page: Page, days: list[FoundDay], statements: list[Statement], ruled: date | None
) -> list[Dated]:
    events = dated_events(page, days, statements)
    if ruled is not None:
        last = max(i for i, one in enumerate(events) if one.day == ruled)
        events[last] = Dated("ruling", ruled, events[last].span)
    return events
