"""The period a figure speaks of, and which outcomes belong to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zhiheng.calendar import MISSING, Days
from zhiheng.checks.outcomes import Outcomes
from zhiheng.choose import choose

Membership = Literal["due", "start", "stop"]


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both included (days since 1970-01-01)."""

    first: int
    last: int

    def holds(self, day: Days) -> NDArray[np.bool_]:
        """Whether known days lie in the period."""
        return np.asarray((day != MISSING) & (day >= self.first) & (day <= self.last))


def belonging(
    outcomes: Outcomes, kind: str, membership: Membership, period: Period, as_of: int
) -> NDArray[np.bool_]:
    """Which outcomes belong to the period.

    By the due day each duty belongs to just one period; where it has none yet (an act without a
    limit, done while the case is open) the day of the act, then the first day, stands in. A
    recurring duty is always judged up to the day of the check.
    """
    if membership == "stop":
        return period.holds(outcomes.stop)
    if membership == "start":
        return period.holds(_first_known(outcomes.start, outcomes.stop))
    due = _first_known(outcomes.due, outcomes.stop, outcomes.start)
    if kind == "recurring":
        due = choose(due != MISSING, np.minimum(due, as_of), due).astype(np.int32)
    return period.holds(due)


def _first_known(*days: Days) -> Days:
    known = days[-1]
    for day in reversed(days[:-1]):
        known = choose(day != MISSING, day, known).astype(np.int32)
    return known
