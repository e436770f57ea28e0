"""Digests of the program's own files: what was computed by another program is computed again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable


@cache
def digest_of_files(*folders: str) -> str:
    """sha256 (hex) over the names and contents of the package's files below the folders; of all
    files where none is named. Tests are not part of the product."""
    root = resources.files("zhiheng")
    named = [
        (f"{folder}/{name}", file)
        for folder in folders or ("",)
        for name, file in _below(root.joinpath(folder) if folder else root, "")
    ]
    digest = hashlib.sha256()
    for name, file in sorted(named):
        digest.update(f"{name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _below(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for child in folder.iterdir():
        if child.is_dir():
            if child.name != "__pycache__":
                yield from _below(child, f"{prefix}{child.name}/")
        elif not child.name.startswith(("test_", "conftest.")):
            yield f"{prefix}{child.name}", child
