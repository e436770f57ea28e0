"""The outcome of one duty on one subject as of one day: always one of eight named states."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiheng.calendar import MISSING, Days

STATES = (
    "not_applicable",
    "not_due",
    "met",
    "late",
    "overdue",
    "excused",
    "discharged",
    "undeterminable",
)
NOT_APPLICABLE, NOT_DUE, MET, LATE, OVERDUE, EXCUSED, DISCHARGED, UNDETERMINABLE = range(8)
"""Codes of the states, in the order of STATES."""

REASONS = (
    "",
    "out_of_scope",
    "not_triggered",
    "not_in_force",
    "fact_missing",
    "clock_stopped",
    "ended_in_time",
    "ended_after_limit",
    "approved_ground",
    "too_early",
    "barred",
    "condition_fails",
    "window_missed",
    "member_fails",
    "no_member",
    "exempt",
    "nothing_recent",
)
(
    PLAIN,
    OUT_OF_SCOPE,
    NOT_TRIGGERED,
    NOT_IN_FORCE,
    FACT_MISSING,
    CLOCK_STOPPED,
    ENDED_IN_TIME,
    ENDED_AFTER_LIMIT,
    APPROVED_GROUND,
    TOO_EARLY,
    BARRED,
    CONDITION_FAILS,
    WINDOW_MISSED,
    MEMBER_FAILS,
    NO_MEMBER,
    EXEMPT,
    NOTHING_RECENT,
) = range(len(REASONS))
"""Why an outcome is what it is, where the state alone does not say."""


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Outcomes of one duty on n subjects, as arrays of length n.

    `state` and `reason` are codes; `detail` indexes `details` (the missing fact, the event that
    ended the duty, the member that fails; 0 is ""). `start`, `due`, `stop` are days or MISSING,
    `days_over` counts calendar days past the due day (MISSING where nothing is over). `band` is
    the band of the start-to-stop time where the duty has bands, else -1.
    """

    state: NDArray[np.int8]
    reason: NDArray[np.int8]
    detail: NDArray[np.int16]
    start: Days
    due: Days
    stop: Days
    days_over: Days
    band: NDArray[np.int8]
    details: tuple[str, ...] = ("",)

    def __len__(self) -> int:
        return len(self.state)


def blank(n: int) -> Outcomes:
    """n outcomes that are not applicable because nothing triggered the duty."""
    unknown = np.full(n, MISSING, np.int32)
    return Outcomes(
        state=np.full(n, NOT_APPLICABLE, np.int8),
        reason=np.full(n, NOT_TRIGGERED, np.int8),
        detail=np.zeros(n, np.int16),
        start=unknown,
        due=unknown.copy(),
        stop=unknown.copy(),
        days_over=unknown.copy(),
        band=np.full(n, -1, np.int8),
    )
