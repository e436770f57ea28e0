"""What a check of an event log found: counts by duty, what to know beside them, every finding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhiheng.calendar import MISSING, Days, to_day
from zhiheng.checks import outcomes as o
from zhiheng.checks.event_log import CheckedLog, absent_activities
from zhiheng.checks.outcomes import Outcomes
from zhiheng.errors import Message
from zhiheng.intake.event_log import EventLog
from zhiheng.law.model import Duty, Version

FINDING_STATES = (o.LATE, o.OVERDUE, o.EXCUSED, o.UNDETERMINABLE)
"""The states listed one by one; the others are only counted."""


@dataclass(frozen=True)
class DutyCount:
    """How many cases of a log stand how under one duty.

    `states` has every state, `reasons` and `missing` (the unknown fact of an undeterminable case)
    only what occurs. `due_soon`: not done, not overdue, due within the days asked for.
    """

    duty: Duty
    states: dict[str, int]
    reasons: dict[str, int]
    missing: dict[str, int]
    due_soon: int

    @property
    def open(self) -> int:
        """Cases in which the act is still owed, overdue or not."""
        return self.states["not_due"] + self.states["overdue"]

    @property
    def concerned(self) -> int:
        """Cases to which the duty applies, or may apply."""
        return sum(self.states.values()) - self.states["not_applicable"]


def summarise(checked: CheckedLog, soon: int) -> list[DutyCount]:
    """Counts of every duty, in the order of the duties file; `soon` in calendar days."""
    duties = checked.rules.law.duties
    return [
        _count(duties[name], outcomes, checked.as_of + soon)
        for name, outcomes in checked.outcomes.items()
    ]


def _count(duty: Duty, outcomes: Outcomes, until: int) -> DutyCount:
    unknown = outcomes.state == o.UNDETERMINABLE
    not_due = (outcomes.state == o.NOT_DUE) & (outcomes.due != MISSING)
    return DutyCount(
        duty,
        dict.fromkeys(o.STATES, 0) | _tally(outcomes.state, o.STATES),
        {name: count for name, count in _tally(outcomes.reason, o.REASONS).items() if name},
        _tally(outcomes.detail[unknown], outcomes.details),
        int((not_due & (outcomes.due <= until)).sum()),
    )


def _tally(codes: NDArray[np.integer], names: tuple[str, ...]) -> dict[str, int]:
    counts = np.bincount(codes, minlength=len(names))
    found: dict[str, int] = {}
    for name, count in zip(names, counts, strict=True):
        if count:
            found[name] = found.get(name, 0) + int(count)
    return found


def notices(log: EventLog, checked: CheckedLog) -> Iterator[Message]:
    """What a reader of the counts must know; `log` is the whole log, not only up to the day."""
    for activity in absent_activities(log, checked.rules):
        yield Message(
            f"日志中没有活动“{activity}”，请核对规则文件的 nodes。",
            f"The activity “{activity}” is not in the log; check `nodes` in the duties file.",
        )
    if log.eventless:
        yield Message(
            f"{log.eventless:,} 件案件没有任何事件，未计入。",
            f"Cases without any event, not counted: {log.eventless:,}.",
        )
    if log.all_utc:
        yield Message(
            "日志的时间全部以 UTC 记录，日期按 UTC 计；若不在该时区，请带当地时差重新导出。",
            "All times are given in UTC and days are those of UTC; "
            "if the log was made elsewhere, export it with the local offset.",
        )
    yield from _provisional(checked)


def _provisional(checked: CheckedLog) -> Iterator[Message]:
    calendar = checked.rules.days()
    due = [outcomes.due for outcomes in checked.outcomes.values()]
    count = int(sum(calendar.is_provisional(days).sum() for days in due))
    if count:
        yield Message(
            f"{count:,} 个到期日不在已公布放假安排的年度内，为暂定。",
            f"Provisional due days, outside the years with published holidays: {count:,}.",
        )


def findings(checked: CheckedLog) -> pa.Table:
    """Every outcome in FINDING_STATES, by duty and case; days as int32, null where unknown."""
    parts = [
        _findings(checked, checked.rules.law.duties[name], outcomes)
        for name, outcomes in checked.outcomes.items()
    ]
    return pa.concat_tables(parts)


def _findings(checked: CheckedLog, duty: Duty, outcomes: Outcomes) -> pa.Table:
    rows = np.flatnonzero(np.isin(outcomes.state, FINDING_STATES))
    version = _versions(duty, outcomes.start[rows])
    one = np.zeros(len(rows), np.int64)
    return pa.table(
        {
            "case": _words(rows, checked.log.cases),
            "duty": _words(one, (duty.id,)),
            "title_zh": _words(one, (duty.title.zh,)),
            "title_en": _words(one, (duty.title.en,)),
            "article": _words(version, tuple(_article(v, checked) for v in duty.versions)),
            "state": _words(outcomes.state[rows], o.STATES),
            "reason": _words(outcomes.reason[rows], o.REASONS),
            "detail": _words(outcomes.detail[rows], outcomes.details),
            "start": _days(outcomes.start[rows]),
            "due": _days(outcomes.due[rows]),
            "stop": _days(outcomes.stop[rows]),
            "days_over": _days(outcomes.days_over[rows]),
        }
    )


def _versions(duty: Duty, start: Days) -> NDArray[np.intp]:
    """Which version of the duty was in force on each day; the last where the day is unknown."""
    begins = np.array([to_day(version.first_day) for version in duty.versions])
    at = np.clip(np.searchsorted(begins, start, side="right") - 1, 0, None)
    return np.where(start == MISSING, len(begins) - 1, at)


def _article(version: Version, checked: CheckedLog) -> str:
    documents = checked.rules.law.documents
    named = ((documents[cite.document], cite.place) for cite in version.cites)
    return "；".join(f"{document.number or document.title.zh} {place}" for document, place in named)


def _words(codes: NDArray[np.integer], words: tuple[str, ...]) -> pa.Array:
    return pa.array(words, pa.string()).take(pa.array(codes.astype(np.int64)))


def _days(day: Days) -> pa.Array:
    return pa.array(day, pa.int32(), mask=day == MISSING)
