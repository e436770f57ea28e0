"""Small tables: encodings, workbooks, and every way in which they are none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.composites.bounds import read_bounds
from zhiheng.composites.data import read_data
from zhiheng.composites.gates import read_gates
from zhiheng.composites.pairs import read_pairs
from zhiheng.composites.tables import Table, read_table
from zhiheng.composites.tree import read_tree
from zhiheng.composites.weight_sets import read_weights
from zhiheng.errors import BadInput

TEXT = "法院,及时率,说明\n甲法院,91.5,好\n乙法院,,\n\n丙法院,NA,x\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_are_told_apart(tmp_path: Path, encoding: str):
    file = tmp_path / "d.csv"
    file.write_bytes(TEXT.encode(encoding))
    found = read_data(read_table(file), ["及时率"])
    assert found.units == ("甲法院", "乙法院", "丙法院")
    assert [str(value) for value in found.columns["及时率"]] == ["91.5", "nan", "nan"]
    assert found.ignored == ("说明",)


@pytest.mark.parametrize("mark", [";", "\t"])
def test_semicolons_and_tabs_separate_where_the_header_has_no_comma(tmp_path: Path, mark: str):
    file = tmp_path / "d.csv"
    file.write_text('unit;a;"b,c"\nx;1;2\n'.replace(";", mark), encoding="utf-8")
    found = read_data(read_table(file))
    assert {code: values.tolist() for code, values in found.columns.items()} == {
        "a": [1.0],
        "b,c": [2.0],
    }


def test_a_decimal_comma_among_semicolons_is_refused(tmp_path: Path):
    file = tmp_path / "d.csv"
    file.write_text("unit;a\nx;1,5\n", encoding="utf-8")
    with pytest.raises(BadInput, match="1,5"):
        read_data(read_table(file))


def test_codes_that_differ_by_case_are_two_columns(tmp_path: Path):
    file = tmp_path / "d.csv"
    file.write_text("unit,a,A\nx,1,2\n", encoding="utf-8")
    found = read_data(read_table(file), ["A", "a"])
    assert [found.columns[code].tolist() for code in ("a", "A")] == [[1.0], [2.0]]


def test_a_workbook_is_read_as_the_csv_would_be(tmp_path: Path):
    book = openpyxl.Workbook()
    for row in (["unit", "a", "b"], ["x", 1, 0.1], ["y", None, 2.5e-7]):
        book.active.append(row)
    book.save(tmp_path / "d.xlsx")
    found = read_data(read_table(tmp_path / "d.xlsx"))
    assert found.columns["b"].tolist() == [0.1, 2.5e-7]
    assert str(found.columns["a"].tolist()) == "[1.0, nan]"


def test_a_formula_is_no_number(tmp_path: Path):
    book = openpyxl.Workbook()
    for row in (["unit", "a"], ["x", "=1+1"]):
        book.active.append(row)
    book.save(tmp_path / "d.xlsx")
    with pytest.raises(BadInput, match="no number"):
        read_data(read_table(tmp_path / "d.xlsx"))


@pytest.mark.parametrize(
    "cell", ["1,5", "12%", "1_000", "１２", "inf", "-", "n/a", "1e400", "-1e101", "0x1"]
)
def test_a_cell_that_is_no_number_is_named_by_row_and_column(tmp_path: Path, cell: str):
    file = tmp_path / "d.csv"
    file.write_text(f'unit,a,b\nx,1,2\ny,1,"{cell}"\n', encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_data(read_table(file))
    assert caught.value.place == "d.csv:3"
    assert cell in caught.value.what.zh and "'b'" in caught.value.what.en


BAD = {
    "nothing": (b"", "d.csv", "no rows"),
    "a header alone": (b"unit,a\n\n", "d.csv", "no rows"),
    "a heading twice": (b"unit,a,a\nx,1,2\n", "d.csv:1", "twice"),
    "too many cells": (b"unit,a\nx,1,2\n", "d.csv:2", "3 cells"),
    "too few cells": (b"unit,a\nx\n", "d.csv:2", "1 cells"),
    "an open quote": (b'unit,a\nx,"1\n', "d.csv:2", "sound CSV"),
    "no encoding": (b"unit,a\nx,\xff\xff\n", "d.csv", "neither"),
    "a unit twice": (b"unit,a\nx,1\nx,2\n", "d.csv:3", "row 2"),
    "no unit": (b"unit,a\n,1\n", "d.csv:2", "name"),
    "a column missing": (b"unit,b\nx,1\n", "d.csv", "for: a"),
}


@pytest.mark.parametrize("flaw", BAD)
def test_a_table_that_is_none_is_refused(tmp_path: Path, flaw: str):
    content, place, said = BAD[flaw]
    file = tmp_path / "d.csv"
    file.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read_data(read_table(file), ["a"])
    assert caught.value.place == place and said in caught.value.what.en


def test_what_is_no_workbook_or_not_there_is_refused(tmp_path: Path):
    (tmp_path / "d.xlsx").write_bytes(b"PK\x03\x04 broken")
    for name in ("d.xlsx", "none.csv"):
        with pytest.raises(BadInput):
            read_table(tmp_path / name)


def read_a_set(table: Table) -> dict[str, float]:
    return read_weights(table, ("code", "a", "b", "1"))


readers = (read_tree, read_bounds, read_gates, read_a_set, read_data, read_pairs)
words = st.sampled_from(
    ["code", "parent", "lower", "upper", "node", "on", "op", "threshold", "effect", "a", "b", "1",
     "-1", "0", "1/0", "1e999", "nan", "", '"', "veto", "cap", "<", "log", "\x00", "\ufeff", "中"]
)  # fmt: skip


@pytest.mark.parametrize("reader", readers)
@given(rows=st.lists(st.lists(words, min_size=2, max_size=9), min_size=1, max_size=5))
def test_whatever_stands_in_a_file_is_read_or_refused(
    reader: Callable[[Table], object], rows: list[list[str]], tmp_path_factory: Any
):
    file = tmp_path_factory.getbasetemp() / "any.csv"
    heads = {read_tree: "code,parent,weight", read_bounds: "code,lower,upper,scale"}
    heads[read_gates] = "node,on,op,threshold,effect,value"
    first = heads.get(reader, ",".join(rows[0]))
    file.write_text("\n".join([first, *(",".join(row) for row in rows)]), encoding="utf-8")
    try:
        reader(read_table(file))
    except BadInput as refusal:
        assert refusal.what.zh and refusal.remedy.en


def test_empty_cells_at_the_end_of_a_row_do_no_harm(tmp_path: Path):
    (tmp_path / "d.csv").write_text("unit,a\nx,1,,\n", encoding="utf-8")
    assert read_data(read_table(tmp_path / "d.csv")).columns["a"].tolist() == [1]


@pytest.mark.parametrize(
    ("rows", "name", "place", "said"),
    [
        ("code,w\na,1\nzz,2\n", "", "w.csv:3", "'zz'"),
        ("code,w\na,1\na,2\n", "", "w.csv:3", "stands twice"),
        ("code,w\na,1\n", "v", "w.csv", "no set 'v'"),
        ("code,w,v\na,1,1\n", "", "w.csv", "is not said"),
        ("code\na\n", "", "w.csv", "is not said"),
    ],
)
def test_weights_that_fit_nothing_are_named_by_their_row(
    tmp_path: Path, rows: str, name: str, place: str, said: str
):
    file = tmp_path / "w.csv"
    file.write_text(rows, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_weights(read_table(file), ("all", "a"), name)
    assert caught.value.place == place and said in caught.value.what.en
