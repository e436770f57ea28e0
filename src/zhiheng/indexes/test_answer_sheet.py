"""The answer sheet goes out, comes back filled, and bad sheets give nothing."""

import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhiheng.errors import BadInput
from zhiheng.indexes import workbooks
from zhiheng.indexes.answer_sheet import read_answers, write_answer_sheet
from zhiheng.indexes.answers import BadAnswers, Court
from zhiheng.indexes.editions import load_edition
from zhiheng.indexes.sheet_columns import COLUMNS

CASS = load_edition("cass-2017")
COURTS = (
    Court("陕0102", "西安市新城区人民法院", "basic"),
    Court("陕0103", "西安市碑林区人民法院", "basic"),
    Court("陕01", "西安市中级人民法院", "intermediate"),
)
BASIC = "基层人民法院"
FIELDS = [column.field for column in COLUMNS]
PRESENCE, RATIO, COUNT, BAND = "basic.4.6.1", "basic.1.2.2", "basic.3.7.2", "basic.1.3.1"


def at(field: str) -> int:
    return FIELDS.index(field) + 1


def letter(field: str) -> str:
    return openpyxl.utils.get_column_letter(at(field))


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "answers.xlsx"
    write_answer_sheet(path, CASS, COURTS)
    return path


def row_of(ws: Any, court: str, leaf: str) -> int:
    for row in range(2, ws.max_row + 1):
        if (ws.cell(row, at("court")).value, ws.cell(row, at("leaf")).value) == (court, leaf):
            return row
    raise AssertionError(leaf)


def fill(path: Path, leaf: str, court: str = "陕0102", /, **cells: object) -> int:
    """Fill one row of the basic courts' sheet as a person would; the row's number."""
    book = openpyxl.load_workbook(path)
    row = row_of(book[BASIC], court, leaf)
    for field, value in cells.items():
        book[BASIC].cell(row, at(field)).value = value
    book.save(path)
    return row


def problems_of(path: Path, **options: Any) -> list[BadInput]:
    with pytest.raises(BadAnswers) as error:
        read_answers(path, CASS, **options)
    for problem in error.value.problems:
        assert problem.what.zh and problem.what.en and problem.remedy.zh and problem.remedy.en
    return list(error.value.problems)


def test_the_sheet_has_one_row_a_court_and_answerable_leaf(sheet: Path):
    book = openpyxl.load_workbook(sheet)
    assert book.sheetnames == ["填报说明", "中级人民法院", BASIC]
    leaves = [n.indicator.id for n in CASS.sets["basic"].leaves() if n.indicator.answerable]
    rows = list(book[BASIC].iter_rows(min_row=2, max_col=3, values_only=True))
    assert [(code, leaf) for code, _, leaf in rows] == [
        (code, leaf) for code in ("陕0102", "陕0103") for leaf in leaves
    ]


def test_the_answer_column_has_a_drop_down_of_the_two_answers(sheet: Path):
    ws = openpyxl.load_workbook(sheet)[BASIC]
    (rule,) = ws.data_validations.dataValidation
    assert rule.formula1 == '"有,无"'
    assert str(rule.sqref) == f"{letter('answer')}2:{letter('answer')}{ws.max_row}"


def test_without_courts_every_level_comes_once_with_the_court_left_empty(tmp_path: Path):
    path = tmp_path / "template.xlsx"
    rows = write_answer_sheet(path, CASS)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[1:] == [one.zh for one in CASS.sets.values()]
    assert rows == sum(ws.max_row - 1 for ws in book.worksheets[1:])
    assert {ws.cell(2, at("court")).value for ws in book.worksheets[1:]} == {None}
    assert len(read_answers(path, CASS)) == 0


def test_the_english_sheet_is_read_like_the_chinese_one(tmp_path: Path):
    path = tmp_path / "answers.xlsx"
    write_answer_sheet(path, CASS, COURTS, language="en")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Guide", "intermediate", "basic"]
    ws = book["basic"]
    row = row_of(ws, "陕0102", PRESENCE)
    ws.cell(row, at("answer")).value = "yes"
    ws.cell(row, at("evidence")).value = "plan no. 3"
    book.save(path)
    assert read_answers(path, CASS, COURTS).get("陕0102", PRESENCE).present is True


def test_what_is_filled_in_comes_back_by_court_and_leaf(sheet: Path):
    day = datetime(2018, 6, 30)  # noqa: DTZ001
    fill(sheet, PRESENCE, answer="有", evidence="新法发3号", answered_by="王某", date=day)
    fill(sheet, RATIO, numerator=7, denominator="9")
    fill(sheet, COUNT, figure=0)
    fill(sheet, BAND, figure=88.5, date="2018-07-01")
    fill(sheet, PRESENCE, "陕0103", answer="无")
    answers = read_answers(sheet, CASS, COURTS)
    assert len(answers) == 5
    plan = answers.get("陕0102", PRESENCE)
    assert (plan.present, plan.evidence, plan.answered_by) == (True, "新法发3号", "王某")
    assert plan.day == day.toordinal() - 719163
    assert plan.place.startswith(f"{BASIC}!")
    ratio = answers.get("陕0102", RATIO)
    assert (ratio.numerator, ratio.denominator, ratio.present) == (7, 9, None)
    assert answers.get("陕0102", COUNT).figure == 0
    assert answers.get("陕0102", BAND).figure == 88.5
    assert answers.get("陕0103", PRESENCE).present is False
    assert answers.get("陕0103", RATIO) is None
    assert len(answers.digest) == 64


def test_a_sheet_left_empty_has_no_answers(sheet: Path):
    assert len(read_answers(sheet, CASS, COURTS)) == 0


def test_a_name_and_a_day_alone_are_no_answer(sheet: Path):
    fill(sheet, RATIO, answered_by="王某", date="2018-06-30")
    assert len(read_answers(sheet, CASS, COURTS)) == 0


def test_columns_may_stand_in_another_order(tmp_path: Path):
    path = tmp_path / "own.xlsx"
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = BASIC
    fields = [c for c in reversed(COLUMNS) if c.field not in ("title", "question", "court_name")]
    ws.append([column.label.zh for column in fields])
    values = {"court": "陕0102", "leaf": RATIO, "numerator": 1, "denominator": 2}
    ws.append([values.get(column.field) for column in fields])
    book.save(path)
    assert read_answers(path, CASS, COURTS).get("陕0102", RATIO).denominator == 2


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.text("甲乙=+-@ab1", max_size=8))
def test_every_valid_ratio_comes_back_as_it_went_in(tmp_path, one, other, name):
    low, high = sorted((one, other))
    path = tmp_path / "one.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        ws = book.add_worksheet(BASIC)
        ws.write_row(0, 0, [column.label.zh for column in COLUMNS])
        named = "" if name.strip().startswith("=") else name
        given_values = {"court": "陕0102", "leaf": RATIO, "numerator": low, "denominator": high}
        for field, value in {**given_values, "answered_by": named}.items():
            ws.write(1, FIELDS.index(field), value)
    answer = read_answers(path, CASS).get("陕0102", RATIO)
    assert (answer.numerator, answer.denominator, answer.answered_by) == (low, high, named.strip())


@pytest.mark.parametrize(
    ("leaf", "cells", "field"),
    [
        (PRESENCE, {"answer": "或许"}, "answer"),
        (PRESENCE, {"answer": "有"}, "evidence"),
        (PRESENCE, {"answer": True, "evidence": "x"}, "answer"),
        (PRESENCE, {"figure": 1, "evidence": "x"}, "answer"),
        (PRESENCE, {"answer": "有", "figure": 1, "evidence": "x"}, "figure"),
        (PRESENCE, {"evidence": "只有证明"}, "answer"),
        (RATIO, {"numerator": 3}, "denominator"),
        (RATIO, {"denominator": 3}, "numerator"),
        (RATIO, {"numerator": 4, "denominator": 3}, "numerator"),
        (RATIO, {"numerator": 1, "denominator": 0}, "numerator"),
        (RATIO, {"numerator": -1, "denominator": 3}, "numerator"),
        (RATIO, {"numerator": 0.5, "denominator": 3}, "numerator"),
        (RATIO, {"numerator": "三", "denominator": 3}, "numerator"),
        (RATIO, {"numerator": "nan", "denominator": 3}, "numerator"),
        (RATIO, {"numerator": 1, "denominator": "inf"}, "denominator"),
        (RATIO, {"answer": "有"}, "answer"),
        (RATIO, {"numerator": 1, "denominator": 3, "date": "昨天"}, "date"),
        (COUNT, {"figure": 1.5}, "figure"),
        (COUNT, {"figure": 2}, "evidence"),
        (BAND, {"figure": 101}, "figure"),
        (PRESENCE, {"answer": '=cmd|"/c calc"!A1'}, "answer"),
        (RATIO, {"numerator": "=1+1", "denominator": 3}, "numerator"),
    ],
)
def test_a_bad_cell_is_refused_at_its_place_and_nothing_is_read(sheet: Path, leaf, cells, field):
    fill(sheet, RATIO, "陕0103", numerator=1, denominator=2)
    row = fill(sheet, leaf, **cells)
    places = [problem.place for problem in problems_of(sheet, courts=COURTS)]
    assert places[0] == f"{BASIC}!{letter(field)}{row}"


def test_nothing_to_judge_is_an_answer_too(sheet: Path):
    fill(sheet, RATIO, numerator=0, denominator=0)
    answer = read_answers(sheet, CASS, COURTS).get("陕0102", RATIO)
    assert (answer.numerator, answer.denominator) == (0, 0)


def test_an_unknown_court_and_one_of_another_level_are_refused(sheet: Path):
    row = fill(sheet, COUNT, figure=0)
    (unknown,) = problems_of(sheet, courts=COURTS[1:])
    moved = (Court("陕0102", "", "intermediate"), *COURTS[1:])
    (level,) = problems_of(sheet, courts=moved)
    assert unknown.place == level.place == f"{BASIC}!A{row}"
    assert unknown.what != level.what
    assert len(read_answers(sheet, CASS)) == 1


def test_an_answer_without_a_court_is_refused(sheet: Path):
    row = fill(sheet, COUNT, figure=0, court=None)
    (problem,) = problems_of(sheet)
    assert problem.place == f"{BASIC}!A{row}"


@pytest.mark.parametrize("leaf", ["basic.9.9.9", "intermediate.1.1.1", "basic.3.1.1", None])
def test_an_unknown_leaf_or_one_that_takes_no_answer_is_refused(sheet: Path, leaf):
    row = fill(sheet, COUNT, figure=0, leaf=leaf)
    (problem,) = problems_of(sheet)
    assert problem.place == f"{BASIC}!{letter('leaf')}{row}"


def test_a_leaf_answered_twice_for_one_court_is_refused(sheet: Path):
    fill(sheet, COUNT, figure=0)
    row = fill(sheet, "basic.3.7.3", figure=0, leaf=COUNT)
    (problem,) = problems_of(sheet)
    assert problem.place == f"{BASIC}!{letter('leaf')}{row}"


def test_every_problem_is_reported_not_only_the_first(sheet: Path):
    for leaf in (PRESENCE, "basic.4.7.1", "basic.4.5.1"):
        fill(sheet, leaf, answer="也许")
    assert len(problems_of(sheet)) == 3


def test_a_long_list_of_problems_is_cut_in_the_message_and_kept_in_full(sheet: Path):
    book = openpyxl.load_workbook(sheet)
    for row in range(2, 42):
        book[BASIC].cell(row, at("answer")).value = "也许"
    book.save(sheet)
    with pytest.raises(BadAnswers) as error:
        read_answers(sheet, CASS)
    assert len(error.value.problems) == 40
    assert "另有20处" in error.value.what.zh and "20 more" in error.value.what.en


def test_a_sheet_of_another_name_a_strange_column_and_a_lost_one_are_refused(sheet: Path):
    book = openpyxl.load_workbook(sheet)
    book.create_sheet("草稿")
    book[BASIC].cell(1, at("answer")).value = "结论"
    book.save(sheet)
    places = {problem.place for problem in problems_of(sheet)}
    assert places == {"草稿", f"{BASIC}!{letter('answer')}1", f"{BASIC}!1"}


def test_a_cell_under_no_column_is_refused(sheet: Path):
    book = openpyxl.load_workbook(sheet)
    book[BASIC].cell(5, len(COLUMNS) + 2).value = "备注"
    book.save(sheet)
    (problem,) = problems_of(sheet)
    assert problem.place == f"{BASIC}!O5"


@pytest.mark.parametrize("name", ['=cmd|"/c calc"!A1', "+1", "-1", "@SUM(A1)"])
def test_text_that_looks_like_a_formula_never_becomes_one(tmp_path: Path, name: str):
    path = tmp_path / "answers.xlsx"
    write_answer_sheet(path, CASS, [Court("陕0102", name, "basic")])
    cell = openpyxl.load_workbook(path)[BASIC].cell(2, at("court_name"))
    assert (cell.value, cell.data_type) == (name, "s")


@pytest.mark.parametrize("content", [b"", b"court,leaf\n", b"PK\x03\x04 not a workbook"])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "answers.xlsx"
    path.write_bytes(content)
    with pytest.raises(BadInput) as error:
        read_answers(path, CASS)
    assert error.value.place == "answers.xlsx"


def test_a_zip_that_is_no_workbook_and_a_missing_file_are_refused(tmp_path: Path):
    path = tmp_path / "answers.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    for bad in (path, tmp_path / "missing.xlsx"):
        with pytest.raises(BadInput):
            read_answers(bad, CASS)


def test_a_zip_bomb_is_not_unpacked(sheet: Path):
    with zipfile.ZipFile(sheet, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/filler.bin", b"\0" * (8 * workbooks.SMALL_PART))
    with pytest.raises(BadInput) as error:
        read_answers(sheet, CASS)
    assert "过大" in error.value.what.zh


def test_a_workbook_cut_short_inside_a_sheet_is_refused(sheet: Path, tmp_path: Path):
    cut = tmp_path / "cut.xlsx"
    with zipfile.ZipFile(sheet) as old, zipfile.ZipFile(cut, "w") as new:
        for part in old.namelist():
            data = old.read(part)
            new.writestr(part, data[: len(data) // 2] if part.endswith("sheet3.xml") else data)
    with pytest.raises(BadInput) as error:
        read_answers(cut, CASS)
    assert error.value.place == "cut.xlsx"


def test_a_sheet_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path):
    blocked = tmp_path / "answers.xlsx"
    blocked.mkdir()
    with pytest.raises(OSError):
        write_answer_sheet(blocked, CASS, COURTS)
    assert list(tmp_path.iterdir()) == [blocked]
