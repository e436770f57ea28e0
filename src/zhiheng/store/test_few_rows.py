"""A few rows found without the engine are those the engine finds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhiheng.records.stored import stored_schema
from zhiheng.store.engine import connect, fetched
from zhiheng.store.few_rows import Where, few_rows
from zhiheng.store.lake import Store, open_store
from zhiheng.store.problems import StoreDamaged
from zhiheng.store.test_lake import put

COLUMNS = ["case", "case_number", "account"]


def case(key: int, number: str, court: str = "陕0102", **more: Any) -> dict[str, Any]:
    return {"case": key, "case_number": number, "court": court, "filed": 17000, **more}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two batches; the second gives case 2 another number and case 3 the one it had, and moves
    case 5 to another court."""
    first = [
        case(1, "一"),
        case(2, "二", account="a"),
        case(3, "三"),
        case(4, "二", "陕0103"),
        case(5, "五"),
    ]
    again = [case(2, "改"), case(3, "二"), case(5, "五", "陕0103")]
    whole = put(open_store(tmp_path / "store", create=True), {"cases": first})
    return put(whole, {"cases": again}, updates=3)


def by_the_engine(store: Store, where: Where) -> list[dict[str, Any]]:
    con = connect()
    rows = store.relation(con, "cases")
    for name, values in where.items():
        rows = rows.filter(rows[name].isin(list(values)))
    found: list[dict[str, Any]] = fetched(con, rows.select(*COLUMNS)).to_pylist()
    return found


@pytest.mark.parametrize(
    "where",
    [
        {"case_number": ["二"]},
        {"case_number": ["二"], "court": ["陕0102"]},
        {"case_number": ["二", "改", "一"]},
        {"case_number": ["没有"]},
        {"case_number": ["二"], "court": ["陕0104"]},
        {"case": [2, 4, 9]},
        {"court": ["陕0102"]},
        {"court": ["陕0103"]},
        {"case": [1, 2], "case_number": ["改"]},
    ],
)
def test_a_row_counts_as_its_latest_batch_has_it(store: Store, where: Where) -> None:
    found = few_rows(store, "cases", where, COLUMNS)
    assert sorted(found, key=lambda row: int(row["case"])) == sorted(
        by_the_engine(store, where), key=lambda row: int(row["case"])
    )


def test_of_a_table_without_rows_none_is_found(store: Store) -> None:
    assert few_rows(store, "parties", {"party": [1]}, ["name"]) == []


def test_a_column_the_file_lacks_is_not_recorded(store: Store) -> None:
    for file in store.files("cases"):
        pq.write_table(pq.read_table(file).drop_columns(["account"]), file)
    unlooked = _trusting(store)
    assert few_rows(unlooked, "cases", {"case": [1]}, ["case", "account"]) == [
        {"case": 1, "account": None}
    ]


def _trusting(store: Store) -> Store:
    class Trusting(Store):
        def sound(self, *words: Any, **named: Any) -> None:
            return

    return Trusting(store.path, store.manifest)


def test_no_row_is_taken_from_a_file_that_is_not_as_its_digest_says(store: Store) -> None:
    file = store.files("cases")[0]
    pq.write_table(pq.read_table(file).slice(1), file)
    with pytest.raises(StoreDamaged):
        few_rows(store, "cases", {"case": [1]}, ["case"])


def test_row_groups_that_cannot_hold_a_value_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [case(key, str(key % 7), f"陕01{key // 100:02}") for key in range(1000)]
    file = tmp_path / "cases.parquet"
    table = pa.Table.from_pylist(rows, schema=stored_schema("cases"))
    pq.write_table(table, file, row_group_size=100)
    store = put(open_store(tmp_path / "store", create=True), {"cases": rows})
    file.replace(store.files("cases")[0])
    read: list[int] = []
    whole = pq.ParquetFile.read_row_group

    def noted(self: pq.ParquetFile, group: int, *words: Any, **named: Any) -> pa.Table:
        read.append(group)
        return whole(self, group, *words, **named)

    monkeypatch.setattr(pq.ParquetFile, "read_row_group", noted)
    where = {"case_number": ["3"], "court": ["陕0104"]}
    found = few_rows(_trusting(store), "cases", where, ["case"])
    assert [row["case"] for row in found] == [k for k in range(400, 500) if k % 7 == 3]
    assert set(read) == {4}


def test_for_rows_sent_again_no_earlier_batch_is_read_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, list[str]]] = []
    whole = pq.ParquetFile.read_row_group

    def noted(self: pq.ParquetFile, group: int, columns: list[str], **named: Any) -> pa.Table:
        asked.append((self.metadata.num_rows, columns))
        return whole(self, group, columns=columns, **named)

    monkeypatch.setattr(pq.ParquetFile, "read_row_group", noted)
    few_rows(store, "cases", {"court": ["陕0102"]}, ["case_number"])
    assert (5, ["case"]) not in asked
    assert (3, ["case"]) in asked
