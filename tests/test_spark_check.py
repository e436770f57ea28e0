"""A check on a Spark cluster is the check on this machine: every count, every finding, every score,
on a million events; also where a worker is lost in the middle."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from spark_cluster import EXECUTOR, Cluster, started
from zhiheng.cli import app
from zhiheng.store.cluster import java_version
from zhiheng.store.lake import open_store

pytest.importorskip("pyspark")
pytestmark = [
    pytest.mark.xdist_group("cluster"),
    pytest.mark.skipif(java_version() is None, reason="needs Java"),
]

AS_OF = ("--as-of", "2019-12-31")
PERIOD = ("--period", "2019-01-01..2019-12-31")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with started(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture(scope="module")
def million(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("million")
    zhiheng("simulate", "--cases", "34000", "--seed", "7", "--out", home / "data")
    zhiheng("intake", home / "data", "--store", home / "store")
    store = open_store(home / "store")
    assert sum(pq.read_metadata(file).num_rows for file in store.files("events")) > 1_000_000
    return home / "store"


def zhiheng(*words: object) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result.stdout


def on(cluster: Cluster) -> tuple[str, ...]:
    conf = [
        word for name, value in EXECUTOR.items() for word in ("--spark-conf", f"{name}={value}")
    ]
    return ("--engine", "spark", "--master", cluster.master, *conf)


def checked(store: Path, findings: Path, *more: str) -> tuple[dict[str, Any], pa.Table]:
    words = ("check", "--store", store, *AS_OF, "--findings", findings, "--json", *more)
    return json.loads(zhiheng(*words)), pq.read_table(findings)


def sorted_by_all(rows: pa.Table) -> pa.Table:
    return rows.sort_by([(name, "ascending") for name in rows.column_names])


def test_a_check_gives_every_count_and_every_finding(
    million: Path, cluster: Cluster, tmp_path: Path
) -> None:
    here, found_here = checked(million, tmp_path / "here.parquet")
    there, found_there = checked(million, tmp_path / "there.parquet", *on(cluster))
    assert there == here
    assert found_here.num_rows > 50_000
    assert sorted_by_all(found_there).equals(sorted_by_all(found_here))


def test_an_evaluation_gives_every_score(million: Path, cluster: Cluster, tmp_path: Path) -> None:
    words = ("evaluate", "--store", million, *AS_OF, *PERIOD, "--scores", "--edition", "all")
    zhiheng(*words, "--out", tmp_path / "here")
    zhiheng(*words, "--out", tmp_path / "there", *on(cluster))
    for name in ("scores.json", "scores.csv", "scores.parquet"):
        assert (tmp_path / "there" / name).read_bytes() == (tmp_path / "here" / name).read_bytes()


def test_a_worker_lost_in_the_middle_changes_nothing(million: Path, tmp_path: Path) -> None:
    expected, _ = checked(million, tmp_path / "here.parquet")
    (tmp_path / "cluster").mkdir()
    with started(tmp_path / "cluster") as own:
        killed = threading.Thread(target=kill_when_working, args=(own,))
        killed.start()
        found, _ = checked(million, tmp_path / "there.parquet", *on(own))
        killed.join()
        assert not own.workers[0].alive()
    assert found == expected


def kill_when_working(cluster: Cluster) -> None:
    """Kill the first worker some seconds after it has begun to run Python."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not cluster.workers[0].busy():
        time.sleep(0.2)
    time.sleep(2)
    cluster.workers[0].kill()
