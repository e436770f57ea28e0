"""Work spread over a cluster: the same as in one process, also where a worker dies on the way."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from odd_rows import COURTS, odd_table
from spark_cluster import EXECUTOR, Cluster, started
from zhiheng.errors import BadInput
from zhiheng.store.cluster import connect_spark, executors, java_version

pyspark = pytest.importorskip("pyspark")

from zhiheng.store.packed_rows import Work  # noqa: E402
from zhiheng.store.spark_backend import SparkBackend  # noqa: E402
from zhiheng.store.spread import Sorted, chunks, spread  # noqa: E402

pytestmark = [
    pytest.mark.xdist_group("cluster"),
    pytest.mark.skipif(java_version() is None, reason="needs Java"),
]

NAMES = ("cases", "events", "payments", "goods")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with started(tmp_path) as running:
        yield running


@pytest.fixture
def spark(cluster: Cluster) -> Iterator[SparkBackend]:
    con = connect_spark(cluster.master, EXECUTOR, patience=180)
    yield con
    con.disconnect()


@pytest.fixture
def rows(tmp_path: Path) -> dict[str, pa.Table]:
    """Odd rows of some tables; of the goods there are none."""
    made = {name: odd_table(name, 5) for name in NAMES}
    made["goods"] = made["goods"].slice(0, 0)
    for name, table in made.items():
        pq.write_table(table, tmp_path / f"{name}.parquet")
    return made


def spread_out(con: SparkBackend, home: Path, many: int, work: Work) -> dict[str, pa.Table]:
    tables = {
        name: Sorted(con.read_parquet(home / f"{name}.parquet"), ("case", "court"))
        for name in NAMES
    }
    return spread(con, tables, chunks(dict.fromkeys(COURTS, 1), many), work)


def in_order(table: pa.Table) -> list[str]:
    return sorted(map(repr, table.to_pylist()))


def tell_and_take_time(here: Path) -> Work:
    """Work that says that it has begun and takes a second."""

    def work(found: Mapping[str, pa.Table]) -> Mapping[str, pa.Table]:
        import time
        import uuid

        (here / uuid.uuid4().hex).touch()
        time.sleep(1)
        return {name: table.select(["court", "case"]) for name, table in found.items()}

    return work


def test_courts_are_shared_out_evenly_and_always_alike() -> None:
    sizes = {"a": 7, "b": 5, "c": 4, "d": 3, "e": 1}
    placed = chunks(sizes, 2)
    assert placed == chunks(dict(reversed(sizes.items())), 2)
    totals = [sum(sizes[c] for c in placed if placed[c] == number) for number in (0, 1)]
    assert totals == [10, 10]


def test_every_row_comes_to_its_chunk_once_and_unchanged(
    spark: SparkBackend, rows: dict[str, pa.Table], tmp_path: Path
) -> None:
    def work(found: Mapping[str, pa.Table]) -> Mapping[str, pa.Table]:
        import pyarrow as pa

        cases = found["cases"].column("case").to_pylist()
        assert cases == sorted(cases)
        own = set(cases)
        alone = all(set(table.column("case").to_pylist()) <= own for table in found.values())
        return {**found, "alone": pa.table({"alone": [alone], "goods": [len(found["goods"])]})}

    found = spread_out(spark, tmp_path, 3, work)
    assert found.pop("alone").to_pylist() == [{"alone": True, "goods": 0}] * 3
    for name, table in rows.items():
        assert found[name].schema.equals(table.schema)
        assert in_order(found[name]) == in_order(table)


def test_a_worker_that_dies_on_the_way_changes_nothing(
    spark: SparkBackend, cluster: Cluster, rows: dict[str, pa.Table], tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    begun.mkdir()
    until = time.monotonic() + 120
    while executors(spark.session) < 2 and time.monotonic() < until:
        time.sleep(0.1)
    assert executors(spark.session) == 2

    def kill() -> None:
        while not any(begun.iterdir()) and time.monotonic() < until + 120:
            time.sleep(0.02)
        cluster.workers[0].kill()

    killer = threading.Thread(target=kill)
    killer.start()
    found = spread_out(spark, tmp_path, 5, tell_and_take_time(begun))
    killer.join()
    assert cluster.workers[0].process.poll() is not None, cluster.logs()
    assert executors(spark.session) == 1
    for name, table in rows.items():
        assert in_order(found[name]) == in_order(table.select(["court", "case"]))


def test_a_master_without_workers_is_said_in_time(tmp_path: Path) -> None:
    with (
        started(tmp_path, workers=0) as lonely,
        pytest.raises(BadInput, match="No worker takes the work"),
    ):
        connect_spark(lonely.master, EXECUTOR, patience=2)
