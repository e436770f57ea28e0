"""`zhiheng intake`: the order of rows, the kind of file and the split into files do not matter."""

import csv
import datetime as dt
import io
import itertools
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhiheng.cli.test_intake_support import COURTS, take_in
from zhiheng.store.lake import open_store

_SETTINGS = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_DAYS = st.dates(
    min_value=dt.date(2000, 1, 1),
    max_value=dt.date(2020, 12, 31),
)


@st.composite
def provinces(draw: st.DrawFn) -> dict[str, list[list[str]]]:
    """Rows of three tables, header first; some of them bad."""
    numbers = draw(st.lists(st.integers(0, 30), min_size=1, max_size=6))
    cases = [
        [str(n), f"（2017）陕0102执{n}号", "陕0102", "首次执行", draw(_DAYS).isoformat()]
        for n in numbers
    ]
    clues = [
        [str(i), str(draw(st.integers(0, 30))), draw(st.sampled_from(["是", "否", "1", "?", ""]))]
        for i in range(draw(st.integers(1, 5)))
    ]
    node = st.sampled_from(["归档", "执行通知", "启动网络查控", "没有"])
    events = [
        [draw(st.sampled_from(numbers)), draw(node), draw(_DAYS).strftime("%Y%m%d"), "10:30"]
        for _ in range(draw(st.integers(1, 8)))
    ]
    return {
        "cases": [["case", "case_number", "court", "kind", "filed"], *cases],
        "clues": [["clue", "case", "urgent"], *clues],
        "events": [["case", "node", "day", "minute"], *events],
    }


def as_csv(folder: Path, table: str, rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    (folder / f"{table}.csv").write_text(text.getvalue(), encoding="utf-8")


def as_parquet(folder: Path, table: str, rows: list[list[str]]) -> None:
    columns = zip(*rows[1:], strict=True)
    content = {
        name: pa.array([str(cell) or None for cell in column], pa.string())
        for name, column in zip(rows[0], columns, strict=True)
    }
    pq.write_table(pa.table(content), folder / f"{table}.parquet")


def as_xlsx(folder: Path, table: str, rows: list[list[str]]) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.active.title = table
    book.save(folder / f"{table}.xlsx")


_FRESH = itertools.count()


def stored(home: Path, tables: dict[str, list[list[str]]], write: object = as_csv) -> object:
    """The files' digests of a store that took the tables in, and the counts."""
    root = home / str(next(_FRESH))
    folder = root / "in"
    folder.mkdir(parents=True)
    (folder / "courts.csv").write_text(COURTS, encoding="utf-8")
    for table, rows in tables.items():
        write(folder, table, rows)
    report = take_in(root / "store", folder)
    batches = open_store(root / "store").manifest.batches
    return [batch.tables for batch in batches], report["tables"]


@_SETTINGS
@given(provinces(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tables: dict, chance: object
) -> None:
    shuffled = {}
    for table, (header, *rows) in tables.items():
        chance.shuffle(rows)
        shuffled[table] = [header, *rows]
    assert stored(tmp_path, shuffled) == stored(tmp_path, tables)


@_SETTINGS
@given(provinces())
def test_the_kind_of_file_does_not_matter(tmp_path: Path, tables: dict) -> None:
    wanted = stored(tmp_path, tables)
    assert stored(tmp_path, tables, as_parquet) == wanted
    assert stored(tmp_path, tables, as_xlsx) == wanted


@_SETTINGS
@given(provinces())
def test_every_row_is_accounted_for(tmp_path: Path, tables: dict) -> None:
    _, counts = stored(tmp_path, tables)
    for table, rows in tables.items():
        entry = counts[table]
        assert entry["given"] == len(rows) - 1
        parts = ("rows", "quarantined", "repeats", "unchanged")
        assert entry["given"] == sum(entry[part] for part in parts)
