"""`zhiheng intake`: files that cannot be used at all, and the store as it was."""

import csv
import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from zhiheng.cli import app
from zhiheng.cli.test_intake_support import (
    CASES,
    GOOD,
    counts,
    on_file,
    refused,
    run,
    take_in,
    write,
)
from zhiheng.errors import Problem, WrongUse
from zhiheng.store.lake import is_store

# Files that cannot be used at all


def test_a_wrong_encoding_is_refused_with_line_and_byte(tmp_path: Path, store: Path) -> None:
    content = (CASES + "3,").encode() + b"\xff\xfe\n"
    problem = refused(store, on_file(tmp_path, "cases.csv", content))
    assert problem.place == "cases.csv"
    assert "Line 4, byte 3 (0xFF)" in problem.what.en


def test_damaged_utf8_is_not_taken_for_gb18030(tmp_path: Path, store: Path) -> None:
    content = CASES.encode().replace("执行完毕".encode(), "执行完".encode() + b"\xe6\xaf")
    problem = refused(store, on_file(tmp_path, "cases.csv", content))
    assert "Line 2" in problem.what.en


def test_a_missing_column_is_named_with_its_spellings(tmp_path: Path, store: Path) -> None:
    text = "案件标识,案号,法院代字,立案日期\n"
    problem = refused(store, on_file(tmp_path, "cases.csv", text.encode()))
    assert "kind (kind, 案件类型, case kind)" in problem.what.en


def test_a_column_that_stands_twice_is_refused(tmp_path: Path, store: Path) -> None:
    text = CASES.replace("结案日期", "filed")
    problem = refused(store, on_file(tmp_path, "cases.csv", text.encode()))
    assert "filed" in problem.what.en


def test_amounts_in_another_unit_are_refused_not_converted(tmp_path: Path, store: Path) -> None:
    text = "payment,case,direction,金额（%s）\n31,1,到账,5\n"
    refused(store, on_file(tmp_path, "payments.csv", (text % "万元").encode()))
    path = on_file(tmp_path, "payments.csv", (text % "元").encode())
    assert counts(take_in(store, path), "payments")[0] == 1


def test_an_empty_file_is_refused(tmp_path: Path, store: Path) -> None:
    for name in ("cases.csv", "cases.xlsx", "cases.parquet"):
        assert "empty" in refused(store, on_file(tmp_path, name, b"")).what.en


def test_a_header_without_rows_is_refused(tmp_path: Path, store: Path) -> None:
    header = CASES.split("\n", 1)[0]
    for ending in ("", "\n", "\n\n"):
        problem = refused(store, on_file(tmp_path, "cases.csv", (header + ending).encode()))
        assert "no row" in problem.what.en
    assert "no row" in refused(store, on_file(tmp_path, "cases.csv", b"\n\n")).what.en


def test_an_empty_table_among_others_is_told(tmp_path: Path) -> None:
    files = {**GOOD, "clues": "clue,case\n"}
    report = take_in(tmp_path / "store", write(tmp_path / "in", files))
    assert report["without_rows"] == ["clues.csv"]


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("cases.csv", b"\x89PNG\r\n\x1a\n\0\0", "PNG"),
        ("cases.csv", b"PK\x03\x04", None),
        ("cases.xlsx", CASES.encode(), "CSV"),
        ("cases.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "OLE"),
        ("cases.xls", b"<html><table></table></html>", "HTML"),
        ("cases.csv", b"  <HTML>", "HTML"),
        ("cases.parquet", CASES.encode(), "CSV"),
        ("cases.csv", b"PAR1xxxxPAR1", "Parquet"),
        ("cases.csv", "案件".encode("utf-16"), "UTF-16"),
        ("cases.csv", b"a,b\n\0\1\2", "binary"),
        ("cases.pdf", b"%PDF-1.4", "PDF"),
    ],
)
def test_a_file_of_another_kind_is_refused(
    tmp_path: Path, store: Path, name: str, content: bytes, found: str | None
) -> None:
    problem = refused(store, on_file(tmp_path, name, content))
    assert problem.place == name
    assert found is None or found in problem.what.en


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path, store: Path) -> None:
    with zipfile.ZipFile(tmp_path / "cases.xlsx", "w") as archive:
        archive.writestr("a.txt", "x")
    assert "ZIP" in refused(store, tmp_path / "cases.xlsx").what.en


def rewritten(book: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """A workbook with its entries changed."""
    target = book.with_name(f"new-{book.name}")
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, change(entry, old.read(entry)))
    return target.replace(book)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "cases"
    for record in csv.reader(io.StringIO(CASES)):
        book.active.append(record)
    book.save(tmp_path / "cases.xlsx")
    return tmp_path / "cases.xlsx"


def test_a_workbook_of_damaged_bytes_is_refused_wherever_they_are(
    tmp_path: Path, store: Path, workbook: Path
) -> None:
    whole = workbook.read_bytes()
    told = 0
    for place in range(30, len(whole), len(whole) // 60):
        broken = bytearray(whole)
        broken[place : place + 8] = b"\xff" * 8
        result = CliRunner().invoke(
            app,
            ["intake", str(on_file(tmp_path, "cases.xlsx", bytes(broken))), "--store", str(store)],
        )
        # Names and times of parts may change without harm; anything else is said, not thrown.
        assert result.exception is None or isinstance(result.exception, Problem | SystemExit)
        told += isinstance(result.exception, Problem)
    assert told > 40


def test_a_zip_bomb_is_refused_before_it_is_opened(store: Path, workbook: Path) -> None:
    rewritten(workbook, lambda n, c: c + b" " * 300_000_000 if "sheet1" in n else c)
    assert "times its size" in refused(store, workbook).what.en


def test_a_workbook_of_too_many_files_is_refused(store: Path, workbook: Path) -> None:
    with zipfile.ZipFile(workbook, "a") as archive:
        for n in range(10_001):
            archive.writestr(f"x/{n}", "")
    assert "files" in refused(store, workbook).what.en


def test_entities_in_a_workbook_are_refused(store: Path, workbook: Path) -> None:
    laughs = b'<!DOCTYPE lolz [<!ENTITY a "ha">]>'

    def declare(name: str, content: bytes) -> bytes:
        if "sheet1" not in name:
            return content
        return content.replace(
            b"<worksheet", b"<!--" + b"x" * 9000 + b"-->" + laughs + b"<worksheet", 1
        )

    rewritten(workbook, declare)
    assert "entities" in refused(store, workbook).what.en


def test_a_sheet_of_endless_rows_is_refused(store: Path, workbook: Path) -> None:
    rewritten(workbook, lambda n, c: c.replace(b'<row r="3"', b'<row r="99999999"'))
    assert "more rows" in refused(store, workbook).what.en


def test_a_damaged_workbook_is_refused(store: Path, workbook: Path) -> None:
    whole = workbook.read_bytes()
    workbook.write_bytes(whole[: len(whole) // 2])
    assert "damaged" in refused(store, workbook).what.en
    workbook.write_bytes(whole)
    rewritten(workbook, lambda n, c: c[: len(c) // 2] if "sheet1" in n else c)
    assert "damaged" in refused(store, workbook).what.en


def test_damaged_parquet_is_refused(tmp_path: Path, store: Path) -> None:
    table = pa.table({"clue": [str(n) for n in range(50_000)], "case": ["1"] * 50_000})
    path = tmp_path / "clues.parquet"
    pq.write_table(table, path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert "damaged" in refused(store, path).what.en
    path.write_bytes(whole[:200] + b"\xff" * 5000 + whole[5200:])
    problem = refused(store, path)
    assert "damaged" in problem.what.en
    assert problem.place == "clues.parquet"


def test_a_nested_parquet_column_is_refused(tmp_path: Path, store: Path) -> None:
    pq.write_table(pa.table({"clue": [[1]], "case": ["1"]}), tmp_path / "clues.parquet")
    assert "clue" in refused(store, tmp_path / "clues.parquet").what.en


def test_a_name_that_names_no_table_is_refused(tmp_path: Path, store: Path, workbook: Path) -> None:
    assert (
        "not that of a table" in refused(store, on_file(tmp_path, "x.csv", b"a,b\n1,2\n")).what.en
    )
    shutil.copy(workbook, tmp_path / "other.xlsx")
    book = openpyxl.load_workbook(tmp_path / "other.xlsx")
    book.active.title = "Sheet1"
    book.save(tmp_path / "other.xlsx")
    assert refused(store, tmp_path / "other.xlsx").place == "other.xlsx · Sheet1"


def test_a_directory_without_files_is_refused(tmp_path: Path, store: Path) -> None:
    (tmp_path / "nothing").mkdir()
    refused(store, tmp_path / "nothing")


def test_a_quotation_mark_left_open_is_refused_with_its_line(tmp_path: Path, store: Path) -> None:
    text = 'clue,case\n1,1\n"2,1\n3,1\n'
    assert "line 3" in refused(store, on_file(tmp_path, "clues.csv", text.encode())).what.en


def test_a_failed_first_intake_leaves_no_store(tmp_path: Path) -> None:
    on_file(tmp_path, "cases.csv", b"")
    refused(tmp_path / "store", tmp_path / "cases.csv")
    assert not is_store(tmp_path / "store")
    on_file(tmp_path, "cases.csv", b"\n")
    refused(tmp_path / "store", tmp_path / "cases.csv")
    assert not (tmp_path / "store").exists()


def test_wrong_use_is_told_apart_from_bad_input(tmp_path: Path, store: Path) -> None:
    refused(store, tmp_path / "missing.csv", WrongUse)
    assert isinstance(run(tmp_path / "good").exception, WrongUse)
    foreign = write(tmp_path / "foreign", GOOD)
    result = run(tmp_path / "good", "--store", foreign)
    assert isinstance(result.exception, WrongUse)
    assert len(list(foreign.iterdir())) == len(GOOD)
