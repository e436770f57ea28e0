"""What may be said of the scores of courts: errors, chances, ranks, bands, differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zhiheng.inference.bands import Band, bands_of
from zhiheng.inference.differences import difference
from zhiheng.inference.ranks import RankSets, rank_sets
from zhiheng.inference.told_apart import Apart, tell_apart
from zhiheng.scoring.columns import Floats, SetScores
from zhiheng.scoring.node_errors import CONFIDENCE, NodeErrors

SEED = 1
MOST_PAIRED = 300
"""Courts of a level up to which every pair is listed; of more, those under one court."""


@dataclass(frozen=True, eq=False)
class SetSaid:
    """What may be said of the courts of a level.

    `errors` by node ("" is the root). Of the root scores that can be compared (`values`, NaN
    elsewhere): the pairs told apart, the sets of ranks that hold together, the bands. `files`:
    court → files read of it, and files it has in the frame.
    """

    level: str
    courts: tuple[str, ...]
    values: Floats
    errors: Mapping[str, NodeErrors]
    apart: Apart
    ranks: RankSets
    bands: tuple[Band, ...]
    files: Mapping[str, tuple[int, int]]

    @property
    def root(self) -> NodeErrors:
        """The errors of the root."""
        return self.errors[""]


@dataclass(frozen=True)
class Pair:
    """The difference between two courts' root scores, first less second, and the chance that the
    first is truly higher; `apart` says that all comparisons of the level together tell them
    apart."""

    first: int
    second: int
    value: float
    error: float
    low: float
    high: float
    first_higher: float
    apart: bool


def said_of(
    scores: SetScores,
    errors: Mapping[str, NodeErrors],
    files: Mapping[str, tuple[int, int]] | None = None,
) -> SetSaid:
    """What follows for the courts of a level from the errors of their nodes.

    Courts' draws are independent. A score whose error cannot be told is compared with none, nor is
    that of a court of which no file was read: it rests on other leaves than the rest.
    """
    root = scores.columns[""].value
    error = errors[""].error
    unread = [files is not None and court not in files for court in scores.courts]
    values = np.where(np.isnan(error) | unread, np.nan, root)
    apart = tell_apart(values, np.diag(np.nan_to_num(error) ** 2), CONFIDENCE, SEED)
    return SetSaid(
        scores.level,
        tuple(scores.courts),
        values,
        errors,
        apart,
        rank_sets(values, apart),
        bands_of(values, apart),
        files or {},
    )


def pairs_of(said: SetSaid, parents: Sequence[str | None]) -> Iterator[Pair]:
    """Pairs of courts with their difference, the higher score first: all of a level of up to
    MOST_PAIRED courts, of a larger one those under the same court."""
    every = len(said.courts) <= MOST_PAIRED
    order = [
        int(p) for p in np.argsort(-said.values, kind="stable") if not np.isnan(said.values[p])
    ]
    for place, first in enumerate(order):
        for second in order[place + 1 :]:
            if every or parents[first] == parents[second]:
                yield _pair(said, first, second)


def _pair(said: SetSaid, first: int, second: int) -> Pair:
    values, errors = said.values, said.root.error
    found = difference(values[first], values[second], errors[first], errors[second])
    return Pair(
        first,
        second,
        float(found.value),
        float(found.error),
        float(found.low),
        float(found.high),
        float(found.first_higher),
        bool(said.apart.better[first, second]),
    )
