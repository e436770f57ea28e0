"""The outcome of one duty on one subject as of one day: always one of eight named states."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zhiheng.calendar import MISSING, Days
from zhiheng.choose import choose

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
Code = np.int8
NOT_APPLICABLE, NOT_DUE, MET, LATE, OVERDUE, EXCUSED, DISCHARGED, UNDETERMINABLE = map(
    Code, range(len(STATES))
)
"""Codes of the states, in the order of STATES; as small as the arrays they are put into."""

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
) = map(Code, range(len(REASONS)))
"""Why an outcome is what it is, where the state alone does not say."""


ARRAYS = ("state", "reason", "detail", "start", "due", "stop", "days_over", "band")


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

    def of(self, rows: NDArray[np.intp]) -> Outcomes:
        """The outcomes of some subjects."""
        found = {name: getattr(self, name)[rows] for name in ARRAYS}
        return Outcomes(**found, details=self.details)


def blank(n: int) -> Outcomes:
    """n outcomes that are not applicable because nothing triggered the duty.

    Only `state` and `reason` are arrays of their own that may still be written to.
    """
    unknown = np.full(n, MISSING, np.int32)
    return Outcomes(
        state=np.full(n, NOT_APPLICABLE, np.int8),
        reason=np.full(n, NOT_TRIGGERED, np.int8),
        detail=np.zeros(n, np.int16),
        start=unknown,
        due=unknown,
        stop=unknown,
        days_over=unknown,
        band=np.full(n, -1, np.int8),
    )


@dataclass(frozen=True, eq=False)
class Piece:
    """Outcomes of some subjects; `rows` says which, in order."""

    rows: NDArray[np.intp]
    outcomes: Outcomes


@dataclass(frozen=True, eq=False)
class Partial:
    """Outcomes of some of `size` subjects, in pieces that share no subject. Nothing triggered the
    duty on the others."""

    pieces: tuple[Piece, ...]
    size: int

    def of_all(self) -> Outcomes:
        """Outcomes of all subjects."""
        if len(self.pieces) == 1 and len(self.pieces[0].rows) == self.size:
            return self.pieces[0].outcomes
        whole = blank(self.size)
        for piece in self.pieces:
            before = whole.details
            shift = len(before) - 1
            whole = laid_into(whole, piece.rows, _with_details_after(piece.outcomes, shift))
            whole = replace(whole, details=(*before, *piece.outcomes.details[1:]))
        return whole


def _with_details_after(outcomes: Outcomes, shift: int) -> Outcomes:
    detail = outcomes.detail
    return replace(outcomes, detail=choose(detail > 0, detail + np.int16(shift), detail))


def laid_into(whole: Outcomes, rows: NDArray[np.intp], some: Outcomes) -> Outcomes:
    """`whole` with the outcomes of some rows replaced, whose details go on from its own."""
    found = {}
    for name in ARRAYS:
        values = getattr(whole, name).copy()
        values[rows] = getattr(some, name)
        found[name] = values
    return Outcomes(**found, details=some.details)
