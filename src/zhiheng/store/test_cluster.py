"""What stands in the way of a Spark session is said before anybody waits for it."""

from __future__ import annotations

import importlib.util
import socket
import time
import zipfile
from pathlib import Path

import pytest

from zhiheng.errors import BadInput, Problem, WrongUse
from zhiheng.store.cluster import connect_spark, java_version
from zhiheng.store.package import packed


def refusal(kind: type[Problem], master: str) -> str:
    with pytest.raises(kind) as caught:
        connect_spark(master)
    return caught.value.what.zh + caught.value.remedy.zh


def test_without_pyspark_the_remedy_is_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert "pip install zhiheng[spark]" in refusal(WrongUse, "local[1]")


@pytest.mark.parametrize(
    "master", ["", "127.0.0.1:7077", "spark://", "spark://host", "mesos://h:1"]
)
def test_an_address_that_is_none_is_refused(master: str) -> None:
    pytest.importorskip("pyspark")
    assert "spark://主机:7077" in refusal(WrongUse, master)


def test_without_java_the_remedy_names_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyspark")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert java_version() is None
    assert "没有找到 Java" in refusal(WrongUse, "local[1]")


def test_an_old_java_is_called_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark")
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text('#!/bin/sh\necho "openjdk version \\"1.8.0_402\\"" >&2\n')
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert java_version() == 8
    assert "Java 8 太旧" in refusal(WrongUse, "local[1]")


def test_a_master_that_is_not_there_is_said_within_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark")
    monkeypatch.setattr("zhiheng.store.cluster.java_version", lambda: 17)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    begun = time.monotonic()
    assert "连不上 Spark 主节点" in refusal(BadInput, f"spark://127.0.0.1:{port}")
    assert time.monotonic() - begun < 15


def test_the_package_is_sent_with_its_data_and_without_its_tests(tmp_path: Path) -> None:
    names = zipfile.ZipFile(packed(tmp_path)).namelist()
    assert "zhiheng/store/cluster.py" in names
    assert "zhiheng/records/data/nodes.yaml" in names
    assert not [name for name in names if "test_" in name or "__pycache__" in name]
