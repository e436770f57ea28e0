"""What a check costs by its shape: queries sent, rows read and judged, parts laid out again.

Seconds differ between machines; these numbers do not, and a change that makes them grow makes a
national store slow.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ibis.backends.duckdb import Backend
from typer.testing import CliRunner

from zhiheng.calendar import load_calendar, to_day
from zhiheng.checks import over_parts
from zhiheng.checks.needs import needs_of
from zhiheng.checks.run import check_part, load_part
from zhiheng.checks.setting import Setting
from zhiheng.cli import app
from zhiheng.law.load import load_law
from zhiheng.law.order import in_order
from zhiheng.measures.tally import tally_of
from zhiheng.store import parts, touched
from zhiheng.store.engine import connect, copied, fetched
from zhiheng.store.lake import Store, open_store
from zhiheng.store.layers import layers
from zhiheng.store.projection import projections

LAW = load_law()
NEEDS = needs_of(LAW.duties.values())
SETTING = Setting(LAW, load_calendar(), to_day(date(2019, 12, 31)))


def made(home: Path, cases: int, seed: int = 3) -> Store:
    for words in (
        ("simulate", "--cases", str(cases), "--seed", str(seed), "--out", str(home / "data")),
        ("intake", str(home / "data"), "--store", str(home / "store")),
    ):
        result = CliRunner().invoke(app, words)
        assert result.exit_code == 0, result.output
    return open_store(home / "store")


@pytest.fixture
def queries(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The rows that every query answered with; 0 for one that was written to a file."""
    answered: list[int] = []

    def counted(con: Backend, rows: ir.Table) -> pa.Table:
        found = fetched(con, rows)
        answered.append(found.num_rows)
        return found

    def written(con: Backend, query: str, file: Path) -> None:
        copied(con, query, file)
        answered.append(0)

    monkeypatch.setattr(parts, "fetched", counted)
    monkeypatch.setattr(touched, "copied", written)
    return answered


def test_a_part_is_laid_out_with_one_query_a_table_that_reads_each_record_once(
    tmp_path: Path, queries: list[int]
) -> None:
    for cases in (200, 800):
        store, con = made(tmp_path / str(cases), cases), connect()
        (part,) = parts.plan(store, con, NEEDS)
        queries.clear()
        parts.lay_out_part(part, con, NEEDS)
        read = projections(partial(store.relation, con), NEEDS)
        assert len(queries) == len(read)
        stored = sum(
            pq.read_metadata(file).num_rows for table in read for file in store.files(table)
        )
        assert sum(queries) <= stored


def test_a_second_check_reads_no_record(tmp_path: Path, queries: list[int]) -> None:
    store = made(tmp_path, 300)
    tally_of(store, SETTING)
    assert queries
    queries.clear()
    tally_of(store, SETTING)
    assert queries == []


def test_a_small_batch_lays_out_only_the_cases_it_brings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("simulate", "--cases", "1500", "--seed", "3", "--out", str(tmp_path / "data"))
    assert CliRunner().invoke(app, words).exit_code == 0
    most, few = split(tmp_path / "data", tmp_path)
    tally_of(taken_in(most, tmp_path / "store"), SETTING)
    made_by: list[parts.Part] = []
    lay_out = parts.lay_out_part

    def noted(part: parts.Part, *words: Any) -> None:
        if not part.home.is_dir():
            made_by.append(part)
        lay_out(part, *words)

    monkeypatch.setattr(over_parts, "lay_out_part", noted)
    tally_of(taken_in(few, tmp_path / "store"), SETTING)
    (made_part,) = made_by
    assert made_part.layer.first == 1
    assert made_part.read("case").num_rows == 60


def test_what_the_store_held_of_cases_a_batch_adds_to_is_read_once(
    tmp_path: Path, queries: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("simulate", "--cases", "500", "--seed", "3", "--out", str(tmp_path / "data"))
    assert CliRunner().invoke(app, words).exit_code == 0
    most, few = split(tmp_path / "data", tmp_path, only=("events",))
    taken_in(most, tmp_path / "store")
    store, con = taken_in(few, tmp_path / "store"), connect()
    assert layers(store.manifest)[-1].first == 1
    own = [part for part in parts.plan(store, con, NEEDS) if part.layer.first]
    asked: list[str] = []
    relation = Store.relation

    def noted(self: Store, con: Backend, table: str) -> ir.Table:
        asked.append(table)
        return relation(self, con, table)

    monkeypatch.setattr(Store, "relation", noted)
    for part in (*own, *parts.changes(own, NEEDS)):
        queries.clear()
        parts.lay_out_part(part, con, NEEDS)
        assert sum(queries) > 20  # of the twenty cases themselves
    assert not any(map(touched.has_case, asked))


def split(data: Path, home: Path, only: tuple[str, ...] = ()) -> tuple[Path, Path]:
    """The tables of a simulation in two folders, every 25th case (or of it only some tables) in
    the second."""
    few = pq.read_table(data / "cases.parquet").column("case").to_numpy()[::25]
    folders = home / "most", home / "few"
    for file in data.glob("*.parquet"):
        table = pq.read_table(file)
        chosen = np.zeros(len(table), np.bool_)
        if "case" in table.column_names:
            chosen = np.isin(table.column("case").to_numpy(), few)
        if only and file.stem not in only:
            chosen = np.zeros_like(chosen)
        for folder, rows in zip(folders, (~chosen, chosen), strict=True):
            folder.mkdir(exist_ok=True)
            if rows.any():
                pq.write_table(table.filter(pa.array(rows)), folder / file.name)
    return folders


def taken_in(folder: Path, store: Path) -> Store:
    result = CliRunner().invoke(app, ["intake", str(folder), "--store", str(store)])
    assert result.exit_code == 0, result.output
    return open_store(store)


def test_most_outcomes_cost_nothing_because_nothing_began_the_duty(tmp_path: Path) -> None:
    store, con = made(tmp_path, 600), connect()
    (part,) = parts.plan(store, con, NEEDS)
    parts.lay_out_part(part, con, NEEDS)
    checked = check_part(load_part(part, NEEDS), SETTING, in_order(LAW))
    judged = sum(len(piece.rows) for found in checked.found.values() for piece in found.pieces)
    outcomes = sum(found.size for found in checked.found.values())
    assert outcomes > 600 * len(LAW.duties) / 2
    assert judged < 0.4 * outcomes
