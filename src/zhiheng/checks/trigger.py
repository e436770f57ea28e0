"""Which subjects a version of a duty concerns, and what becomes of those it does not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhiheng.calendar import MISSING, Days, to_day
from zhiheng.checks import outcomes as o
from zhiheng.checks.columns import Rows
from zhiheng.checks.frame import Frame, earliest
from zhiheng.checks.outcomes import Outcomes, blank
from zhiheng.checks.predicates import Truth, holds, nobody
from zhiheng.choose import choose, put
from zhiheng.law.model import Duty, Version

Flags = NDArray[np.bool_]
Codes = NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class Trigger:
    """Where a version applies: `live` subjects are judged further, the rest are settled."""

    start: Days
    live: Flags
    settled: Outcomes

    def of_live(self, rows: Rows) -> Trigger:
        """The same of the live subjects only, of whom nothing is settled but the beginning."""
        start = self.start[rows]
        settled = replace(blank(len(rows)), start=start, details=self.settled.details)
        return Trigger(start, np.ones(len(rows), np.bool_), settled)


@dataclass(frozen=True, eq=False)
class Scope:
    """Whom a version concerns: who falls under `applies`, and who is exempt by `unless`."""

    within: Truth
    exempt: Truth

    @property
    def certain(self) -> Flags:
        """Certainly concerned."""
        return np.asarray(self.within.true & self.exempt.false)

    @property
    def unknown(self) -> Flags:
        """Neither certainly concerned nor certainly not."""
        return np.asarray(~(self.within.false | self.exempt.true | self.certain))

    @property
    def fact(self) -> Codes:
        """The missing fact (index into `facts`): what `applies` misses before what `unless`
        does."""
        shifted = self.exempt.fact + np.int16(len(self.within.facts) - 1)
        return choose(self.within.unknown, self.within.fact, shifted)

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts both speak of."""
        return (*self.within.facts, *self.exempt.facts[1:])


def scope_of(version: Version, frame: Frame) -> Scope:
    """Whom a version concerns; without `unless` nobody is exempt."""
    within = holds(version.applies, frame)
    if version.unless:
        return Scope(within, holds(version.unless, frame))
    return Scope(within, nobody(len(frame)))


def triggered(version: Version, duty: Duty, frame: Frame) -> Trigger:
    """Which subjects a version concerns, and the outcomes of those it does not."""
    start, stop = earliest(frame, version.start), earliest(frame, version.stop)
    scope = scope_of(version, frame)
    governing = stop if version.governed_by == "stop" else start
    begun = (start != MISSING) & (governing != MISSING)
    in_force = begun & (governing >= to_day(version.first_day))
    if version.last_day is not None:
        in_force &= governing <= to_day(version.last_day)
    live = in_force & scope.certain
    settled = _settled(version, duty, begun, in_force, scope, stop)
    return Trigger(start, live, replace(settled, start=choose(in_force, start, MISSING)))


def _settled(
    version: Version, duty: Duty, begun: Flags, in_force: Flags, scope: Scope, stop: Days
) -> Outcomes:
    base = blank(len(begun))
    reason = base.reason
    put(reason, begun & ~in_force, o.NOT_IN_FORCE)
    put(reason, in_force & scope.exempt.true, o.EXEMPT)
    put(reason, in_force & scope.within.false, o.OUT_OF_SCOPE)
    details = (*scope.facts, version.start[0])
    unknown = in_force & scope.unknown
    orphaned = _done_without_start(version, duty, begun, scope, stop)
    open_question = unknown | orphaned
    if not open_question.any():
        return replace(base, details=details)
    put(base.state, open_question, o.UNDETERMINABLE)
    put(reason, open_question, o.FACT_MISSING)
    lost = np.int16(len(scope.facts))
    return replace(
        base,
        detail=choose(unknown, scope.fact, orphaned * lost).astype(np.int16),
        stop=choose(orphaned, stop, base.stop),
        details=details,
    )


def _done_without_start(
    version: Version, duty: Duty, begun: Flags, scope: Scope, stop: Days
) -> Flags:
    """The act is on record but not the event that made it due: a fact is missing.

    An act from before the duty was first in force shows that it began before it, too.
    """
    if duty.kind != "deadline" or version.optional_start:
        return np.zeros(len(begun), np.bool_)
    if duty.versions[-1] is not version:  # which version applies is unknown; say it once
        return np.zeros(len(begun), np.bool_)
    in_force = (stop != MISSING) & (stop >= to_day(duty.versions[0].first_day))
    return np.asarray(~begun & in_force & (scope.certain | scope.unknown))


def laid_over(
    trigger: Trigger,
    live: Flags,
    state: Codes,
    reason: Codes,
    detail: Codes,
    details: tuple[str, ...],
) -> Outcomes:
    """Settled outcomes, with the live subjects' own laid over them."""
    settled = trigger.settled
    named = (*settled.details, *details[1:])
    own = detail
    if len(details) > 1:
        own = choose(detail > 0, detail + np.int16(len(settled.details) - 1), np.int16(0))
    if live.all():
        return replace(
            settled,
            state=state.astype(np.int8, copy=False),
            reason=reason.astype(np.int8, copy=False),
            detail=own.astype(np.int16, copy=False),
            details=named,
        )
    return replace(
        settled,
        state=choose(live, state, settled.state).astype(np.int8, copy=False),
        reason=choose(live, reason, settled.reason).astype(np.int8, copy=False),
        detail=choose(live, own, settled.detail).astype(np.int16, copy=False),
        details=named,
    )
