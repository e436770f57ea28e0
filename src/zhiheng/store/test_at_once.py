"""Readers while a writer commits: every one sees a whole state, and never an earlier one again."""

import multiprocessing
from pathlib import Path

from zhiheng.store.engine import connect
from zhiheng.store.lake import open_store
from zhiheng.store.test_lake import court, put

BATCHES, READERS = 25, 3


def batch(number: int) -> dict[str, list[dict]]:
    """One new court, one court renamed, three officers."""
    new = [court(f"陕01{number:02}"), court("陕0102", f"第{number}次")]
    officers = [
        {"officer": f"{number}-{n}", "officer_id": f"{number}-{n}", "court": "陕0102"}
        for n in range(3)
    ]
    return {"courts": new, "officers": officers}


def _read(path: Path, read: object, done: object, seen: object) -> None:
    con = connect(threads=1)
    found: list[tuple[int, int, int, str]] = []
    while not done.is_set() or not found or found[-1][0] < BATCHES:
        store = open_store(path)
        courts = store.relation(con, "courts").to_pyarrow().to_pylist()
        renamed = next(row["name"] for row in courts if row["court"] == "陕0102")
        officers = store.relation(con, "officers").count().execute()
        found.append((store.manifest.number, len(courts), int(officers), renamed))
        read.release()
    seen.put(found)


def test_a_reader_sees_only_whole_states_while_batches_are_committed(tmp_path: Path) -> None:
    # The first batch has number 10, so that no court is the renamed one.
    store = put(open_store(tmp_path / "store", create=True), batch(10))
    context = multiprocessing.get_context("spawn")
    read, done, seen = context.Semaphore(0), context.Event(), context.Queue()
    readers = [
        context.Process(target=_read, args=(store.path, read, done, seen)) for _ in range(READERS)
    ]
    for reader in readers:
        reader.start()
    for number in range(11, 10 + BATCHES):
        assert read.acquire(timeout=60)  # as slow as it is read, so that many states are seen
        store = put(store, batch(number), updates=1)
    done.set()
    histories = [seen.get(timeout=120) for _ in readers]
    for reader in readers:
        reader.join()
    for history in histories:
        assert history == sorted(history, key=lambda state: state[0])
        for number, courts, officers, renamed in history:
            assert (courts, officers, renamed) == (number + 1, 3 * number, f"第{number + 9}次")
    assert len({state for history in histories for state in history}) > 5
    assert store.manifest.number == BATCHES
