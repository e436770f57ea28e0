"""Chinese numerals and sums."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.rulings.numerals import LARGEST, parse_numeral, parse_yuan, write_numeral

FINANCIAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")


@given(st.integers(0, LARGEST))
def test_what_is_written_is_read_back(value: int) -> None:
    written = write_numeral(value)
    assert parse_numeral(written) == value
    assert parse_numeral(written.translate(FINANCIAL)) == value


@given(st.integers(0, 99_999))
def test_small_numbers_are_read_back(value: int) -> None:
    assert parse_numeral(write_numeral(value)) == value


@given(st.text("零一二三十百千万亿〇两", max_size=12))
def test_no_row_of_numeral_characters_breaks_the_reader(text: str) -> None:
    value = parse_numeral(text)
    assert value is None or value >= 0


@pytest.mark.parametrize(
    "text, value",
    [("十", 10), ("十五", 15), ("二十一", 21), ("一百零五", 105), ("两万三千", 23_000),
     ("五百一十九", 519), ("二〇二一", 2021), ("壹拾贰万叁仟", 123_000), ("一亿零一", 100_000_001),
     ("十万", 100_000), ("", None), ("甲", None), ("一万二万", None)],
)  # fmt: skip
def test_numerals_as_they_are_written(text: str, value: int | None) -> None:
    assert parse_numeral(text) == value


def test_a_number_out_of_reach_is_not_written() -> None:
    for value in (-1, LARGEST + 1):
        with pytest.raises(ValueError, match="from 0"):
            write_numeral(value)


@given(st.integers(0, 10**13))
def test_yuan_with_commas_are_read_back_to_the_fen(fen: int) -> None:
    assert parse_yuan(f"{fen // 100:,}.{fen % 100:02}", "") == fen


@pytest.mark.parametrize(
    "number, unit, fen",
    [("4.5", "万", 4_500_000), ("0.00015", "万", 150), ("1.005", "", None),
     ("四十", "万", 40_000_000), ("1,00", "", None), ("1.2", "亿", 12_000_000_000)],
)  # fmt: skip
def test_sums_finer_than_a_fen_are_no_sums(number: str, unit: str, fen: int | None) -> None:
    assert parse_yuan(number, unit) == fen
