"""The lake on disk: immutable batches of Parquet, and a manifest that says which are in force.

A reader takes the manifest once and reads immutable files, so it never waits for a writer; no row
is read before its file was held against its digest. A writer holds the lock, puts a finished batch
in place and then swaps one small file; killed anywhere before that, the store is as it was, and the
next writer sweeps what was left.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from zhiheng.records.catalogue import tables
from zhiheng.records.staging import Staged
from zhiheng.store import trace
from zhiheng.store.bookkeeping import (
    CURRENT,
    KEY,
    MARK,
    bring_up_to_date,
    furnish,
    manifest_in_force,
    mark,
    secret,
)
from zhiheng.store.digests import Fault, Progress, ensure, faults, verified_at
from zhiheng.store.files import move_into_place, sha256_of, sync, write_atomically
from zhiheng.store.manifest import (
    FORMAT,
    Batch,
    Manifest,
    StoredSource,
    batch_id,
    encode,
    point_to,
    stored_table,
)
from zhiheng.store.problems import NotAStore, StoreBusy, StoreDamaged, StoreMissing, StoreNewer

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend


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
        """The key that pseudonyms are made with. Raises StoreDamaged where it is lost or another's.

        Only a store of format 1 cannot tell another's key from its own.
        """
        return secret(self.path)

    def holds(self, table: str) -> bool:
        """Whether any row of the table is stored."""
        return any(table in batch.tables for batch in self.manifest.batches)

    def files(self, table: str) -> list[Path]:
        """The Parquet files of a table, oldest batch first."""
        return [file for files in self.batches(table) for file in files]

    def batches(self, table: str) -> list[list[Path]]:
        """The same, batch by batch: those of one batch have the same columns and no common key."""
        return [
            [self.path / "batches" / batch.id / name for name in batch.tables[table].files(table)]
            for batch in self.manifest.batches
            if table in batch.tables
        ]

    def relation(self, con: BaseBackend, table: str) -> ir.Table:
        """The current rows of a table: a keyed row sent again supersedes the earlier one.

        Raises StoreDamaged where a file of the table is not what its digest says.
        """
        from zhiheng.store.current import all_rows, latest_rows  # loads the engine

        self.sound(tables=(table,))
        batches = self.batches(table)
        if not self.manifest.overlaps(table):
            return all_rows(con, table, batches)
        return latest_rows(con, table, batches, tables()[table].key or "")

    def among(self, con: BaseBackend, table: str, column: str, values: ir.Table) -> ir.Table:
        """The current rows whose `column` (a key, or the case of rows without one) is in `values`,
        a table with a column of that name. Raises StoreDamaged as `relation` does."""
        from zhiheng.store.current import all_rows, latest_rows  # loads the engine

        self.sound(tables=(table,))
        batches = self.batches(table)
        if not self.manifest.overlaps(table):
            return all_rows(con, table, batches).semi_join(values, column)
        return latest_rows(con, table, batches, column, among=values)

    def expected(self, tables: Collection[str] | None = None) -> dict[str, str]:
        """Every file in force (or those of some tables): path below the store → sha256."""
        return {
            f"batches/{batch.id}/{name}": sha256
            for batch in self.manifest.batches
            for table, stored in batch.tables.items()
            if tables is None or table in tables
            for name, sha256 in stored.files(table).items()
        }

    def sound(
        self, progress: Progress | None = None, tables: Collection[str] | None = None
    ) -> None:
        """Hold the files in force (or those of some tables) against their digests.

        Files unchanged since they were found right are not read again. `progress` hears MiB.
        Raises StoreDamaged naming the first bad file.
        """
        ensure(self.path, self.expected(tables), verified_at(self.path), progress)

    def faults(self, progress: Progress | None = None) -> list[Fault]:
        """Read every file in force to its end; all those that are not what the digest says."""
        return faults(self.path, self.expected(), progress=progress)

    def verify(self) -> None:
        """Read every file in force to its end. Raises StoreDamaged naming the first bad one."""
        ensure(self.path, self.expected())

    def trace(self, action: str, **facts: Any) -> None:
        """Append one line to the audit trace (facts must be plain JSON values)."""
        trace.append(self.path / "trace.jsonl", action, facts)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Hold the store for writing. Raises StoreBusy when another process does, StoreDamaged."""
        with _held(self.path):
            if not is_store(self.path):  # its maker has just given it up
                raise StoreBusy(self.path)
            try:
                _sweep(self.path)
                store = _opened(self.path)
                store.sound()
                yield Writer(store)
            except BaseException:
                # What did not come in force takes no room, which a full disk may have none of.
                with suppress(OSError, StoreDamaged):
                    _sweep(self.path)
                raise

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
        with _notes_placed(self.store.path, staged):
            return self._commit(staged) if staged.rows else self._nothing(staged)

    def _nothing(self, staged: Staged) -> Store:
        self.store.trace("intake", intake=staged.intake, rows=0, bad=staged.quarantined)
        return self.store

    def _commit(self, staged: Staged) -> Store:
        path = self.store.path
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
        if mark(path)["format"] < FORMAT:
            bring_up_to_date(path, self.store.manifest)
        write_atomically(path / CURRENT, point_to(manifest))
        return Store(path, manifest)


def open_store(path: Path, create: bool = False) -> Store:
    """Open the store at `path`, making it first if `create` and there is none.

    Raises StoreMissing, NotAStore, StoreNewer, StoreDamaged.
    """
    if not is_store(path):
        if any((path / "manifests").glob("*.json")) and not is_store(path):
            raise StoreDamaged(MARK, "数据仓标记文件缺失。", "The store's mark is missing.")
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
    _clear(store.path, keep_directory)


def _clear(path: Path, keep_directory: bool) -> None:
    for child in path.iterdir():
        shutil.rmtree(child) if child.is_dir() else child.unlink()
    if not keep_directory:
        path.rmdir()


_OWN = {
    *(own for name in (MARK, KEY, CURRENT) for own in (name, f"{name}.new")),
    *("batches", "manifests", "quarantine", "lock", "staging", "trace.jsonl"),
}


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Hold the store's lock. Raises StoreBusy where another process does."""
    lock = FileLock(path / "lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise StoreBusy(path) from error
    try:
        yield
    finally:
        lock.release()


def _create(path: Path) -> None:
    """Make a store; of two that make it at once, one does (there must be one key only)."""
    if is_store(path):
        return
    if path.exists() and (not path.is_dir() or {child.name for child in path.iterdir()} - _OWN):
        raise NotAStore(path)
    existed = path.exists()
    path.mkdir(parents=True, exist_ok=True)
    with _held(path):
        if is_store(path):
            return
        try:
            furnish(path)
        except OSError:  # such as a full disk: what is no store yet goes again
            _clear(path, existed)
            raise


def _opened(path: Path) -> Store:
    version = mark(path)["format"]
    if version > FORMAT:
        raise StoreNewer(path, version, FORMAT)
    return Store(path, manifest_in_force(path, version))


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
        name: stored_table(
            table.rows, table.updates, [sha256_of(file) for file in staged.files[name]]
        )
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
    for table, stored in batch.tables.items():
        for file, name in zip(staged.files[table], stored.files(table), strict=True):
            file.replace(home / name)
    move_into_place(home, path / "batches" / batch.id)
    sync(path)


def _notes(path: Path, staged: Staged) -> dict[Path, Path | None]:
    """Where the quarantine and the list of repeats belong, and what is staged for each."""
    folder = path / "quarantine"
    return {
        folder / f"{staged.intake}.csv": staged.quarantine,
        folder / f"{staged.intake}.repeats.csv": staged.repeats,
    }


@contextmanager
def _notes_placed(path: Path, staged: Staged) -> Iterator[None]:
    """Put the notes in place before their batch is in force, so that none is ever missed.

    Afterwards what an earlier intake of the same sources complained of and this one does not is
    removed; where the block fails, what it did not find there is.
    """
    notes = _notes(path, staged)
    fresh = [target for target, note in notes.items() if note is not None and not target.exists()]
    try:
        for target, note in notes.items():
            if note is not None:
                move_into_place(note, target)
        yield
    except BaseException:
        for target in fresh:
            target.unlink(missing_ok=True)
        raise
    for target, note in notes.items():
        if note is None:
            target.unlink(missing_ok=True)
