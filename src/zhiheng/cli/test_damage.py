"""A damaged store: every command that computes from it names the file and refuses, in words."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from zhiheng.cli.test_intake_support import CASES, COURTS, EVENTS, take_in, write
from zhiheng.store.lake import open_store

MAIN = "from zhiheng.cli import main; main()"
AS_OF = ("--as-of", "2019-12-31")
COMMANDS = {
    "check": ("check", *AS_OF),
    "evaluate": ("evaluate", *AS_OF, "--period", "2017-01-01..2019-12-31", "--out"),
    "explain": ("explain", *AS_OF, "--case", "（2017）陕0102执1号", "--duty", "inquiry.network"),
    "intake": ("intake",),
}
LATER = {
    "courts": COURTS.replace("陕0102", "陕0103").replace("新城区", "碑林区"),
    "cases": CASES.replace("陕0102", "陕0103").replace("\n1,", "\n3,").replace("\n2,", "\n4,"),
    "events": EVENTS.replace("\n1,,", "\n3,,").replace("\n1,11,冻结,2017-03-08,,,", ""),
}


@pytest.fixture(scope="module")
def whole(good_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two batches that has been checked: its timelines are there."""
    home = tmp_path_factory.mktemp("whole")
    shutil.copytree(good_store / "store", home / "store")
    take_in(home / "store", write(home / "later", LATER))
    assert zhiheng("check", *AS_OF, "--store", home / "store").returncode == 0
    return home / "store"


@pytest.fixture
def store(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "store")


def zhiheng(*words: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "ZHIHENG_LANG": "en", "COLUMNS": "200"}
    command = [sys.executable, "-c", MAIN, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def file_of(store: Path, batch: int, table: str) -> Path:
    return open_store(store).files(table)[batch]


def place(store: Path, file: Path) -> str:
    return file.relative_to(store).as_posix()


def corrupt_page(store: Path) -> str:
    """Some bytes in the middle; size and times stay."""
    file = file_of(store, 0, "events")
    content, status = bytearray(file.read_bytes()), file.stat()
    middle = len(content) // 3
    content[middle : middle + 8] = b"\xff" * 8
    file.write_bytes(content)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    return place(store, file)


def truncated(store: Path) -> str:
    file = file_of(store, 1, "cases")
    os.truncate(file, file.stat().st_size // 2)
    return place(store, file)


def emptied(store: Path) -> str:
    file = file_of(store, 0, "cases")
    os.truncate(file, 0)
    return place(store, file)


def deleted(store: Path) -> str:
    file = file_of(store, 0, "assets")
    file.unlink()
    return place(store, file)


def swap(one: Path, other: Path) -> None:
    aside = one.with_suffix(".aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)


def tables_swapped(store: Path) -> str:
    one, other = file_of(store, 0, "cases"), file_of(store, 0, "events")
    swap(one, other)
    return place(store, one)


def batches_swapped(store: Path) -> str:
    """Two sound files of the same table, of the same size and with the same times."""
    one, other = (file_of(store, batch, "courts") for batch in (0, 1))
    assert one.stat().st_size == other.stat().st_size
    swap(one, other)
    for file in (one, other):
        os.utime(file, (1_500_000_000, 1_500_000_000))
    return place(store, one)


def earlier_file(store: Path) -> str:
    """A sound file of an earlier batch in the place of the later."""
    one, other = (file_of(store, batch, "cases") for batch in (0, 1))
    shutil.copy2(one, other)
    return place(store, other)


def manifest_altered(store: Path) -> str:
    """Still a manifest, but of another content."""
    file = store / "manifests" / "00000002.json"
    text = file.read_text("utf-8")
    assert '"rows": 2' in text
    file.write_text(text.replace('"rows": 2', '"rows": 1', 1), "utf-8")
    return "manifests/00000002.json"


def manifest_replaced(store: Path) -> str:
    shutil.copy2(store / "manifests" / "00000001.json", store / "manifests" / "00000002.json")
    return "manifests/00000002.json"


def manifest_deleted(store: Path) -> str:
    (store / "manifests" / "00000002.json").unlink()
    return "manifests/00000002.json"


def current_damaged(store: Path) -> str:
    (store / "CURRENT").write_bytes(b"\0\0\0\0")
    return "CURRENT"


def current_deleted(store: Path) -> str:
    (store / "CURRENT").unlink()
    return "CURRENT"


def current_cut(store: Path) -> str:
    """The number alone, as a torn write could leave it."""
    (store / "CURRENT").write_text("1", "ascii")
    return "manifests/00000001.json"


def mark_deleted(store: Path) -> str:
    (store / "zhiheng-store.json").unlink()
    return "zhiheng-store.json"


FAULTS: tuple[Callable[[Path], str], ...] = (
    corrupt_page,
    truncated,
    emptied,
    deleted,
    tables_swapped,
    batches_swapped,
    earlier_file,
    manifest_altered,
    manifest_replaced,
    manifest_deleted,
    current_damaged,
    current_deleted,
    current_cut,
    mark_deleted,
)


FEW = (corrupt_page, deleted, batches_swapped, current_cut)
"""Enough to see that a command asks at all."""


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        *(("check", fault) for fault in FAULTS),
        *((c, fault) for c in ("evaluate", "explain", "intake") for fault in FEW),
    ],
)
def test_a_damaged_store_is_named_and_refused(
    store: Path, tmp_path: Path, command: str, fault: Callable[[Path], str]
) -> None:
    bad = fault(store)
    rest: list[object] = {
        "evaluate": [tmp_path / "report"],
        "intake": [write(tmp_path / "new", {"courts": COURTS})],
    }.get(command, [])
    result = zhiheng(*COMMANDS[command], *rest, "--store", store)
    assert result.returncode == 1, result.stderr
    assert result.stderr.startswith(f"{bad}: ")
    assert "Restore the file from a backup" in result.stderr
    assert len(result.stderr.splitlines()) == 2  # what and where, and what to do
    assert not result.stdout
    assert not (tmp_path / "report").exists()


def test_verify_names_every_bad_file_and_a_restored_store_is_sound(
    store: Path, whole: Path
) -> None:
    checked = zhiheng("check", *AS_OF, "--json", "--store", store).stdout
    bad = sorted([corrupt_page(store), truncated(store), deleted(store)])
    result = zhiheng("store", "verify", "--store", store)
    assert result.returncode == 1
    assert sorted(line.split(": ")[0] for line in result.stderr.splitlines()) == bad
    assert "3 files are bad. Restore the file from a backup" in result.stdout
    as_json = zhiheng("store", "verify", "--store", store, "--json")
    assert as_json.returncode == 1
    assert sorted(entry["file"] for entry in json.loads(as_json.stdout)["bad"]) == bad
    for name in bad:
        shutil.copy2(whole / name, store / name)
    assert zhiheng("store", "verify", "--store", store).returncode == 0
    assert zhiheng("check", *AS_OF, "--json", "--store", store).stdout == checked


def test_verify_reads_what_the_times_do_not_betray(store: Path) -> None:
    opened = open_store(store)
    known = json.loads((store / "verified.json").read_text("utf-8"))
    opened.sound()
    bad = corrupt_page(store)
    # As if bytes had changed on the disk itself: the notes hold the file's new times for right.
    status = (store / bad).stat()
    stamp = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
    known[bad] = [stamp, opened.expected()[bad]]
    (store / "verified.json").write_text(json.dumps(known), "utf-8")
    result = zhiheng("store", "verify", "--store", store)
    assert result.returncode == 1
    assert bad in result.stderr


def spoilt(file: Path, how: str) -> None:
    content = file.read_bytes()
    middle = len(content) // 2
    file.write_bytes(content[:middle] + (b"" if how == "cut" else b"\xff" + content[middle + 1 :]))


@pytest.mark.parametrize("how", ["cut", "one byte"])
def test_a_damaged_timeline_is_refused_and_made_anew_once_it_is_deleted(
    store: Path, how: str
) -> None:
    words = ("check", *AS_OF, "--json", "--store", store)
    checked = zhiheng(*words).stdout
    shutil.rmtree(store / "kept", ignore_errors=True)
    folders = sorted((store / "timelines").iterdir())
    assert folders
    for folder in folders:
        file = max(folder.iterdir(), key=lambda one: one.stat().st_size)
        spoilt(file, how)
        result = zhiheng(*words)
        assert result.returncode == 1, result.stderr
        assert result.stderr.startswith(f"{place(store, file)}: ")
        assert "Delete the folder the file is in and try again" in result.stderr
        assert len(result.stderr.splitlines()) == 2 and not result.stdout
        shutil.rmtree(folder)
        assert zhiheng(*words).stdout == checked
        shutil.rmtree(store / "kept", ignore_errors=True)


@pytest.mark.parametrize("how", ["cut", "one byte"])
def test_a_damaged_count_is_not_believed(store: Path, how: str) -> None:
    words = ("check", *AS_OF, "--json", "--store", store)
    checked = zhiheng(*words).stdout
    kept = sorted((store / "kept").glob("*.npz"))
    assert kept
    for file in kept:
        spoilt(file, how)
    assert zhiheng(*words).stdout == checked


def test_another_stores_key_is_refused_by_intake_and_named(store: Path, tmp_path: Path) -> None:
    (store / "secret.key").write_bytes(b"k" * 32)
    source = write(tmp_path / "new", {"courts": COURTS.replace("新城区", "雁塔区")})
    for words in (("intake", source), ("store", "verify")):
        result = zhiheng(*words, "--store", store)
        assert result.returncode == 1
        assert result.stderr.startswith("secret.key: ")
    assert zhiheng("check", *AS_OF, "--store", store).returncode == 0


def test_show_lists_the_batches_in_force(store: Path) -> None:
    shown = json.loads(zhiheng("store", "show", "--store", store, "--json").stdout)
    opened = open_store(store)
    assert shown["digest"] == opened.digest
    assert [batch["digest"] for batch in shown["batches"]] == [
        b.id for b in opened.manifest.batches
    ]
    assert [batch["courts"] for batch in shown["batches"]] == [["陕0102"], ["陕0103"]]
    assert [batch["rows"]["cases"] for batch in shown["batches"]] == [2, 2]
    assert all(batch["taken_in"].endswith("+08:00") for batch in shown["batches"])
    assert shown["rows"]["courts"] == 2
    text = zhiheng("store", "show", "--store", store).stdout
    assert opened.digest in text and "Batch 2:" in text and "陕0103" in text
