"""What every part of a simulation shares: parameters, courts, calendar, chance."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from zhiheng.calendar import Calendar, load_calendar, to_day
from zhiheng.simulate import calibration
from zhiheng.simulate.courts import Court

Ints = NDArray[np.int64]
Days = NDArray[np.int32]
Small = NDArray[np.int16]
Codes = NDArray[np.int8]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

FAR = to_day(date(2050, 1, 1))
"""A day after the last day of every simulation: what "happens" then never happened."""

KEPT, LATE, NEVER = 0, 1, 2
"""What was drawn for a duty: kept, done after the limit, not done at all."""


@dataclass(frozen=True, eq=False)
class Quality:
    """How often each court breaches each duty: rows are duties, columns courts."""

    duties: tuple[str, ...]
    late: Floats
    never: Floats

    def row(self, duty: str) -> int:
        """The row of a duty."""
        return self.duties.index(duty)


@dataclass(frozen=True, eq=False)
class World:
    """The frame of one simulation. Cases are filed, and things happen, from `first` to `last`."""

    courts: tuple[Court, ...]
    seed: int
    first: int
    last: int
    calendar: Calendar = field(default_factory=load_calendar)

    def rng(self, name: str) -> np.random.Generator:
        """The stream of chance of one part, by name: parts do not disturb one another."""
        key = zlib.crc32(name.encode())
        return np.random.Generator(
            np.random.PCG64(np.random.SeedSequence(self.seed, spawn_key=(key,)))
        )

    def happened(self, day: Days) -> Mask:
        """Whether a day is one of the simulation's, not after it."""
        return day <= self.last

    def day_of_work(self, day: Days, not_after: Days | int = FAR) -> Days:
        """The next working day, where that is not after a bound; else the day itself."""
        rolled = self.calendar.roll_forward(bounded(day))
        return np.where(rolled <= not_after, rolled, day).astype(np.int32)


def bounded(day: Days) -> Days:
    """Days no later than FAR, so that the calendar reaches them."""
    return np.minimum(day, np.int32(FAR))


def never(n: int) -> Days:
    """n days that never come."""
    return np.full(n, FAR, np.int32)


def drawn_quality(world: World) -> Quality:
    """Each court's probabilities: a latent level moves all its duties, noise moves each."""
    habits = calibration.duties().duties
    rng = world.rng("quality")
    level = rng.standard_normal(len(world.courts))
    noise = rng.standard_normal((len(habits), len(world.courts)))
    shift = calibration.number("quality_spread") * level + calibration.number("quality_noise") * (
        noise
    )
    late = np.array([habit.late for habit in habits.values()])
    missing = np.array([habit.never for habit in habits.values()])
    return Quality(tuple(habits), _shifted(late, shift), _shifted(missing, shift))


def _shifted(base: Floats, shift: Floats) -> Floats:
    """Probabilities `base` moved by `shift` in log-odds; 0 stays 0, nothing passes 0.45."""
    odds = (base / (1 - base))[:, None] * np.exp(shift)
    return np.minimum(odds / (1 + odds), 0.45)


def choose(rng: np.random.Generator, weights: Mapping[str, float], n: int) -> Codes:
    """n draws among named weights, as positions in the mapping's order."""
    steps = np.cumsum(np.array(list(weights.values()), np.float64))
    return np.searchsorted(steps / steps[-1], rng.random(n), side="right").astype(np.int8)


def one_in(rng: np.random.Generator, n: int, share: float | Floats) -> Mask:
    """n draws that hold with probability `share`."""
    return np.asarray(rng.random(n) < share)


def spread(rng: np.random.Generator, low: int, high: int, n: int) -> Days:
    """n whole numbers from low to high, both included."""
    return rng.integers(low, high + 1, n).astype(np.int32)


def within_group(group: Ints) -> Ints:
    """0, 1, 2, … within each run of equal values of a sorted array."""
    if not len(group):
        return np.zeros(0, np.int64)
    begins = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    lengths = np.diff(np.r_[begins, len(group)])
    return np.arange(len(group)) - np.repeat(begins, lengths)


def rows_of(counts: Ints) -> tuple[Ints, Ints]:
    """For `counts[i]` children of each parent i: the parent of every child, and 0, 1, 2, …"""
    parent = np.repeat(np.arange(len(counts)), counts)
    return parent, within_group(parent)


def child_keys(case_key: Ints, table: int, nth: Ints) -> Ints:
    """Identifiers of what belongs to a case: the case's, a digit for the table, two to count."""
    return case_key * 1000 + table * 100 + nth + 1
