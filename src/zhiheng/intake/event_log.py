"""An event log as columns: who (case), what (activity), when (civil day and minute), in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import compress

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Attribute:
    """What the events say under one key, as written.

    `vocabulary[code[i]]` stands on event `row[i]`; `row` ascends. An event that says nothing under
    the key has no entry.
    """

    row: Rows
    code: Rows
    vocabulary: tuple[str, ...]

    def where(self, chosen: NDArray[np.bool_]) -> Attribute:
        """Only the chosen entries."""
        return replace(self, row=self.row[chosen], code=self.code[chosen])


@dataclass(frozen=True, eq=False)
class EventLog:
    """n events sorted by case, then by time, then as the file has them.

    `case` indexes `cases`, `activity` indexes `activities`; `day` is days since 1970-01-01 where
    the event happened, `minute` the minute of that day or -1. Every case has an event.
    `eventless` counts cases of the file without any; `all_utc`: every time is given in UTC.
    """

    cases: tuple[str, ...]
    activities: tuple[str, ...]
    case: Rows
    activity: Rows
    day: Rows
    minute: NDArray[np.int16]
    attributes: Mapping[str, Attribute]
    eventless: int = 0
    all_utc: bool = False

    def __len__(self) -> int:
        return len(self.case)

    @property
    def first_row(self) -> NDArray[np.intp]:
        """The row of each case's first event."""
        return np.searchsorted(self.case, np.arange(len(self.cases)))

    def as_of(self, day: int) -> EventLog:
        """The log as it stood at the end of `day`: only events up to it, and their cases."""
        kept = self.day <= day
        present = np.zeros(len(self.cases), np.bool_)
        present[self.case[kept]] = True
        case_now = np.cumsum(present, dtype=np.int32) - np.int32(1)
        row_now = np.cumsum(kept, dtype=np.int32) - np.int32(1)
        return replace(
            self,
            cases=tuple(compress(self.cases, present)),
            case=case_now[self.case[kept]],
            activity=self.activity[kept],
            day=self.day[kept],
            minute=self.minute[kept],
            attributes={
                key: Attribute(row_now[part.row], part.code, part.vocabulary)
                for key, found in self.attributes.items()
                for part in [found.where(kept[found.row])]
            },
        )
