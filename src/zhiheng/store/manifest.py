"""The manifest: which batches are in force, and the digest of every file. No wall-clock times."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

FORMAT = 3
"""Version of the layout on disk and of the stored form. Since 2 the store's mark has the digest of
the key, and CURRENT has that of the manifest in force. Since 3 a table of a batch may be several
files."""


class StoredSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file a batch came from."""

    name: str
    sha256: str
    size: int


class StoredTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A table of a batch. `updates` of its rows supersede rows of earlier batches.

    It is one Parquet file, whose digest is `sha256`; or several, to be read in order, whose digests
    are `parts`, and `sha256` is over these.
    """

    rows: int
    updates: int
    sha256: str
    # Left out where empty: the manifests of format 2 keep their digests.
    parts: tuple[str, ...] = ()

    def files(self, table: str) -> dict[str, str]:
        """The names of its files in order, each with its digest."""
        if not self.parts:
            return {f"{table}.parquet": self.sha256}
        return {f"{table}-{n:03d}.parquet": sha256 for n, sha256 in enumerate(self.parts)}


def stored_table(rows: int, updates: int, digests: Sequence[str]) -> StoredTable:
    """A table whose files, in order, have these digests."""
    if len(digests) == 1:
        return StoredTable(rows, updates, digests[0])
    over = hashlib.sha256("".join(f"{one}\n" for one in digests).encode()).hexdigest()
    return StoredTable(rows, updates, over, tuple(digests))


class Batch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One intake in force. `id` is the digest of its files and names its directory."""

    id: str
    intake: str
    sources: tuple[StoredSource, ...]
    tables: dict[str, StoredTable]
    courts: tuple[str, ...]
    quarantined: int


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the store holds: its batches in the order they came."""

    number: int = 0
    batches: tuple[Batch, ...] = ()

    @property
    def digest(self) -> str:
        """sha256 over the batches: the same content has the same digest."""
        content = msgspec.json.encode(self.batches, order="deterministic")
        return hashlib.sha256(content).hexdigest()

    def rows(self, table: str) -> int:
        """Rows of a table over all batches, superseded ones included."""
        return sum(batch.tables[table].rows for batch in self.batches if table in batch.tables)

    def overlaps(self, table: str) -> bool:
        """Whether some row of the table supersedes a row of an earlier batch."""
        return any(b.tables[table].updates for b in self.batches if table in b.tables)

    def taken_in(self, intake: str) -> Batch | None:
        """The last batch that came from the same sources, if there is one."""
        return next((b for b in reversed(self.batches) if b.intake == intake), None)


def point_to(manifest: Manifest) -> bytes:
    """What CURRENT says: the number of the manifest in force, and its digest."""
    return f"{manifest.number} {manifest.digest}\n".encode("ascii")


def pointed(content: bytes) -> tuple[int, str | None]:
    """Number and digest out of CURRENT; no digest in a store of format 1. Raises ValueError."""
    number, _, digest = content.decode("ascii").partition(" ")
    return int(number), digest.rstrip("\n") or None


def encode(manifest: Manifest) -> bytes:
    """The manifest as readable JSON."""
    return msgspec.json.format(msgspec.json.encode(manifest, order="deterministic"), indent=1)


def decode(content: bytes) -> Manifest:
    """The manifest back from JSON. Raises msgspec.DecodeError."""
    return msgspec.json.decode(content, type=Manifest)


def batch_id(number: int, tables: dict[str, StoredTable]) -> str:
    """The digest that names a batch: over its place in the sequence and its files' digests."""
    named = f"{number}\n" + "".join(
        f"{name} {table.sha256}\n" for name, table in sorted(tables.items())
    )
    return hashlib.sha256(named.encode()).hexdigest()
