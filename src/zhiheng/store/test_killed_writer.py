"""A writer killed anywhere leaves the store as it was, or as it would have been."""

import itertools
import multiprocessing
import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

from zhiheng.store import trace
from zhiheng.store.bookkeeping import mark
from zhiheng.store.lake import Store, is_store, open_store
from zhiheng.store.manifest import FORMAT
from zhiheng.store.test_lake import as_of_format, court, names, put


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return put(open_store(tmp_path / "store", create=True), {"courts": [court("陕0102")]})


def test_what_a_killed_writer_left_is_swept_and_told(store: Store) -> None:
    (store.path / "batches" / "left").mkdir()
    (store.path / "manifests" / "00000002.json").write_text("{}", encoding="utf-8")
    (store.path / "staging" / "left").mkdir(parents=True)
    assert names(open_store(store.path)) == names(store)
    with store.writing():
        assert not (store.path / "batches" / "left").exists()
        assert not (store.path / "staging").exists()
    entries = list(trace.read(store.path / "trace.jsonl"))
    assert entries[-1] == entries[-1] | {"action": "swept", "left": "00000002.json"}


_STEPS = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.truncate"}


def _commit_and_die(path: Path, step: int) -> None:
    """Commit, and kill the own process at the given step on the file system."""
    seen = 0

    def watch(event: str, args: tuple) -> None:
        nonlocal seen
        if event in _STEPS and str(path) in str(args):
            seen += 1
            if seen == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    put(open_store(path), {"courts": [court("陕0103")], "officers": []})


def _kill_at_every_step(base: Path, work: Path, results: object) -> None:
    step, code = 0, -1
    while code:
        step += 1
        path = work / str(step)
        shutil.copytree(base, path)
        child = os.fork()
        if child == 0:
            _commit_and_die(path, step)
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    results.put(step)


@pytest.mark.parametrize("version", range(1, FORMAT + 1))
def test_killed_at_any_step_the_store_is_as_before_or_after(
    store: Store, tmp_path: Path, version: int
) -> None:
    as_of_format(store, version)
    # A process of its own does the forking: it has no threads that a fork could break.
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    work = tmp_path / "killed"
    work.mkdir()
    parent = context.Process(target=_kill_at_every_step, args=(store.path, work, results))
    parent.start()
    steps = results.get(timeout=120)
    parent.join()
    assert steps > 20
    digests = []
    for step in range(1, steps + 1):
        left = open_store(work / str(step))
        left.verify()
        digests.append(left.digest)
        assert len(names(left)) == (1 if left.digest == store.digest else 2)
        # Else an earlier program might find a batch it would call damaged.
        assert left.digest == store.digest or mark(left.path)["format"] == FORMAT
        again = put(left, {"courts": [court("陕0104")]})
        again.verify()
        assert {path.name for path in (again.path / "batches").iterdir()} == {
            batch.id for batch in again.manifest.batches
        }
        assert not list((again.path / "staging").iterdir())
    changes = [a != b for a, b in itertools.pairwise(digests)]
    assert digests[0] == store.digest != digests[-1]
    assert sum(changes) == 1


def test_killed_while_it_is_made_a_store_is_none_or_whole(tmp_path: Path) -> None:
    for left in (["batches"], ["batches", "manifests", "quarantine"], ["secret.key"]):
        path = tmp_path / left[-1]
        whole = open_store(path, create=True)
        secret = whole.secret
        (path / "zhiheng-store.json").unlink()
        assert not is_store(path)
        assert open_store(path, create=True).secret == secret
