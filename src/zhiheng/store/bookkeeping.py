"""The small files that make a directory a store: its mark, its key, and which manifest is in force.

The mark has the digest of the key and CURRENT has that of the manifest, so that a damaged, swapped
or missing one is told instead of read as another store, an older or an empty one.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import msgspec

from zhiheng.store.files import write_atomically
from zhiheng.store.manifest import FORMAT, Manifest, decode, point_to, pointed
from zhiheng.store.problems import StoreDamaged

MARK, CURRENT, KEY = "zhiheng-store.json", "CURRENT", "secret.key"
SECRET_BYTES = 32


def furnish(path: Path) -> None:
    """Make an empty store of a directory; a key that is there is kept."""
    for folder in ("batches", "manifests", "quarantine"):
        (path / folder).mkdir(parents=True, exist_ok=True)
    if not (path / KEY).exists():
        write_atomically(path / KEY, os.urandom(SECRET_BYTES), mode=0o600)
    write_atomically(path / CURRENT, point_to(Manifest()))
    # Last: only with its mark is the directory a store.
    _write_mark(path)


def bring_up_to_date(path: Path, manifest: Manifest) -> None:
    """Make a store of an older format, with this manifest in force, one of today's.

    This is done before a batch comes in force: at no time does a program that knows only the older
    format meet what it would call damaged.
    """
    write_atomically(path / CURRENT, point_to(manifest))
    _write_mark(path)


def _write_mark(path: Path) -> None:
    """Mark the directory as a store of today's format."""
    content = {"format": FORMAT, "key": hashlib.sha256((path / KEY).read_bytes()).hexdigest()}
    write_atomically(path / MARK, json.dumps(content).encode())


def mark(path: Path) -> dict[str, Any]:
    """Format and digest of the key (None in format 1). Raises StoreDamaged."""
    try:
        found = json.loads((path / MARK).read_bytes())
        return {"format": int(found["format"]), "key": found.get("key")}
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreDamaged(MARK, "数据仓标记文件损坏。", "The store's mark is damaged.") from error


def secret(path: Path) -> bytes:
    """The key of a store's pseudonyms. Raises StoreDamaged where it is lost or another's."""
    file = path / KEY
    content = file.read_bytes() if file.exists() else b""
    known = mark(path)["key"]
    if len(content) != SECRET_BYTES or known not in (None, hashlib.sha256(content).hexdigest()):
        raise StoreDamaged(
            KEY, "假名密钥缺失或损坏。", "The key of the pseudonyms is lost or damaged."
        )
    return content


def manifest_in_force(path: Path, version: int) -> Manifest:
    """The manifest in force, held against its digest (of which format 1 has none).

    Raises StoreDamaged.
    """
    try:
        number, digest = pointed((path / CURRENT).read_bytes())
        if not number and digest in (None, Manifest().digest):
            return Manifest()
        place = f"manifests/{number:08d}.json"
    except FileNotFoundError as error:
        if version == 1 and len(list((path / "manifests").iterdir())) < 2:
            return Manifest()  # format 1 first wrote it with its first batch
        raise _lost(CURRENT) from error
    except (ValueError, OSError) as error:
        raise _lost(CURRENT) from error
    try:
        manifest = decode((path / place).read_bytes())
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise _lost(place) from error
    if manifest.number != number or ((version > 1 or digest) and manifest.digest != digest):
        raise _lost(place)
    return manifest


def _lost(place: str) -> StoreDamaged:
    return StoreDamaged(place, "清单缺失或损坏。", "The manifest in force is missing or damaged.")
