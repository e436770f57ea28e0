"""Files dealt to reviewers: balanced, blind, by a lot anybody can draw again."""

from __future__ import annotations

import io
import math
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.errors import BadInput
from zhiheng.sampling.reviewers import (
    CaseFile,
    Reviewer,
    assign,
    assignment_csv,
    read_files,
    sheet_order,
)
from zhiheng.sampling.reviewers_sheets import sheet, sheet_name

COURTS = ("甲", "乙", "丙")
FILES = [CaseFile(f"F{n:03d}", COURTS[n % 3]) for n in range(100)]
PEOPLE = [Reviewer("张", "甲"), Reviewer("李", "乙"), Reviewer("王"), Reviewer("赵", "丙")]


@given(st.integers(1, 60), st.integers(2, 7), st.floats(0, 1), st.text(min_size=1, max_size=5))
def test_loads_differ_by_one_at_most_and_nobody_reads_a_file_twice(
    files: int, people: int, share: float, seed: str
) -> None:
    drawn = [CaseFile(f"F{n}") for n in range(files)]
    readings = assign(drawn, [Reviewer(f"R{n}") for n in range(people)], share, seed)
    twice = [one.file.file for one in readings if one.place == 2]
    assert len(twice) == math.ceil(round(share * files, 9))
    assert len({(one.file.file, one.reviewer) for one in readings}) == len(readings)
    assert Counter(one.file.file for one in readings) == Counter(
        [*(one.file for one in drawn), *twice]
    )
    loads = [sum(one.reviewer == f"R{n}" for one in readings) for n in range(people)]
    assert max(loads) - min(loads) <= 1


def test_nobody_reads_a_file_of_the_own_court() -> None:
    readings = assign(FILES, PEOPLE, 0.2, "2026")
    own = {one.name: one.court for one in PEOPLE}
    assert len(readings) == 120
    assert all(one.file.court != own[one.reviewer] for one in readings)
    loads = Counter(one.reviewer for one in readings)
    assert max(loads.values()) - min(loads.values()) <= 2


def test_the_lot_hangs_on_the_seed_and_not_on_the_order_of_the_lists() -> None:
    first = assignment_csv(assign(FILES, PEOPLE, 0.2, "2026"))
    assert assignment_csv(assign(FILES[::-1], PEOPLE[::-1], 0.2, "2026")) == first
    assert assignment_csv(assign(FILES, PEOPLE, 0.2, "2027")) != first


def test_a_file_nobody_may_read_is_named() -> None:
    with pytest.raises(BadInput, match="first reader of file 'F000'"):
        assign(FILES[:1], PEOPLE[:1], 0, "1")
    with pytest.raises(BadInput, match="second reader"):
        assign(FILES[1:3], PEOPLE[:1], 1, "1")


def test_files_go_by_the_name_people_know_and_by_their_id_where_there_is_none(
    tmp_path: Path,
) -> None:
    path = tmp_path / "sample.csv"
    path.write_text("id,case_number,court\n7,（2019）1号,甲\n", "utf-8")
    assert read_files(path) == [CaseFile("（2019）1号", "甲")]
    path.write_text("id,stratum,court\n7,甲,甲\n", "utf-8")
    assert read_files(path) == [CaseFile("7", "甲")]


def test_a_sheet_tells_nothing_of_first_and_second_readings() -> None:
    readings = assign(FILES, PEOPLE, 0.5, "2026")
    own = sheet_order(readings, "王", "2026")
    book = sheet(own, [("a", "问题")], "王", "zh")
    rows = list(openpyxl.load_workbook(io.BytesIO(book)).worksheets[0].iter_rows(values_only=True))
    assert rows[0] == ("案卷", "法院", "评查项", "问题", "评查人", "答案", "备注")
    assert [row[0] for row in rows[1:]] == [one.file for one in own]
    assert {row[4:] for row in rows[1:]} == {("王", None, None)}
    second = [one.reviewer == "王" and one.place == 2 for one in readings]
    places = {one.file.file: one.place for one in readings if one.reviewer == "王"}
    # First and second readings are mixed: neither half of the sheet holds all the second ones.
    half = [places[one.file] for one in own[: len(own) // 2]]
    assert 0 < half.count(2) < sum(second)
    assert book == sheet(own, [("a", "问题")], "王", "zh")


def test_the_name_of_a_sheet_cannot_leave_its_folder() -> None:
    assert sheet_name(3, "../张 三") == "03-___张_三.xlsx"
