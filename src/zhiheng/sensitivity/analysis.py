"""Replays of an index put together: choices of method and errors of data apart, then together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from zhiheng.sensitivity.factors import Factor, Floats
from zhiheng.sensitivity.sobol import Replays, Run, replays_of
from zhiheng.sensitivity.summary import Spread, mean_shift, ranks_by_replay, spread_of

MOST_UNITS = 400
"""Units up to which each one's rank has indices of its own."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Analysis:
    """What the replays gave when `varied` was varied ("method", "data" or "both").

    The first output of `replays` is the mean shift of ranks; the others, where there are not too
    many units, the rank of each unit.
    """

    varied: str
    replays: Replays
    spread: Spread
    shift: float

    @property
    def count(self) -> int:
        """Replays that the spread rests on."""
        return len(self.replays.scores)


def analyse(
    run: Run,
    factors: Sequence[Factor],
    in_force: Floats,
    base: int,
    seed: int,
    progress: Progress | None = None,
) -> list[Analysis]:
    """Replay with choices alone, errors alone, and both, as far as there are factors of the kind.

    `in_force` are the scores (units,) that ranks are held against; each kind takes `base` ×
    (its factors + 2) replays.
    """

    def outputs(scores: Floats) -> Floats:
        shift = mean_shift(scores, in_force)[None, :]
        if scores.shape[1] > MOST_UNITS:
            return shift
        # A unit without a rank in some replay would have no variance to share out.
        return np.concatenate([shift, np.nan_to_num(ranks_by_replay(scores), nan=0.0).T])

    found = []
    kinds = list(kinds_apart(factors))
    steps = sum(len(some) + 2 for _, some in kinds)
    done = 0
    for varied, some in kinds:
        tell = _after(progress, done, steps)
        replays = replays_of(run, some, outputs, base, seed, tell)
        done += len(some) + 2
        spread = spread_of(replays.scores, in_force)
        shift = float(mean_shift(replays.scores, in_force).mean())
        found.append(Analysis(varied, replays, spread, shift))
    return found


def _after(progress: Progress | None, before: int, steps: int) -> Progress:
    return lambda done, _: progress(before + done, steps) if progress else None


def kinds_apart(factors: Sequence[Factor]) -> Iterator[tuple[str, tuple[Factor, ...]]]:
    """The factors by what they are: choices of method, errors of the data, and, where there are
    both, all together."""
    by_kind = {
        kind: tuple(factor for factor in factors if factor.kind == kind)
        for kind in ("method", "data")
    }
    yield from ((kind, some) for kind, some in by_kind.items() if some)
    if all(by_kind.values()):
        yield "both", tuple(factors)
