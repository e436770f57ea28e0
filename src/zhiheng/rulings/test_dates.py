"""Days as rulings write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.rulings import check_text
from zhiheng.rulings.dates import find_days
from zhiheng.rulings.numerals import DIGITS, write_numeral
from zhiheng.rulings.test_rulings import GOOD

DAYS = st.dates(date(1950, 1, 1), date(2059, 12, 31))


def found(text: str) -> list[date | None]:
    return [one.day for one in find_days(text)]


@given(DAYS)
def test_a_day_is_read_in_digits_and_in_numerals(day: date) -> None:
    year = "".join(DIGITS[int(digit)] for digit in str(day.year)).replace("零", "〇")
    written = f"{year}年{write_numeral(day.month)}月{write_numeral(day.day)}日"
    digits = f"{day.year}年{day.month}月{day.day}日"
    assert found(written) == found(digits) == found(f"于{day.isoformat()}立案") == [day]


@pytest.mark.parametrize(
    "text, days",
    [("2020年12月3日,2021年1月14号", [(2020, 12, 3), (2021, 1, 14)]),
     ("2020年12月3日、16日查询", [(2020, 12, 3), (2020, 12, 16)]),
     ("2020年12月3日立案,同月5日通知,同日查询", [(2020, 12, 3), (2020, 12, 5), (2020, 12, 5)]),
     ("2020年2月3日立案,同年6月5日裁定,7月1日送达", [(2020, 2, 3), (2020, 6, 5), (2020, 7, 1)]),
     ("收到之日起六十日内", []), ("自立案起三个月", []), ("5月6日", [])],
)  # fmt: skip
def test_a_short_date_leans_on_the_one_before(text: str, days: list[tuple[int, ...]]) -> None:
    assert found(text) == [date(*day) for day in days]


def test_a_day_that_does_not_exist_is_found_and_has_no_date() -> None:
    assert found("2019年2月29日") == found("2019年13月1日") == [None]


@given(st.integers(0, len(GOOD)), st.integers(0, len(GOOD)), st.text(max_size=30))
def test_a_ruling_cut_and_garbled_is_still_read(start: int, end: int, noise: str) -> None:
    text = GOOD[:start] + noise + GOOD[end:] + "终结本次执行"
    facts = check_text(text).facts
    for one in facts.statements:
        assert text[one.span.start : one.span.end] == one.span.text
