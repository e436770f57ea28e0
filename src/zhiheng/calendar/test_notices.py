"""The notices' data: sound in itself, and every day agrees with three outside calendars."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import holidays
import pytest

from zhiheng.calendar import from_day, load_calendar, notices, to_day
from zhiheng.calendar.notices import rulings

YEARS = range(2007, 2027)
COMMON_DAYS = [date(2007, 1, 1) + timedelta(days=i) for i in range(7305)]


def outside_rows(shared: Callable[..., Path], year: int) -> list[dict[str, Any]]:
    text = shared("calendar", f"{year}.json").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)["days"]
    return found


def test_every_year_from_2007_to_2026_has_its_notice() -> None:
    assert sorted({notice.year for notice in notices()}) == list(YEARS)
    assert len(notices()) == 23  # one a year and three amendments


def test_a_notice_has_number_title_and_a_publication_day_that_fit_together() -> None:
    for notice in notices():
        assert f"〔{notice.published.year}〕" in notice.number
        assert str(notice.year) in notice.title or notice.number == "国发明电〔2015〕1号"
        assert notice.signed is None or notice.signed <= notice.published
        assert notice.verified or notice.remark


def test_numbers_of_notices_are_unique() -> None:
    numbers = [notice.number for notice in notices()]
    assert len(set(numbers)) == len(numbers)


def test_only_the_number_of_the_notice_for_2008_is_unverified() -> None:
    assert [notice.year for notice in notices() if not notice.verified] == [2008]


def test_a_make_up_day_is_a_saturday_or_sunday() -> None:
    for ruling in rulings().values():
        assert not ruling.working or from_day(ruling.day).weekday() >= 5


def test_only_an_amendment_rules_on_a_day_that_an_older_notice_ruled_on() -> None:
    seen: dict[str, str] = {}
    for notice in notices():
        named = [span for one in notice.breaks for span in (*one.rest, *one.work)]
        assert len(named) == len(set(named)), notice.number
        overlap = {span for span in named if span in seen}
        assert not overlap or "调整" in notice.title or "延长" in notice.title
        seen.update(dict.fromkeys(named, notice.number))


def test_every_day_agrees_with_chinesecalendar() -> None:
    calendar = load_calendar()
    differing = [
        when
        for when in COMMON_DAYS
        if calendar.working(to_day(when)) != chinese_calendar.is_workday(when)
    ]
    assert differing == []


def test_every_day_agrees_with_holidays() -> None:
    calendar = load_calendar()
    china = holidays.country_holidays("CN", years=YEARS)
    differing = [
        when for when in COMMON_DAYS if calendar.working(to_day(when)) != china.is_working_day(when)
    ]
    assert differing == []


@pytest.mark.parametrize("year", YEARS)
def test_every_day_agrees_with_the_outside_table_of_notices(
    year: int, shared: Callable[..., Path]
) -> None:
    rows = outside_rows(shared, year)
    assert rows
    calendar = load_calendar()
    differing = [
        row
        for row in rows
        if calendar.working(to_day(date.fromisoformat(row["date"]))) == row["isOffDay"]
    ]
    assert differing == []


def test_every_day_the_notices_change_stands_in_the_outside_table(
    shared: Callable[..., Path],
) -> None:
    listed = {row["date"] for year in YEARS for row in outside_rows(shared, year)}
    changed = {
        from_day(ruling.day).isoformat()
        for ruling in rulings().values()
        if ruling.working == (from_day(ruling.day).weekday() >= 5)
    }
    assert changed - listed == set()
