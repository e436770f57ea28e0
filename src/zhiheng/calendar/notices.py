"""The State Council's notices on days off (节假日安排的通知), as data with their source.

Every number and date was read in the notice's own text or a full reprint of it, except where
`Notice.verified` is false: the number of the notice for 2008 rests on compilations alone, and
the day of signature of the notice for 2009 was not found and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib import resources

import msgspec

from zhiheng.parsed import parse

_EPOCH = date(1970, 1, 1).toordinal()


def to_day(when: date) -> int:
    """A civil date in China as days since 1970-01-01."""
    return when.toordinal() - _EPOCH


def from_day(day: int) -> date:
    """The civil date that lies `day` days after 1970-01-01."""
    return date.fromordinal(int(day) + _EPOCH)


class Break(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One holiday of a notice: the days off and the weekend days worked for them."""

    name: str
    rest: tuple[str, ...]
    work: tuple[str, ...] = ()


class Notice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A notice of the State Council or its General Office on the days off of one year."""

    year: int
    number: str
    title: str
    published: date
    breaks: tuple[Break, ...]
    signed: date | None = None
    verified: bool = True
    remark: str = ""


class Ruling(msgspec.Struct, frozen=True):
    """What one notice says about one day."""

    day: int
    working: bool
    holiday: str
    notice: Notice


@cache
def notices() -> tuple[Notice, ...]:
    """Every notice, oldest first."""
    path = resources.files("zhiheng.calendar").joinpath("data", "notices.yaml")
    rows = parse(path.read_text(encoding="utf-8"))
    found = msgspec.convert(rows, tuple[Notice, ...])
    if list(found) != sorted(found, key=lambda notice: notice.published):
        raise ValueError("notices.yaml must run from the oldest notice to the newest")
    return found


@cache
def rulings() -> dict[int, Ruling]:
    """The ruling in force on every day that a notice names; the newest notice wins."""
    return {ruling.day: ruling for notice in notices() for ruling in _rulings_of(notice)}


def _rulings_of(notice: Notice) -> Iterator[Ruling]:
    for one in notice.breaks:
        for span in one.rest:
            yield from (Ruling(day, False, one.name, notice) for day in _days(span))
        for span in one.work:
            yield from (Ruling(day, True, one.name, notice) for day in _days(span))


def _days(span: str) -> range:
    first, _, last = span.partition("..")
    return range(to_day(date.fromisoformat(first)), to_day(date.fromisoformat(last or first)) + 1)
