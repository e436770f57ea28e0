"""Scores of one node for many courts at once: an array a field, an entry a court.

A set has some hundred nodes and the country some 3,500 courts of a level: as arrays they are
scored in the time that single scores would take to be made. `Column.at` gives one court's score.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhiheng.checks import outcomes as o
from zhiheng.scoring.results import Score, ScoreState

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

STATES: tuple[ScoreState, ...] = ("scored", "no_data", "not_applicable")
SCORED, NO_DATA, NOT_APPLICABLE = range(len(STATES))


@dataclass(frozen=True, eq=False)
class Column:
    """The scores of one node for several courts, in their order (see `Score` for the fields).

    `state` indexes STATES. What a score does not have is NaN. `whole` says whether numerator and
    denominator are counts. `counts` has a row of outcome counts a court, in the order of the
    outcome states. `answered` holds, by place, the scores that came from a person's answer; the
    arrays repeat them.
    """

    node: str
    state: NDArray[np.int8]
    value: Floats
    coverage: Floats
    numerator: Floats
    denominator: Floats
    whole: tuple[bool, bool] = (False, False)
    source: str = ""
    counts: NDArray[np.int64] | None = None
    answered: Mapping[int, Score] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.state)

    def at(self, place: int) -> Score:
        """The score of the court in that place."""
        if place in self.answered:
            return self.answered[place]
        state, value, coverage, above, below = (each[place] for each in self._plain)
        return Score(
            self.node,
            STATES[state],
            _known(value),
            coverage,
            _known(above, self.whole[0]),
            _known(below, self.whole[1]),
            self.source,
            None if self.counts is None else _by_state(self.counts[place]),
        )

    @cached_property
    def _plain(self) -> tuple[list[Any], ...]:
        """The arrays as Python has numbers: looked into one by one, arrays are slow."""
        arrays = (self.state, self.value, self.coverage, self.numerator, self.denominator)
        return tuple(array.tolist() for array in arrays)

    def with_answers(self, answered: Mapping[int, Score]) -> Column:
        """The column with the scores in some places replaced by these."""
        if not answered:
            return self
        places = np.fromiter(answered, np.intp, len(answered))
        given = column_of(self.node, list(answered.values()))
        arrays: dict[str, Any] = {}
        for name in ("state", "value", "coverage", "numerator", "denominator"):
            arrays[name] = getattr(self, name).copy()
            arrays[name][places] = getattr(given, name)
        return replace(self, **arrays, answered={**self.answered, **answered})


def blank(node: str, courts: int, state: int = NO_DATA) -> Column:
    """A column without any figure."""
    nothing = np.full(courts, np.nan)
    return Column(
        node, np.full(courts, state, np.int8), nothing, np.zeros(courts), nothing, nothing
    )


def column_of(node: str, scores: Sequence[Score]) -> Column:
    """A column out of single scores."""
    return Column(
        node,
        np.array([STATES.index(score.state) for score in scores], np.int8),
        np.array([score.value for score in scores], np.float64),
        np.array([score.coverage for score in scores], np.float64),
        np.array([score.numerator for score in scores], np.float64),
        np.array([score.denominator for score in scores], np.float64),
        answered=dict(enumerate(scores)),
    )


class OfCourt(Mapping[str, Score]):
    """The scores of one court by node; each is made when it is asked for."""

    def __init__(self, columns: Mapping[str, Column], place: int) -> None:
        self._columns, self._place = columns, place

    def __getitem__(self, node: str) -> Score:
        return self._columns[node].at(self._place)

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


@dataclass(frozen=True, eq=False)
class SetScores:
    """The scores of all courts of a level: node → column, in the order of the set."""

    level: str
    courts: tuple[str, ...]
    columns: Mapping[str, Column]


def _known(number: float, whole: bool = False) -> float | None:
    if isnan(number):
        return None
    return int(number) if whole else number


def _by_state(counts: NDArray[np.int64]) -> dict[str, int]:
    return {name: int(count) for name, count in zip(o.STATES, counts, strict=True) if count}
