"""Tables written so that the same content gives the same bytes, and Excel and WPS show it right."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

_RUN = ("=", "+", "-", "@", "\t", "\r")
"""Text that a spreadsheet would run begins so; an apostrophe before it keeps it text."""


def harmless(text: str) -> str:
    """The text so that no spreadsheet runs it."""
    return f"'{text}" if text.lstrip("'").startswith(_RUN) else text


def meant(text: str) -> str:
    """What `harmless` was given."""
    return text[1:] if text[:1] == "'" and text.lstrip("'").startswith(_RUN) else text


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV as text; floats in full precision, None empty, texts made harmless."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def _cell(value: object) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return repr(float(value))
    return harmless(value) if isinstance(value, str) else str(value)


def write(path: Path, text: str) -> None:
    """Write whole or not at all; a CSV gets the mark without which Excel reads UTF-8 as GBK."""
    path.parent.mkdir(parents=True, exist_ok=True)
    working = path.with_name(f".{path.name}.new")
    mark = b"\xef\xbb\xbf" if path.suffix == ".csv" else b""
    working.write_bytes(mark + text.encode())
    working.replace(path)
