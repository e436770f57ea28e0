"""What is known of one subject, and what of it satisfies a predicate: the oracle's records.

A subject is a plain dict as the cases beside the law write it: node → 'YYYY-MM-DD[ HH:MM]' (or a
list of days), "table.column" → value, and beside them `intervals` and `as_of`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from zhiheng.law.model import Predicate

MINUTES = 24 * 60
Facts = dict[str, Any]


def to_date(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def is_passing(value: Any) -> bool:
    """Whether a value is the day, or the days, on which a node was passed."""
    texts = value if isinstance(value, list) else [value]
    return all(isinstance(text, str) and text[4:8:3] == "--" for text in texts)


@dataclass(frozen=True)
class Subject:
    """What was known of one subject at the end of one day."""

    facts: Facts
    as_of: date

    def days(self, node: str) -> list[date]:
        """Every day a node was passed, in order."""
        value = self.facts.get(node, [])
        found = [to_date(text) for text in (value if isinstance(value, list) else [value])]
        return sorted(day for day in found if day is not None and day <= self.as_of)

    def first(self, names: Sequence[str]) -> date | None:
        """The first day on which any of the nodes was passed."""
        return min((day for name in names for day in self.days(name)), default=None)

    def which(self, names: Sequence[str]) -> str:
        """The node passed first; of several on one day the first named."""
        first = self.first(names)
        return next((name for name in names if first in self.days(name)), "")

    def moment(self, names: Sequence[str]) -> tuple[int, int]:
        """The earliest and the latest minute at which the first of the nodes can have been
        passed; a minute that is not known is any of its day."""
        first = self.first(names)
        assert first is not None
        bounds = [minutes_in(self.facts[name]) for name in names if first in self.days(name)]
        midnight = first.toordinal() * MINUTES
        return midnight + min(low for low, _ in bounds), midnight + min(high for _, high in bounds)


def minutes_in(text: str) -> tuple[int, int]:
    if len(text) <= 10:
        return 0, MINUTES - 1
    minute = int(text[11:13]) * 60 + int(text[14:16])
    return minute, minute


def holds(predicate: Predicate, subject: Subject, by: date) -> tuple[bool | None, str]:
    """Whether a predicate holds on what had happened `by` a day; None and the first missing fact
    where that cannot be said. One entry that fails decides, whatever is missing beside it."""
    results = [entry_holds(name, wanted, subject, by) for name, wanted in predicate.items()]
    return together(results, decisive=False)


def entry_holds(name: str, wanted: Any, subject: Subject, by: date) -> tuple[bool | None, str]:
    if name == "any_of":
        return together([holds(choice, subject, by) for choice in wanted], decisive=True)
    value = subject.facts.get(name)
    if wanted == "present":
        passed = is_passing(value) and any(day <= by for day in subject.days(name))
        return passed or (value is not None and not is_passing(value)), ""
    if isinstance(wanted, list):
        known = value is not None or None in wanted
        return (value in wanted, "") if known else (None, name)
    return together(
        [compared(name, sign, bound, subject) for sign, bound in wanted.items()], decisive=False
    )


def compared(name: str, sign: str, bound: Any, subject: Subject) -> tuple[bool | None, str]:
    value, other = subject.facts.get(name), bound
    if isinstance(bound, str):
        other = subject.facts.get(bound[1:])
    if isinstance(bound, dict):
        whole = subject.facts.get(bound["of"])
        other = None if whole is None else whole * Fraction(str(bound["percent"])) / 100
    if value is None or other is None:
        return None, name if value is None else bound["of"] if isinstance(bound, dict) else bound[
            1:
        ]
    signs = {"ge": value >= other, "gt": value > other, "le": value <= other, "lt": value < other}
    return signs[sign], ""


def together(results: list[tuple[bool | None, str]], decisive: bool) -> tuple[bool | None, str]:
    """All must be true (`decisive` False) or one must (True); else the first missing fact."""
    if any(truth is decisive for truth, _ in results):
        return decisive, ""
    missing = [fact for truth, fact in results if truth is None]
    return (None, missing[0]) if missing else (not decisive, "")
