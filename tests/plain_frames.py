"""Many plain subjects as one frame for the engine, and the engine's outcomes as plain verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from law_cases import day_of, is_node, minute_of
from oracle import Verdict
from plain_facts import Facts
from zhiheng.calendar import MISSING, from_day
from zhiheng.checks.frame import UNKNOWN_MINUTE, DayLists, Field, Frame, Intervals, no_intervals
from zhiheng.checks.outcomes import REASONS, STATES, Outcomes


def frame_of_all(
    per: str, subjects: Sequence[Facts], cases: Sequence[int], intervals: dict[int, list[Facts]]
) -> Frame:
    """One row a subject; `cases` (ascending) says whose each is, `intervals` goes by case."""
    names = {name for facts in subjects for name in facts if name not in ("as_of", "intervals")}
    columns = {name: [facts.get(name) for facts in subjects] for name in sorted(names)}
    nodes = {name: column for name, column in columns.items() if is_node(name)}
    many = {name for name, column in nodes.items() if any(isinstance(x, list) for x in column)}
    single = {name: [first_of(one) for one in column] for name, column in nodes.items()}
    return Frame(
        per,
        np.arange(len(subjects), dtype=np.int64),
        np.array(cases, np.int64),
        {name: field_of_all(column) for name, column in columns.items() if name not in nodes},
        {name: np.array([day_of(text) for text in col], np.int32) for name, col in single.items()},
        {name: np.array([minute(text) for text in col], np.int16) for name, col in single.items()},
        {name: lists_of(nodes[name]) for name in many},
        intervals_of_all(intervals),
    )


def first_of(passed: str | list[str] | None) -> str | None:
    return min(passed, default=None) if isinstance(passed, list) else passed


def minute(text: str | None) -> int:
    return UNKNOWN_MINUTE if text is None else minute_of(text)


def field_of_all(column: list[Any]) -> Field:
    known = np.array([value is not None for value in column])
    texts = sorted({value for value in column if isinstance(value, str)})
    if texts:
        codes = [texts.index(value) if value is not None else -1 for value in column]
        return Field(np.array(codes), known, tuple(texts))
    values = [value if value is not None else 0 for value in column]
    is_flag = any(isinstance(value, bool) for value in column)
    return Field(np.array(values, np.bool_ if is_flag else np.int64), known)


def lists_of(column: list[list[str] | None]) -> DayLists:
    pairs = [
        (row, day_of(text)) for row, texts in enumerate(column) for text in sorted(texts or [])
    ]
    return DayLists(
        np.array([row for row, _ in pairs], np.intp), np.array([day for _, day in pairs], np.int32)
    )


def intervals_of_all(intervals: dict[int, list[Facts]]) -> Intervals:
    rows = [(case, row) for case in sorted(intervals) for row in intervals[case]]
    if not rows:
        return no_intervals()
    return Intervals(
        np.array([case for case, _ in rows], np.int64),
        np.array([row["kind"] for _, row in rows]),
        np.array([day_of(row["from"]) for _, row in rows], np.int32),
        np.array([day_of(row.get("to")) for _, row in rows], np.int32),
        np.array([row.get("approved_by", "") for _, row in rows]),
    )


def verdicts_of(outcomes: Outcomes) -> list[Verdict]:
    """The engine's outcomes in the oracle's terms."""
    found = []
    for row in range(len(outcomes)):
        due, over = int(outcomes.due[row]), int(outcomes.days_over[row])
        found.append(
            Verdict(
                STATES[outcomes.state[row]],
                REASONS[outcomes.reason[row]],
                outcomes.details[outcomes.detail[row]],
                None if due == MISSING else from_day(due),
                None if over == MISSING else over,
                int(outcomes.band[row]),
            )
        )
    return found
