"""The lake on disk: immutable batches of Parquet, and a manifest that says which are in force.

A reader takes the manifest once and reads immutable files, so it never waits for a writer. A writer
holds the lock, puts a finished batch in place and then swaps one small file; killed anywhere before
that, the store is as it was, and the next writer sweeps what was left.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import msgspec
from filelock import FileLock, Timeout
from ibis.backends import BaseBackend

from zhiheng.records.catalogue import tables
from zhiheng.records.staging import Staged
from zhiheng.store import trace
from zhiheng.store.current import all_rows, latest_rows
from zhiheng.store.files import move_into_place, sha256_of, sync, write_atomically
from zhiheng.store.manifest import (
    FORMAT,
    Batch,
    Manifest,
    StoredSource,
    StoredTable,
    batch_id,
    decode,
    encode,
)
from zhiheng.store.problems import NotAStore, StoreBusy, StoreDamaged, StoreMissing, StoreNewer

MARK = "zhiheng-store.json"
SECRET_BYTES = 32


@dataclass(frozen=True)
class Store:
    """A store as it was when opened: `manifest` does not change under the reader."""

    path: Path
    manifest: Manifest

    @property
    def digest(self) -> str:
        """sha256 (hex) over the manifest's content: same content, same digest."""
        return self.manifest.digest

    @property
    def secret(self) -> bytes:
        """The key that pseudonyms are made with. Raises StoreDamaged where it is lost."""
        file = self.path / "secret.key"
        content = file.read_bytes() if file.exists() else b""
        if len(content) != SECRET_BYTES:
            raise StoreDamaged(
                "secret.key",
                "假名密钥缺失或损坏。",
                "The key of the pseudonyms is lost or damaged.",
            )
        return content

    def holds(self, table: str) -> bool:
        """Whether any row of the table is stored."""
        return any(table in batch.tables for batch in self.manifest.batches)

    def files(self, table: str) -> list[Path]:
        """The Parquet files of a table, oldest batch first."""
        return [
            self.path / "batches" / batch.id / f"{table}.parquet"
            for batch in self.manifest.batches
            if table in batch.tables
        ]

    def relation(self, con: BaseBackend, table: str) -> ir.Table:
        """The current rows of a table: a keyed row sent again supersedes the earlier one."""
        files = self.files(table)
        if not self.manifest.overlaps(table):
            return all_rows(con, table, files)
        return latest_rows(con, table, files, tables()[table].key or "")

    def among(self, con: BaseBackend, table: str, column: str, values: ir.Table) -> ir.Table:
        """The current rows whose `column` (a key, or the case of rows without one) is in `values`,
        a table with a column of that name."""
        files = self.files(table)
        if not self.manifest.overlaps(table):
            return all_rows(con, table, files).semi_join(values, column)
        return latest_rows(con, table, files, column, among=values)

    def verify(self) -> None:
        """Check every file in force against its digest. Raises StoreDamaged naming the bad one."""
        for batch in self.manifest.batches:
            for table, stored in batch.tables.items():
                file = self.path / "batches" / batch.id / f"{table}.parquet"
                if not file.is_file():
                    raise StoreDamaged(
                        _place(self.path, file), "文件缺失。", "The file is missing."
                    )
                if sha256_of(file) != stored.sha256:
                    raise StoreDamaged(
                        _place(self.path, file),
                        "文件内容与清单中的摘要不符。",
                        "The file is not what the manifest's digest says.",
                    )

    def trace(self, action: str, **facts: Any) -> None:
        """Append one line to the audit trace (facts must be plain JSON values)."""
        trace.append(self.path / "trace.jsonl", action, facts)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Hold the store for writing. Raises StoreBusy when another process does."""
        lock = FileLock(self.path / "lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise StoreBusy(self.path) from error
        try:
            _sweep(self.path)
            yield Writer(_opened(self.path))
        finally:
            lock.release()

    def commit(self, staged: Staged) -> Store:
        """Hold the store and put a batch in force (see `Writer.commit`)."""
        with self.writing() as writer:
            return writer.commit(staged)


@dataclass(frozen=True)
class Writer:
    """The right to change a store, got from `Store.writing`."""

    store: Store

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """A directory inside the store to stage a batch in; gone afterwards."""
        root = self.store.path / "staging"
        root.mkdir(exist_ok=True)
        directory = Path(tempfile.mkdtemp(dir=root))
        try:
            yield directory
        finally:
            shutil.rmtree(directory, ignore_errors=True)

    def commit(self, staged: Staged) -> Store:
        """Put a staged batch in force, all or nothing; returns the store as it is then.

        A batch without rows only leaves its quarantine file.
        """
        path = self.store.path
        _place_notes(path, staged)
        if not staged.rows:
            self.store.trace("intake", intake=staged.intake, rows=0, bad=staged.quarantined)
            _clear_notes(path, staged)
            return self.store
        manifest = _grown(self.store.manifest, staged)
        _place_batch(path, staged, manifest.batches[-1])
        numbered = path / "manifests" / f"{manifest.number:08d}.json"
        write_atomically(numbered, encode(manifest))
        # Written before the swap: the trace may name a commit that was cut short, never miss one.
        self.store.trace(
            "intake",
            intake=staged.intake,
            rows=staged.rows,
            bad=staged.quarantined,
            manifest=manifest.number,
            digest=manifest.digest,
        )
        write_atomically(path / "CURRENT", str(manifest.number).encode())
        _clear_notes(path, staged)
        return Store(path, manifest)


def open_store(path: Path, create: bool = False) -> Store:
    """Open the store at `path`, making it first if `create` and there is none.

    Raises StoreMissing, NotAStore, StoreNewer, StoreDamaged.
    """
    if not is_store(path):
        if not create:
            raise StoreMissing(path)
        _create(path)
    return _opened(path)


def is_store(path: Path) -> bool:
    """Whether there is a store at `path`."""
    return (path / MARK).is_file()


def discard(store: Store, keep_directory: bool) -> None:
    """Undo the making of a store that holds nothing, so that a failed first intake leaves none."""
    if _opened(store.path).manifest.number or any((store.path / "quarantine").iterdir()):
        return
    # The mark goes first: what is left of a store that is half gone is not a store.
    (store.path / MARK).unlink()
    for child in store.path.iterdir():
        shutil.rmtree(child) if child.is_dir() else child.unlink()
    if not keep_directory:
        store.path.rmdir()


_OWN = {
    *(MARK, f"{MARK}.new", "secret.key", "secret.key.new"),
    *("batches", "manifests", "quarantine", "lock", "staging", "trace.jsonl"),
}


def _create(path: Path) -> None:
    if path.exists() and (not path.is_dir() or {child.name for child in path.iterdir()} - _OWN):
        raise NotAStore(path)
    for folder in ("batches", "manifests", "quarantine"):
        (path / folder).mkdir(parents=True, exist_ok=True)
    if not (path / "secret.key").exists():
        write_atomically(path / "secret.key", os.urandom(SECRET_BYTES), mode=0o600)
    # Last: only with its mark is the directory a store.
    write_atomically(path / MARK, json.dumps({"format": FORMAT}).encode())


def _opened(path: Path) -> Store:
    try:
        version = json.loads((path / MARK).read_bytes())["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise StoreDamaged(MARK, "数据仓标记文件损坏。", "The store's mark is damaged.") from error
    if not isinstance(version, int) or version > FORMAT:
        raise StoreNewer(path, version, FORMAT)
    return Store(path, _current(path))


def _current(path: Path) -> Manifest:
    current = path / "CURRENT"
    if not current.exists():
        return Manifest()
    try:
        number = int(current.read_text("ascii"))
        return decode((path / "manifests" / f"{number:08d}.json").read_bytes())
    except (ValueError, OSError, msgspec.MsgspecError) as error:
        raise StoreDamaged(
            "manifests", "清单缺失或损坏。", "The manifest in force is missing or damaged."
        ) from error


def _sweep(path: Path) -> None:
    """Remove what a killed writer left: staging, batches and manifests that never came in force."""
    manifest = _opened(path).manifest
    shutil.rmtree(path / "staging", ignore_errors=True)
    in_force = {batch.id for batch in manifest.batches}
    for directory in (path / "batches").iterdir():
        if directory.name not in in_force:
            shutil.rmtree(directory)
    for file in (path / "manifests").iterdir():
        if file.suffix != ".json" or int(file.stem) > manifest.number:
            file.unlink()
            trace.append(path / "trace.jsonl", "swept", {"left": file.name})


def _grown(manifest: Manifest, staged: Staged) -> Manifest:
    stored = {
        name: StoredTable(table.rows, table.updates, sha256_of(staged.file(name)))
        for name, table in staged.tables.items()
        if table.rows
    }
    number = manifest.number + 1
    batch = Batch(
        id=batch_id(number, stored),
        intake=staged.intake,
        sources=tuple(StoredSource(s.name, s.sha256, s.size) for s in staged.sources),
        tables=stored,
        courts=staged.courts,
        quarantined=staged.quarantined,
    )
    return Manifest(number, (*manifest.batches, batch))


def _place_batch(path: Path, staged: Staged, batch: Batch) -> None:
    home = staged.directory / "batch"
    home.mkdir()
    for table in batch.tables:
        staged.file(table).replace(home / f"{table}.parquet")
    move_into_place(home, path / "batches" / batch.id)
    sync(path)


def _notes(path: Path, staged: Staged) -> dict[Path, Path | None]:
    """Where the quarantine and the list of repeats belong, and what is staged for each."""
    folder = path / "quarantine"
    return {
        folder / f"{staged.intake}.csv": staged.quarantine,
        folder / f"{staged.intake}.repeats.csv": staged.repeats,
    }


def _place_notes(path: Path, staged: Staged) -> None:
    for target, note in _notes(path, staged).items():
        if note is not None:
            move_into_place(note, target)


def _clear_notes(path: Path, staged: Staged) -> None:
    """Remove what an earlier intake of the same sources complained of and this one does not."""
    for target, note in _notes(path, staged).items():
        if note is None:
            target.unlink(missing_ok=True)


def _place(root: Path, file: Path) -> str:
    return file.relative_to(root).as_posix()
