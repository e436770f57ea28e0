"""Days as a ruling writes them: 2021年1月14日, 二〇二一年一月十四日, 2021.1.14, 同月14日."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from zhiheng.rulings.numerals import NUMERAL, parse_numeral

_NUMBER = rf"(?:[0-9]{{1,2}}|{NUMERAL}{{1,3}})"
_YEAR = rf"(?:[0-9]{{4}}|{NUMERAL}{{4}})"
_DAY = re.compile(
    rf"(?P<y>{_YEAR})年(?P<m>{_NUMBER})月(?P<d>{_NUMBER})[日号]"
    r"|(?<![0-9.])(?P<y2>[12][0-9]{3})[./-](?P<m2>[0-9]{1,2})[./-](?P<d2>[0-9]{1,2})(?![0-9.])"
    rf"|(?:同年|当年|(?<![0-9年个]))(?P<m3>{_NUMBER})月(?P<d3>{_NUMBER})[日号](?!内)"
    rf"|(?:同月|当月|(?<=[日号][、,和及与]))(?P<d4>{_NUMBER})[日号](?!内)"
    r"|(?P<today>同日|当日|同一天)"
)
_FIRST_YEAR, _LAST_YEAR = 1950, 2059


@dataclass(frozen=True)
class FoundDay:
    """Where a date stands in the prepared text; `day` is None where there is no such day."""

    start: int
    end: int
    day: date | None


def find_days(plain: str) -> Iterator[FoundDay]:
    """Every date in order. 同年, 同月, 同日 and a bare 、16日 lean on the date before them."""
    before: date | None = None
    for found in _DAY.finditer(plain):
        if found["y"] is None and found["y2"] is None and before is None:
            continue
        day = _day(found, before)
        yield FoundDay(found.start(), found.end(), day)
        before = day or before


def _day(found: re.Match[str], before: date | None) -> date | None:
    if found["today"]:
        return before
    year = parse_numeral(found["y"] or found["y2"] or "") or (before.year if before else None)
    month = parse_numeral(found["m"] or found["m2"] or found["m3"] or "")
    if month is None and before is not None:
        month = before.month
    day = parse_numeral(found["d"] or found["d2"] or found["d3"] or found["d4"] or "")
    if year is None or month is None or day is None or not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
