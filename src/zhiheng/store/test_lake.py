"""The lake: all or nothing, readable while written, verifiable, deterministic."""

import functools
import json
import multiprocessing
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.errors import BadInput, WrongUse
from zhiheng.records.staging import SourceFile, Staged, StagedTable
from zhiheng.records.stored import stored_schema
from zhiheng.store import trace
from zhiheng.store.engine import connect
from zhiheng.store.lake import Store, discard, open_store
from zhiheng.store.manifest import FORMAT
from zhiheng.store.problems import NotAStore, StoreBusy, StoreDamaged, StoreMissing, StoreNewer


def court(code: str, name: str = "某法院") -> dict:
    return {"court": code, "name": name, "level": "basic"}


def stage(directory: Path, rows: dict[str, list[dict]], updates: int = 0) -> Staged:
    directory.mkdir(parents=True, exist_ok=True)
    files = {table: [directory / f"{table}.parquet"] for table in rows}
    for table, found in rows.items():
        write(files[table][0], table, found)
    counts = {t: StagedTable(len(r), len(r), updates, 0, 0, 0) for t, r in rows.items()}
    notes = directory / "quarantine.csv"
    notes.write_text("x", encoding="utf-8")
    name = str(sorted(rows.items()))
    source = SourceFile("a.csv", name, 1)
    return Staged(directory, "intake", (source,), counts, files, ("陕0102",), notes, None)


def write(file: Path, table: str, rows: list[dict]) -> None:
    pq.write_table(pa.Table.from_pylist(rows, schema=stored_schema(table)), file)


def put_in_files(store: Store, table: str, *files: list[dict]) -> Store:
    """A batch of one table whose rows stand in several files."""
    with store.writing() as writer, writer.staging() as directory:
        staged = stage(directory, {table: [row for rows in files for row in rows]})
        places = [directory / f"{number}.x" for number in range(len(files))]
        for place, rows in zip(places, files, strict=True):
            write(place, table, rows)
        return writer.commit(replace(staged, files={table: places}))


def put(store: Store, rows: dict[str, list[dict]], updates: int = 0) -> Store:
    with store.writing() as writer, writer.staging() as directory:
        return writer.commit(stage(directory, rows, updates))


engine = functools.cache(connect)


def names(store: Store) -> dict[str, str]:
    found = store.relation(engine(), "courts").to_pyarrow().to_pylist()
    return {row["court"]: row["name"] for row in found}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return put(open_store(tmp_path / "store", create=True), {"courts": [court("陕0102")]})


def test_what_is_committed_can_be_read(store: Store) -> None:
    assert names(store) == {"陕0102": "某法院"}
    assert names(open_store(store.path)) == {"陕0102": "某法院"}
    assert store.holds("courts") and not store.holds("cases")
    assert [file.name for file in store.files("courts")] == ["courts.parquet"]


def test_a_table_without_rows_is_empty_but_has_its_columns(store: Store) -> None:
    relation = store.relation(engine(), "events")
    assert relation.count().execute() == 0
    assert relation.to_pyarrow().schema.names == stored_schema("events").names


def test_a_later_row_of_the_same_key_supersedes_the_earlier(store: Store) -> None:
    after = put(store, {"courts": [court("陕0102", "新名"), court("陕0103")]}, updates=1)
    assert names(after) == {"陕0102": "新名", "陕0103": "某法院"}
    assert names(put(after, {"courts": [court("陕0102", "再新")]}, updates=1))["陕0102"] == "再新"


def test_a_reader_keeps_what_it_opened_while_a_writer_works(store: Store) -> None:
    after = put(store, {"courts": [court("陕0103")]})
    assert len(names(store)) == 1
    assert len(names(after)) == 2
    assert store.digest != after.digest == open_store(store.path).digest


def test_the_digest_depends_on_content_alone(tmp_path: Path) -> None:
    stores = [open_store(tmp_path / name, create=True) for name in "ab"]
    first, second = (put(one, {"courts": [court("陕01")]}) for one in stores)
    assert first.digest == second.digest
    assert first.secret != second.secret
    first.trace("checked", by="test")
    assert open_store(first.path).digest == second.digest


def test_a_batch_without_rows_leaves_only_its_quarantine(store: Store) -> None:
    with store.writing() as writer, writer.staging() as directory:
        staged = stage(directory, {"courts": []})
        after = writer.commit(staged)
    assert after.digest == store.digest
    assert (store.path / "quarantine" / "intake.csv").read_text("utf-8") == "x"


def test_the_trace_tells_what_was_done(store: Store) -> None:
    store.trace("checked", findings=3)
    entries = list(trace.read(store.path / "trace.jsonl"))
    assert [entry["action"] for entry in entries] == ["intake", "checked"]
    assert entries[0]["digest"] == store.digest
    assert entries[0]["time"].endswith("+08:00")


def test_a_torn_line_of_the_trace_swallows_nothing(store: Store) -> None:
    with (store.path / "trace.jsonl").open("a", encoding="utf-8") as stream:
        stream.write('{"action": "to')
    store.trace("checked")
    entries = list(trace.read(store.path / "trace.jsonl"))
    assert [entry["action"] for entry in entries] == ["intake", "checked"]


# What can be wrong with a store


def test_there_must_be_a_store_to_open(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing) as problem:
        open_store(tmp_path / "none")
    assert problem.value.exit_code == 2
    assert not (tmp_path / "none").exists()


def test_a_directory_with_other_files_does_not_become_a_store(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("x", encoding="utf-8")
    for path in (tmp_path, tmp_path / "letter.txt"):
        with pytest.raises(NotAStore):
            open_store(path, create=True)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_store_of_a_newer_format_is_refused(store: Store) -> None:
    (store.path / "zhiheng-store.json").write_text('{"format": 99}', encoding="utf-8")
    with pytest.raises(StoreNewer) as problem:
        open_store(store.path)
    assert "99" in problem.value.what.en


def test_verify_names_the_bad_file(store: Store) -> None:
    store.verify()
    file = store.files("courts")[0]
    content = file.read_bytes()
    file.write_bytes(content[:-1] + b"x")
    with pytest.raises(StoreDamaged) as problem:
        store.verify()
    assert problem.value.place == f"batches/{file.parent.name}/courts.parquet"
    file.unlink()
    with pytest.raises(StoreDamaged) as problem:
        store.verify()
    assert "missing" in problem.value.what.en


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("zhiheng-store.json", "{"),
        ("zhiheng-store.json", "[]"),
        ("CURRENT", "x"),
        ("CURRENT", "7"),
        ("manifests/00000001.json", "{"),
        ("manifests/00000001.json", '{"number": 1, "surprise": 2}'),
    ],
)
def test_damaged_bookkeeping_is_told(store: Store, file: str, content: str) -> None:
    (store.path / file).write_text(content, encoding="utf-8")
    with pytest.raises(StoreDamaged):
        open_store(store.path)


@pytest.mark.parametrize("content", [b"short", b"k" * 32])
def test_a_lost_key_and_another_stores_key_are_told(store: Store, content: bytes) -> None:
    (store.path / "secret.key").write_bytes(content)
    with pytest.raises(StoreDamaged):
        _ = store.secret


def test_rows_are_not_read_from_a_file_that_is_not_as_its_digest_says(store: Store) -> None:
    file = store.files("courts")[0]
    content = pa.Table.from_pylist([court("陕0199")], schema=stored_schema("courts"))
    pq.write_table(content, file)
    with pytest.raises(StoreDamaged) as problem:
        store.relation(engine(), "courts")
    assert problem.value.place == f"batches/{file.parent.name}/courts.parquet"
    with pytest.raises(StoreDamaged):
        put(store, {"officers": []})


@pytest.mark.parametrize("name", ["CURRENT", "zhiheng-store.json"])
def test_a_store_that_lost_its_bookkeeping_is_not_taken_for_an_empty_one(
    store: Store, name: str
) -> None:
    (store.path / name).unlink()
    for create in (False, True):
        with pytest.raises(StoreDamaged) as problem:
            open_store(store.path, create)
        assert problem.value.place == name
    assert store.files("courts")[0].exists()


def _as_format_1(store: Store, commits: int) -> None:
    (store.path / "zhiheng-store.json").write_text('{"format": 1}', encoding="utf-8")
    (store.path / "CURRENT").write_text(str(commits), encoding="utf-8")


def test_a_store_of_format_1_is_read_and_brought_up_to_date_by_its_next_batch(
    store: Store,
) -> None:
    _as_format_1(store, 1)
    assert open_store(store.path).digest == store.digest
    assert open_store(store.path).secret == store.secret
    after = put(open_store(store.path), {"courts": [court("陕0103")]})
    assert json.loads((store.path / "zhiheng-store.json").read_text())["format"] == FORMAT
    assert open_store(store.path).digest == after.digest
    (store.path / "CURRENT").write_text("1", encoding="utf-8")
    with pytest.raises(StoreDamaged):
        open_store(store.path)


def as_of_format(store: Store, version: int) -> Store:
    """The store as a program that knew no later format left it."""
    if version == 1:
        _as_format_1(store, store.manifest.number)
    else:
        mark = json.loads((store.path / "zhiheng-store.json").read_text("utf-8"))
        text = json.dumps({**mark, "format": version})
        (store.path / "zhiheng-store.json").write_text(text, encoding="utf-8")
    return store


def test_a_store_of_format_2_is_read_and_brought_up_to_date_by_its_next_batch(
    store: Store,
) -> None:
    before = open_store(as_of_format(store, 2).path)
    assert before.digest == store.digest
    after = put_in_files(before, "courts", [court("陕0103")], [court("陕0104")])
    assert json.loads((store.path / "zhiheng-store.json").read_text())["format"] == FORMAT
    assert open_store(store.path).digest == after.digest
    assert open_store(store.path).secret == store.secret


def test_a_store_of_format_1_without_a_batch_has_no_current_yet(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store", create=True)
    (store.path / "zhiheng-store.json").write_text('{"format": 1}', encoding="utf-8")
    (store.path / "CURRENT").unlink()
    assert open_store(store.path).manifest.number == 0


def test_every_problem_has_a_remedy_in_both_languages(tmp_path: Path) -> None:
    for problem in (
        StoreMissing(tmp_path),
        NotAStore(tmp_path),
        StoreBusy(tmp_path),
        StoreDamaged("x", "坏", "bad"),
        StoreNewer(tmp_path, 2, 1),
    ):
        assert isinstance(problem, BadInput | WrongUse)
        assert problem.place and problem.what.zh and problem.remedy.zh and problem.remedy.en


# Two at once


def _hold(path: Path, held: object, done: object) -> None:
    with open_store(path).writing():
        held.set()
        done.wait(30)


def test_a_second_writer_is_refused_while_the_first_works(store: Store) -> None:
    context = multiprocessing.get_context("spawn")
    held, done = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(store.path, held, done))
    other.start()
    assert held.wait(30)
    with pytest.raises(StoreBusy), store.writing():
        pass
    assert names(open_store(store.path)) == {"陕0102": "某法院"}
    done.set()
    other.join()
    put(store, {"courts": [court("陕0103")]})


def _make(path: Path, together: object, keys: object) -> None:
    together.wait(30)
    try:
        keys.put(open_store(path, create=True).secret)
    except StoreBusy:
        keys.put(None)


def test_of_several_that_make_a_store_at_once_all_know_one_key(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    together, keys = context.Barrier(4), context.Queue()
    makers = [
        context.Process(target=_make, args=(tmp_path / "store", together, keys)) for _ in range(4)
    ]
    for maker in makers:
        maker.start()
    known = {keys.get(timeout=60) for _ in makers} - {None}
    for maker in makers:
        maker.join()
    assert known == {open_store(tmp_path / "store").secret}


def test_a_store_given_up_by_its_maker_meanwhile_is_not_written_to(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store", create=True)
    with store.writing():
        discard(store, keep_directory=True)
    with pytest.raises(StoreBusy), store.writing():
        pass


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.dictionaries(st.sampled_from("abcde"), st.integers(0, 3), min_size=1),
        min_size=1,
        max_size=5,
    )
)
def test_current_rows_are_those_of_a_dictionary_updated_in_turn(
    tmp_path_factory: pytest.TempPathFactory, batches: list[dict[str, int]]
) -> None:
    store = open_store(tmp_path_factory.mktemp("lake") / "store", create=True)
    wanted: dict[str, str] = {}
    for batch in batches:
        updates = len(wanted.keys() & batch.keys())
        rows = [court(code, str(number)) for code, number in sorted(batch.items())]
        store = put(store, {"courts": rows}, updates)
        wanted |= {code: str(number) for code, number in batch.items()}
    assert names(store) == wanted
    assert json.loads((store.path / "zhiheng-store.json").read_text())["format"] == FORMAT
