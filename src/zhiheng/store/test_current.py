"""Tables of batches taken in before a column existed."""

from __future__ import annotations

from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhiheng.records.stored import stored_schema
from zhiheng.store.current import all_rows, latest_rows
from zhiheng.store.engine import connect


def write(file: Path, row: dict[str, object], without: tuple[str, ...] = ()) -> Path:
    table = pa.Table.from_pylist([row], schema=stored_schema("petitions"))
    pq.write_table(table.drop_columns(list(without)), file)
    return file


@pytest.fixture
def batches(tmp_path: Path) -> list[list[Path]]:
    """One batch from before the column, one from after it; the second row is sent again."""
    early = {"petition": 1, "case": 7, "court": "陕0102", "received": 17000}
    late = {"petition": 2, "case": 7, "court": "陕0102", "received": 17001, "in_beijing": True}
    return [
        [write(tmp_path / "1.parquet", early, without=("in_beijing",))],
        [write(tmp_path / "2.parquet", late)],
    ]


def test_a_column_an_old_batch_lacks_is_missing_not_false(batches: list[list[Path]]) -> None:
    rows = all_rows(connect(), "petitions", batches).order_by("petition").to_pyarrow()
    assert rows.schema.names == stored_schema("petitions").names
    assert rows.column("in_beijing").to_pylist() == [None, True]
    assert rows.column("received").to_pylist() == [17000, 17001]


def test_a_row_sent_again_brings_the_new_column(batches: list[list[Path]], tmp_path: Path) -> None:
    again = {"petition": 1, "case": 7, "court": "陕0102", "received": 17000, "in_beijing": False}
    whole = [*batches, [write(tmp_path / "3.parquet", again)]]
    rows = latest_rows(connect(), "petitions", whole, "petition").order_by("petition").to_pyarrow()
    assert rows.column("in_beijing").to_pylist() == [False, True]


def test_a_column_that_is_kept_no_longer_is_left_out(tmp_path: Path) -> None:
    row = {"petition": 1, "case": 7, "court": "陕0102", "received": 17000}
    table = pa.Table.from_pylist([row], schema=stored_schema("petitions"))
    pq.write_table(table.append_column("once", pa.array(["x"])), tmp_path / "1.parquet")
    rows = all_rows(connect(), "petitions", [[tmp_path / "1.parquet"]]).to_pyarrow()
    assert rows.schema.names == stored_schema("petitions").names
    assert rows.schema.types == stored_schema("petitions").types


def test_of_a_few_keys_the_latest_rows_are_the_same(
    batches: list[list[Path]], tmp_path: Path
) -> None:
    again = {"petition": 1, "case": 7, "court": "陕0102", "received": 17009}
    whole = [*batches, [write(tmp_path / "3.parquet", again)]]
    con = connect()
    few = ibis.memtable(pa.table({"petition": [1, 5]}))
    rows = latest_rows(con, "petitions", whole, "petition", among=few).to_pyarrow().to_pylist()
    assert [(row["petition"], row["received"]) for row in rows] == [(1, 17009)]


def test_the_files_of_a_batch_are_read_as_one(batches: list[list[Path]], tmp_path: Path) -> None:
    other = {"petition": 3, "case": 9, "court": "陕0103", "received": 17002}
    again = {"petition": 1, "case": 7, "court": "陕0102", "received": 17009}
    early = [*batches[0], write(tmp_path / "3.parquet", other, without=("in_beijing",))]
    whole = [early, [*batches[1], write(tmp_path / "4.parquet", again)]]
    rows = all_rows(connect(), "petitions", whole).order_by("petition").to_pyarrow()
    assert rows.column("petition").to_pylist() == [1, 1, 2, 3]
    rows = latest_rows(connect(), "petitions", whole, "petition").order_by("petition").to_pyarrow()
    assert rows.column("received").to_pylist() == [17009, 17001, 17002]
