"""Case numbers in every form seen in published lists, and what cannot be read."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.records.case_numbers import (
    CaseNumber,
    UnreadableCaseNumber,
    canonical_pattern,
    case_types,
    is_canonical,
    parse_case_number,
)
from zhiheng.records.catalogue import codes
from zhiheng.records.courts import PROVINCES


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert found
    return found


WRITTEN = [
    ("（2017）陕0102执1号", "（2017）陕0102执1号"),
    ("(2017)陕0102执1号", "（2017）陕0102执1号"),
    ("〔2017〕陕0102执1号", "（2017）陕0102执1号"),
    ("[2017]陕0102执1号", "（2017）陕0102执1号"),
    ("【2017】陕0102执1号", "（2017）陕0102执1号"),
    ("（2017)陕0102执1号", "（2017）陕0102执1号"),
    ("2017陕0102执1号", "（2017）陕0102执1号"),
    ("2017年陕0102执1号", "（2017）陕0102执1号"),
    ("（2017年）陕0102执1号", "（2017）陕0102执1号"),
    (" （2017） 陕 0102 执 1 号\n", "（2017）陕0102执1号"),
    ("（２０１７）陕０１０２执１号", "（2017）陕0102执1号"),
    ("（2017）陕0102执1", "（2017）陕0102执1号"),
    ("（2017）陕0102执00001号", "（2017）陕0102执1号"),
    ("（2017）陕0102执字第1号", "（2017）陕0102执1号"),
    ("（2016）云Ｏ111民初2388号", "（2016）云0111民初2388号"),
    ("（2017）陕01执恢12号", "（2017）陕01执恢12号"),
    ("（2017）陕执复3号", "（2017）陕执复3号"),
    ("（2017）最高法执监4号", "（2017）最高法执监4号"),
    ("（2017）陕7101执5号", "（2017）陕7101执5号"),
    ("（2017）兵0101执6号", "（2017）兵0101执6号"),
    ("（2017）苏0591执3707号之一", "（2017）苏0591执3707号之一"),
    ("（2017）苏0591执3707号之1", "（2017）苏0591执3707号之一"),
    ("（2017）苏0591执3707号之12", "（2017）苏0591执3707号之十二"),
    ("（2017）鲁0103民初6981号之二一", "（2017）鲁0103民初6981号之二一"),
    ("（2018）苏08民终7-1号", "（2018）苏08民终7-1号"),
    ("（2018）苏08民终7－1号", "（2018）苏08民终7-1号"),
    ("2015年海执字第11933号", "（2015）海执字第11933号"),
    ("（2014）温苍龙保字第00065号", "（2014）温苍龙保字第00065号"),
    ("（2015）官民二初字第1310号", "（2015）官民二初字第1310号"),
    ("（2014）执监字第80号", "（2014）执监字第80号"),
]


@pytest.mark.parametrize(("written", "printed"), WRITTEN)
def test_a_case_number_is_read_in_every_form_and_printed_in_one(written: str, printed: str) -> None:
    number = parse_case_number(written)
    assert str(number) == printed
    assert parse_case_number(printed) == number


def test_the_parts_of_a_number_are_told_apart() -> None:
    assert parse_case_number("（2017）陕0102执恢36号之一") == CaseNumber(
        2017, "陕0102", "执恢", 36, "36", 1, "之一", False
    )
    assert parse_case_number("（2015）武侯民初字第07101号") == CaseNumber(
        2015, "武侯", "民初", 7101, "07101", None, "", True
    )


@pytest.mark.parametrize(
    ("suffix", "value"),
    [("之一", 1), ("之九", 9), ("之十", 10), ("之十一", 11), ("之二十", 20), ("之二十一", 21)],
)
def test_the_ordinal_after_zhi_is_read_as_a_number(suffix: str, value: int) -> None:
    assert parse_case_number(f"（2017）陕0102执1号{suffix}").suffix == value


def test_a_numbers_document_belongs_to_the_case_without_it() -> None:
    assert str(parse_case_number("（2017）陕0102执1号之二").case) == "（2017）陕0102执1号"


UNREADABLE = [
    ("", "empty"),
    ("执行通知书", "does not begin with a year"),
    ("陕0102执1号", "does not begin with a year"),
    ("（0217）陕0102执1号", "year is not plausible"),
    ("（2017）陕010执1号", "court code is not of a known form"),
    ("（2017）海执1号", "court code is not of a known form"),
    ("（2017）01执1号", "court code is not of a known form"),
    ("（2013）X执字第12号", "court is masked"),
    ("（2013）海天地字第12号", "type characters are not known"),
    ("（2017）陕0102执号", "no serial number"),
    ("（2017）陕0102执0号", "serial number is zero"),
    ("（2017）陕0102执1号等", "text after 号"),
    ("（2017）陕0102执?1号", "character '?'"),
    ("（2017）陕0102执1号之一百", "parts do not make"),
    ("（2017）陕0102执7-1号之一", "two document numbers"),
    ("（2017）陕0102执1号之十十", "number after 之"),
    ("（2017）陕0102执1号之100", "number after 之"),
]


@pytest.mark.parametrize(("written", "why"), UNREADABLE)
def test_what_cannot_be_read_is_refused_with_the_reason_in_two_languages(
    written: str, why: str
) -> None:
    with pytest.raises(UnreadableCaseNumber) as caught:
        parse_case_number(written)
    assert why in caught.value.what.en
    assert "无法识别" in caught.value.what.zh
    assert "（2017）陕0102执1号" in caught.value.remedy.zh


def test_every_published_number_of_the_outside_list_is_read_and_round_trips(
    shared: Callable[..., Path],
) -> None:
    for row in rows(shared("case-numbers", "case-numbers.csv")):
        number = parse_case_number(row["case_number"])
        assert parse_case_number(str(number)) == number


def test_numbers_in_the_outside_auction_list_are_read_where_it_holds_any(
    shared: Callable[..., Path],
) -> None:
    cells = [
        cell
        for row in rows(shared("case-numbers", "auction_sample.csv"))
        for cell in row.values()
        if cell
    ]
    for cell in cells:
        for found in re.findall(r"[（(〔\[]\d{4}[)）〕\]][^，,\s]*?号", cell):
            parse_case_number(found)


def test_type_characters_agree_with_the_outside_list_of_types(shared: Callable[..., Path]) -> None:
    listed = [
        row for row in rows(shared("nodes", "case_type_codes_subset.csv")) if row["type_char"]
    ]
    for row in listed:
        known = case_types()[row["type_char"]]
        shared_character = {"0803": "0802", "1113": "1112", "1114": "1112"}
        assert known.code == shared_character.get(row["code"], row["code"])


def test_kinds_of_enforcement_types_are_codes_of_the_case_kind_list() -> None:
    kinds = {one.kind for one in case_types().values() if one.kind}
    assert kinds == set(codes()["case_kind"])
    assert parse_case_number("（2017）陕0102执保1号").kind == "preservation"
    assert parse_case_number("（2017）陕0102民初1号").kind is None


ORDINALS = ["", "之一", "之九", "之十", "之十一", "之二十", "之九十九"]
numbers_since_2016 = st.builds(
    "（{}）{}{}{}{}号{}".format,
    st.integers(1950, 2099),
    st.sampled_from(PROVINCES),
    st.sampled_from(["", "01", "71", "0102", "9001"]),
    st.sampled_from([name for name, one in case_types().items() if not one.old]),
    st.integers(1, 999_999_999),
    st.sampled_from(ORDINALS),
)


@given(numbers_since_2016)
def test_a_canonical_number_is_its_own_canonical_form(text: str) -> None:
    assert is_canonical(text)
    assert str(parse_case_number(text)) == text


@given(numbers_since_2016, st.sampled_from(["{} ", "{}\n", "{}等", "0{}", "({}"]))
def test_a_number_with_anything_before_or_behind_it_is_not_canonical(text: str, odd: str) -> None:
    assert not is_canonical(odd.format(text))


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        number = parse_case_number(text)
    except UnreadableCaseNumber:
        return
    assert parse_case_number(str(number)) == number


def test_the_pattern_for_sql_engines_accepts_only_numbers_that_print_as_they_stand() -> None:
    texts = [written for written, _ in WRITTEN + UNREADABLE]
    accepted = duckdb.execute(
        "SELECT text FROM (SELECT unnest(?) AS text) WHERE regexp_matches(text, ?)",
        [texts, canonical_pattern],
    ).fetchall()
    assert {text for (text,) in accepted} == {text for text in texts if is_canonical(text)}
    assert accepted
    for (text,) in accepted:
        assert str(parse_case_number(text)) == text
