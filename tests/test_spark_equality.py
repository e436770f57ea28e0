"""Spark gives what DuckDB gives, row by row: every timeline and every figure, on a million events
and on rows as odd as the stored form allows, on a cluster of a master and two workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from odd_rows import odd_table
from spark_cluster import EXECUTOR, Cluster, started
from zhiheng.checks.needs import needs_of
from zhiheng.cli import app
from zhiheng.law.load import load_law
from zhiheng.measures.figures import FIGURES
from zhiheng.measures.period import Period
from zhiheng.measures.question import Question
from zhiheng.records.catalogue import SUBJECTS, tables
from zhiheng.records.stored import stored_schema
from zhiheng.store.cluster import connect_spark, java_version
from zhiheng.store.current import all_rows, latest_rows
from zhiheng.store.engine import connect
from zhiheng.store.lake import Store, open_store
from zhiheng.store.projection import projections

pytest.importorskip("pyspark")
pytestmark = [
    pytest.mark.xdist_group("cluster"),
    pytest.mark.skipif(java_version() is None, reason="needs Java"),
]

Rows = Callable[[str], ir.Table]
NEEDS = needs_of(load_law().duties.values())
READ = sorted({"events", "intervals", *(SUBJECTS[kind] for kind in NEEDS)})
PERIOD, AS_OF = Period(17_897, 18_261), 18_261
"""2019, seen from its last day."""

CHOICES: tuple[dict[str, str], ...] = (
    {},
    {"recovered_when": "arrived", "beijing_base": "cases", "completion_base": "first"},
    {"reversal_denominator": "closed"},
    {"reversal_denominator": "received"},
)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with started(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture(scope="module")
def spark(cluster: Cluster) -> Iterator[Any]:
    con = connect_spark(cluster.master, EXECUTOR, patience=180)
    yield con
    con.disconnect()


@pytest.fixture(scope="module")
def million(tmp_path_factory: pytest.TempPathFactory) -> Store:
    home = tmp_path_factory.mktemp("million")
    for words in (
        ("simulate", "--cases", "34000", "--seed", "7", "--out", str(home / "data")),
        ("intake", str(home / "data"), "--store", str(home / "store")),
    ):
        assert CliRunner().invoke(app, words).exit_code == 0
    store = open_store(home / "store")
    assert sum(pq.read_metadata(file).num_rows for file in store.files("events")) > 1_000_000
    return store


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("odd [rows]")
    for name in tables():
        pq.write_table(odd_table(name, 1), home / f"{name}.parquet")
    return home


def lines() -> dict[str, Callable[[Rows], ir.Table]]:
    """Every expression that timelines are laid out from."""

    def read(table: str) -> Callable[[Rows], ir.Table]:
        return lambda rows: projections(rows, NEEDS, with_court=True)[table]

    return {table: read(table) for table in READ}


def figures(choices: dict[str, str]) -> dict[str, Callable[[Rows], ir.Table]]:
    """Every figure by court."""

    def asked(name: str) -> Callable[[Rows], ir.Table]:
        return lambda rows: FIGURES[name].rows(Question(rows, PERIOD, AS_OF, choices))

    return {name: asked(name) for name in FIGURES}


def same(expression: Callable[[Rows], ir.Table], source: Callable[[Any], Rows], spark: Any) -> int:
    """Assert that both engines give the same rows in the same types; how many."""
    one, other = connect(), spark
    expected = one.to_pyarrow(expression(source(one)))
    found = other.to_pyarrow(expression(source(other)))
    assert found.schema.equals(expected.schema)
    by = [(name, "ascending") for name in expected.schema.names]
    expected, found = expected.sort_by(by), found.sort_by(by)
    assert found.num_rows == expected.num_rows
    if not found.equals(expected):
        pairs = zip(expected.to_pylist(), found.to_pylist(), strict=True)
        raise AssertionError(next(pair for pair in pairs if pair[0] != pair[1]))
    return int(expected.num_rows)


def of_store(store: Store) -> Callable[[Any], Rows]:
    return lambda con: lambda name: store.relation(con, name)


def of_files(home: Path) -> Callable[[Any], Rows]:
    return lambda con: lambda name: con.read_parquet(str(home / f"{name}.parquet"))


def test_every_timeline_of_a_million_events(million: Store, spark: Any) -> None:
    rows = {name: same(line, of_store(million), spark) for name, line in lines().items()}
    assert rows["cases"] == 34_000 and rows["events"] > 800_000
    assert all(rows.values())


def test_every_figure_of_a_million_events(million: Store, spark: Any) -> None:
    rows = {name: same(figure, of_store(million), spark) for name, figure in figures({}).items()}
    assert all(rows.values())


def test_every_timeline_of_odd_rows(odd: Path, spark: Any) -> None:
    rows = {name: same(line, of_files(odd), spark) for name, line in lines().items()}
    assert all(rows.values())


@pytest.mark.parametrize("choices", CHOICES, ids=str)
def test_every_figure_of_odd_rows(choices: dict[str, str], odd: Path, spark: Any) -> None:
    rows = [same(figure, of_files(odd), spark) for figure in figures(choices).values()]
    assert all(rows)


def test_a_table_nobody_sent_is_empty_with_its_columns(spark: Any) -> None:
    for name in ("cases", "payments", "events"):
        rows = spark.to_pyarrow(all_rows(spark, name, []))
        assert rows.equals(stored_schema(name).empty_table())


def test_of_rows_sent_again_the_latest_counts(tmp_path: Path, spark: Any) -> None:
    batches = []
    for seed in range(3):
        table = odd_table("payments", seed)
        if seed == 0:
            table = table.drop_columns(["paid"])
        batches.append([tmp_path / f"{seed}-{half}.parquet" for half in range(2)])
        for file, rows in zip(batches[-1], (table.slice(0, 100), table.slice(100)), strict=True):
            pq.write_table(rows, file)

    def current(con: Any) -> Rows:
        return lambda name: latest_rows(con, name, batches, "payment")

    def every(con: Any) -> Rows:
        return lambda name: all_rows(con, name, batches)

    assert same(lambda rows: rows("payments"), current, spark) == 400
    assert same(lambda rows: rows("payments"), every, spark) == 1200


def test_a_key_beside_a_missing_value_keeps_its_last_digit(spark: Any) -> None:
    import ibis

    keys = pa.table({"key": pa.array([(1 << 62) + 1, None], pa.int64())})
    assert spark.to_pyarrow(ibis.memtable(keys)).equals(keys)
