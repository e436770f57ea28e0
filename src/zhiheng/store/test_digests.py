"""Files are held against their digests: read once, read again when touched, always named."""

import hashlib
import os
import threading
from pathlib import Path

import pytest

from zhiheng.store import digests
from zhiheng.store.digests import (
    FILE,
    Verified,
    ensure,
    faults,
    note_digests,
    noted_digests,
)
from zhiheng.store.problems import DerivedDamaged, StoreDamaged

LONG_AGO = 1_500_000_000


def write(root: Path, name: str, content: bytes = b"records") -> dict[str, str]:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_bytes(content)
    return {name: hashlib.sha256(content).hexdigest()}


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written just now counts as written long ago."""
    monkeypatch.setattr(digests, "_SETTLED", -1)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read from here on."""
    seen: list[str] = []
    real = digests._hashed

    def noting(path: Path, tell: object) -> object:
        seen.append(path.name)
        return real(path, tell)

    monkeypatch.setattr(digests, "_hashed", noting)
    return seen


def notes(root: Path) -> Verified:
    return Verified(root, root / "verified.json")


def test_what_was_found_right_is_not_read_again(
    tmp_path: Path, settled: None, read: list[str]
) -> None:
    expected = write(tmp_path, "a/one") | write(tmp_path, "a/two")
    ensure(tmp_path, expected, notes(tmp_path))
    assert sorted(read) == ["one", "two"]
    ensure(tmp_path, expected, notes(tmp_path))
    assert sorted(read) == ["one", "two"]
    ensure(tmp_path, expected)
    assert len(read) == 4


@pytest.mark.parametrize("how", ["written", "same size and times", "replaced"])
def test_a_file_that_changed_is_read_again(
    tmp_path: Path, settled: None, read: list[str], how: str
) -> None:
    expected = write(tmp_path, "one", b"records")
    ensure(tmp_path, expected, notes(tmp_path))
    file, status = tmp_path / "one", (tmp_path / "one").stat()
    if how == "replaced":
        write(tmp_path, "other", b"sdrocer")
        (tmp_path / "other").replace(file)
    else:
        file.write_bytes(b"sdrocer")
    if how != "written":
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert [fault.place for fault in faults(tmp_path, expected, notes(tmp_path))] == ["one"]
    assert read == ["one", "one"]


def test_another_digest_is_another_question(tmp_path: Path, settled: None) -> None:
    expected = write(tmp_path, "one")
    ensure(tmp_path, expected, notes(tmp_path))
    with pytest.raises(StoreDamaged):
        ensure(tmp_path, {"one": "0" * 64}, notes(tmp_path))


def test_a_file_changed_a_moment_ago_is_not_trusted_yet(tmp_path: Path, read: list[str]) -> None:
    expected = write(tmp_path, "one")
    for _ in range(2):
        ensure(tmp_path, expected, notes(tmp_path))
    assert read == ["one", "one"]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"one": [[1, 2, 3], "x"]}', b"\xff\0"])
def test_damaged_notes_are_passed_over(
    tmp_path: Path, settled: None, read: list[str], content: bytes
) -> None:
    expected = write(tmp_path, "one")
    (tmp_path / "verified.json").write_bytes(content)
    ensure(tmp_path, expected, notes(tmp_path))
    ensure(tmp_path, expected, notes(tmp_path))
    assert read == ["one"]


def test_notes_that_cannot_be_written_only_cost_reading(
    tmp_path: Path, settled: None, read: list[str]
) -> None:
    expected = write(tmp_path, "one")
    (tmp_path / "verified.json").mkdir()
    once = notes(tmp_path)
    ensure(tmp_path, expected, once)
    ensure(tmp_path, expected, once)
    assert read == ["one"]
    ensure(tmp_path, expected, notes(tmp_path))
    assert read == ["one", "one"]


def test_several_at_once_leave_whole_notes(tmp_path: Path, settled: None) -> None:
    names = [f"{n}" for n in range(40)]
    expected = {k: v for name in names for k, v in write(tmp_path, name).items()}

    def some(first: int) -> None:
        for name in names[first:] + names[:first]:
            ensure(tmp_path, {name: expected[name]}, notes(tmp_path))

    threads = [threading.Thread(target=some, args=(10 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ensure(tmp_path, expected, notes(tmp_path))  # whoever found another at it left its own out
    found = notes(tmp_path)
    assert all(found.holds(name, expected[name]) for name in names)
    assert not list(tmp_path.glob("*.new"))


def test_notes_forget_files_that_are_gone(tmp_path: Path, settled: None) -> None:
    expected = write(tmp_path, "old")
    ensure(tmp_path, expected, notes(tmp_path))
    (tmp_path / "old").unlink()
    ensure(tmp_path, write(tmp_path, "new"), notes(tmp_path))
    assert "old" not in (tmp_path / "verified.json").read_text()


def test_every_bad_file_is_named_in_order_and_the_first_is_raised(tmp_path: Path) -> None:
    expected = {k: v for name in "edcba" for k, v in write(tmp_path, name).items()}
    (tmp_path / "a").write_bytes(b"other")
    (tmp_path / "d").unlink()
    (tmp_path / "c").unlink()
    (tmp_path / "c").mkdir()
    found = [(fault.place, fault.what) for fault in faults(tmp_path, expected)]
    assert found == [("d", digests.MISSING), ("c", digests.UNREADABLE), ("a", digests.DIFFERS)]
    with pytest.raises(StoreDamaged) as problem:
        ensure(tmp_path, expected)
    assert problem.value.place == "d"


def test_progress_ends_with_everything_read(tmp_path: Path) -> None:
    expected = write(tmp_path, "one", b"x" * 5_000_000) | write(tmp_path, "two", b"y" * 3_000_000)
    heard: list[tuple[int, int]] = []
    ensure(tmp_path, expected, progress=lambda done, total: heard.append((done, total)))
    assert heard[-1] == (7, 7)
    assert len(heard) >= 8


# Derived files


def test_a_directory_of_derived_files_keeps_its_digests(tmp_path: Path) -> None:
    write(tmp_path, "timelines/x/case.parquet")
    note_digests(tmp_path / "timelines" / "x")
    expected = noted_digests(tmp_path, tmp_path / "timelines" / "x")
    assert list(expected) == ["timelines/x/case.parquet"]
    ensure(tmp_path, expected, derived=True)
    (tmp_path / "timelines/x/case.parquet").write_bytes(b"")
    with pytest.raises(DerivedDamaged) as problem:
        ensure(tmp_path, expected, derived=True)
    assert "Delete the folder" in problem.value.remedy.en


@pytest.mark.parametrize("content", [None, b"", b"[]", b'{"a": 1}', b'{"a": "\xff"}'])
def test_lost_digests_of_derived_files_are_told(tmp_path: Path, content: bytes | None) -> None:
    (tmp_path / "x").mkdir()
    if content is not None:
        (tmp_path / "x" / FILE).write_bytes(content)
    with pytest.raises(DerivedDamaged) as problem:
        noted_digests(tmp_path, tmp_path / "x")
    assert problem.value.place == f"x/{FILE}"
