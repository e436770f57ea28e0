"""Leaves of an edition under other choices of its assumptions, and with the errors of samples.

Choices that only say how a leaf is scored are varied each by itself; a leaf is scored anew for
every combination of those that touch it, and each combination once. Choices that say what is
counted need a count of their own: of these, one at a time departs from what is in force.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import msgspec
import numpy as np

from zhiheng.errors import Message
from zhiheng.indexes.answers import Answer
from zhiheng.indexes.model import IndexSet, Indicator
from zhiheng.law.model import Assumption
from zhiheng.scoring.columns import NOT_APPLICABLE, Column
from zhiheng.scoring.leaf import FULL, Evidence, gives_all_or_nothing, leaf_column
from zhiheng.sensitivity.factors import Draws, Factor, Floats, chosen
from zhiheng.sensitivity.sources import DATA, Some, Stack, normal

OUT = "not_applicable_weight"
"""The assumption on what happens to the weight of a leaf that does not apply."""
COUNTED = "counted"
"""The factor of choices that say what is counted."""
Combination = tuple[int, ...]


@dataclass(frozen=True)
class Counted:
    """A count under a choice that departs from what is in force."""

    title: Message
    evidence: Evidence


@dataclass(frozen=True, eq=False)
class Assumed:
    """The leaves of a set for courts of its level.

    `counted`: counts under other choices of what is counted. `answers`: leaf → place of the court →
    answer. `errors`: place of the court → (leaves, root of the covariance of their scores), of
    courts whose files were sampled.
    """

    index: IndexSet
    courts: tuple[str, ...]
    evidence: Evidence
    counted: tuple[Counted, ...]
    answers: Mapping[str, Mapping[int, Answer]]
    errors: Mapping[int, tuple[tuple[str, ...], Floats]]

    @cached_property
    def leaves(self) -> dict[str, Indicator]:
        """The leaves of the tree by id."""
        return {n.indicator.id: n.indicator for n in self.index.walk() if n.indicator.is_leaf}

    @cached_property
    def choices(self) -> dict[str, tuple[str, ...]]:
        """Assumption → its choices, the one in force first; of those by which a leaf changes."""
        return {
            name: (one.value, *one.alternatives)
            for name, one in self.evidence.edition.assumptions.items()
            if any(self._changes(name, choice) for choice in one.alternatives)
        }

    def _changes(self, name: str, choice: str) -> bool:
        if name == OUT:
            return any((column.state == NOT_APPLICABLE).any() for column in self._base.values())
        other = self._assuming({name: choice})
        reading = (code for code, names in self._read.items() if name in names)
        return any(_differ(self._base[code], self._column(code, other)) for code in reading)

    @cached_property
    def _base(self) -> dict[str, Column]:
        return {code: self._column(code, self.evidence) for code in self.leaves}

    @cached_property
    def _read(self) -> dict[str, set[str]]:
        """Leaf → the assumptions its scoring looks at, under whatever choice."""
        return {code: self._names_read(code) for code in self.leaves}

    def _names_read(self, code: str) -> set[str]:
        known = self.evidence.edition.assumptions
        seen: set[str] = set()
        waiting: list[dict[str, str]] = [{}]
        while waiting:
            watched = _Watched(self._assuming(waiting.pop()).edition.assumptions)
            edition = msgspec.structs.replace(self.evidence.edition, assumptions=watched)
            self._column(code, replace(self.evidence, edition=edition))
            new = watched.names - seen
            # What another choice looks at may be looked at under that choice only.
            waiting += [{name: choice} for name in new for choice in known[name].alternatives]
            seen |= new
        return seen

    @cached_property
    def touching(self) -> dict[str, tuple[str, ...]]:
        """Leaf → the assumptions varied that its score looks at."""
        return {
            code: tuple(name for name in self.choices if name in names or name == OUT)
            for code, names in self._read.items()
        }

    def differs(self, counted: Evidence) -> bool:
        """Whether a leaf has another score under that count."""
        return any(
            _differ(self._column(code, self.evidence), self._column(code, counted))
            for code in self.leaves
        )

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """The assumptions that change a leaf, the counts, and the errors of the samples."""
        known = self.evidence.edition.assumptions
        found = [Factor(name, _title(known[name]), 1) for name in self.choices]
        if self.counted:
            found.append(Factor(COUNTED, Message("口径：统计什么", "what is counted"), 1))
        if self.errors:
            width = sum(len(leaves) for leaves, _ in self.errors.values())
            title = Message("抽样误差", "errors of the samples")
            found.append(Factor(DATA, title, width, "data"))
        return tuple(found)

    def values(self, code: str, draws: Draws, some: Some | None) -> Stack:
        """See `sensitivity.sources.Source`."""
        if some is None:
            return Stack(self.scores(code, (0,) * (1 + len(self.touching[code])))[None, :])
        sizes = [len(self.counted) + 1, *(len(self.choices[n]) for n in self.touching[code])]
        names = (COUNTED, *self.touching[code])
        picked = [self._picked(*each, draws, some) for each in zip(names, sizes, strict=True)]
        # One number a combination: to tell them apart by rows takes far longer.
        found, of = np.unique(np.ravel_multi_index(picked, sizes), return_inverse=True)
        keys = np.stack(np.unravel_index(found, sizes), axis=1)
        rows = np.stack([self.scores(code, tuple(key)) for key in keys.tolist()])
        shifts = self._shifts(code, draws, some)
        if shifts is None:
            return Stack(rows, of)
        smooth = np.array([self._is_smooth(code, tuple(key)) for key in keys.tolist()])
        moved = rows[of] + shifts * smooth[of][:, None]
        return Stack(np.clip(moved, 0.0, FULL), np.arange(len(some)))

    def _is_smooth(self, code: str, key: Combination) -> bool:
        """False where the leaf gives all marks or none: a small error does not move it."""
        return not gives_all_or_nothing(self.leaves[code], self._evidence(code, key))

    def _picked(self, name: str, many: int, draws: Draws, some: Some) -> Some:
        if name not in draws:
            return np.zeros(len(some), np.intp)
        return chosen(draws[name][some], many)

    def scores(self, code: str, key: Combination) -> Floats:
        """The scores (courts,) of a leaf under one combination: the count, then the choices of
        what touches the leaf, 0 being what is in force."""
        if (code, key) not in self._kept:
            self._kept[code, key] = self._scored(code, key)
        return self._kept[code, key]

    @cached_property
    def _kept(self) -> dict[tuple[str, Combination], Floats]:
        return {}

    def _evidence(self, code: str, key: Combination) -> Evidence:
        names = self.touching[code]
        choice = {n: self.choices[n][at] for n, at in zip(names, key[1:], strict=True) if at}
        counted = self.counted[key[0] - 1].evidence if key[0] else self.evidence
        return self._assuming(choice, counted)

    def _scored(self, code: str, key: Combination) -> Floats:
        evidence = self._evidence(code, key)
        column = self._column(code, evidence)
        if evidence.choice(OUT) == "full":
            return np.where(column.state == NOT_APPLICABLE, FULL, column.value)
        return column.value

    def _assuming(self, choices: Mapping[str, str], counted: Evidence | None = None) -> Evidence:
        base = counted or self.evidence
        known = {
            name: choice for name, choice in choices.items() if name in base.edition.assumptions
        }
        return replace(base, edition=base.edition.assuming(**known)) if known else base

    def _column(self, code: str, evidence: Evidence) -> Column:
        return leaf_column(self.leaves[code], self.courts, evidence, self.answers.get(code, {}))

    def _shifts(self, code: str, draws: Draws, some: Some) -> Floats | None:
        """What the errors of the samples add to a leaf: (replays, courts)."""
        places = [place for place, (leaves, _) in self.errors.items() if code in leaves]
        if DATA not in draws or not places:
            return None
        found = np.zeros((len(some), len(self.courts)))
        for place in places:
            leaves, root = self.errors[place]
            start = self._starts[place]
            numbers = normal(draws[DATA][some, start : start + len(leaves)])
            found[:, place] = numbers @ root[leaves.index(code)]
        return found

    @cached_property
    def _starts(self) -> dict[int, int]:
        ends = np.cumsum([0, *(len(leaves) for leaves, _ in self.errors.values())])
        return dict(zip(self.errors, ends.tolist(), strict=False))


def _differ(one: Column, other: Column) -> bool:
    return not (
        np.array_equal(one.value, other.value, equal_nan=True)
        and np.array_equal(one.state, other.state)
    )


class _Watched(dict[str, Assumption]):
    """Assumptions that remember which of them were looked at."""

    def __init__(self, known: Mapping[str, Assumption]) -> None:
        super().__init__(known)
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> Assumption:
        self.names.add(name)
        return super().__getitem__(name)


def _title(one: Assumption) -> Message:
    return Message(one.zh, one.en)


def alternatives(found: Assumed) -> Iterator[tuple[str, Message, Draws]]:
    """Each choice that departs from what is in force, by itself: its factor, what it is called,
    and the numbers of one replay that choose it."""
    for name, choices in found.choices.items():
        known = found.evidence.edition.assumptions[name]
        for at, choice in enumerate(choices[1:], 1):
            said = known.choices[choice]
            title = Message(f"{known.zh}：{said.zh}", f"{known.en}: {said.en}")
            yield name, title, {name: _number(at, len(choices))}
    for at, counted in enumerate(found.counted, 1):
        yield COUNTED, counted.title, {COUNTED: _number(at, len(found.counted) + 1)}


def _number(at: int, many: int) -> Floats:
    """The number that chooses one of so many."""
    return np.array([[(at + 0.5) / many]])
