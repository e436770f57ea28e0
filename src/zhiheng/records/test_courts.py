"""Court codes and the directory of courts, also against a list of all of China's courts."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from zhiheng.errors import BadInput
from zhiheng.records.courts import (
    AmbiguousCourt,
    Court,
    CourtDirectory,
    UnknownCourt,
    court_directory,
    is_court_code,
    level_of_code,
    parent_of_code,
)

LEVELS = {"最高": "supreme", "高级": "high", "中级": "intermediate", "基层": "basic"}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


SHAANXI = [
    Court("陕", "陕西省高级人民法院", "high", "最高法"),
    Court("陕01", "陕西省西安市中级人民法院", "intermediate", "陕"),
    Court("陕0102", "西安市新城区人民法院", "basic", "陕01", ("新城法院",)),
    Court("陕0113", "西安市雁塔区人民法院", "basic", "陕01", ("雁塔法院", "城区法院")),
    Court("陕0202", "铜川市王益区人民法院", "basic", "陕02", ("城区法院",)),
]


@pytest.fixture(scope="module")
def shaanxi() -> CourtDirectory:
    return court_directory(SHAANXI)


@pytest.fixture(scope="module")
def china(shared: Callable[..., Path]) -> CourtDirectory:
    listed = rows(shared("courts", "china_courts_hierarchy.csv"))
    code = {row["court"]: f"C{i}" for i, row in enumerate(listed)}
    return court_directory(
        Court(code[row["court"]], row["court"], LEVELS[row["level"]], code.get(row["parent"], ""))
        for row in listed
    )


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("最高法", "supreme", None),
        ("陕", "high", "最高法"),
        ("兵", "high", "最高法"),
        ("陕01", "intermediate", "陕"),
        ("陕71", "intermediate", "陕"),
        ("陕0102", "basic", "陕01"),
        ("陕7101", "basic", "陕71"),
        ("兵0101", "basic", "兵01"),
        ("京0105", "basic", None),
        ("鄂9004", "basic", None),
        ("新40", "high", "新"),
        ("新4002", "basic", "新40"),
    ],
)
def test_a_code_tells_the_level_and_mostly_the_court_above(
    code: str, level: str, parent: str | None
) -> None:
    assert level_of_code(code) == level
    assert parent_of_code(code) == parent


@pytest.mark.parametrize("text", ["", "陕1", "陕010", "陕01022", "西", "海", "陕O1", "最高"])
def test_what_is_no_code_has_no_level(text: str) -> None:
    assert not is_court_code(text)
    assert level_of_code(text) is None
    assert parent_of_code(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "陕01",
        "陕西省西安市中级人民法院",
        "西安市中级人民法院",
        "西安市中院",
        " 西安市 中级法院 ",
    ],
)
def test_a_court_is_found_by_code_name_and_usual_short_form(
    shaanxi: CourtDirectory, text: str
) -> None:
    assert shaanxi.find(text).code == "陕01"


def test_a_court_is_found_by_its_alias(shaanxi: CourtDirectory) -> None:
    assert shaanxi.find("新城法院").code == "陕0102"


def test_a_name_of_two_courts_is_refused_with_both_named(shaanxi: CourtDirectory) -> None:
    with pytest.raises(AmbiguousCourt) as caught:
        shaanxi.find("城区法院")
    assert "陕0113" in caught.value.remedy.zh
    assert "陕0202" in caught.value.remedy.zh


def test_an_unknown_name_is_refused_with_the_nearest_named(shaanxi: CourtDirectory) -> None:
    with pytest.raises(UnknownCourt) as caught:
        shaanxi.find("西安市雁搭区人民法院")
    assert "陕0113 西安市雁塔区人民法院" in caught.value.remedy.en
    with pytest.raises(UnknownCourt) as caught:
        shaanxi.find("zzz")
    assert "table of courts" in caught.value.remedy.en


@pytest.mark.parametrize(
    ("courts", "why"),
    [
        ([SHAANXI[1], Court("陕01", "另一法院", "intermediate")], "used twice"),
        ([Court("陕01", "西安市中级人民法院", "basic")], "does not fit its code"),
        ([*SHAANXI, Court("陕03", "宝鸡市中级人民法院", "intermediate", "陕0102")], "lower level"),
        ([Court("陕", "陕西省高级人民法院", "high", "陕")], "its own parent"),
    ],
)
def test_a_table_of_courts_that_contradicts_itself_is_refused(
    courts: list[Court], why: str
) -> None:
    with pytest.raises(BadInput, match=why):
        court_directory(courts)


def test_every_court_of_china_is_found_by_its_name_and_stands_below_its_parent(
    china: CourtDirectory,
) -> None:
    assert len(china.courts) == 3485
    for court in china.courts.values():
        assert china.find(court.name) is court
        assert (court.parent == "") == (court.level == "supreme")


def test_courts_named_in_published_cases_are_found_or_the_nearest_is_suggested(
    china: CourtDirectory, shared: Callable[..., Path]
) -> None:
    missing = {}
    for name in {row["court"] for row in rows(shared("case-numbers", "case-numbers.csv"))}:
        try:
            china.find(name)
        except UnknownCourt as problem:
            missing[name] = problem.remedy.zh
    # A slip of the pen, and a district that has been renamed since.
    assert set(missing) == {"四川省自贡市中级人法院", "大同市城区人民法院"}
    assert "四川省自贡市中级人民法院" in missing["四川省自贡市中级人法院"]
    assert "大同市平城区人民法院" in missing["大同市城区人民法院"]
