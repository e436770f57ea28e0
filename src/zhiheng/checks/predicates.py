"""Does a predicate of the law hold? Three-valued: what is not recorded is not false."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhiheng.calendar import MISSING, Days
from zhiheng.checks.frame import Field, Frame
from zhiheng.choose import choose
from zhiheng.law.model import Predicate

Flags = NDArray[np.bool_]
WIDEST = 2**62
"""Products below it fit an int64; beyond it they are taken with Python's own integers."""

COMPARISONS = {"ge": np.greater_equal, "gt": np.greater, "le": np.less_equal, "lt": np.less}


@dataclass(frozen=True, eq=False)
class Truth:
    """Per subject: certainly true, or certainly false, or else unknown; and the unknown fact.

    `fact` indexes `facts` (0 is "", nothing is missing).
    """

    true: Flags
    false: Flags
    fact: NDArray[np.int16]
    facts: tuple[str, ...]

    @property
    def unknown(self) -> Flags:
        """Neither certainly true nor certainly false."""
        return ~(self.true | self.false)


def holds(predicate: Predicate, frame: Frame, on: Days | None = None) -> Truth:
    """All entries of a predicate on every subject of a frame.

    `on`: the day it is judged; a node counts as present only if passed by then.
    """
    parts = [_known_entry(name, wanted, frame, on) for name, wanted in predicate.items()]
    return _all(parts, len(frame))


def _known_entry(name: str, wanted: Any, frame: Frame, on: Days | None) -> Truth:
    """An entry that does not depend on a day is worked out once for all duties that ask it."""
    if on is not None:
        return _entry(name, wanted, frame, on)
    asked = (name, repr(wanted))
    if asked not in frame.memo:
        frame.memo[asked] = _entry(name, wanted, frame, on)
    found: Truth = frame.memo[asked]
    return found


def _entry(name: str, wanted: Any, frame: Frame, on: Days | None) -> Truth:
    if name == "any_of":
        return _any([holds(part, frame, on) for part in wanted], len(frame))
    if wanted == "present":
        return _present(name, frame, on)
    fact = frame.fields.get(name) or _absent(len(frame))
    if isinstance(wanted, dict):
        return _compared(name, fact, wanted, frame)
    return _one_of(name, fact, wanted if isinstance(wanted, list) else [wanted])


def _present(name: str, frame: Frame, on: Days | None) -> Truth:
    if name in frame.fields:
        return _certain(frame.fields[name].known)
    day = frame.day(name)
    passed = day != MISSING
    return _certain(passed if on is None else passed & (day <= on))


def _one_of(name: str, fact: Field, wanted: list[Any]) -> Truth:
    allowed = [value for value in wanted if value is not None]
    match = _among(fact.values, _coded(allowed, fact.vocabulary))
    if len(allowed) < len(wanted):
        return _certain(match | ~fact.known)
    unknown = (~fact.known).astype(np.int16)
    return Truth(match & fact.known, ~match & fact.known, unknown, ("", name))


def _coded(allowed: list[Any], vocabulary: Sequence[str] | None) -> list[Any]:
    """The values as the fact writes them: of text, the codes of those words that occur."""
    if vocabulary is None:
        return allowed
    return [code for code, word in enumerate(vocabulary) if word in allowed]


FEW = 6
"""So many comparisons are faster than one look into a set."""


def _among(values: NDArray[np.generic], allowed: list[Any]) -> Flags:
    if not 0 < len(allowed) <= FEW:
        return np.isin(values, allowed)
    match = np.asarray(values == allowed[0])
    for other in allowed[1:]:
        match |= values == other
    return match


def _compared(name: str, fact: Field, wanted: dict[str, Any], frame: Frame) -> Truth:
    parts = []
    for operator, bound in wanted.items():
        left, other = _sides(fact, bound, frame)
        known = fact.known & other.known
        result = COMPARISONS[operator](left, other.values)
        facts = ("", name, _named(bound))
        missing = choose(known, 0, choose(fact.known, 2, 1)).astype(np.int16)
        parts.append(Truth(result & known, ~result & known, missing, facts))
    return _all(parts, len(frame))


def _named(bound: Any) -> str:
    return str(bound["of"] if isinstance(bound, dict) else bound).removeprefix("$")


def _sides(fact: Field, bound: Any, frame: Frame) -> tuple[NDArray[np.generic], Field]:
    """Both sides of a comparison; of a share, both multiplied out so that nothing is rounded."""
    if not isinstance(bound, dict):
        return fact.values, _bound(bound, frame)
    whole = frame.fields.get(bound["of"]) or _absent(len(frame))
    share = Fraction(str(bound["percent"])) / 100
    left = _times(fact.values, share.denominator)
    return left, Field(_times(whole.values, share.numerator), whole.known)


def _times(values: NDArray[np.generic], factor: int) -> NDArray[np.generic]:
    whole = values.astype(np.int64)
    largest = max(abs(int(whole.max(initial=0))), abs(int(whole.min(initial=0))))
    return whole * factor if largest * abs(factor) < WIDEST else whole.astype(object) * factor


def _bound(bound: Any, frame: Frame) -> Field:
    if isinstance(bound, str) and bound.startswith("$"):
        return frame.fields.get(bound[1:]) or _absent(len(frame))
    n = len(frame)
    return Field(np.full(n, bound), np.ones(n, np.bool_))


def _absent(n: int) -> Field:
    return Field(np.zeros(n, np.int8), np.zeros(n, np.bool_))


def nobody(n: int) -> Truth:
    """False of everyone."""
    return _certain(np.zeros(n, np.bool_))


def _certain(true: Flags) -> Truth:
    return Truth(true, ~true, np.zeros(len(true), np.int16), ("",))


def _all(parts: Iterable[Truth], n: int) -> Truth:
    """True where all are; false where one is; the first unknown fact is named."""
    total: Truth | None = None
    for part in parts:
        if total is None:
            total = part
        else:
            total = _joined(total, part, total.true & part.true, total.false | part.false)
    return total or _certain(np.ones(n, np.bool_))


def _any(parts: Iterable[Truth], n: int) -> Truth:
    """True where one is; false where all are; the first unknown fact is named."""
    total = _certain(np.zeros(n, np.bool_))
    for part in parts:
        total = _joined(total, part, total.true | part.true, total.false & part.false)
    return total


def _joined(first: Truth, second: Truth, true: Flags, false: Flags) -> Truth:
    facts = (*first.facts, *second.facts[1:])
    if len(facts) == 1:
        return Truth(true, false, first.fact, facts)
    shifted = second.fact + (second.fact > 0) * np.int16(len(first.facts) - 1)
    fact = choose(first.fact > 0, first.fact, shifted)
    fact *= ~(true | false)
    return Truth(true, false, fact, facts)
