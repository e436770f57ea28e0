"""`zhiheng intake`: rows that need more than a look at themselves, and what judging them reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhiheng.cli.intake import limit_memory
from zhiheng.cli.test_intake_support import CASES, COURTS, GOOD, counts, rows, take_in, write
from zhiheng.store.engine import connect
from zhiheng.store.lake import Store, open_store

_HEADER = CASES.splitlines()[0]
_FIRST, _SECOND = CASES.splitlines()[1:]


def _case(number: int, rest: str = "陕0102,首次执行,2017-03-07,,") -> str:
    return f"{number},（2017）陕0102执{number}号,{rest}"


def _cases(folder: Path, *lines: str) -> Path:
    return write(folder, {"cases": "\n".join([_HEADER, *lines]) + "\n"})


def _file(store: Path, table: str) -> Path:
    return open_store(store).files(table)[-1]


# Among the rows of a batch


def test_an_id_in_two_files_is_found(tmp_path: Path, store: Path) -> None:
    folder = tmp_path / "more" / "cases"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text("\n".join([_HEADER, _case(8), _case(9)]), "utf-8")
    other = _case(9, "陕0102,首次执行,2017-03-08,,")
    (folder / "b.csv").write_text("\n".join([_HEADER, other, _case(8)]), "utf-8")
    report = take_in(store, folder.parent)
    assert counts(report, "cases") == (1, 0, 0, 1, 2)
    assert [row["case"] for row in rows(store, "cases")] == [1, 2, 8]


def test_a_good_row_with_the_id_of_a_bad_row_is_not_stored(tmp_path: Path, store: Path) -> None:
    bad = _case(9, "陕0102,首次执行,someday,,")
    report = take_in(store, _cases(tmp_path / "more", _case(8), _case(9), bad))
    assert counts(report, "cases") == (1, 0, 0, 0, 2)
    assert [row["case"] for row in rows(store, "cases")] == [1, 2, 8]


def test_repeats_are_found_across_many_rows_and_files(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"courts": COURTS, "cases": CASES}) / "events"
    folder.mkdir()
    # More rows than one row group holds; those of b repeat some of a that lie far apart in it.
    days = [
        f"{2000 + n // 9600}-{n // 800 % 12 + 1:02}-{n // 40 % 20 + 1:02}" for n in range(150_000)
    ]
    a = {"case": [1 + n % 2 for n in range(150_000)], "day": days}
    a |= {"minute": [n // 2 % 20 * 60 for n in range(150_000)], "node": ["归档"] * 150_000}
    picked = [3, 70_000, 149_999]
    b = {name: [values[n] for n in picked] for name, values in a.items()}
    pq.write_table(pa.table(a), folder / "a.parquet")
    pq.write_table(pa.table(b), folder / "b.parquet")
    report = take_in(tmp_path / "store", folder.parent)
    assert counts(report, "events") == (150_000, 0, 0, 3, 0)
    lines = Path(report["repeats"]).read_text("utf-8-sig").splitlines()[1:]
    assert [line.split(",")[3:] for line in lines] == [["a.parquet", str(n + 1)] for n in picked]
    stored = pq.read_table(_file(tmp_path / "store", "events"))
    wanted = stored.sort_by([(name, "ascending") for name in ("case", "day", "minute")])
    assert stored.num_rows == 150_000
    assert stored.equals(wanted)


# Against the store


def test_new_updated_unchanged_repeated_and_bad_rows_of_one_file_are_told_apart(
    tmp_path: Path, store: Path
) -> None:
    updated = _SECOND.replace("2017-03-07,,", "2017-03-07,2018-01-02,执行完毕")
    lines = [_case(30), _case(3), updated, _FIRST, _case(3), _case(31, "陕0102,首次执行,someday,,")]
    differing = [_case(32), _case(32, "陕0102,首次执行,2017-04-07,,")]
    report = take_in(store, _cases(tmp_path / "more", *lines, *differing))
    assert counts(report, "cases") == (3, 1, 1, 1, 3)
    assert [row["closed"] for row in rows(store, "cases")] == [17396, 17533, None, None]
    assert pq.read_table(_file(store, "cases")).column("case").to_pylist() == [2, 3, 30]


def test_a_row_that_stands_twice_and_is_stored_already_is_counted_once(
    tmp_path: Path, store: Path
) -> None:
    report = take_in(store, _cases(tmp_path / "more", _FIRST, _FIRST))
    assert counts(report, "cases") == (0, 0, 1, 1, 0)


def test_an_update_that_stands_twice_is_one_update(tmp_path: Path, store: Path) -> None:
    updated = _SECOND.replace("2017-03-07,,", "2017-03-07,2018-01-02,执行完毕")
    report = take_in(store, _cases(tmp_path / "more", updated, updated))
    assert counts(report, "cases") == (1, 1, 0, 1, 0)


def test_a_row_is_compared_with_the_newest_of_its_id(tmp_path: Path, store: Path) -> None:
    updated = _SECOND.replace("2017-03-07,,", "2017-03-07,2018-01-02,执行完毕")
    take_in(store, _cases(tmp_path / "a", updated))
    report = take_in(store, _cases(tmp_path / "b", updated, _case(3)))
    assert counts(report, "cases") == (1, 0, 1, 0, 0)
    report = take_in(store, _cases(tmp_path / "c", _SECOND, _case(4)))
    assert counts(report, "cases") == (2, 1, 0, 0, 0)
    assert [row["closed"] for row in rows(store, "cases")] == [17396, None, None, None]


def test_only_events_that_are_the_same_in_every_column_are_known(
    tmp_path: Path, store: Path
) -> None:
    text = "case,subject,node,day,minute\n1,11,冻结,2017-03-08,\n1,11,冻结,2017-03-08,600\n"
    report = take_in(store, write(tmp_path / "more", {"events": text}))
    assert counts(report, "events") == (1, 0, 1, 0, 0)


# What is read


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The tables of which stored rows are read from here on, courts and officers aside."""
    found: set[str] = set()
    among = Store.among

    def watched(store: Store, con: Any, table: str, *rest: Any) -> Any:
        found.add(table)
        return among(store, con, table, *rest)

    monkeypatch.setattr(Store, "among", watched)
    return found


def test_no_stored_event_is_read_for_cases_that_are_new(
    tmp_path: Path, store: Path, read: set[str]
) -> None:
    text = "case,node,day\n9,归档,2018-01-02\n"
    folder = write(tmp_path / "more", {"cases": f"{_HEADER}\n{_case(9)}\n", "events": text})
    report = take_in(store, folder)
    assert (counts(report, "cases")[0], counts(report, "events")[0]) == (1, 1)
    assert "events" not in read


def test_tables_that_a_batch_does_not_speak_of_are_not_read(
    tmp_path: Path, store: Path, read: set[str]
) -> None:
    assert counts(take_in(store, _cases(tmp_path / "more", _case(9))), "cases")[0] == 1
    assert read == {"cases"}


def test_the_stored_events_of_known_cases_are_read(
    tmp_path: Path, store: Path, read: set[str]
) -> None:
    text = "case,node,day\n1,归档,2018-01-02\n"
    report = take_in(store, write(tmp_path / "more", {"events": text}))
    assert counts(report, "events") == (1, 0, 0, 0, 0)
    assert "events" in read


def test_a_reference_to_a_stored_row_is_found(tmp_path: Path, store: Path) -> None:
    text = "clue,case\n41,1\n42,77\n"
    report = take_in(store, write(tmp_path / "more", {"clues": text}))
    assert counts(report, "clues") == (1, 0, 0, 0, 1)
    assert rows(store, "clues")[0]["court"] == "陕0102"


# Memory


def _limit(memory: str) -> int:
    con = connect(memory=memory)
    limit_memory(con)
    query = "SELECT parse_formatted_bytes(current_setting('memory_limit'))"
    found: list[Any] = con.con.execute(query).fetchall()
    return int(found[0][0])


@pytest.mark.parametrize(("share", "most"), [("900GB", 4 << 30), ("1GiB", 1 << 30)])
def test_the_engine_keeps_its_share_of_memory_and_never_more_than_four_gibibytes(
    share: str, most: int
) -> None:
    assert _limit(share) == most


def test_all_of_the_good_example_is_taken_in_by_a_small_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhiheng.cli.intake._SHARE", "64MB")
    report = take_in(tmp_path / "store", write(tmp_path / "in", GOOD))
    assert report["quarantined"] == 0
