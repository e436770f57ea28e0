"""A workbook is looked over before it is opened: nothing in it may exhaust the machine."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from zhiheng.intake.problems import bomb, unreadable

DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError)
"""What a workbook whose bytes were damaged may raise, when it is opened or only when it is read."""
MOST_ENTRIES = 10_000
MOST_BYTES = 2 << 30
MOST_RATIO = 250
"""Sheets of repetitive rows compress by up to about a hundred; far beyond that is an attack."""
_SMALL = 1 << 20
_PROLOG = 1 << 12


def guard(path: Path, place: str) -> None:
    """Raise BadInput where the archive is damaged, unpacks to too much, or declares entities."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_sizes(entries, place)
            for entry in entries:
                if entry.filename.endswith((".xml", ".rels")):
                    with archive.open(entry) as stream:
                        _check_prolog(stream.read(_PROLOG), place)
    # zipfile raises NotImplementedError where a file is compressed in a way it does not know.
    except (*DAMAGED, RuntimeError, NotImplementedError) as error:
        raise unreadable(place, "不是完整的工作簿", f"not a whole workbook ({error})") from error


def _check_sizes(entries: list[zipfile.ZipInfo], place: str) -> None:
    if len(entries) > MOST_ENTRIES:
        raise bomb(place, f"内含 {len(entries)} 个文件", f"it holds {len(entries)} files")
    total = sum(entry.file_size for entry in entries)
    if total > MOST_BYTES:
        raise bomb(place, f"解压后达 {total >> 20} MB", f"it unpacks to {total >> 20} MB")
    for entry in entries:
        ratio = entry.file_size // max(entry.compress_size, 1)
        if entry.file_size > _SMALL and ratio > MOST_RATIO:
            raise bomb(place, f"压缩比达 {ratio} 倍", f"it unpacks to {ratio} times its size")


def _check_prolog(head: bytes, place: str) -> None:
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise bomb(place, "内含实体声明", "it declares XML entities")
