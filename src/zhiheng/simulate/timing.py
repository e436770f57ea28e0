"""When a court acts: first whether the duty is kept, then the delay in the duty's own unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.simulate import calibration
from zhiheng.simulate.calibration import Limit
from zhiheng.simulate.world import (
    FAR,
    KEPT,
    LATE,
    NEVER,
    Codes,
    Days,
    Ints,
    Quality,
    World,
    bounded,
    one_in,
)

AT_THE_LIMIT, A_STEP_AFTER, ON_A_REST_DAY = 0.12, 0.25, 0.1
"""Shares that exercise the edges: acts on the last day, the first one after it, on a rest day."""


SHORTEST_MONTH = 28
"""Days."""


@dataclass(frozen=True, eq=False)
class Acts:
    """Last day in time, and the day it was done (FAR where never)."""

    due: Days
    done: Days


def drawn_plan(world: World, quality: Quality, duty: str, court: Ints) -> Codes:
    """For each subject whether its court keeps the duty, is late, or never does it."""
    row = quality.row(duty)
    chance = world.rng(f"plan {duty}").random(len(court))
    missing, late = quality.never[row][court], quality.late[row][court]
    return np.where(chance < missing, NEVER, np.where(chance < missing + late, LATE, KEPT)).astype(
        np.int8
    )


def due_day(world: World, start: Days, limit: Limit) -> Days:
    """The last day in time; of a limit in hours, the day it falls on."""
    counted = _counted(world, bounded(start), limit, 0)
    if limit.roll and (limit.days is not None or limit.months is not None):
        counted = world.calendar.roll_forward(bounded(counted))
    return np.where(start >= FAR, FAR, counted).astype(np.int32)


def acts(world: World, quality: Quality, duty: str, court: Ints, start: Days) -> Acts:
    """When a duty that runs from `start` is done: drawn kept, late or never first."""
    limit = calibration.limit(duty)
    plan = drawn_plan(world, quality, duty, court)
    rng = world.rng(f"delay {duty}")
    due = due_day(world, start, limit)
    kept = _in_time(world, rng, start, due, limit)
    late = _too_late(world, rng, start, due, limit)
    done = np.where(plan == KEPT, kept, np.where(plan == LATE, late, FAR))
    return Acts(due, np.where(start >= FAR, FAR, np.minimum(done, FAR)).astype(np.int32))


def _in_time(world: World, rng: np.random.Generator, start: Days, due: Days, limit: Limit) -> Days:
    """Most acts come early in the time allowed; some on its very last day."""
    n = len(start)
    spare = np.ceil(rng.random(n) ** 0.7 * _length(limit))
    spare = np.where(one_in(rng, n, AT_THE_LIMIT), 0, spare)
    day = np.maximum(_shifted(world, start, due, limit, -spare.astype(np.int32)), start)
    resting = one_in(rng, n, ON_A_REST_DAY)
    return np.where(resting, day, world.day_of_work(day, due)).astype(np.int32)


def _too_late(world: World, rng: np.random.Generator, start: Days, due: Days, limit: Limit) -> Days:
    """Some acts come a step after the limit, few very much later."""
    n = len(start)
    excess = np.minimum(1 + rng.geometric(1 / (4 + _length(limit) / 2), n), 200)
    excess = np.where(one_in(rng, n, A_STEP_AFTER), 1, excess)
    day = _shifted(world, start, due, limit, excess.astype(np.int32))
    resting = one_in(rng, n, ON_A_REST_DAY)
    return np.where(resting, day, world.day_of_work(day)).astype(np.int32)


def _length(limit: Limit) -> int:
    """About how many units there are to act in; a month counts as the shortest there is."""
    return limit.days or limit.working_days or (limit.months or 0) * SHORTEST_MONTH


def _shifted(world: World, start: Days, due: Days, limit: Limit, by: Days) -> Days:
    """`by` units of the limit after (or before) the last day in time."""
    if limit.working_days is not None:
        return _counted(world, bounded(start), limit, by)
    return (due + by).astype(np.int32)


def _counted(world: World, start: Days, limit: Limit, more: Days | int) -> Days:
    calendar = world.calendar
    if limit.working_days is not None:
        return calendar.add_workdays(start, np.maximum(limit.working_days + more, 0))
    if limit.months is not None:
        return calendar.add_months(start, limit.months + more)
    if limit.days is not None:
        return calendar.add_days(start, limit.days + more)
    return calendar.add_days(start, (limit.hours or 0) // 24 + more)
