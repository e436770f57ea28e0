"""Turn the cases that stand beside a duty's law into one-row frames for the engine."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import numpy as np

from zhiheng.calendar import MISSING, to_day
from zhiheng.checks.composite import Judged
from zhiheng.checks.frame import UNKNOWN_MINUTE, DayLists, Field, Frame, Intervals, no_intervals
from zhiheng.checks.outcomes import STATES, blank
from zhiheng.law.model import Duty
from zhiheng.records.catalogue import node_named

RESERVED = {"name", "as_of", "expect", "due", "days_over", "band", "detail", "members", "intervals"}
A_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}( \d{2}:\d{2})?$")


def day_of(text: str | None) -> int:
    return MISSING if text is None else to_day(date.fromisoformat(text[:10]))


def minute_of(text: str) -> int:
    return int(text[11:13]) * 60 + int(text[14:16]) if len(text) > 10 else UNKNOWN_MINUTE


def is_node(name: str) -> bool:
    return node_named(name) is not None


def facts(case: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in case.items() if name not in RESERVED}


def frame_of(duty: Duty, case: dict[str, Any]) -> Frame:
    fields: dict[str, Field] = {}
    days, minutes, lists = {}, {}, {}
    listing = duty.kind in ("recurring", "recent")
    all_days = {node for version in duty.versions for node in version.stop} if listing else set()
    for name, value in facts(case).items():
        if isinstance(value, list) or name in all_days:
            texts = value if isinstance(value, list) else [value]
            found = sorted(day_of(text) for text in texts)
            lists[name] = DayLists(np.zeros(len(found), np.intp), np.array(found, np.int32))
        elif isinstance(value, str) and is_node(name) and A_DAY.match(value):
            days[name] = np.array([day_of(value)], np.int32)
            minutes[name] = np.array([minute_of(value)], np.int16)
        else:
            fields[name] = field_of(value)
    one = np.array([1], np.int64)
    frame = Frame(duty.per, one, one, fields, days, minutes, lists, intervals_of(case))
    return frame.as_of(day_of(case["as_of"]))


def field_of(value: Any) -> Field:
    known = np.array([value is not None])
    if isinstance(value, str) and A_DAY.match(value):
        return Field(np.array([day_of(value)], np.int32), known)
    if isinstance(value, str):
        return Field(np.array([0]), known, (value,))
    return Field(np.array([0 if value is None else value]), known)


def intervals_of(case: dict[str, Any]) -> Intervals:
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


def judged_members(case: dict[str, Any]) -> dict[str, Judged]:
    found = {}
    for name, states in case.get("members", {}).items():
        outcomes = blank(len(states))
        outcomes.state[:] = [STATES.index(state) for state in states]
        found[name] = Judged(np.ones(len(states), np.int64), outcomes)
    return found
