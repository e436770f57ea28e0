"""CSV into an event log: one row an event, the columns named by whoever wrote the rules."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from zhiheng.errors import Message
from zhiheng.intake import log_problems as problems
from zhiheng.intake.encodings import examine
from zhiheng.intake.event_log import EventLog
from zhiheng.intake.log_builder import LogBuilder
from zhiheng.intake.problems import empty_file

_DELIMITERS = (",", "\t", ";")
_TELL_EVERY = 10_000

Told = Callable[[int, int], None]
"""Hears how many lines of the file were read, of how many."""


class LogColumns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The headers of a CSV log's own three columns; attributes go by their headers."""

    case: str = "case"
    activity: str = "activity"
    timestamp: str = "timestamp"


def read_log_csv(path: Path, columns: LogColumns, wanted: frozenset[str], told: Told) -> EventLog:
    """The log of a CSV file in UTF-8 or GB18030; `wanted` are the attribute columns to keep.

    The rows of a case need not stand together. Raises BadInput with the line: encoding, columns
    missing or doubled, a ragged row, an event without case, activity or time, no event at all.
    """
    if not path.stat().st_size:
        raise empty_file(path.name)
    facts = examine(path, path.name)
    builder = LogBuilder(wanted)
    records = _records(path, facts.encoding)
    line, headers = next(records, (1, []))
    layout = _layout(path.name, headers, columns, wanted)
    for line, record in records:
        _add(builder, f"{path.name}:{line}", record, layout, len(headers))
        if len(builder.case) % _TELL_EVERY == 0:
            told(line, facts.lines)
    return builder.log(path.name)


class _Layout(msgspec.Struct, frozen=True):
    """Where in a record the case, activity, time and wanted attributes stand."""

    case: int
    activity: int
    timestamp: int
    attributes: tuple[tuple[str, int], ...]


def _layout(
    place: str, headers: Sequence[str], columns: LogColumns, wanted: frozenset[str]
) -> _Layout:
    at = {header.strip(): index for index, header in enumerate(headers)}
    own = (columns.case, columns.activity, columns.timestamp)
    missing = [name for name in (*own, *sorted(wanted)) if name not in at]
    if missing:
        raise problems.without_columns(place, missing, at)
    for name in (*own, *wanted):
        if sum(header.strip() == name for header in headers) > 1:
            raise problems.same_column_twice(place, name)
    case, activity, timestamp = (at[name] for name in own)
    return _Layout(case, activity, timestamp, tuple((key, at[key]) for key in sorted(wanted)))


def _add(builder: LogBuilder, place: str, record: list[str], at: _Layout, width: int) -> None:
    if len(record) != width:
        raise problems.ragged(place, len(record), width)
    case, activity = record[at.case].strip(), record[at.activity].strip()
    time = record[at.timestamp].strip()
    moment = builder.moment(time)
    if not case:
        raise problems.unnamed_case(place, _ROW)
    if not activity:
        raise problems.unnamed_event(place, _ROW)
    if moment is None:
        raise problems.no_such_time(place, _ROW, time)
    attributes = {key: record[index].strip() for key, index in at.attributes}
    builder.add(builder.cases.of(case), activity, moment, attributes)


_ROW = Message("该行", "The row")


def _records(path: Path, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """Records that are not blank, each with the line it begins on."""
    with path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="") as stream:
        reader = csv.reader(stream, delimiter=_delimiter(stream.readline()), strict=True)
        stream.seek(0)
        line = 1
        try:
            for record in reader:
                if any(record):
                    yield line, record
                line = reader.line_num + 1
        except csv.Error as error:
            raise problems.not_csv(f"{path.name}:{line}", str(error)) from error


def _delimiter(header: str) -> str:
    return max(_DELIMITERS, key=header.count)
