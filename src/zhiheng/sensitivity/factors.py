"""What is varied from replay to replay.

A factor is told by numbers between 0 and 1, `width` of them a replay, drawn independently; what it
makes of them is its own. "method" is a choice somebody made, "data" an error of what was measured:
the two are reported apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zhiheng.errors import Message

Floats = NDArray[np.float64]
Kind = Literal["method", "data"]
Draws = Mapping[str, Floats]
"""Factor id → numbers of shape (replays, width)."""


@dataclass(frozen=True)
class Factor:
    """Something that is varied; `title` is what a reader calls it."""

    id: str
    title: Message
    width: int
    kind: Kind = "method"


def draw(factors: Sequence[Factor], replays: int, seed: Sequence[int]) -> dict[str, Floats]:
    """Numbers for every factor; each has a stream of its own, so that a factor more or less
    changes no other's numbers."""
    return {
        factor.id: _uniform((*seed, *factor.id.encode()), replays, factor.width)
        for factor in factors
    }


def _uniform(seed: Sequence[int], replays: int, width: int) -> Floats:
    return np.random.Generator(np.random.PCG64(list(seed))).random((replays, width))


def chosen(numbers: Floats, choices: int) -> NDArray[np.intp]:
    """Which of so many equally likely choices each replay takes; `numbers` is (replays, 1)."""
    return np.minimum((numbers[:, 0] * choices).astype(np.intp), choices - 1)


def spread(numbers: Floats, share: float) -> Floats:
    """Factors between 1 - `share` and 1 + `share`."""
    return 1.0 + share * (2.0 * numbers - 1.0)
