"""Events gathered one by one into an event log; only what is asked for takes memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from zhiheng.intake.event_log import Attribute, EventLog, Rows
from zhiheng.intake.log_problems import no_events
from zhiheng.intake.moments import Moment, read_moment

_REMEMBERED = 100_000
N = TypeVar("N", bound=np.generic)


class Codes:
    """Texts numbered in the order in which they first came."""

    def __init__(self) -> None:
        self.number: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.number)

    def of(self, text: str) -> int:
        """The number of a text."""
        return self.number.setdefault(text, len(self.number))

    def texts(self) -> tuple[str, ...]:
        """The texts by number."""
        return tuple(self.number)


class _Entries:
    """One attribute as it comes in: on which event (or case), and which text."""

    def __init__(self) -> None:
        self.owner, self.code, self.texts = array("i"), array("i"), Codes()

    def add(self, owner: int, text: str) -> None:
        if text:  # an empty value says nothing
            self.owner.append(owner)
            self.code.append(self.texts.of(text))

    def attribute(self, row_of_owner: NDArray[np.intp]) -> Attribute:
        row, code = row_of_owner[_numbers(self.owner, np.int32)], _numbers(self.code, np.int32)
        order = np.argsort(row, kind="stable")
        return Attribute(row[order].astype(np.int32), code[order], self.texts.texts())


class LogBuilder:
    """Takes the events of a log in the order of the file and gives the log.

    `wanted` are the attribute keys to keep.
    """

    def __init__(self, wanted: Iterable[str]) -> None:
        self.cases, self.activities = Codes(), Codes()
        self.case, self.activity, self.day = array("i"), array("i"), array("i")
        self.minute, self.kind, self.order = array("h"), array("b"), array("q")
        self.outside_utc = False
        self.entries = {key: _Entries() for key in wanted}
        self.described: dict[str, _Entries] = {}
        self.moments: dict[str, Moment | None] = {}

    def moment(self, text: str) -> Moment | None:
        """What a time means; the same text is read once."""
        found = self.moments.get(text)
        if found is None:
            if len(self.moments) >= _REMEMBERED:
                self.moments.clear()
            found = self.moments[text] = read_moment(text)
        return found

    def add(self, case: int, activity: str, moment: Moment, attributes: Mapping[str, str]) -> None:
        """One more event; `attributes` holds wanted keys only."""
        row = len(self.case)
        self.case.append(case)
        self.activity.append(self.activities.of(activity))
        self.day.append(moment.day)
        self.minute.append(moment.minute)
        self.kind.append(moment.kind)
        self.order.append(moment.order)
        self.outside_utc |= not moment.utc
        for key, text in attributes.items():
            self.entries[key].add(row, text)

    def describe(self, case: int, attributes: Mapping[str, str]) -> None:
        """Attributes of a whole case that has events; they will stand on its first event."""
        for key, text in attributes.items():
            self.described.setdefault(key, _Entries()).add(case, text)

    def log(self, place: str) -> EventLog:
        """The log. Raises BadInput where there is no event."""
        if not self.case:
            raise no_events(place)
        found, day = _numbers(self.case, np.int32), _numbers(self.day, np.int32)
        kind, of_day = _numbers(self.kind, np.int8), _numbers(self.order, np.int64)
        order = _sequence(found, day, kind, of_day)
        has_event = np.bincount(found, minlength=len(self.cases)) > 0
        case = (np.cumsum(has_event, dtype=np.int32) - np.int32(1))[found[order]]
        row_of_event = np.empty(len(order), np.intp)
        row_of_event[order] = np.arange(len(order))
        row_of_case = np.searchsorted(found[order], np.arange(len(self.cases)))
        return EventLog(
            cases=tuple(
                name for name, has in zip(self.cases.number, has_event, strict=True) if has
            ),
            activities=self.activities.texts(),
            case=case,
            activity=_numbers(self.activity, np.int32)[order],
            day=day[order],
            minute=_numbers(self.minute, np.int16)[order],
            attributes={
                **{key: part.attribute(row_of_event) for key, part in self.entries.items()},
                **{key: part.attribute(row_of_case) for key, part in self.described.items()},
            },
            eventless=int((~has_event).sum()),
            all_utc=not self.outside_utc,
        )


def _numbers(column: array[int], kind: type[N]) -> NDArray[N]:
    return np.frombuffer(column, kind) if column else np.zeros(0, kind)


def _sequence(
    case: Rows, day: Rows, kind: NDArray[np.int8], of_day: NDArray[np.int64]
) -> NDArray[np.intp]:
    """Rows by case, then day, then time of day, then as they came.

    Where the events of one case and day are not all timed in the same way their times do not
    compare, and the order of the rows alone decides.
    """
    by_day = np.lexsort((day, case))
    new = np.r_[True, (np.diff(case[by_day]) != 0) | (np.diff(day[by_day]) != 0)]
    group, starts = np.cumsum(new) - 1, np.flatnonzero(new)
    least = np.minimum.reduceat(kind[by_day], starts)
    most = np.maximum.reduceat(kind[by_day], starts)
    within = np.where((least == most)[group], of_day[by_day], 0)
    return by_day[np.lexsort((within, group))]
