"""How and when cases end, and the periods that stop or extend their clock."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np

from zhiheng.simulate import calibration
from zhiheng.simulate.calibration import Limit, parameters
from zhiheng.simulate.cases import BASES, CLOSINGS, ENDED_OTHERWISE, Filed
from zhiheng.simulate.rushes import rushed
from zhiheng.simulate.timing import drawn_plan, due_day
from zhiheng.simulate.world import (
    FAR,
    KEPT,
    LATE,
    NEVER,
    Codes,
    Days,
    Ints,
    Mask,
    Quality,
    World,
    bounded,
    choose,
    never,
    one_in,
    spread,
)

INTERVALS = ("suspension", "stay", "public_service", "instruction", "dispute", "extension")
APPROVERS = ("president", "vice_president", "bureau_head", "clerk")
EDGE_LAST, EDGE_FIRST = 0.06, 0.04
"""Shares of closings on the last and on the first day of the span they are drawn from."""


@dataclass(frozen=True, eq=False)
class Periods:
    """Periods of cases that enforce, at most one a case: kind, from, to, who approved (-1: none).
    For cases without one, `kind` is -1 and the days are FAR."""

    kind: Codes
    begins: Days
    ends: Days
    approver: Codes
    due_stay: Days


@dataclass(frozen=True, eq=False)
class Closed:
    """How each case ends: kind (position in CLOSINGS), day (FAR while open), last day in time
    (FAR where no limit is drawn), and its period."""

    kind: Codes
    day: Days
    due: Days
    periods: Periods

    def as_kind(self, *kinds: str) -> Mask:
        """Cases that end, sooner or later, in one of these ways."""
        return np.isin(self.kind, [CLOSINGS.index(kind) for kind in kinds])

    @property
    def provisional(self) -> Days:
        """Day of the provisional closure; FAR for all other cases."""
        return np.where(self.as_kind("provisional_closure"), self.day, FAR).astype(np.int32)

    @property
    def frees(self) -> Days:
        """Day on which the court is freed of what it had yet to do; FAR where it never is."""
        return np.where(self.as_kind("satisfied", *ENDED_OTHERWISE), self.day, FAR).astype(np.int32)

    @property
    def ended_otherwise(self) -> Days:
        """Day the case was terminated, withdrawn, refused or dismissed; FAR elsewhere."""
        return np.where(self.as_kind(*ENDED_OTHERWISE), self.day, FAR).astype(np.int32)


def closed_cases(world: World, quality: Quality, cases: Filed) -> Closed:
    """The ends of all cases but preservations (see `preservation`), which stay open here."""
    kind, day, due = np.full(len(cases), -1, np.int8), never(len(cases)), never(len(cases))
    periods = _periods(world, quality, cases)
    rows = np.flatnonzero(cases.enforcing)
    kind[rows] = _kinds(world, "closing_kinds", len(rows))
    due[rows] = _last_days(world, cases, periods)[rows]
    day[rows] = _days(world, quality, cases, periods, kind, due)[rows]
    rest = np.flatnonzero(~cases.enforcing & ~cases.of_kind("preservation"))
    kind[rest] = _kinds(world, "review_closing_kinds", len(rest))
    plain = rest[cases.of_kind("coordination", "other")[rest]]
    kind[plain] = CLOSINGS.index("other")
    day[rest] = _review_days(world, cases.filed[rest])
    return Closed(kind, rushed(world, cases, kind, day, periods.kind >= 0), due, periods)


def _kinds(world: World, parameter: str, n: int) -> Codes:
    weights = calibration.shares(parameter)
    drawn = choose(world.rng(f"closing {parameter}"), weights, n)
    return np.array([CLOSINGS.index(name) for name in weights], np.int8)[drawn]


def _review_days(world: World, filed: Days) -> Days:
    rng = world.rng("reviews")
    day = world.day_of_work(filed + spread(rng, 5, 55, len(filed)))
    return np.where(one_in(rng, len(filed), calibration.number("review_open")), FAR, day)


def _periods(world: World, quality: Quality, cases: Filed) -> Periods:
    """One period at most for each case that enforces."""
    n = len(cases)
    rng = world.rng("intervals")
    weights = dict(calibration.shares("interval_kinds"))
    weights["extension"] = calibration.number("extension")
    weights["none"] = 1 - sum(weights.values())
    kind = choose(rng, weights, n)
    order = np.array([*(INTERVALS.index(name) for name in weights if name != "none"), -1], np.int8)
    kind = np.where(cases.enforcing, order[kind], -1).astype(np.int8)
    begins = (cases.filed + spread(rng, 5, 75, n)).astype(np.int32)
    ends = begins + _lengths(rng, kind)
    longest = due_day(world, begins, calibration.limit("stay.length"))
    stay = kind == INTERVALS.index("stay")
    ends = np.where(stay, _stay_ends(world, quality, cases.court, begins, longest), ends)
    extension = kind == INTERVALS.index("extension")
    unmoved = _limit_days(world, cases, rolled=False)
    begins = np.where(extension, unmoved - spread(rng, 10, 30, n), begins)
    further = world.day_of_work((unmoved + spread(rng, 20, 90, n)).astype(np.int32))
    ends = np.where(extension, further, ends)
    approver = np.where(one_in(rng, n, _may()), spread(rng, 0, 1, n), spread(rng, 2, 3, n))
    none = kind < 0
    return Periods(
        kind,
        np.where(none, FAR, begins).astype(np.int32),
        np.where(none, FAR, bounded(ends)).astype(np.int32),
        np.where(none | (kind == INTERVALS.index("public_service")), -1, approver).astype(np.int8),
        longest,
    )


def _may() -> float:
    return calibration.number("approved_by_one_who_may")


def _lengths(rng: np.random.Generator, kind: Codes) -> Days:
    """Days between the first and the last day of each period, by its kind."""
    ranges = parameters()["interval_days"].value
    length = np.zeros(len(kind), np.int32)
    for name, (low, high) in ranges.items():
        rows = kind == INTERVALS.index(name)
        length[rows] = spread(rng, low, high, int(rows.sum()))
    return length


def _stay_ends(world: World, quality: Quality, court: Ints, begins: Days, longest: Days) -> Days:
    plan = drawn_plan(world, quality, "stay.length", court)
    rng = world.rng("delay stay.length")
    n = len(begins)
    early = np.where(one_in(rng, n, 0.15), 0, spread(rng, 0, 70, n))
    after = np.where(one_in(rng, n, 0.3), 1, spread(rng, 1, 60, n))
    ends = np.where(plan == KEPT, longest - early, longest + after)
    return np.where(plan == NEVER, FAR, np.maximum(ends, begins)).astype(np.int32)


def _limit_days(world: World, cases: Filed, rolled: bool) -> Days:
    """The limit's end where nothing stops the clock."""
    usual = calibration.limit("case.closed_in_time")
    shorter = msgspec.convert(parameters()["administrative_limit"].value, Limit)
    ends = [
        due_day(world, cases.filed, msgspec.structs.replace(one, roll=rolled))
        for one in (usual, shorter)
    ]
    return np.where(cases.basis == BASES.index("administrative"), ends[1], ends[0]).astype(np.int32)


def _last_days(world: World, cases: Filed, periods: Periods) -> Days:
    """The limit's end, moved by the days the clock stood or to the end of a valid extension."""
    unmoved = _limit_days(world, cases, rolled=False)
    counted_to = np.where(
        periods.kind == INTERVALS.index("stay"),
        np.minimum(periods.ends, periods.due_stay),
        periods.ends,
    )
    extension = periods.kind == INTERVALS.index("extension")
    stood = np.where((periods.kind >= 0) & ~extension, counted_to - periods.begins + 1, 0)
    due = world.calendar.roll_forward(bounded((unmoved + stood).astype(np.int32)))
    valid = extension & (periods.approver >= 0) & (periods.approver < 2)
    return np.where(valid, np.maximum(due, periods.ends), due).astype(np.int32)


def _days(
    world: World, quality: Quality, cases: Filed, periods: Periods, kind: Codes, due: Days
) -> Days:
    """The day each case that enforces is closed."""
    rng = world.rng("closing days")
    n = len(cases)
    plan = drawn_plan(world, quality, "case.closed_in_time", cases.court)
    earliest = (cases.filed + 4).astype(np.int32)
    three = due_day(world, cases.filed, calibration.limit("closure.three_months"))
    provisional = kind == CLOSINGS.index("provisional_closure")
    hasty = provisional & (periods.kind < 0) & (plan != NEVER)
    hasty &= drawn_plan(world, quality, "closure.three_months", cases.court) == LATE
    earliest = np.where(provisional & ~hasty, three + 1, earliest)
    extension = periods.kind == INTERVALS.index("extension")
    after = np.where(extension, periods.begins, periods.ends) + 1
    earliest = np.where(periods.kind >= 0, np.maximum(earliest, after), earliest)
    plan = np.where((plan == KEPT) & (earliest > due), LATE, plan)
    kept = _between(world, rng, earliest, np.where(hasty, three, due))
    overrun = np.where(one_in(rng, n, 0.2), 1, rng.geometric(1 / 50, n))
    late = world.day_of_work(bounded(np.maximum(due + overrun, earliest).astype(np.int32)))
    day = np.where((plan == KEPT) | hasty, kept, np.where(plan == LATE, late, FAR))
    return bounded(day.astype(np.int32))


def _between(world: World, rng: np.random.Generator, low: Days, high: Days) -> Days:
    """A day from low to high, with some on the very first and the very last day."""
    n = len(low)
    share = rng.beta(1.6, 1.5, n)
    share = np.where(one_in(rng, n, EDGE_FIRST), 0.0, share)
    share = np.where(one_in(rng, n, EDGE_LAST), 1.0, share)
    room = np.maximum(high - low, 0)
    day = (low + np.round(share * room)).astype(np.int32)
    return world.day_of_work(day, not_after=high)
