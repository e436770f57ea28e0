"""The connection to a Spark cluster: the same expressions, on the same files, where one machine is
outgrown.

PySpark and Java are needed only by whoever asks for this engine. What stands in the way (neither
installed, nobody at the master's address, no worker free) is found before or within a bounded
time, and said.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhiheng.errors import BadInput, Message, WrongUse
from zhiheng.store.engine import own_directory
from zhiheng.store.package import packed

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from zhiheng.store.spark_backend import SparkBackend

OLDEST_JAVA = 17
PATIENCE = 60.0
"""Seconds a master may take to answer and the first worker to come, unless told otherwise."""

_MASTERS = re.compile(r"local(\[[^]]+\])?|yarn|k8s://.+|spark://[^/:]+:\d+(,[^/:]+:\d+)*")
_LOOPBACK = re.compile(r"local(\[.*)?|spark://(127\.0\.0\.1|localhost):\d+")

_EQUAL: dict[str, str] = {
    # Days are integers; no clock of the machine may touch them.
    "spark.sql.session.timeZone": "UTC",
    # A sum that does not fit is an error, as with DuckDB, never a number that wrapped around.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.execution.arrow.pyspark.fallback.enabled": "false",
    "spark.sql.execution.arrow.useLargeVarTypes": "false",
    # A table is its columns by name; nothing is read out of the names of folders.
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.sql.parquet.mergeSchema": "false",
}
"""What makes the figures those of DuckDB; not for changing."""

_QUIET: dict[str, str] = {
    "spark.app.name": "zhiheng",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.eventLog.enabled": "false",
}
"""What a user may set otherwise."""

_LOG = """\
rootLogger.level = error
rootLogger.appenderRef.only.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m{nolookups}%n%ex{short.message}%n
logger.gateway.name = org.apache.spark.api.python.PythonGatewayServer
logger.gateway.level = error
"""


def connect_spark(
    master: str,
    settings: Mapping[str, str] | None = None,
    patience: float = PATIENCE,
) -> SparkBackend:
    """Ibis on a Spark session of `master` (spark://host:port, yarn, k8s://…, local[n]).

    `settings` are Spark's own (spark.executor.memory, …). `disconnect()` ends the session. The
    package itself is sent to the workers; what it depends on must be installed there.

    Raises WrongUse where PySpark or Java is missing or the master is no address; BadInput where
    the master does not answer, or no worker comes, within `patience` seconds each.
    """
    _refuse_without_pyspark()
    _refuse_address(master)
    _refuse_without_java()
    _reach(master, min(patience, 10.0))
    from zhiheng.store.spark_backend import SparkBackend

    given, scratch = settings or {}, own_directory()
    _choose_python(master, given)
    session = _session(master, {**_quiet(scratch), **_here(master), **given, **_EQUAL})
    session.sparkContext.addPyFile(str(packed(scratch)))
    _await_worker(session, master, patience)
    _spread_out(session, given)
    backend = SparkBackend()
    backend.do_connect(session)
    return backend


def _refuse_without_pyspark() -> None:
    if importlib.util.find_spec("pyspark") is None:
        raise WrongUse(
            Message("没有安装 PySpark。", "PySpark is not installed."),
            Message("请执行 pip install zhiheng[spark]。", "Run: pip install zhiheng[spark]"),
            "--engine",
        )


def _refuse_address(master: str) -> None:
    if not _MASTERS.fullmatch(master):
        raise WrongUse(
            Message(f"“{master}”不是 Spark 主节点地址。", f"{master!r} is no master of Spark."),
            Message(
                "写成 spark://主机:7077、yarn、k8s://地址 或 local[2]。",
                "Write spark://HOST:7077, yarn, k8s://ADDRESS or local[2].",
            ),
            "--master",
        )


def _refuse_without_java() -> None:
    found = java_version()
    if found is not None and found >= OLDEST_JAVA:
        return
    zh = "没有找到 Java。" if found is None else f"Java {found} 太旧。"
    en = "Java was not found." if found is None else f"Java {found} is too old."
    raise WrongUse(
        Message(zh, en),
        Message(
            f"请安装 Java {OLDEST_JAVA}（Debian：apt install openjdk-17-jre-headless），"
            "或设置 JAVA_HOME。",
            f"Install Java {OLDEST_JAVA} (Debian: apt install openjdk-17-jre-headless) "
            "or set JAVA_HOME.",
        ),
        "--engine",
    )


def java_version() -> int | None:
    """The major version of the Java that Spark would start; None where there is none."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin" if home else None)
    if java is None:
        return None
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    number = re.search(r'version "(?:1\.)?(\d+)', told.stderr)
    return int(number[1]) if number else None


def _reach(master: str, patience: float) -> None:
    """Somebody listens at one of the master's addresses: Spark itself would try for minutes."""
    if not master.startswith("spark://"):
        return
    for address in master.removeprefix("spark://").split(","):
        host, _, port = address.rpartition(":")
        try:
            socket.create_connection((host, int(port)), timeout=patience).close()
            return
        except OSError:
            continue
    raise BadInput(
        Message("连不上 Spark 主节点。", "The master of Spark cannot be reached."),
        Message(
            "请核对地址，并确认主节点已启动、端口未被防火墙拦截。",
            "Check the address, that the master runs, and that no firewall closes its port.",
        ),
        master,
    )


def _quiet(scratch: Path) -> dict[str, str]:
    """Only errors on the terminal."""
    file = scratch / "log4j2.properties"
    file.write_text(_LOG, encoding="ascii")
    return {**_QUIET, "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={file}"}


def _here(master: str) -> dict[str, str]:
    """On this machine alone nothing listens to the network."""
    if not _LOOPBACK.fullmatch(master):
        return {}
    # Read by Java before any setting is: where the name of the machine resolves to matters not.
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    return {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}


def _choose_python(master: str, settings: Mapping[str, str]) -> None:
    """Which Python the workers start: the one set, on this machine else this very one.

    PySpark asks the environment only, unless spark-submit started it.
    """
    if chosen := settings.get("spark.pyspark.python"):
        os.environ["PYSPARK_PYTHON"] = chosen
    elif _LOOPBACK.fullmatch(master):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)


def _session(master: str, settings: Mapping[str, str]) -> SparkSession:
    from pyspark.sql import SparkSession

    running = SparkSession.getActiveSession()
    if running is not None:
        running.stop()
    builder: Any = SparkSession.builder.master(master)
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        session: SparkSession = builder.getOrCreate()
    # Whatever Java throws on the way comes as one of many kinds, none of them a user's own.
    except Exception as error:
        raise _not_started(master, error) from error
    return session


def _not_started(master: str, error: Exception) -> BadInput:
    # Py4J's first line says which of its calls failed, the second what Java threw.
    lines = [line.strip(": ") for line in str(error).splitlines() if line.strip(": ")]
    reason = " ".join(lines[:2])[:300]
    return BadInput(
        Message(f"Spark 会话未能启动：{reason}", f"No session of Spark could be started: {reason}"),
        Message(
            "请核对主节点的 Spark 版本与本机 PySpark 相同，以及 --spark-conf 的设置。",
            "Check that the master runs the Spark version of this PySpark, and the settings.",
        ),
        master,
    )


def _await_worker(session: SparkSession, master: str, patience: float) -> None:
    """Wait for the first executor: without one a job would wait for ever and say nothing."""
    until = time.monotonic() + patience
    while not master.startswith("local") and not executors(session):
        if time.monotonic() > until:
            session.stop()
            raise BadInput(
                Message("没有工作节点接受任务。", "No worker takes the work."),
                Message(
                    "请确认工作节点已连上主节点，且有空闲的核与内存（spark.executor.memory）。",
                    "Check that workers have joined the master and have cores and memory free "
                    "(spark.executor.memory).",
                ),
                master,
            )
        time.sleep(0.1)


def executors(session: SparkSession) -> int:
    """How many executors serve the session now (none with local[n])."""
    status: Any = session.sparkContext._jsc.sc().getExecutorMemoryStatus()
    return int(status.size()) - 1


def _spread_out(session: SparkSession, settings: Mapping[str, str]) -> None:
    """As many parts after a shuffle as the cores can share; Spark's 200 are for large clusters."""
    name = "spark.sql.shuffle.partitions"
    if name not in settings:
        cores = session.sparkContext.defaultParallelism
        session.conf.set(name, str(max(8, 3 * cores)))
