"""Rows with days as ISO dates, to CSV (opens in Excel and WPS), JSON Lines or Parquet."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

DAYS = ("start", "due", "stop")
_FORMULA = r"^([=+\-@\t\r])"
"""Text a spreadsheet would run; an apostrophe before it keeps it text."""


def write_rows(rows: pa.Table, path: Path) -> None:
    """Write all rows, whole or not at all, in the form the suffix names."""
    working = path.with_name(f".{path.name}.new")
    path.parent.mkdir(parents=True, exist_ok=True)
    dated = _dated(rows)
    if path.suffix == ".parquet":
        pq.write_table(dated, working)
    elif path.suffix == ".jsonl":
        lines = (json.dumps(row, ensure_ascii=False, default=str) for row in dated.to_pylist())
        working.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    else:
        with working.open("wb") as out:
            out.write(b"\xef\xbb\xbf")  # without it Excel reads UTF-8 as GBK
            pa_csv.write_csv(_harmless(dated), out)
    working.replace(path)


def _dated(rows: pa.Table) -> pa.Table:
    for name in DAYS:
        if name in rows.column_names:
            at = rows.column_names.index(name)
            rows = rows.set_column(at, name, rows.column(name).cast(pa.date32()))
    return rows


def _harmless(rows: pa.Table) -> pa.Table:
    for at, field in enumerate(rows.schema):
        if pa.types.is_string(field.type):
            rows = rows.set_column(at, field.name, _each_once(rows.column(at)))
    return rows


def _each_once(texts: pa.ChunkedArray) -> pa.Array:
    """The texts made harmless; of texts that stand in many rows, each is looked at once."""
    encoded = texts.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().combine_chunks()
    words = pc.replace_substring_regex(encoded.dictionary, _FORMULA, r"'\1")
    return words.take(encoded.indices)
