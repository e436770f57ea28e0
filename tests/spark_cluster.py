"""A real Spark cluster on the loopback: a master and two workers out of the pip package, each a
process of its own, and nothing left of them afterwards."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

WORKER_MEMORY = "1g"
EXECUTOR = {"spark.executor.memory": "700m", "spark.driver.memory": "1g"}
"""What a session may ask of these workers."""

PATIENCE = 120
"""Seconds a process may take to start on a busy machine."""


@dataclass(frozen=True)
class Daemon:
    """A master or a worker: the process leads a session that all it starts belong to."""

    process: subprocess.Popen[bytes]
    log: Path

    def await_line(self, pattern: str) -> re.Match[str]:
        """Wait for a line of the log. Raises RuntimeError with the log where it does not come."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            if found := re.search(pattern, self.log.read_text("utf-8")):
                return found
            time.sleep(0.05)
        raise RuntimeError(f"{pattern!r} never came:\n{self.log.read_text('utf-8')[-4000:]}")

    def alive(self) -> bool:
        """Whether the process still runs."""
        return self.process.poll() is None

    def busy(self) -> bool:
        """Whether Python runs on it for a job."""
        return any(b"pyspark.daemon" in _command(pid) for pid in _of_session(self.process.pid))

    def kill(self) -> None:
        """End it and whatever it started at once, as when a machine loses its power."""
        for pid in _of_session(self.process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()


@dataclass(frozen=True)
class Cluster:
    """The master's address, and its workers."""

    master: str
    workers: tuple[Daemon, ...]

    def logs(self) -> str:
        """The last of what the workers said."""
        return "\n".join(worker.log.read_text("utf-8")[-4000:] for worker in self.workers)


@contextmanager
def started(home: Path, workers: int = 2) -> Iterator[Cluster]:
    """A cluster whose files lie in `home`; one core and WORKER_MEMORY a worker."""
    running: list[Daemon] = []
    try:
        master = _start(home, "master", "master.Master", "--host", "127.0.0.1", "--port", "0")
        running.append(master)
        address = master.await_line(r"Starting Spark master at (spark://\S+)")[1]
        for number in range(workers):
            running.append(_worker(home, number, address))
        for worker in running[1:]:
            worker.await_line("Successfully registered with master")
        yield Cluster(address, tuple(running[1:]))
    finally:
        for daemon in reversed(running):
            daemon.kill()


def _worker(home: Path, number: int, master: str) -> Daemon:
    name = f"worker-{number}"
    size = ("--cores", "1", "--memory", WORKER_MEMORY, "--work-dir", str(home / name))
    return _start(home, name, "worker.Worker", "--host", "127.0.0.1", *size, master)


def _start(home: Path, name: str, kind: str, *words: str) -> Daemon:
    spark = spark_home()
    log = home / f"{name}.log"
    environment = {
        **os.environ,
        "SPARK_HOME": str(spark),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_CONF_DIR": str(home),
        "PYSPARK_PYTHON": sys.executable,
    }
    command = [str(spark / "bin" / "spark-class"), f"org.apache.spark.deploy.{kind}"]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [*command, "--webui-port", "0", *words],
            stdout=stream,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd=home,
            env=environment,
            start_new_session=True,
        )
    return Daemon(process, log)


def spark_home() -> Path:
    """Where the pip package has its Spark."""
    found = find_spec("pyspark")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


def _command(pid: int) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def _of_session(leader: int) -> list[int]:
    """The processes of a session, the leader last (Python workers leave their process group)."""
    members = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # After the command's name in brackets: state, parent, group, session.
            fields = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
            if int(fields[3]) == leader:
                members.append(int(stat.parent.name))
    return sorted(members, reverse=True)
