"""Which engine a command runs on: the options, and the engine they name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import typer

from zhiheng.errors import Message, WrongUse

if TYPE_CHECKING:
    from zhiheng.checks.engines import Engine


class Name(StrEnum):
    """The engines there are."""

    duckdb = "duckdb"
    spark = "spark"


ENGINE = typer.Option(
    Name.duckdb,
    "--engine",
    help="计算引擎：duckdb 为本机，spark 为集群。Engine: duckdb here, spark on a cluster.",
)
MASTER = typer.Option(
    "",
    "--master",
    metavar="URL",
    help="Spark 主节点，如 spark://主机:7077 或 local[2]。Master of the Spark cluster.",
)
SPARK_CONF = typer.Option(
    [],
    "--spark-conf",
    metavar="NAME=VALUE",
    help="Spark 配置项，可重复。A setting of Spark; repeatable.",
)


@dataclass(frozen=True)
class Chosen:
    """The engine as it was asked for."""

    name: Name = Name.duckdb
    master: str = ""
    settings: tuple[str, ...] = ()


THIS_MACHINE = Chosen()


@contextmanager
def engine_of(chosen: Chosen) -> Iterator[Engine]:
    """The engine asked for, let go afterwards.

    Raises WrongUse for words that do not go together, and what keeps a cluster from being reached.
    """
    from zhiheng.checks.engines import HERE, OnCluster

    if chosen.name is Name.duckdb:
        if chosen.master or chosen.settings:
            raise _needs_spark()
        yield HERE
        return
    if not chosen.master:
        raise _no_master()
    from zhiheng.store.cluster import connect_spark

    con = connect_spark(chosen.master, dict(map(_setting, chosen.settings)))
    try:
        yield OnCluster(con)
    finally:
        con.disconnect()


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (equals and name):
        raise WrongUse(
            Message(f"“{text}”不是配置项。", f"{text!r} is not a setting."),
            Message(
                "写成 spark.executor.memory=4g 的样子。", "Write it as spark.executor.memory=4g."
            ),
            "--spark-conf",
        )
    return name, value


def _needs_spark() -> WrongUse:
    return WrongUse(
        Message(
            "--master 和 --spark-conf 只用于 spark。", "--master and --spark-conf are Spark's."
        ),
        Message("请加 --engine spark。", "Add --engine spark."),
        "--engine",
    )


def _no_master() -> WrongUse:
    return WrongUse(
        Message("没有指明 Spark 主节点。", "No master is named."),
        Message(
            "请加 --master，如 spark://主机:7077。", "Add --master, such as spark://HOST:7077."
        ),
        "--master",
    )
