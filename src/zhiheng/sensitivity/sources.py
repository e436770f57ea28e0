"""Where the figures of a replayed index come from: as they are, or with errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from zhiheng.errors import Message
from zhiheng.sensitivity.factors import Draws, Factor, Floats

DATA = "data"
Some = NDArray[np.intp]
"""Which replays are asked for."""


@dataclass(frozen=True, eq=False)
class Stack:
    """Values of an indicator: `rows` (rows, units), and of each replay its row; None where all
    replays have the only one. What is done to a row is done once, however many replays share it.
    """

    rows: Floats
    of: NDArray[np.intp] | None = None

    def spread(self, rows: Floats) -> Floats:
        """Rows made of these, one a replay, or (units,) where all replays have the only one."""
        return rows[0] if self.of is None else rows[self.of]


class Source(Protocol):
    """Figures of indicators, and what varies them."""

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What varies the figures."""

    def values(self, code: str, draws: Draws, some: Some | None) -> Stack:
        """An indicator in the replays `some` of `draws`, or as it is in force (None)."""


def normal(numbers: Floats) -> Floats:
    """Numbers between 0 and 1 as those of the normal law."""
    return np.asarray(ndtri(np.clip(numbers, 1e-12, 1 - 1e-12)))


@dataclass(frozen=True, eq=False)
class Figures:
    """Figures as they are: indicator → values (units,), NaN for none; `errors` their standard
    errors where they are known, independent and normal."""

    values_of: Mapping[str, Floats]
    errors: Mapping[str, Floats] = field(default_factory=dict)

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """The errors together, where there are any."""
        if not self.errors:
            return ()
        width = sum(len(each) for each in self.errors.values())
        return (Factor(DATA, Message("数据误差", "errors of the data"), width, "data"),)

    @cached_property
    def _starts(self) -> dict[str, int]:
        ends = np.cumsum([0, *(len(each) for each in self.errors.values())])
        return dict(zip(self.errors, ends.tolist(), strict=False))

    def values(self, code: str, draws: Draws, some: Some | None) -> Stack:
        """See `Source`."""
        values = self.values_of[code]
        if some is None or DATA not in draws or code not in self.errors:
            return Stack(values[None, :])
        start = self._starts[code]
        numbers = normal(draws[DATA][some, start : start + len(values)])
        rows = values + numbers * np.nan_to_num(self.errors[code])
        return Stack(rows, np.arange(len(some)))
