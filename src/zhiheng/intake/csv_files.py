"""CSV into a part: decoded, split and numbered, every cell still the text it was."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from zhiheng.intake.encodings import TextFacts, examine
from zhiheng.intake.headers import match_columns
from zhiheng.intake.parts import LINE, Part
from zhiheng.intake.problems import no_rows, open_quote, unreadable
from zhiheng.intake.profile import Profile

_BLOCK = 1 << 24
_DELIMITERS = (",", "\t", ";")
csv.field_size_limit(1 << 30)  # a quotation mark left open makes a field of the rest of the file


def read_csv(path: Path, place: str, table: str, profile: Profile, work: Path) -> Part:
    """The rows of a CSV file as a part, written below `work`.

    Raises BadInput: encoding, an unclosed quotation mark, no header, missing or doubled columns.
    """
    facts = examine(path, place)
    if facts.quotes % 2:
        raise open_quote(place, _open_quote_line(path, facts, place))
    headers, delimiter, header_line = _header(path, facts, place)
    columns = match_columns(table, headers, place, profile)
    conversion = _Conversion(path, facts, delimiter, header_line, len(headers))
    target = work / f"{len(list(work.iterdir()))}.parquet"
    rows = conversion.write(target, columns, place)
    records = rows + len(conversion.ragged) + 1
    return Part(
        table=table,
        place=place,
        path=target,
        columns={column: column for column in columns},
        rows=rows,
        converted=True,
        extra=tuple(h for i, h in enumerate(headers) if i not in columns.values()),
        constants=profile.of(table).constants,
        values=profile.of(table).values,
        ragged=tuple(conversion.ragged),
        csv=path if records != facts.lines else None,
    )


def lines_of(path: Path) -> dict[int, int]:
    """Record number (the header is 1, blank lines do not count) → line it begins on, from 1."""
    found: dict[int, int] = {}
    facts = examine(path, path.name)
    _, delimiter, _ = _header(path, facts, path.name)
    for line, _ in _records(path, facts, delimiter):
        found[len(found) + 1] = line
    return found


def _records(path: Path, facts: TextFacts, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    encoding = "utf-8-sig" if facts.encoding == "utf-8" else facts.encoding
    with path.open(encoding=encoding, newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter)
        line = 1
        for record in reader:
            if record:
                yield line, record
            line = reader.line_num + 1


def _open_quote_line(path: Path, facts: TextFacts, place: str) -> int:
    """The line on which the last record begins: it is the one that never ends."""
    _, delimiter, _ = _header(path, facts, place)
    return max((line for line, _ in _records(path, facts, delimiter)), default=1)


def _header(path: Path, facts: TextFacts, place: str) -> tuple[list[str], str, int]:
    """The header's fields, the delimiter, and the line the header stands on."""
    encoding = "utf-8-sig" if facts.encoding == "utf-8" else facts.encoding
    with path.open(encoding=encoding, newline="") as stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                delimiter = max(_DELIMITERS, key=line.count)
                return next(csv.reader([line], delimiter=delimiter)), delimiter, number
    raise no_rows(place)


class _Conversion:
    """One streaming pass from CSV text to a Parquet file of strings with record numbers."""

    def __init__(
        self, path: Path, facts: TextFacts, delimiter: str, header_line: int, width: int
    ) -> None:
        self.path = path
        self.facts = facts
        self.delimiter = delimiter
        self.header_line = header_line
        self.names = [f"f{i}" for i in range(width)]
        self.ragged: list[tuple[int, int, int]] = []
        self.next = 2  # the header is record 1

    def write(self, target: Path, columns: Any, place: str) -> int:
        """Write the parts' wanted columns to `target`; returns the number of good records."""
        fields = [(name, pa.string()) for name in columns]
        schema = pa.schema([(LINE, pa.int64()), *fields])
        rows = 0
        try:
            with pq.ParquetWriter(target, schema, compression="lz4") as writer:
                for batch in self._batches([f"f{i}" for i in columns.values()]):
                    numbers = self._numbers(len(batch))
                    writer.write_batch(pa.record_batch([numbers, *batch.columns], schema=schema))
                    rows += len(batch)
        except pa.ArrowInvalid as error:
            raise unreadable(place, "无法按 CSV 拆分", f"not CSV ({error})") from error
        return rows

    def _batches(self, wanted: list[str]) -> Iterator[pa.RecordBatch]:
        if self.facts.lines <= self.header_line:
            return iter(())  # Arrow takes a header alone for a damaged file
        reader: Iterator[pa.RecordBatch] = pyarrow.csv.open_csv(
            self.path,
            read_options=pyarrow.csv.ReadOptions(
                use_threads=False,  # only then does Arrow number the ragged rows
                block_size=_BLOCK,
                encoding=self.facts.encoding,
                column_names=self.names,
                skip_rows=self.header_line,
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=self.delimiter,
                newlines_in_values=self.facts.quotes > 0,
                invalid_row_handler=self._note,
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(self.names, pa.string()),
                strings_can_be_null=False,
                include_columns=wanted,
            ),
        )
        return reader

    def _note(self, row: Any) -> str:
        # Arrow counts from the top of the file, blank lines left out below the header.
        record = row.number - self.header_line + 1
        self.ragged.append((record, row.actual_columns, row.expected_columns))
        return "skip"

    def _numbers(self, count: int) -> pa.Array:
        """The record numbers of the next `count` good records: ragged ones are passed over."""
        skipped = [number for number, _, _ in self.ragged if number >= self.next]
        numbers = np.arange(self.next, self.next + count + len(skipped))
        good = numbers[~np.isin(numbers, skipped)][:count]
        self.next = int(good[-1]) + 1 if count else self.next
        return pa.array(good)
