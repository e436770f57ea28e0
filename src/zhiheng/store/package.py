"""The package itself as one file, so that workers run the very code that their driver runs."""

from __future__ import annotations

import zipfile
from pathlib import Path

import zhiheng


def packed(directory: Path) -> Path:
    """Write the package (code and data, no tests) into a zip in `directory`; its path."""
    home = Path(zhiheng.__file__).parent
    target = directory / "zhiheng.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for file in sorted(home.rglob("*")):
            inside = file.relative_to(home.parent)
            if file.is_file() and _belongs(inside):
                bundle.write(file, inside.as_posix())
    return target


def _belongs(file: Path) -> bool:
    return "__pycache__" not in file.parts and not file.name.startswith("test_")
