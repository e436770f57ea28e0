"""All the days of an act: windows after a start, each of which needs it once; the time before a
start, in which it must lie once."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from zhiheng.calendar import MISSING, Days
from zhiheng.checks.clock import due_day
from zhiheng.checks.frame import Frame
from zhiheng.checks.setting import Setting
from zhiheng.choose import choose
from zhiheng.law.model import Limit, Version


@dataclass(frozen=True, eq=False)
class Windows:
    """Per subject: how many windows are over, the last day of the first one without the act
    (MISSING where none), and the last day of the window now running (MISSING where none)."""

    elapsed: NDArray[np.int_]
    missed: Days
    next: Days


def missed_window(
    version: Version, frame: Frame, start: Days, ended: Days, setting: Setting
) -> Windows:
    """Windows one after another up to `during`, `ended` and the day of check.

    The k-th ends when k times `every` have passed since the start, rolled as any period is; the
    next begins the day after. A window that an ending event cuts short asks for nothing.
    """
    assert version.every is not None and version.during is not None
    n = len(frame)
    elapsed = np.zeros(n, np.int_)
    missed = np.full(n, MISSING, np.int32)
    upcoming = np.full(n, MISSING, np.int32)
    known = start != MISSING
    opens = start
    for k in range(1, version.during.count // version.every.count + 1):
        closes = due_day(start, _times(version.every, k), setting.calendar)
        running = known & ((ended == MISSING) | (ended > closes))
        over = running & (closes < setting.as_of)
        done = _done_between(version.stop, frame, opens, closes)
        elapsed += over
        missed = choose(over & ~done & (missed == MISSING), closes, missed)
        upcoming = choose(running & ~over & (upcoming == MISSING), closes, upcoming)
        opens = closes
    return Windows(elapsed, missed.astype(np.int32), upcoming.astype(np.int32))


def _times(limit: Limit, k: int) -> Limit:
    return msgspec.structs.replace(limit, **{limit.unit: k * limit.count})


def _done_between(
    nodes: tuple[str, ...], frame: Frame, opens: Days, closes: Days
) -> NDArray[np.bool_]:
    done = np.zeros(len(frame), np.bool_)
    for node in nodes:
        days = frame.lists.get(node)
        if days is not None:
            inside = (days.day > opens[days.row]) & (days.day <= closes[days.row])
            done[days.row[inside]] = True
    return done


def last_recent(version: Version, frame: Frame, start: Days, setting: Setting) -> Days:
    """The last day of the act in the time before each start; MISSING where there is none.

    Counted back from the start, which belongs to that time, without rolling.
    """
    assert version.within is not None
    calendar, back = setting.calendar, -version.within.count
    months = version.within.unit == "months"
    since = (calendar.add_months if months else calendar.add_days)(start, back)
    latest = np.full(len(frame), MISSING, np.int32)
    for node in version.stop:
        days = frame.lists.get(node)
        if days is not None:
            inside = (days.day >= since[days.row]) & (days.day <= start[days.row])
            np.maximum.at(latest, days.row[inside], days.day[inside])
    return latest
