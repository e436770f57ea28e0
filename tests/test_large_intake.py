"""A batch too large for one pass is taken in share by share, to the same rows in the same order."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from zhiheng.cli import app
from zhiheng.intake import take_in, writing
from zhiheng.records.catalogue import tables
from zhiheng.store.bookkeeping import KEY
from zhiheng.store.lake import open_store


def zhiheng(*words: object, bad_rows: bool = False) -> None:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == bad_rows, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A small province with an event twice, events of nobody's, and a party sent with two names."""
    zhiheng("simulate", "--cases", 300, "--seed", 4, "--out", tmp_path / "data")
    file = tmp_path / "data" / "events.parquet"
    events = pq.read_table(file)
    lost = with_column(events.slice(7, 2), "case", [10**9, 10**9 + 1])
    pq.write_table(pa.concat_tables([events, events.slice(3, 1), lost]), file)
    again(tmp_path / "data" / "parties.parquet", name=["某某", "某甲某乙某丙"])
    return tmp_path / "data"


def again(file: Path, **values: list[Any]) -> None:
    """Append the first rows of a file once more, with other values."""
    rows = pq.read_table(file)
    more = rows.slice(0, len(next(iter(values.values()))))
    for name, column in values.items():
        more = with_column(more, name, column)
    pq.write_table(pa.concat_tables([rows, more]), file)


def with_column(rows: pa.Table, name: str, column: list[Any]) -> pa.Table:
    at = rows.schema.get_field_index(name)
    return rows.set_column(at, rows.schema.field(at), pa.array(column, rows.schema.field(at).type))


@pytest.fixture
def shares(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every batch is too large for one pass."""
    monkeypatch.setattr(take_in, "AT_ONCE", 0)
    monkeypatch.setattr(writing, "_SORTED_AT_ONCE", 700)
    monkeypatch.setattr(writing, "_SORTED_AS_READ", 50)


def taken_in(data: Path, store: Path) -> Path:
    """A store whose key is always one."""
    if not store.exists():
        store.mkdir()
        (store / KEY).write_bytes(bytes(32))
        (store / KEY).chmod(0o600)
    zhiheng("intake", data, "--store", store, bad_rows=True)
    return store


def rows(store: Path) -> dict[str, list[list[Any]]]:
    """The rows of every table in the order they stand in, batch by batch."""
    opened = open_store(store)
    return {
        table: [
            [row for file in files for row in pq.read_table(file).to_pylist()]
            for files in opened.batches(table)
        ]
        for table in tables()
    }


def notes(store: Path) -> dict[str, bytes]:
    return {note.name: note.read_bytes() for note in (store / "quarantine").iterdir()}


def test_the_rows_are_the_same(data: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    plain = taken_in(data, tmp_path / "plain")
    request.getfixturevalue("shares")
    shared = taken_in(data, tmp_path / "shared")
    known, found = rows(plain), rows(shared)
    assert [name for name in known if found[name] != known[name]] == []
    assert notes(shared) == notes(plain)
    assert len(notes(plain)) == 2
    assert len(known["events"][0]) > 5000
    many = {
        table: len(open_store(shared).files(table)) for table in ("courts", "events", "parties")
    }
    assert many["courts"] == 1 and many["events"] > 3 and many["parties"] > 1
    assert [file.name for file in open_store(plain).files("events")] == ["events.parquet"]
    assert not list(shared.rglob("*.shares"))


def test_of_a_second_batch_the_rows_are_the_same(
    data: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Some rows come again, some changed, some are new."""
    plain = taken_in(data, tmp_path / "plain")
    taken_in(data, tmp_path / "shared")
    change(data)
    taken_in(data, plain)
    request.getfixturevalue("shares")
    shared = taken_in(data, tmp_path / "shared")
    known, found = rows(plain), rows(shared)
    assert [name for name in known if found[name] != known[name]] == []
    assert notes(shared) == notes(plain)
    assert len(open_store(shared).batches("events")[1]) > 1
    assert open_store(shared).manifest.batches[1].tables["parties"].updates == 198


def change(data: Path) -> None:
    """Others' names for some parties, and half of the events as of other days, too."""
    parties = pq.read_table(data / "parties.parquet")
    names = ["某丁某"] * 200
    changed = with_column(parties.slice(0, 200), "name", names)
    pq.write_table(pa.concat_tables([changed, parties.slice(200)]), data / "parties.parquet")
    events = pq.read_table(data / "events.parquet")
    late = events.slice(len(events) // 2)
    moved = with_column(late, "day", late.column("day").to_pylist()[::-1])
    pq.write_table(pa.concat_tables([events, moved]), data / "events.parquet")


@pytest.mark.usefixtures("shares")
def test_the_same_batch_gives_the_same_bytes(data: Path, tmp_path: Path) -> None:
    one, other = (taken_in(data, tmp_path / name) for name in "ab")
    assert open_store(one).digest == open_store(other).digest


@pytest.mark.usefixtures("shares")
def test_no_court_stands_in_two_files(data: Path, tmp_path: Path) -> None:
    store = open_store(taken_in(data, tmp_path / "store"))
    for table in ("cases", "parties", "events"):
        files = [pq.read_table(file).column("court") for file in store.files(table)]
        courts = Counter(court for file in files for court in set(file.to_pylist()))
        assert set(courts.values()) == {1}
        assert list(courts) and all(len(file) for file in files)


def test_what_is_computed_is_the_same(
    data: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    plain = taken_in(data, tmp_path / "plain")
    request.getfixturevalue("shares")
    shared = taken_in(data, tmp_path / "shared")
    assert checked(shared) == checked(plain)


def checked(store: Path) -> dict[str, Any]:
    words = ["check", "--as-of", "2019-12-31", "--json", "--store", str(store)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    del found["proof"]
    return found
