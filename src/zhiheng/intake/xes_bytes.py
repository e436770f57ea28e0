"""The bytes of an XES file as the XML parser wants them: unpacked, in an encoding it reads."""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import IO, NamedTuple

from zhiheng.intake.log_problems import broken_gzip, not_xml

GZIP = b"\x1f\x8b"
_CHUNK = 1 << 17
_DECLARED = re.compile(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_READ_BY_EXPAT = {"utf-8", "utf-16", "us-ascii", "iso-8859-1"}

Told = Callable[[int, int], None]
"""Hears how many bytes of the file were read, of how many."""


class Bytes(NamedTuple):
    """A document in chunks; `encoding` is set where it is no longer the one declared inside."""

    chunks: Iterator[bytes]
    encoding: str | None


def document(path: Path, told: Told) -> Bytes:
    """The document in a file, gzipped or not.

    Raises BadInput, also while the chunks are read: a damaged gzip, bytes that are not in the
    declared encoding, an encoding nobody knows.
    """
    chunks = _unpacked(path, told)
    first = next(chunks, b"")
    whole = chain([first], chunks)
    declared = _DECLARED.match(first)
    name = declared.group(1).decode("ascii").lower() if declared else "utf-8"
    if name in _READ_BY_EXPAT:
        return Bytes(whole, None)
    return Bytes(_in_utf8(whole, name, path.name), "utf-8")


def _unpacked(path: Path, told: Told) -> Iterator[bytes]:
    size = path.stat().st_size
    with path.open("rb") as raw:
        zipped = raw.read(len(GZIP)) == GZIP
        raw.seek(0)
        stream: gzip.GzipFile | IO[bytes] = gzip.GzipFile(fileobj=raw) if zipped else raw
        try:
            while chunk := stream.read(_CHUNK):
                yield chunk
                told(raw.tell(), size)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise broken_gzip(path.name, str(error)) from error


def _in_utf8(chunks: Iterator[bytes], name: str, place: str) -> Iterator[bytes]:
    try:
        decoder = codecs.getincrementaldecoder(name)("strict")
        for chunk in chunks:
            yield decoder.decode(chunk).encode()
        yield decoder.decode(b"", final=True).encode()
    except LookupError as error:
        raise not_xml(f"{place}:1", str(error)) from error
    except UnicodeError as error:
        raise not_xml(place, str(error)) from error
