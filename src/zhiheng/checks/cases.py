"""The cases that stand beside a duty's law, as frames of one subject.

A case is a plain mapping: a node → the day (and minute) it was passed, or all its days; a fact →
its value; `intervals` of the case; `members` of a composite with the states of their subjects; and
what is expected of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from zhiheng.calendar import MISSING, to_day
from zhiheng.checks.composite import Judged, States
from zhiheng.checks.frame import UNKNOWN_MINUTE, DayLists, Field, Frame, Intervals, no_intervals
from zhiheng.checks.outcomes import STATES
from zhiheng.law.model import Duty
from zhiheng.records.catalogue import node_named

Case = Mapping[str, Any]
RESERVED = {"name", "as_of", "expect", "due", "days_over", "band", "detail", "members", "intervals"}
"""What a case says beside its facts."""

A_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}( \d{2}:\d{2})?$")


def day_of(text: str | None) -> int:
    """A written day, with or without its minute; MISSING for none."""
    return MISSING if text is None else to_day(date.fromisoformat(text[:10]))


def minute_of(text: str) -> int:
    """The minute of a written day; UNKNOWN_MINUTE where it has none."""
    return int(text[11:13]) * 60 + int(text[14:16]) if len(text) > 10 else UNKNOWN_MINUTE


def facts(case: Case) -> dict[str, Any]:
    """What a case says of its subject."""
    return {name: value for name, value in case.items() if name not in RESERVED}


def frame_of(duty: Duty, case: Case) -> Frame:
    """The one subject of a case as of its day."""
    fields: dict[str, Field] = {}
    days, minutes, lists = {}, {}, {}
    every_day = _kept_whole(duty)
    for name, value in facts(case).items():
        if isinstance(value, list) or name in every_day:
            texts = value if isinstance(value, list) else [value]
            lists[name] = DayLists(
                np.zeros(len(texts), np.intp), np.array(sorted(map(day_of, texts)), np.int32)
            )
        elif isinstance(value, str) and node_named(name) and A_DAY.match(value):
            days[name] = np.array([day_of(value)], np.int32)
            minutes[name] = np.array([minute_of(value)], np.int16)
        else:
            fields[name] = _field(value)
    one = np.array([1], np.int64)
    frame = Frame(duty.per, one, one, fields, days, minutes, lists, _intervals(case))
    return frame.as_of(day_of(case["as_of"]))


def judged_members(case: Case) -> dict[str, Judged]:
    """The members of a composite in the states the case gives them."""
    found = {}
    for name, states in case.get("members", {}).items():
        codes = np.array([STATES.index(state) for state in states], np.int8)
        found[name] = Judged(np.ones(len(states), np.int64), States(codes))
    return found


def _kept_whole(duty: Duty) -> set[str]:
    """Nodes of which every day matters, however many a case writes."""
    if duty.kind not in ("recurring", "recent"):
        return set()
    return {node for version in duty.versions for node in version.stop}


def _field(value: Any) -> Field:
    known = np.array([value is not None])
    if isinstance(value, str) and A_DAY.match(value):
        return Field(np.array([day_of(value)], np.int32), known)
    if isinstance(value, str):
        return Field(np.array([0]), known, (value,))
    return Field(np.array([0 if value is None else value]), known)


def _intervals(case: Case) -> Intervals:
    rows = case.get("intervals", [])
    if not rows:
        return no_intervals()
    return Intervals(
        np.ones(len(rows), np.int64),
        np.array([row["kind"] for row in rows]),
        np.array([day_of(row["from"]) for row in rows], np.int32),
        np.array([day_of(row.get("to")) for row in rows], np.int32),
        np.array([row.get("approved_by", "") for row in rows]),
    )
