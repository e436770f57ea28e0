"""One change at a time: what each alternative does by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.errors import Message
from zhiheng.sensitivity.factors import Floats
from zhiheng.sensitivity.summary import ranks_by_replay


@dataclass(frozen=True)
class Change:
    """One alternative: `factor` it belongs to, what is chosen, and what that does.

    `mean_rank_shift` and `largest_rank_shift` are of absolute shifts over the units ranked both
    times, `mean_score_shift` has a sign; None where no unit has a score both times. `lost` counts
    units that have no score under it, `gained` those that only have one under it.
    """

    factor: str
    title: Message
    mean_rank_shift: float | None
    largest_rank_shift: int | None
    mean_score_shift: float | None
    moved_most: int | None
    lost: int
    gained: int


def change(factor: str, title: Message, in_force: Floats, changed: Floats) -> Change:
    """What happens to scores (units,) when they become `changed`; `moved_most` is the place of
    the unit whose rank moved most, the first of several."""
    before, after = np.isnan(in_force), np.isnan(changed)
    both = ~before & ~after
    lost, gained = int((~before & after).sum()), int((before & ~after).sum())
    if not both.any():
        return Change(factor, title, None, None, None, None, lost, gained)
    ranks = ranks_by_replay(np.stack([in_force, changed]))
    away = np.where(both, np.abs(ranks[1] - ranks[0]), -1.0)
    return Change(
        factor,
        title,
        float(away[both].mean()),
        int(away.max()),
        float((changed - in_force)[both].mean()),
        int(away.argmax()),
        lost,
        gained,
    )
