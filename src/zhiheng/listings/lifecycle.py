"""The days of one entry on the list: until when it runs, what has to be done with it by when.

Each task is a duty of the law (law/data/duties/listing.yaml): the same limit, the same calendar.
A test holds the two together. Days are days since 1970-01-01.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Literal, NamedTuple

from zhiheng.calendar import Calendar, to_day
from zhiheng.law.model import Law, Limit
from zhiheng.listings.model import Admission

State = Literal["ahead", "open", "done", "done_late", "overdue", "fell_away"]
"""Not begun yet; may still be done in time; done; done too late; missed; another act ended it."""


@dataclass(frozen=True)
class Entry:
    """What is recorded of one entry. `case_over`: the day its case was satisfied, terminated or
    refused. A coded fact and a day are None where not recorded."""

    ground: str | None = None
    period_months: int | None = None
    decided: int | None = None
    listed: int | None = None
    ends: int | None = None
    deletion_ground_day: int | None = None
    case_over: int | None = None
    lifted: int | None = None
    withdrawn: int | None = None
    error_found: int | None = None
    error_kind: str | None = None
    corrected: int | None = None
    correction_requested: int | None = None
    correction_decided: int | None = None
    correction_outcome: str | None = None
    review_requested: int | None = None
    review_decided: int | None = None

    def as_of(self, day: int) -> Entry:
        """The entry as it stood at the end of `day`: what lies later has not happened, but the
        end of the period is known from the first."""
        later = [name for name in _DAYS if (getattr(self, name) or day) > day]
        return replace(self, **dict.fromkeys(later))

    @property
    def gone(self) -> int | None:
        """The day it was deleted or withdrawn, whichever came first."""
        return _first(self.lifted, self.withdrawn)


_DAYS = tuple(
    field.name
    for field in fields(Entry)
    if field.name not in ("ground", "period_months", "ends", "error_kind", "correction_outcome")
)


@dataclass(frozen=True)
class Task:
    """One thing to be done with an entry, the duty that asks for it, and its days."""

    duty: str
    state: State
    since: int
    by: int
    done: int | None = None


@dataclass(frozen=True)
class LifeCycle:
    """An entry on a day: whether it is in force, until when it runs, every task."""

    in_force: bool
    ends: int | None
    tasks: tuple[Task, ...]

    def task(self, *duties: str) -> Task | None:
        """The most pressing task of one of the duties: the earliest that is still to be done,
        else the last."""
        chosen = [task for task in self.tasks if task.duty in duties]
        waiting = [task for task in chosen if task.state in ("ahead", "open", "overdue")]
        if waiting:
            return min(waiting, key=lambda task: task.by)
        return chosen[-1] if chosen else None

    @property
    def deletion(self) -> Task | None:
        """By when it has to be deleted, and whether it was."""
        return self.task("listing.deleted_on_ground", "listing.deleted_after_period")

    @property
    def correction(self) -> Task | None:
        """By when an error has to be mended, and whether it was."""
        return self.task("listing.withdrawn", "listing.corrected", "listing.corrected_on_request")


def life_cycle(entry: Entry, day: int, law: Law, rules: Admission, calendar: Calendar) -> LifeCycle:
    """An entry as of `day`."""
    known = entry.as_of(day)
    ends = end_of_period(known, law, calendar)
    tasks = (_task(one, day, law, calendar) for one in _asked(known, ends, rules))
    in_force = known.listed is not None and known.gone is None
    return LifeCycle(in_force, ends, tuple(task for task in tasks if task))


def end_of_period(entry: Entry, law: Law, calendar: Calendar) -> int | None:
    """The last day of the period: as recorded, else counted from the day an assumption names;
    None where the entry has no period or its days are not recorded."""
    if entry.ends is not None:
        return entry.ends
    begins: int | None = getattr(entry, law.assumptions["listing_runs_from"].settings["column"])
    if entry.period_months is None or begins is None:
        return None
    return calendar.add_months(begins, entry.period_months)


class _Asked(NamedTuple):
    """A duty, and the days it began, was done and fell away."""

    duty: str
    since: int | None
    done: int | None
    ended: int | None = None


def _asked(entry: Entry, ends: int | None, rules: Admission) -> list[_Asked]:
    wrong = entry.error_found if entry.error_kind == "wrongly_listed" else None
    inaccurate = entry.error_found if entry.error_kind == "inaccurate" else None
    upheld = entry.correction_decided if entry.correction_outcome == "upheld" else None
    undated = entry.ground is not None and not rules.grounds[entry.ground].dated
    entered = undated and entry.listed is not None
    endless = entered and entry.period_months is None and entry.ends is None
    arose = _first(entry.deletion_ground_day, entry.case_over) if endless else None
    mended = _first(entry.corrected, entry.gone)
    reviewed, decided = entry.correction_decided, entry.review_decided
    return [
        _Asked("listing.withdrawn", wrong, entry.withdrawn, entry.lifted),
        _Asked("listing.corrected", inaccurate, entry.corrected, entry.gone),
        _Asked("listing.correction_reviewed", entry.correction_requested, reviewed),
        _Asked("listing.corrected_on_request", upheld, mended),
        _Asked("listing.review_decided", entry.review_requested, decided),
        _Asked("listing.deleted_on_ground", arose, entry.lifted, entry.withdrawn),
        _Asked("listing.deleted_after_period", ends, entry.lifted, entry.withdrawn),
    ]


def _task(asked: _Asked, day: int, law: Law, calendar: Calendar) -> Task | None:
    """The task of a duty that has begun, or is known to begin; None where it has not, or began
    before there was the rule."""
    version = law.duties[asked.duty].versions[-1]
    assert version.within is not None
    if asked.since is None or asked.since < to_day(version.first_day):
        return None
    by = last_day(asked.since, version.within, calendar)
    return Task(asked.duty, _state(asked, by, day), asked.since, by, asked.done)


def _state(asked: _Asked, by: int, day: int) -> State:
    if asked.done is not None:
        return "done" if asked.done <= by else "done_late"
    if asked.ended is not None:
        return "fell_away"
    if day > by:
        return "overdue"
    return "open" if asked.since is not None and asked.since <= day else "ahead"


def last_day(since: int, limit: Limit, calendar: Calendar) -> int:
    """The last day of a limit in days or working days, rolled as any such limit is."""
    if limit.unit == "working_days":
        return calendar.add_workdays(since, limit.count)
    due = calendar.add_days(since, limit.count)
    return calendar.roll_forward(due) if limit.rolls() else due


def _first(*days: int | None) -> int | None:
    return min((day for day in days if day is not None), default=None)
