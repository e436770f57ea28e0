"""One answer a file and item: the readers' where they agree, a decision's where they differ.

The first reader's answer never wins by being the first. A decision says who took it, when and why,
and may be taken only where the readers differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from zhiheng.sampling.ratings import FILE, ITEM, Rating, answer_of
from zhiheng.sampling.ratings_rows import Row, csv_text, read_rows

Basis = Literal["single", "agreed", "decided", "open", "unanswered"]

HEADINGS = {
    "file": FILE,
    "item": ITEM,
    "answer": ("answer", "答案", "结论", "裁定结果"),
    "by": ("decided_by", "决定人", "裁定人"),
    "on": ("decided_on", "决定日期", "日期"),
    "why": ("reason", "理由"),
}
Key = tuple[str, str]
"""File, item."""


@dataclass(frozen=True)
class Decision:
    """What somebody decided where two readers differed."""

    answer: str
    by: str
    on: str
    why: str
    place: str


@dataclass(frozen=True)
class Final:
    """The answer that counts, with what it rests on.

    `answer` is "" where the difference is open or nobody answered; `readings` are the readers'
    answers, by reader.
    """

    file: str
    item: str
    answer: str
    basis: Basis
    readings: tuple[tuple[str, str], ...]
    decision: Decision | None = None


def read_decisions(path: Path) -> dict[Key, Decision]:
    """The decisions of a table with file, item, answer, decided_by, decided_on, reason.

    Raises BadInput: an empty cell, a date that is none, two decisions on one difference.
    """
    found: dict[Key, Decision] = {}
    for row in read_rows(path, HEADINGS):
        key, decision = _decision(row)
        if key in found:
            raise row.bad(
                f"与 {found[key].place} 是同一分歧的两个决定。",
                f"It decides what {found[key].place} decided.",
            )
        found[key] = decision
    return found


def _decision(row: Row) -> tuple[Key, Decision]:
    for name, headings in HEADINGS.items():
        if not row[name]:
            raise row.bad(f"缺“{headings[1]}”。", f"There is no {headings[0]}.")
    answer = answer_of(row["answer"])
    if not answer:
        raise row.bad("决定没有给出答案。", "The decision gives no answer.")
    try:
        day = date.fromisoformat(row["on"][:10]).isoformat()
    except ValueError:
        raise row.bad(f"“{row['on']}”不是日期。", f"{row['on']!r} is not a day.") from None
    return (row["file"], row["item"]), Decision(answer, row["by"], day, row["why"], row.place)


def settle(ratings: Iterable[Rating], decisions: Mapping[Key, Decision]) -> list[Final]:
    """The final answers by file and item; differences without a decision are open."""
    readings: dict[Key, list[tuple[str, str]]] = {}
    for one in ratings:
        answered = readings.setdefault((one.file, one.item), [])
        if one.answer:
            answered.append((one.reviewer, one.answer))
    return [
        _final(key, tuple(sorted(readings[key])), decisions.get(key)) for key in sorted(readings)
    ]


def _final(key: Key, readings: tuple[tuple[str, str], ...], decision: Decision | None) -> Final:
    answers = {answer for _, answer in readings}
    if len(answers) > 1:
        if decision is None:
            return Final(*key, "", "open", readings)
        return Final(*key, decision.answer, "decided", readings, decision)
    basis: Basis = ("unanswered", "single", "agreed")[min(len(readings), 2)]
    return Final(*key, next(iter(answers), ""), basis, readings)


def idle(finals: Iterable[Final], decisions: Mapping[Key, Decision]) -> list[Decision]:
    """Decisions on what is not in dispute: the readers agree there, or the item was not read."""
    used = {(one.file, one.item) for one in finals if one.decision}
    return [decision for key, decision in decisions.items() if key not in used]


def final_csv(finals: Iterable[Final]) -> str:
    """One row a file and item; an open difference has an empty answer."""
    rows = ((one.file, one.item, one.answer, one.basis, len(one.readings)) for one in finals)
    return csv_text(("file", "item", "answer", "basis", "readings"), rows)


def log_csv(finals: Iterable[Final]) -> str:
    """Every reading that did not become the final answer, and every decision: who, when, why.

    `reader_decided` tells where the one who decided had read the file: no independent view.
    """
    heading = (
        "file", "item", "reviewer", "read", "final", "basis",
        "decided_by", "decided_on", "reason", "reader_decided",
    )  # fmt: skip
    return csv_text(heading, (row for one in finals for row in _log(one)))


def _log(one: Final) -> Iterable[Sequence[object]]:
    if one.basis not in ("decided", "open"):
        return
    readers = {name for name, _ in one.readings}
    by = one.decision
    decision = (by.by, by.on, by.why, by.by in readers) if by else ("", "", "", "")
    for reviewer, answer in one.readings:
        if answer != one.answer:
            yield one.file, one.item, reviewer, answer, one.answer, one.basis, *decision
