"""Duties made of duties: all of the members must hold on the case and on each of its subjects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from zhiheng.calendar import MISSING
from zhiheng.checks import outcomes as o
from zhiheng.checks.duty import check_begun
from zhiheng.checks.frame import Frame
from zhiheng.checks.outcomes import Outcomes, Partial
from zhiheng.checks.setting import Setting
from zhiheng.checks.trigger import Trigger
from zhiheng.law.model import Duty, Member, Version
from zhiheng.store.layout import rows_among

HOLDS, OPEN, UNKNOWN, FAILS = 1, 2, 3, 4
"""How a member stands on a case; 0 where it does not concern the case. The larger decides."""

STANDING = {
    o.NOT_APPLICABLE: 0,
    o.NOT_DUE: OPEN,
    o.MET: HOLDS,
    o.LATE: FAILS,
    o.OVERDUE: FAILS,
    o.EXCUSED: HOLDS,
    o.DISCHARGED: HOLDS,
    o.UNDETERMINABLE: UNKNOWN,
}
"""What a member's outcome means for the whole."""

_STANDING = np.array([STANDING[o.Code(state)] for state in range(len(o.STATES))], np.int8)


class Stated(Protocol):
    """Anything with a state for each of some subjects."""

    @property
    def state(self) -> NDArray[np.int8]:
        """Codes of the states."""


@dataclass(frozen=True, eq=False)
class States:
    """States without what else is known of the outcomes."""

    state: NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Judged:
    """Outcomes of a member duty beside the cases its subjects belong to; only states count."""

    case: NDArray[np.int64]
    outcomes: Stated

    @classmethod
    def of(cls, frame: Frame, found: Partial) -> Judged:
        """Of the subjects on which the duty began."""
        case = np.concatenate([frame.case[piece.rows] for piece in found.pieces])
        return cls(case, States(np.concatenate([p.outcomes.state for p in found.pieces])))


def check_composite(
    duty: Duty, frame: Frame, setting: Setting, judged: Mapping[str, Judged]
) -> Outcomes:
    """A composite on the cases of `frame`, from the outcomes of its member duties."""
    return check_composite_begun(duty, frame, setting, judged).of_all()


def check_composite_begun(
    duty: Duty, frame: Frame, setting: Setting, judged: Mapping[str, Judged]
) -> Partial:
    """The same, of the cases on which anything began it."""

    def judge(version: Version, cases: Frame, trigger: Trigger, at: Setting) -> Outcomes:
        return _judge(version, cases, trigger, at, judged)

    return check_begun(duty, frame, setting, judge)


def _judge(
    version: Version,
    frame: Frame,
    trigger: Trigger,
    setting: Setting,
    judged: Mapping[str, Judged],
) -> Outcomes:
    names = tuple(_label(member) for member in version.all_of)
    standings = np.stack([standing_of(m, frame.case, judged) for m in version.all_of])
    worst = standings.max(axis=0)
    detail = np.where(worst >= OPEN, standings.argmax(axis=0) + 1, 0)
    live = trigger.live
    state = np.full(len(frame), o.NOT_APPLICABLE, np.int8)
    for standing, meant in (
        (HOLDS, o.MET),
        (OPEN, o.NOT_DUE),
        (UNKNOWN, o.UNDETERMINABLE),
        (FAILS, o.OVERDUE),
    ):
        state[worst == standing] = meant
    reason = np.where(worst == FAILS, o.MEMBER_FAILS, o.PLAIN)
    reason = np.where(worst == UNKNOWN, o.FACT_MISSING, reason)
    reason = np.where(worst == 0, o.NO_MEMBER, reason)
    settled = trigger.settled
    shift = len(settled.details) - 1
    failed = live & (worst == FAILS)
    return replace(
        settled,
        state=np.where(live, state, settled.state).astype(np.int8),
        reason=np.where(live, reason, settled.reason).astype(np.int8),
        detail=np.where(live, np.where(detail > 0, detail + shift, 0), settled.detail).astype(
            np.int16, copy=False
        ),
        due=np.where(live, trigger.start, MISSING).astype(np.int32),
        days_over=np.where(failed, setting.as_of - trigger.start, MISSING).astype(np.int32),
        details=(*settled.details, *names),
    )


def _label(member: Member) -> str:
    return member.duty or " | ".join(part.duty for part in member.any_of)


def standing_of(
    member: Member, cases: NDArray[np.int64], judged: Mapping[str, Judged]
) -> NDArray[np.int8]:
    """How a member stands on each case: its worst subject; of an any-of group, the best part."""
    if member.any_of:
        parts = np.stack([standing_of(part, cases, judged) for part in member.any_of])
        best = np.where(parts == 0, FAILS + 1, parts).min(axis=0)
        return np.where(best > FAILS, 0, best).astype(np.int8)
    found = judged.get(member.duty)
    worst = np.zeros(len(cases), np.int8)
    if found is not None and len(found.case):
        at = rows_among(cases, found.case)
        inside = at >= 0
        np.maximum.at(worst, at[inside], _STANDING[found.outcomes.state[inside]])
    if member.empty == "undeterminable":
        worst[worst == 0] = UNKNOWN
    return worst
