"""Which encoding a text file is in: UTF-8 or GB18030, decided on every byte of the file."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zhiheng.intake.problems import wrong_encoding

_CHUNK = 1 << 22
_CERTAIN = 4
"""So many valid UTF-8 characters beyond ASCII ahead of a bad byte mean: damaged UTF-8."""


@dataclass(frozen=True)
class TextFacts:
    """What one pass over a text file tells."""

    encoding: str
    lines: int
    quotes: int


@dataclass(frozen=True)
class _Failure:
    """Where decoding stopped: byte offset, and characters beyond ASCII decoded before it."""

    offset: int
    beyond_ascii: int


def examine(path: Path, place: str) -> TextFacts:
    """The encoding, number of lines and quotation marks of a text file, in bounded memory.

    Raises BadInput naming line and byte where neither encoding fits. A file that is UTF-8 for a
    while and then is not is damaged UTF-8, although nearly any bytes can pass for GB18030.
    """
    encoding = _encoding(path, place)
    feeds = returns = quotes = 0
    last = b""
    for chunk in _chunks(path):
        feeds += chunk.count(b"\n")
        returns += chunk.count(b"\r")
        quotes += chunk.count(b'"')
        last = chunk
    breaks = feeds or returns
    return TextFacts(encoding, breaks + (not last.endswith((b"\n", b"\r"))), quotes)


def _encoding(path: Path, place: str) -> str:
    utf8 = _failure(path, "utf-8")
    if utf8 is None:
        return "utf-8"
    if utf8.beyond_ascii >= _CERTAIN:
        raise _at(path, place, utf8.offset)
    gb18030 = _failure(path, "gb18030")
    if gb18030 is None:
        return "gb18030"
    raise _at(path, place, max(utf8.offset, gb18030.offset))


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _failure(path: Path, encoding: str) -> _Failure | None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    begun = beyond = 0
    for chunk in _chunks(path):
        pending = len(decoder.getstate()[0])
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError as error:
            good = chunk[: max(error.start - pending, 0)].decode(encoding, "ignore")
            return _Failure(begun - pending + error.start, beyond + _beyond_ascii(good))
        beyond += 0 if text.isascii() else _beyond_ascii(text[:10_000])
        begun += len(chunk)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return _Failure(begun - len(error.object) + error.start, beyond)
    return None


def _beyond_ascii(text: str) -> int:
    return sum(char > "\x7f" for char in text)


def _at(path: Path, place: str, offset: int) -> Exception:
    """The problem at a byte offset, as line and byte within the line (both from 1)."""
    line, start, begun, value = 1, 0, 0, 0
    for chunk in _chunks(path):
        stop = min(len(chunk), offset - begun)
        line += chunk.count(b"\n", 0, stop)
        feed = chunk.rfind(b"\n", 0, stop)
        start = begun + feed + 1 if feed >= 0 else start
        if offset < begun + len(chunk):
            value = chunk[offset - begun]
            break
        begun += len(chunk)
    return wrong_encoding(place, line, offset - start + 1, value)
