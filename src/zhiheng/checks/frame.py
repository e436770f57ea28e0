"""Subjects of one kind as arrays: what is known of each, and the first day each node was passed.

A frame is engine-neutral. Whoever makes one (the store's timelines, an event log, a test) hands
over plain arrays; the checks never ask where they come from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhiheng.calendar import MISSING, Days
from zhiheng.checks.columns import Columns, Rows, Source, columns_of, pick_array
from zhiheng.choose import choose

UNKNOWN_MINUTE = -1
LAST_MINUTE = 24 * 60 - 1


@dataclass(frozen=True, eq=False)
class Field:
    """One fact about each subject. Text is coded: `values` index `vocabulary`."""

    values: NDArray[np.generic]
    known: NDArray[np.bool_]
    vocabulary: Sequence[str] | None = None

    def take(self, index: NDArray[np.intp], found: NDArray[np.bool_]) -> Field:
        """The field of other rows; unknown where `found` is false."""
        return Field(self.values[index], self.known[index] & found, self.vocabulary)

    def of(self, rows: Rows) -> Field:
        """The field of some rows."""
        return Field(self.values[rows], self.known[rows], self.vocabulary)


@dataclass(frozen=True, eq=False)
class DayLists:
    """All days of one node: `row[i]` is the subject's row and `day[i]` the day, sorted."""

    row: NDArray[np.intp]
    day: Days

    def of(self, rows: Rows, size: int) -> DayLists:
        """The days of some of `size` subjects, whose rows are counted anew."""
        position = np.full(size, -1, np.intp)
        position[rows] = np.arange(len(rows))
        row = position[self.row]
        there = np.flatnonzero(row >= 0)
        return DayLists(row[there], self.day[there])

    def until(self, day: int) -> DayLists:
        """The days up to a day."""
        there = np.flatnonzero(self.day <= day)
        return DayLists(self.row[there], self.day[there])


@dataclass(frozen=True, eq=False)
class Intervals:
    """Periods that stop or extend the clock, sorted by `case`. An open end is MISSING."""

    case: NDArray[np.int64]
    kind: NDArray[np.str_]
    first: Days
    last: Days
    approved_by: NDArray[np.str_]
    memo: dict[Any, Any] = field(default_factory=dict, repr=False)

    def of_kind(self, kind: str) -> Intervals:
        """Only the intervals of one kind."""
        return self.where(self.kind == kind)

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Intervals:
        """Only the chosen intervals, or all in a chosen order."""
        rows = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
        return Intervals(
            self.case[rows],
            self.kind[rows],
            self.first[rows],
            self.last[rows],
            self.approved_by[rows],
        )

    def begun_by(self, day: int) -> Intervals:
        """What had begun by `day`, with its last day, which for a stop may not be known yet (see
        `still_open`) and for an extension is known from the first."""
        return self.where((self.first != MISSING) & (self.first <= day))

    def still_open(self, day: int) -> Intervals:
        """The same with an end after `day` taken as open."""
        return replace(self, last=choose(self.last > day, np.int32(MISSING), self.last), memo={})


def no_intervals() -> Intervals:
    """No interval at all."""
    text = np.zeros(0, "U1")
    days = np.zeros(0, np.int32)
    return Intervals(np.zeros(0, np.int64), text, days, days, text)


@dataclass(frozen=True, eq=False)
class Frame:
    """n subjects of one kind, sorted by case.

    `key`, `case`: keys; `days`: node → first day; `minutes`: node → minute of that first passing
    (UNKNOWN_MINUTE where not kept); `lists`: node → all its days; `fields`: "table.column" → fact.
    Names of the subject's case carry the prefix "case.". `memo` keeps what was worked out about
    these very subjects, for duties that ask the same.
    """

    subject: str
    key: NDArray[np.int64]
    case: NDArray[np.int64]
    fields: Mapping[str, Field] = field(default_factory=dict)
    days: Mapping[str, Days] = field(default_factory=dict)
    minutes: Mapping[str, NDArray[np.int16]] = field(default_factory=dict)
    lists: Mapping[str, DayLists] = field(default_factory=dict)
    intervals: Intervals = field(default_factory=no_intervals)
    memo: dict[Any, Any] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.key)

    def day(self, node: str) -> Days:
        """First day of a node; MISSING for every subject where no record has it."""
        found = self.days.get(node)
        return found if found is not None else np.full(len(self), MISSING, np.int32)

    def minute(self, node: str) -> NDArray[np.int16]:
        """Minute of the first passing of a node."""
        found = self.minutes.get(node)
        return found if found is not None else np.full(len(self), UNKNOWN_MINUTE, np.int16)

    def as_of(self, day: int) -> Frame:
        """The frame as it stood at the end of `day`: later days have not happened yet."""

        def until(first: Days) -> Days:
            return choose(first > day, np.int32(MISSING), first)

        lists = {node: found.until(day) for node, found in self.lists.items()}
        return replace(
            self,
            days=columns_of(self.days, pick_array).mapped(until),
            lists=lists,
            intervals=self.intervals.begun_by(day),
            memo={},
        )

    def of(self, rows: Rows) -> Frame:
        """Some of the subjects (rows in order), each with all that is known of it."""
        return Frame(
            subject=self.subject,
            key=self.key[rows],
            case=self.case[rows],
            fields=columns_of(self.fields, Field.of).of(rows),
            days=columns_of(self.days, pick_array).of(rows),
            minutes=columns_of(self.minutes, pick_array).of(rows),
            lists=Columns({node: self._some_days(node) for node in self.lists}, None, rows),
            intervals=self.intervals,
        )

    def _some_days(self, node: str) -> Source[DayLists]:
        def source(rows: Rows | None) -> DayLists:
            return self.lists[node] if rows is None else self.lists[node].of(rows, len(self))

        return source


def earliest(frame: Frame, nodes: tuple[str, ...]) -> Days:
    """Day of the first passing of any of the nodes (MISSING where none was)."""
    if len(nodes) == 1:
        return frame.day(nodes[0])
    known = frame.memo.get(nodes)
    if known is None:
        known = frame.memo[nodes] = _earliest(frame, nodes)
    found: Days = known
    return found


def _earliest(frame: Frame, nodes: tuple[str, ...]) -> Days:
    """A day less one: MISSING becomes the latest day there is, so that the least is the first."""
    one = np.int32(1)
    day = np.full(len(frame), np.iinfo(np.int32).max, np.int32)
    for node in nodes:
        if node in frame.days:
            np.minimum(day, frame.days[node] - one, out=day)
    return day + one


def minutes_of(
    frame: Frame, nodes: tuple[str, ...], day: Days
) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """The first and the last minute of `day` at which any of the nodes can first have been passed;
    a minute that is not kept is any of its day."""
    least = np.full(len(frame), LAST_MINUTE, np.int16)
    most = least.copy()
    for node in nodes:
        here, minute = frame.day(node) == day, frame.minute(node)
        known = minute != UNKNOWN_MINUTE
        least = choose(here, np.minimum(least, choose(known, minute, 0)), least)
        most = choose(here & known, np.minimum(most, minute), most)
    return least, most


def which_first(frame: Frame, nodes: tuple[str, ...], day: Days) -> NDArray[np.int16]:
    """Position (from 1) in `nodes` of the node passed on `day`; 0 where none was."""
    found = np.zeros(len(frame), np.int16)
    passed = day != MISSING
    for position, node in reversed(list(enumerate(nodes, start=1))):
        found[(frame.day(node) == day) & passed] = position
    return found
