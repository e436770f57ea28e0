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
from zhiheng.choose import choose
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

_STATE = np.array([o.NOT_APPLICABLE, o.MET, o.NOT_DUE, o.UNDETERMINABLE, o.OVERDUE], np.int8)
_REASON = np.array([o.NO_MEMBER, o.PLAIN, o.PLAIN, o.FACT_MISSING, o.MEMBER_FAILS], np.int8)
"""What the worst standing means for the whole, by its number from 0 on."""

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
        """Of the subjects on which the duty began, and to which it applies."""
        states = [piece.outcomes.state for piece in found.pieces]
        concerned = [np.flatnonzero(state != o.NOT_APPLICABLE) for state in states]
        cases = [
            frame.case[piece.rows[rows]]
            for piece, rows in zip(found.pieces, concerned, strict=True)
        ]
        of_them = [state[rows] for state, rows in zip(states, concerned, strict=True)]
        return cls(np.concatenate(cases), States(np.concatenate(of_them)))


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
    detail = choose(worst >= OPEN, standings.argmax(axis=0) + 1, 0)
    live = trigger.live
    state, reason = _STATE[worst], _REASON[worst]
    settled = trigger.settled
    shift = len(settled.details) - 1
    failed = live & (worst == FAILS)
    return replace(
        settled,
        state=choose(live, state, settled.state).astype(np.int8),
        reason=choose(live, reason, settled.reason).astype(np.int8),
        detail=choose(live, choose(detail > 0, detail + shift, 0), settled.detail).astype(
            np.int16, copy=False
        ),
        due=choose(live, trigger.start, MISSING).astype(np.int32),
        days_over=choose(failed, setting.as_of - trigger.start, MISSING).astype(np.int32),
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
        best = choose(parts == 0, FAILS + 1, parts).min(axis=0)
        return choose(best > FAILS, 0, best).astype(np.int8)
    found = judged.get(member.duty)
    worst = np.zeros(len(cases), np.int8)
    if found is not None and len(found.case):
        at = rows_among(cases, found.case)
        inside = at >= 0
        np.maximum.at(worst, at[inside], _STANDING[found.outcomes.state[inside]])
    if member.empty == "undeterminable":
        worst[worst == 0] = UNKNOWN
    return worst
