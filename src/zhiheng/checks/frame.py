"""Subjects of one kind as arrays: what is known of each, and the first day each node was passed.

A frame is engine-neutral. Whoever makes one (the store's timelines, an event log, a test) hands
over plain arrays; the checks never ask where they come from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from zhiheng.calendar import MISSING, Days

UNKNOWN_MINUTE = -1
LAST_MINUTE = 24 * 60 - 1


@dataclass(frozen=True, eq=False)
class Field:
    """One fact about each subject. Text is coded: `values` index `vocabulary`."""

    values: NDArray[np.generic]
    known: NDArray[np.bool_]
    vocabulary: tuple[str, ...] | None = None

    def take(self, index: NDArray[np.intp], found: NDArray[np.bool_]) -> Field:
        """The field of other rows; unknown where `found` is false."""
        return Field(self.values[index], self.known[index] & found, self.vocabulary)


@dataclass(frozen=True, eq=False)
class DayLists:
    """All days of one node: `row[i]` is the subject's row and `day[i]` the day, sorted."""

    row: NDArray[np.intp]
    day: Days


@dataclass(frozen=True, eq=False)
class Intervals:
    """Periods that stop or extend the clock, sorted by `case`. An open end is MISSING."""

    case: NDArray[np.int64]
    kind: NDArray[np.str_]
    first: Days
    last: Days
    approved_by: NDArray[np.str_]

    def of_kind(self, kind: str) -> Intervals:
        """Only the intervals of one kind."""
        return self.where(self.kind == kind)

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Intervals:
        """Only the chosen intervals, or all in a chosen order."""
        return Intervals(
            self.case[chosen],
            self.kind[chosen],
            self.first[chosen],
            self.last[chosen],
            self.approved_by[chosen],
        )

    def begun_by(self, day: int) -> Intervals:
        """What had begun by `day`, with its last day, which for a stop may not be known yet (see
        `still_open`) and for an extension is known from the first."""
        return self.where((self.first != MISSING) & (self.first <= day))

    def still_open(self, day: int) -> Intervals:
        """The same with an end after `day` taken as open."""
        return replace(self, last=np.where(self.last > day, MISSING, self.last).astype(np.int32))


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
    Names of the subject's case carry the prefix "case.".
    """

    subject: str
    key: NDArray[np.int64]
    case: NDArray[np.int64]
    fields: Mapping[str, Field] = field(default_factory=dict)
    days: Mapping[str, Days] = field(default_factory=dict)
    minutes: Mapping[str, NDArray[np.int16]] = field(default_factory=dict)
    lists: Mapping[str, DayLists] = field(default_factory=dict)
    intervals: Intervals = field(default_factory=no_intervals)

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
        days = {
            node: np.where(first > day, MISSING, first).astype(np.int32)
            for node, first in self.days.items()
        }
        lists = {
            node: DayLists(found.row[found.day <= day], found.day[found.day <= day])
            for node, found in self.lists.items()
        }
        return replace(self, days=days, lists=lists, intervals=self.intervals.begun_by(day))


def earliest(frame: Frame, nodes: tuple[str, ...]) -> Days:
    """Day of the first passing of any of the nodes (MISSING where none was)."""
    never = np.iinfo(np.int32).max
    day = np.full(len(frame), never, np.int32)
    for node in nodes:
        first = frame.day(node)
        day = np.minimum(day, np.where(first == MISSING, never, first))
    return np.where(day == never, MISSING, day).astype(np.int32)


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
        least = np.where(here, np.minimum(least, np.where(known, minute, 0)), least)
        most = np.where(here & known, np.minimum(most, minute), most)
    return least, most


def which_first(frame: Frame, nodes: tuple[str, ...], day: Days) -> NDArray[np.int16]:
    """Position (from 1) in `nodes` of the node passed on `day`; 0 where none was."""
    found = np.zeros(len(frame), np.int16)
    for position, node in reversed(list(enumerate(nodes, start=1))):
        found = np.where((frame.day(node) == day) & (day != MISSING), position, found)
    return found.astype(np.int16)
