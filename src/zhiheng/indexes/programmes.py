"""Programmes (rulebook I): tasks, phases and milestones with who acts and by when, as data.

Dates stand as the document states them; beside each is the day that follows from it, where one
does (a month or a year means its last day).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Literal, NamedTuple

import msgspec
import yaml

from zhiheng.calendar import to_day
from zhiheng.errors import Message
from zhiheng.indexes.flaws import Flaw
from zhiheng.law.model import Citation

WHOLE = 100


class Due(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A date as stated, the last day meant where one follows, and what is due by it where that
    is not the whole item."""

    stated: str
    due: str | None = None
    zh: str = ""
    en: str = ""


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A task, phase or milestone: where it stands, the units responsible, its dates.

    `begins` is a phase's first day; `targets` are a milestone's figures in percent.
    """

    id: str
    zh: str
    en: str
    place: str
    kind: Literal["task", "phase", "milestone"] = "task"
    units: tuple[str, ...] = ()
    begins: str | None = None
    dates: tuple[Due, ...] = ()
    targets: dict[str, float] = {}


class Routine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something a programme asks for again and again, or whenever something happens (`every` is
    empty then): a bulletin, a summary, a court called in."""

    id: str
    zh: str
    en: str
    place: str
    every: Literal["", "month", "quarter", "year"] = ""


class Programme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One document's programme, in its order; `routines` go on beside its items."""

    id: str
    zh: str
    en: str
    cites: tuple[Citation, ...]
    items: tuple[Item, ...]
    routines: tuple[Routine, ...] = ()


class Entry(NamedTuple):
    """One line of a schedule: an item with one of its dates (None where it has none). `ahead`:
    the day is not over yet on the day asked about; None where there is no exact day."""

    programme: str
    item: Item
    date: Due | None
    ahead: bool | None


@cache
def programmes() -> dict[str, Programme]:
    """Every programme that comes with the product, by id, in alphabetical order."""
    files = sorted((f for f in _home().iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    found = (_read(file) for file in files)
    return {one.id: one for one in found}


def _home() -> Traversable:
    return resources.files("zhiheng.indexes") / "data" / "programmes"


def _read(file: Traversable) -> Programme:
    raw = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return msgspec.convert(raw, Programme)


def schedule(as_of: int) -> list[Entry]:
    """Every item of every programme, once for each of its dates; those with a day first, in order
    of days, then the others in the order of the documents. `as_of`: days since 1970-01-01."""
    entries = [
        Entry(one.id, item, due, _ahead(due, as_of))
        for one in programmes().values()
        for item in one.items
        for due in (item.dates or (None,))
    ]
    return sorted(entries, key=lambda entry: (entry.date and entry.date.due) or "9999")


def _ahead(due: Due | None, as_of: int) -> bool | None:
    return None if due is None or due.due is None else to_day(date.fromisoformat(due.due)) >= as_of


def verify_programme(programme: Programme) -> list[Flaw]:
    """Everything wrong with a programme; an empty list means it is sound."""
    found = list(_programme_flaws(programme))
    for item in programme.items:
        found += _item_flaws(item)
    return found


def _programme_flaws(programme: Programme) -> Iterator[Flaw]:
    if not programme.items:
        yield Flaw(programme.id, Message("没有任何一项。", "There is no item."))
    if not programme.cites:
        yield Flaw(programme.id, Message("没有注明出处。", "There is no citation."))
    for routine in programme.routines:
        if not (routine.zh and routine.en and routine.place):
            what = Message("缺少名称或出处。", "A title or the place is missing.")
            yield Flaw(routine.id, what)
    ids = [item.id for item in programme.items] + [one.id for one in programme.routines]
    for item_id, times in Counter(ids).items():
        if times > 1:
            yield Flaw(item_id, Message(f"编号出现{times}次。", f"The id occurs {times} times."))


def _item_flaws(item: Item) -> Iterator[Flaw]:
    if not (item.zh and item.en and item.place):
        yield Flaw(item.id, Message("缺少名称或出处。", "A title or the place is missing."))
    days = [day for day in (item.begins, *(due.due for due in item.dates)) if day is not None]
    if not all(_is_day(day) for day in days):
        yield Flaw(item.id, Message("有不存在的日期。", "A day does not exist."))
    elif item.begins and any(due.due and due.due < item.begins for due in item.dates):
        yield Flaw(item.id, Message("期满早于开始。", "It is due before it begins."))
    if any(not due.stated for due in item.dates):
        yield Flaw(item.id, Message("日期没有原文。", "A date is not as stated."))
    if len(item.dates) > 1 and not all(due.zh and due.en for due in item.dates):
        what = Message("有几个日期而未写明各为何事。", "With several dates each must say for what.")
        yield Flaw(item.id, what)
    if any(not 0 <= target <= WHOLE for target in item.targets.values()):
        yield Flaw(item.id, Message("目标值不在0至100之间。", "A target is not between 0 and 100."))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
