"""A batch too large for one pass is taken in share by share, to the same rows in the same order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ibis.backends.duckdb import Backend
from typer.testing import CliRunner

from zhiheng.cli import app
from zhiheng.intake import take_in, writing
from zhiheng.store.bookkeeping import KEY


def zhiheng(*words: object, bad_rows: bool = False) -> None:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == bad_rows, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A small province with an event twice and events of nobody's."""
    zhiheng("simulate", "--cases", 300, "--seed", 4, "--out", tmp_path / "data")
    file = tmp_path / "data" / "events.parquet"
    events = pq.read_table(file)
    lost = events.slice(7, 2)
    at = lost.schema.get_field_index("case")
    lost = lost.set_column(at, "case", pa.array([10**9, 10**9 + 1], lost.schema.field(at).type))
    pq.write_table(pa.concat_tables([events, events.slice(3, 1), lost]), file)
    return tmp_path / "data"


def taken_in(data: Path, store: Path) -> tuple[dict[str, list[Any]], dict[str, bytes]]:
    """The rows in force and the files of the quarantine of a new store; its key is always one."""
    store.mkdir()
    (store / KEY).write_bytes(bytes(32))
    (store / KEY).chmod(0o600)
    zhiheng("intake", data, "--store", store, bad_rows=True)
    files = (store / "batches").rglob("*.parquet")
    notes = {note.name: note.read_bytes() for note in (store / "quarantine").iterdir()}
    return {file.stem: pq.read_table(file).to_pylist() for file in files}, notes


def test_the_rows_are_the_same(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, notes = taken_in(data, tmp_path / "plain")
    shares: list[int] = []
    copy = writing._copy

    def noted(con: Backend, rows: str, file: Path, options: str) -> int:
        written = copy(con, rows, file, options)
        shares.append(len(list(file.glob("share=*"))))
        return written

    monkeypatch.setattr(take_in, "AT_ONCE", 0)
    monkeypatch.setattr(writing, "_SORTED_AT_ONCE", 700)
    monkeypatch.setattr(writing, "_copy", noted)
    shared, notes_shared = taken_in(data, tmp_path / "shared")
    assert [name for name in plain if shared[name] != plain[name]] == []
    assert shared.keys() == plain.keys()
    assert notes_shared == notes
    assert len(notes) == 2
    assert len(plain["events"]) > 5000
    assert max(shares) > 3
    assert not list((tmp_path / "shared").rglob("*.shares"))
