"""Frames out of the store's timelines: one part of the store in memory at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from zhiheng.calendar import MISSING, Days
from zhiheng.checks.frame import UNKNOWN_MINUTE, DayLists, Field, Frame, Intervals
from zhiheng.records.catalogue import PARENTS
from zhiheng.store.timelines import NO_MINUTE, PACK, Needs, Part


@dataclass(frozen=True, eq=False)
class Loaded:
    """One part of the store: frames by subject kind, and the court of every case.

    `court` indexes `courts`, in the order of the case frame.
    """

    part: Part
    frames: Mapping[str, Frame]
    court: NDArray[np.int32]
    courts: tuple[str, ...]

    def court_of(self, frame: Frame) -> NDArray[np.int32]:
        """Court (index into `courts`) of every subject of a frame."""
        return self._court_by_kind[frame.subject]

    @cached_property
    def _court_by_kind(self) -> dict[str, NDArray[np.int32]]:
        """Looked up once for all the duties on subjects of a kind."""
        keys = self.frames["case"].key
        return {kind: self.court[_rows(keys, of.case)[0]] for kind, of in self.frames.items()}


def load(part: Part, needs: Needs) -> Loaded:
    """All frames of a part; the subjects of a case carry what is known of the case."""
    lines = {subject: part.timeline(subject) for subject in needs}
    periods = _intervals(part.intervals())
    own = {subject: _frame(subject, line, part, needs, periods) for subject, line in lines.items()}
    court = _coded(lines["case"].column("court"))
    frames = {
        subject: _seen_from_itself(frame) if subject == "case" else _with_its(frame, own)
        for subject, frame in own.items()
    }
    return Loaded(part, frames, court.values.astype(np.int32), court.vocabulary or ())


def _frame(subject: str, line: pa.Table, part: Part, needs: Needs, periods: Intervals) -> Frame:
    wanted = needs[subject]
    key = line.column("key").to_numpy()
    return Frame(
        subject=subject,
        key=key,
        case=line.column("case").to_numpy(),
        fields={f"{subject}.{name}": _fact(line.column(f"f_{name}")) for name in wanted.fields},
        days={name: days_of(line.column(f"d_{name}")) for name in wanted.nodes},
        minutes={name: _minutes(line.column(f"m_{name}")) for name in wanted.minutes},
        lists={node: _list(part.days_of(subject, node), key) for node in wanted.lists},
        intervals=periods,
    )


def _seen_from_itself(cases: Frame) -> Frame:
    """On a case its own nodes may also be written with the prefix."""
    days = {f"case.{name}": day for name, day in cases.days.items()}
    minutes = {f"case.{name}": minute for name, minute in cases.minutes.items()}
    return replace(cases, days={**cases.days, **days}, minutes={**cases.minutes, **minutes})


def _with_its(frame: Frame, own: Mapping[str, Frame]) -> Frame:
    """The subjects with what is known of their case and of their other parents."""
    whole = _with_parent(frame, own["case"], *_rows(own["case"].key, frame.case))
    for parent, column in PARENTS.get(frame.subject, {}).items():
        refers = frame.fields.get(f"{frame.subject}.{column}")
        if refers is not None and parent in own:
            at, found = _rows_anywhere(own[parent].key, refers.values.astype(np.int64))
            whole = _with_parent(whole, own[parent], at, found & refers.known)
    return whole


def _with_parent(
    frame: Frame, parent: Frame, at: NDArray[np.intp], found: NDArray[np.bool_]
) -> Frame:
    """The frame with the parent's facts as they are called and its nodes under its kind."""
    if not len(parent):
        return frame
    facts = {name: fact.take(at, found) for name, fact in parent.fields.items()}
    days = {
        f"{parent.subject}.{name}": np.where(found, day[at], MISSING).astype(np.int32)
        for name, day in parent.days.items()
    }
    minutes = {
        f"{parent.subject}.{name}": np.where(found, minute[at], UNKNOWN_MINUTE).astype(np.int16)
        for name, minute in parent.minutes.items()
    }
    return replace(
        frame,
        fields={**frame.fields, **facts},
        days={**frame.days, **days},
        minutes={**frame.minutes, **minutes},
    )


def _rows_anywhere(
    keys: NDArray[np.int64], wanted: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """The same as `_rows` where the keys are not sorted."""
    order = np.argsort(keys, kind="stable")
    at, found = _rows(keys[order], wanted)
    return (order[at] if len(keys) else at), found


def _rows(
    keys: NDArray[np.int64], wanted: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Where each wanted key stands among the sorted keys, and whether it is there."""
    at = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    if not len(keys):
        return at, np.zeros(len(wanted), np.bool_)
    return at, keys[at] == wanted


def days_of(column: pa.ChunkedArray) -> Days:
    """A day column as int32 with MISSING for null."""
    return np.asarray(pc.fill_null(column.cast(pa.int32()), MISSING).to_numpy(), np.int32)


def _minutes(packed: pa.ChunkedArray) -> NDArray[np.int16]:
    minute = pc.fill_null(packed, NO_MINUTE).to_numpy() % PACK
    return np.where(minute == NO_MINUTE, UNKNOWN_MINUTE, minute).astype(np.int16)


def _fact(column: pa.ChunkedArray) -> Field:
    known = np.asarray(column.is_valid().to_numpy(), np.bool_)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return _coded(column)
    if pa.types.is_boolean(column.type):
        return Field(np.asarray(pc.fill_null(column, False).to_numpy()), known)
    if pa.types.is_decimal(column.type):
        return Field(_cents(column), known)
    return Field(np.asarray(pc.fill_null(column, 0).to_numpy()), known)


def _coded(column: pa.ChunkedArray) -> Field:
    coded = column.combine_chunks().dictionary_encode()
    values = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
    return Field(values, values >= 0, tuple(coded.dictionary.to_pylist()))


def _cents(column: pa.ChunkedArray) -> NDArray[np.int64]:
    hundredfold = pc.multiply(pc.fill_null(column, 0), pa.scalar(100))
    return np.asarray(pc.cast(hundredfold, pa.int64(), safe=False).to_numpy(), np.int64)


def _list(table: pa.Table, keys: NDArray[np.int64]) -> DayLists:
    day = table.column("day").to_numpy()
    at, found = _rows_anywhere(keys, table.column("key").to_numpy())
    return DayLists(at[found], np.asarray(day[found], np.int32))


def _intervals(table: pa.Table) -> Intervals:
    return Intervals(
        table.column("case").to_numpy(),
        _text(table.column("kind")),
        days_of(table.column("first")),
        days_of(table.column("last")),
        _text(table.column("approved_by")),
    )


def _text(column: pa.ChunkedArray) -> NDArray[np.str_]:
    return np.array(pc.fill_null(column, "").to_pylist(), dtype=np.str_)
