"""Frames: one digest for one content, and rows that cannot be drawn refused by their number."""

from __future__ import annotations

import hashlib
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhiheng.errors import BadInput
from zhiheng.sampling.frames import read_frame

ROWS = [("案2", "雁塔", 3), ("案1", "碑林", 12), ("案10", "雁塔", 7)]


def as_csv(path: Path, rows=ROWS, encoding: str = "utf-8") -> Path:
    lines = ["id,court,days", *(",".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def as_xlsx(path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in (("id", "court", "days"), *ROWS):
        book.active.append(row)
    book.save(path)
    return path


def as_parquet(path: Path) -> Path:
    columns = zip(*ROWS, strict=True)
    pq.write_table(pa.table(dict(zip(("id", "court", "days"), columns, strict=True))), path)
    return path


def test_the_digest_is_of_the_rows_not_of_the_bytes(tmp_path: Path) -> None:
    frames = [
        read_frame(as_csv(tmp_path / "a.csv")),
        read_frame(as_csv(tmp_path / "b.csv", ROWS[::-1], "gb18030")),
        read_frame(as_csv(tmp_path / "c.csv", encoding="utf-8-sig")),
        read_frame(as_xlsx(tmp_path / "d.xlsx")),
        read_frame(as_parquet(tmp_path / "e.parquet")),
    ]
    assert len({frame.digest for frame in frames}) == 1
    lines = '["id","court","days"]\n["案1","碑林","12"]\n["案10","雁塔","7"]\n["案2","雁塔","3"]\n'
    assert frames[0].digest == hashlib.sha256(lines.encode()).hexdigest()


def test_another_value_is_another_digest(tmp_path: Path) -> None:
    first = read_frame(as_csv(tmp_path / "a.csv"))
    other = read_frame(as_csv(tmp_path / "b.csv", [*ROWS[:2], ("案10", "雁塔", 8)]))
    assert first.digest != other.digest


def test_strata_are_made_of_columns_whatever_the_court_is_called(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("案号,法院,kind\n甲,雁塔,执\n乙,碑林,执恢\n", encoding="utf-8")
    frame = read_frame(file)
    assert dict(zip(frame.ids, frame.labels(["court", "kind"]), strict=True)) == {
        "乙": "碑林 / 执恢",
        "甲": "雁塔 / 执",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty|no row"),
        ("id,court\n", "no row"),
        ("name,court\n1,a\n", "'id'"),
        ("id,court\n1,a\n,b\n", "Row 3"),
        ("id,court\n1,a\n2,b\n1,c\n", "row 2 and again in row 4"),
        ("id,id\n1,2\n", "'id'"),
        ("id,court\n1,a,b\n", "Row 2"),
        ('id,court\n"1\n2",a\n', "Row 2"),
        ('id,court\n"1,a\n2,b\n', "quotation"),
    ],
)
def test_a_table_that_is_no_frame_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "frame.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=said) as refused:
        read_frame(file)
    assert str(file) in refused.value.place


@pytest.mark.parametrize("name", ["frame.xlsx", "frame.parquet"])
def test_a_damaged_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK not really")
    with pytest.raises(BadInput, match="damaged"):
        read_frame(tmp_path / name)


def test_a_workbook_damaged_anywhere_is_refused_or_read(tmp_path: Path) -> None:
    """A byte changed in every part of the file: never an error of another kind."""
    whole = as_xlsx(tmp_path / "whole.xlsx").read_bytes()
    refused = 0
    for at in range(30, len(whole), 37):
        (tmp_path / "f.xlsx").write_bytes(whole[:at] + b"\xff\x00\xff" + whole[at + 3 :])
        try:
            read_frame(tmp_path / "f.xlsx")
        except BadInput:
            refused += 1
    assert refused > 20


def test_a_missing_column_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="court, days"):
        read_frame(as_csv(tmp_path / "a.csv")).labels(["kind"])
