"""A table of a batch that is several files: read in order, each held against its own digest."""

from collections.abc import Callable
from pathlib import Path

import pytest

from zhiheng.store import lake
from zhiheng.store.lake import Store, open_store
from zhiheng.store.problems import StoreDamaged, StoreNewer
from zhiheng.store.test_lake import court, engine, names, put, put_in_files


@pytest.fixture
def several(tmp_path: Path) -> Store:
    """A store with a table of two files in a batch."""
    store = open_store(tmp_path / "several", create=True)
    return put_in_files(store, "courts", [court("陕0102")], [court("陕0103"), court("陕0104")])


def test_a_table_of_a_batch_may_be_several_files(several: Store) -> None:
    assert [file.name for file in several.files("courts")] == [
        "courts-000.parquet",
        "courts-001.parquet",
    ]
    assert sorted(names(open_store(several.path))) == ["陕0102", "陕0103", "陕0104"]
    after = put(several, {"courts": [court("陕0103", "新名")]}, updates=1)
    assert names(after) == {"陕0102": "某法院", "陕0103": "新名", "陕0104": "某法院"}
    assert [len(files) for files in after.batches("courts")] == [2, 1]
    after.verify()


def test_which_rows_stand_in_which_file_is_part_of_the_digest(
    several: Store, tmp_path: Path
) -> None:
    other = open_store(tmp_path / "other", create=True)
    rows = [court("陕0102"), court("陕0103")], [court("陕0104")]
    assert put_in_files(other, "courts", *rows).digest != several.digest


def _spoilt(one: Path, other: Path) -> Path:
    other.write_bytes(other.read_bytes()[:-1] + b"x")
    return other


def _gone(one: Path, other: Path) -> Path:
    other.unlink()
    return other


def _swapped(one: Path, other: Path) -> Path:
    aside = one.rename(one.with_suffix(".aside"))
    other.rename(one)
    aside.rename(other)
    return one


@pytest.mark.parametrize("harm", [_spoilt, _gone, _swapped])
def test_one_of_several_files_that_is_not_as_written_is_named(
    several: Store, harm: Callable[[Path, Path], Path]
) -> None:
    bad = harm(*several.files("courts"))
    for look in (several.verify, lambda: several.relation(engine(), "courts")):
        with pytest.raises(StoreDamaged) as problem:
            look()
        assert problem.value.place == bad.relative_to(several.path).as_posix()


def test_a_program_of_format_2_says_that_the_store_is_newer(
    several: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lake, "FORMAT", 2)
    with pytest.raises(StoreNewer):
        open_store(several.path)
