"""From what the user named to parts: files found, their kind told by content, tables recognised."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from zhiheng.errors import Message, WrongUse
from zhiheng.intake.csv_files import read_csv
from zhiheng.intake.headers import plain, table_labels, table_of
from zhiheng.intake.parquet_files import read_parquet
from zhiheng.intake.parts import Part
from zhiheng.intake.problems import (
    empty_file,
    no_rows,
    nothing_found,
    other_kind,
    unknown_table,
    unreadable,
)
from zhiheng.intake.profile import Profile
from zhiheng.intake.xlsx_files import read_workbook
from zhiheng.records.staging import SourceFile

KINDS = {
    ".csv": "CSV",
    ".tsv": "CSV",
    ".txt": "CSV",
    ".xlsx": "XLSX",
    ".xlsm": "XLSX",
    ".parquet": "Parquet",
    ".pq": "Parquet",
}
_MAGIC = (
    (b"PAR1", "Parquet"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"%PDF", "PDF"),
    (b"\x1f\x8b", "gzip"),
    (b"\xd0\xcf\x11\xe0", "XLS / OLE"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"SQLite format 3", "SQLite"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_HEAD = 1 << 12
_INTAKE_VERSION = 1
"""Part of every intake's digest: raised when the same files would be read differently."""


@dataclass(frozen=True)
class Survey:
    """What an intake will read: its files in a fixed order, and names that are passed over.

    `digest` covers the files' contents, the tables their names name, and the profile.
    """

    paths: tuple[Path, ...]
    files: tuple[SourceFile, ...]
    digest: str
    passed_over: tuple[str, ...]


def survey(sources: Sequence[Path], profile: Profile) -> Survey:
    """Find the files. Raises WrongUse for a path that does not exist, BadInput for none at all."""
    paths, passed_over = _chosen(sources, profile)
    if not paths:
        raise nothing_found(", ".join(path.name for path in sources))
    files = tuple(_facts(path) for path in paths)
    named = sorted(
        f"{file.sha256} {_table_name(path, profile)}"
        for path, file in zip(paths, files, strict=True)
    )
    content = "\n".join([str(_INTAKE_VERSION), profile.digest, *named])
    digest = hashlib.sha256(content.encode()).hexdigest()
    return Survey(tuple(paths), files, digest, passed_over)


def gather(
    found: Survey, profile: Profile, work: Path, told: Callable[[str], None]
) -> tuple[Part, ...]:
    """Read every file into parts below `work`; `told` hears each file's name as it is begun.

    Raises BadInput for a file that cannot be used as it is.
    """
    for path in found.paths:
        _check_kind(path)
    parts: list[Part] = []
    for path in found.paths:
        told(path.name)
        parts += _parts(path, profile, work)
    if not any(part.rows or part.ragged for part in parts):
        raise no_rows(", ".join(path.name for path in found.paths))
    return tuple(parts)


def _table_name(path: Path, profile: Profile) -> str:
    return table_of(path.stem, profile) or table_of(path.parent.name, profile) or ""


def _chosen(sources: Iterable[Path], profile: Profile) -> tuple[list[Path], tuple[str, ...]]:
    """Files to read in a fixed order, and names in directories that are passed over."""
    chosen: list[Path] = []
    passed_over: list[str] = []
    for source in sources:
        if not source.exists():
            raise WrongUse(
                Message("文件或目录不存在。", "There is no such file or directory."),
                Message("请检查路径。", "Check the path."),
                str(source),
            )
        for path in _files(source, profile) if source.is_dir() else [source]:
            wanted = path.suffix.lower() in KINDS or not source.is_dir()
            ignored = plain(path.stem) in map(plain, profile.ignore)
            if path.is_file() and wanted and not ignored:
                chosen.append(path)
            else:
                passed_over.append(path.name)
    return list(dict.fromkeys(chosen)), tuple(passed_over)


def _files(directory: Path, profile: Profile) -> list[Path]:
    """A directory's entries; one named after a table stands for the files in it."""
    found: list[Path] = []
    for child in sorted(directory.iterdir(), key=lambda path: path.name):
        if child.name.startswith((".", "~$")):
            continue
        if child.is_dir() and table_of(child.name, profile):
            found += sorted(child.iterdir(), key=lambda path: path.name)
        else:
            found.append(child)
    return found


def _facts(path: Path) -> SourceFile:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return SourceFile(path.name, digest, path.stat().st_size)


def _check_kind(path: Path) -> None:
    """Raise BadInput where content and name disagree, or the file is of no kind we read."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        raise empty_file(path.name)
    expected = KINDS.get(path.suffix.lower())
    found = kind_of(path, head)
    if expected != found:
        raise other_kind(path.name, expected or "CSV / XLSX / Parquet", found)


def kind_of(path: Path, head: bytes) -> str:
    """What a file's content is, whatever its name says."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(b"PK"):
        return _archive_kind(path)
    if (
        head.lstrip(b"\xef\xbb\xbf \t\r\n")
        .lower()
        .startswith((b"<html", b"<!doc", b"<table", b"<?xml"))
    ):
        return "HTML / XML"
    return "二进制 binary" if b"\0" in head else "CSV"


def _archive_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            return "XLSX" if "xl/workbook.xml" in archive.namelist() else "ZIP"
    except zipfile.BadZipFile as error:
        raise unreadable(path.name, "压缩结构不完整", f"broken archive ({error})") from error


def _parts(path: Path, profile: Profile, work: Path) -> list[Part]:
    kind = KINDS[path.suffix.lower()]
    if kind == "XLSX":
        return read_workbook(path, path.name, profile, work)
    table = table_of(path.stem, profile) or table_of(path.parent.name, profile)
    if table is None:
        raise unknown_table(path.name, table_labels())
    if kind == "CSV":
        return [read_csv(path, path.name, table, profile, work)]
    return [read_parquet(path, path.name, table, profile)]
