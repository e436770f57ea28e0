"""Check digits in SQL agree with python-stdnum; masks show no more than they should."""

import datetime as dt

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from zhiheng.intake.privacy import mask, valid

CON = duckdb.connect()
DIGITS = st.text("0123456789", min_size=3, max_size=3)
BORN = st.dates(
    min_value=dt.date(1900, 1, 1),
    max_value=dt.date(2030, 12, 31),
)
USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def said(number: str | None) -> bool | None:
    return CON.execute(f"SELECT {valid('x')} FROM (SELECT ?::VARCHAR AS x)", [number]).fetchone()[0]


@settings(deadline=None)
@given(BORN, DIGITS, st.sampled_from("0123456789X"))
def test_the_check_digit_of_an_identity_number_is_that_of_stdnum(
    born: object, order: str, last: str
) -> None:
    body = f"610102{born:%Y%m%d}{order}"
    assert said(body + last) == (ric.calc_check_digit(body + last) == last)


@settings(deadline=None)
@given(st.text(USCC, min_size=10, max_size=10), st.sampled_from(USCC))
def test_the_check_digit_of_a_credit_code_is_that_of_stdnum(body: str, last: str) -> None:
    number = f"9161010{body}{last}"
    assert said(number) == (uscc.calc_check_digit(number[:-1]) == last)


@pytest.mark.parametrize("number", ["11010519491231002x", "110105 19491231-002X"])
def test_numbers_are_compared_without_case_blanks_and_hyphens(number: str) -> None:
    assert ric.is_valid("11010519491231002X")
    assert said(number) is True


def test_what_has_no_check_digit_is_not_confirmed() -> None:
    assert said("110105491231002") is False
    assert said("护照E12345678") is False
    assert said(None) is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("欧阳娜娜", "欧*"),
        ("陕西某某公司", "陕西***"),
        ("张", "张*"),
        (None, None),
    ],
)
def test_a_name_is_masked(name: str | None, shown: str | None) -> None:
    found = CON.execute(f"SELECT {mask('x')} FROM (SELECT ?::VARCHAR AS x)", [name]).fetchone()
    assert found[0] == shown
