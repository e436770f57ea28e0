"""Frames out of a part's timelines: columns are unpacked only when a duty asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from zhiheng.calendar import MISSING, Days
from zhiheng.checks.columns import Columns, Rows, Source, columns_of, pick_array
from zhiheng.checks.frame import UNKNOWN_MINUTE, DayLists, Field, Frame, Intervals
from zhiheng.choose import choose
from zhiheng.records.catalogue import PARENTS
from zhiheng.store.arrow_arrays import column_of, numbers
from zhiheng.store.facts import known_name, words_of
from zhiheng.store.layout import NO_DAY, rows_among
from zhiheng.store.wanted import Needs, Wanted

At = NDArray[np.int32]
Timelines = Mapping[str, pa.Table]
"""Timelines by subject kind, day lists as "<kind>.<node>", and "intervals" (see store.layout)."""


@dataclass(frozen=True, eq=False)
class Loaded:
    """One part of the store: frames by subject kind, and the court of every subject.

    `court` is, by subject kind, an index into `courts` in the order of the frame.
    """

    name: str
    frames: Mapping[str, Frame]
    court: Mapping[str, NDArray[np.int32]]
    courts: tuple[str, ...]

    def court_of(self, frame: Frame) -> NDArray[np.int32]:
        """Court (index into `courts`) of every subject of a frame."""
        return self.court[frame.subject]

    def of(self, chosen: NDArray[np.bool_]) -> Loaded:
        """The same of some of its cases (a flag for each)."""
        rows = {
            kind: np.flatnonzero(chosen[_case_rows(self.frames["case"], frame)])
            for kind, frame in self.frames.items()
        }
        frames = {kind: frame.of(rows[kind]) for kind, frame in self.frames.items()}
        court = {kind: court[rows[kind]] for kind, court in self.court.items()}
        return Loaded(self.name, frames, court, self.courts)


def _case_rows(cases: Frame, frame: Frame) -> Rows:
    return rows_among(cases.key, frame.case)


def load(timelines: Timelines, needs: Needs, name: str = "") -> Loaded:
    """All frames of a part; the subjects of a case carry what is known of the case."""
    periods = _intervals(timelines["intervals"])
    cases = timelines["case"]
    court = _fact(cases, "court")
    own = {kind: _own(kind, timelines, wanted, periods) for kind, wanted in needs.items()}
    at = {kind: numbers(timelines[kind].column("at")) for kind in needs if kind != "case"}
    frames = {
        kind: _seen_from_itself(frame)
        if kind == "case"
        else _with_its(frame, own, at[kind], timelines[kind])
        for kind, frame in own.items()
    }
    courts = court.values.astype(np.int32)
    by_kind = {kind: courts if kind == "case" else courts[at[kind]] for kind in needs}
    return Loaded(name, frames, by_kind, tuple(court.vocabulary or ()))


def _own(kind: str, timelines: Timelines, wanted: Wanted, periods: Intervals) -> Frame:
    """The subjects of a kind with what is known of themselves."""
    line = timelines[kind]
    key = numbers(line.column("key"))
    cases = numbers(timelines["case"].column("key"))
    return Frame(
        subject=kind,
        key=key,
        case=key if kind == "case" else cases[numbers(line.column("at"))],
        fields=Columns(
            {
                f"{kind}.{name}": _source(line, f"f_{name}", _fact, Field.of)
                for name in wanted.fields
            },
            Field.of,
        ),
        days=Columns({name: _days_of(line, name) for name in wanted.nodes}, pick_array),
        minutes=Columns(
            {name: _source(line, f"m_{name}", _plain, pick_array) for name in wanted.minutes},
            pick_array,
        ),
        lists={node: _day_list(timelines[f"{kind}.{node}"]) for node in wanted.lists},
        intervals=periods,
    )


def _source(line: pa.Table, name: str, read: Any, pick: Any) -> Source[Any]:
    """A column unpacked as a whole; where only some rows are asked for, those of it."""

    def source(rows: Rows | None) -> Any:
        whole = read(line, name)
        return whole if rows is None else pick(whole, rows)

    return source


def _days_of(line: pa.Table, node: str) -> Source[Days]:
    def source(rows: Rows | None) -> Days:
        packed = _plain(line, f"d_{node}")
        day = packed if rows is None else packed[rows]
        return choose(day == NO_DAY, np.int32(MISSING), day.astype(np.int32))

    return source


def _seen_from_itself(cases: Frame) -> Frame:
    """On a case its own nodes may also be written with the prefix."""
    days = {f"case.{name}": day for name, day in _sources(cases.days).items()}
    minutes = {f"case.{name}": minute for name, minute in _sources(cases.minutes).items()}
    return _extended(cases, Sources({}, days, minutes))


def _sources(columns: Mapping[str, Any]) -> Mapping[str, Source[Any]]:
    assert isinstance(columns, Columns)
    return columns.sources


@dataclass(frozen=True, eq=False)
class Sources:
    """What a subject can borrow of a parent, by name."""

    fields: Mapping[str, Source[Field]]
    days: Mapping[str, Source[Days]]
    minutes: Mapping[str, Source[NDArray[np.int16]]]


def _with_its(frame: Frame, own: Mapping[str, Frame], at: At, line: pa.Table) -> Frame:
    """The subjects with what is known of their case and of their other parents."""
    whole = _extended(frame, _borrowed(own["case"], at)) if len(own["case"]) else frame
    for parent in PARENTS.get(frame.subject, {}):
        if f"p_{parent}" in line.column_names and len(own[parent]):
            refers = numbers(line.column(f"p_{parent}"))
            whole = _extended(whole, _borrowed(own[parent], refers))
    return whole


def _borrowed(parent: Frame, at: At) -> Sources:
    """The parent's facts as they are called, and its nodes under its kind, each looked up in the
    parent's row `at` (-1 for no parent)."""
    prefix = parent.subject
    return Sources(
        {name: _through(parent.fields, name, at, _taken) for name in parent.fields},
        {f"{prefix}.{name}": _through(parent.days, name, at, _known_days) for name in parent.days},
        {
            f"{prefix}.{name}": _through(parent.minutes, name, at, _known_minutes)
            for name in parent.minutes
        },
    )


def _through(columns: Mapping[str, Any], name: str, at: At, look_up: Any) -> Source[Any]:
    def source(rows: Rows | None) -> Any:
        return look_up(columns[name], at if rows is None else at[rows])

    return source


def _taken(fact: Field, at: At) -> Field:
    return fact.take(np.maximum(at, 0), at >= 0)


def _known_days(days: Days, at: At) -> Days:
    return choose(at >= 0, days[at], np.int32(MISSING))


def _known_minutes(minutes: NDArray[np.int16], at: At) -> NDArray[np.int16]:
    return choose(at >= 0, minutes[at], np.int16(UNKNOWN_MINUTE))


def _extended(frame: Frame, more: Sources) -> Frame:
    fields = columns_of(frame.fields, Field.of).with_more(more.fields)
    days = columns_of(frame.days, pick_array).with_more(more.days)
    minutes = columns_of(frame.minutes, pick_array).with_more(more.minutes)
    return Frame(
        frame.subject, frame.key, frame.case, fields, days, minutes, frame.lists, frame.intervals
    )


def _plain(line: pa.Table, name: str) -> NDArray[Any]:
    return numbers(line.column(name))


def _fact(line: pa.Table, name: str) -> Field:
    """A fact's values beside whether they are known; of text, the codes of its words."""
    values, words = _plain(line, name), words_of(line, name)
    if words is not None:
        return Field(values, values >= 0, words)
    if known_name(name) in line.column_names:
        return Field(values, _plain(line, known_name(name)).view(np.bool_))
    return Field(values, np.ones(len(values), np.bool_))


def _day_list(table: pa.Table) -> DayLists:
    return DayLists(numbers(table.column("at")).astype(np.intp), numbers(table.column("day")))


def _intervals(table: pa.Table) -> Intervals:
    return Intervals(
        numbers(table.column("case")),
        _words(table.column("kind")),
        _days(table.column("first")),
        _days(table.column("last")),
        _words(table.column("approved_by")),
    )


def _days(column: pa.ChunkedArray) -> Days:
    none = column_of(np.full(len(column), MISSING, np.int32))
    return numbers(pc.coalesce(column.cast(pa.int32()), pa.chunked_array([none])))


def _words(column: pa.ChunkedArray) -> NDArray[np.str_]:
    return np.array([word or "" for word in column.to_pylist()], dtype=np.str_)
