"""The known truth: what became of every duty, from what was drawn, as of the last day.

An act drawn for a day after the last has not happened. A ledger counts states by court and duty;
it never looks at the records that are written.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from zhiheng.simulate import calibration
from zhiheng.simulate.world import FAR, Codes, Days, Ints, Mask

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
(
    NOT_APPLICABLE,
    NOT_DUE,
    MET,
    LATE,
    OVERDUE,
    EXCUSED,
    DISCHARGED,
    UNDETERMINABLE,
) = range(8)


@dataclass
class Whole:
    """A duty made of duties: the worst standing of its members on each case."""

    cases: int
    standing: Codes = field(init=False)

    def __post_init__(self) -> None:
        self.standing = np.zeros(self.cases, np.int8)

    def add(self, case: Ints, state: Codes) -> None:
        """Take in a member's states on the cases of its subjects."""
        np.maximum.at(self.standing, case, _STANDING[state])

    def states(self, concerned: Mask) -> Codes:
        """States of the whole on the cases it concerns."""
        return np.where(concerned, _OUTCOME[self.standing], NOT_APPLICABLE).astype(np.int8)


# Nothing, holds, open, unknown, fails: the larger decides.
_STANDING = np.array([0, 2, 1, 4, 4, 1, 1, 3], np.int8)
_OUTCOME = np.array([NOT_APPLICABLE, MET, NOT_DUE, UNDETERMINABLE, OVERDUE], np.int8)


@dataclass
class Ledger:
    """Counts of states by duty: an array (courts, states) each. `court` is that of every case."""

    court: Ints
    courts: int
    counts: dict[str, Ints] = field(default_factory=dict)
    wholes: dict[str, Whole] = field(default_factory=dict)

    def enter(self, duty: str, case: Ints, state: Codes) -> None:
        """Count the states of one duty's subjects, and take them into the whole it belongs to."""
        self._count(duty, self.court[case], state)
        self._take_in(duty, case, state)

    def _take_in(self, duty: str, case: Ints, state: Codes) -> None:
        for whole, members in calibration.duties().wholes.items():
            if duty in members:
                self.wholes.setdefault(whole, Whole(len(self.court))).add(case, state)

    def close(self, whole: str, concerned: Mask) -> None:
        """Count a duty made of duties, once all its members are entered, and take it into the
        whole it belongs to."""
        made = self.wholes.get(whole, Whole(len(self.court)))
        state = made.states(concerned)
        self._count(whole, self.court, state)
        self._take_in(whole, np.arange(len(self.court)), state)

    def _count(self, duty: str, court: Ints, state: Codes) -> None:
        cells = np.bincount(court * len(STATES) + state, minlength=self.courts * len(STATES))
        table = cells.reshape(self.courts, len(STATES))
        self.counts[duty] = self.counts.get(duty, np.zeros_like(table)) + table


def deadline(last: int, start: Days, due: Days, stop: Days, discharged: Days | int = FAR) -> Codes:
    """States of a duty from `start` to `stop` by `due`, as of `last`; FAR is "never"."""
    undone = np.where(last > due, OVERDUE, NOT_DUE)
    undone = np.where(np.asarray(discharged) <= last, DISCHARGED, undone)
    state = np.where(stop <= last, np.where(stop <= due, MET, LATE), undone)
    orphan = np.where(stop <= last, UNDETERMINABLE, NOT_APPLICABLE)
    return np.where(start <= last, state, orphan).astype(np.int8)


def still_counts(due: Days, stop: Days, ended: Days) -> Days:
    """The day of an act; FAR where it came late and something had ended the duty in time."""
    return np.where((stop > due) & (ended <= due) & (ended < stop), FAR, stop).astype(np.int32)


def presence(last: int, start: Days, stop: Days, judged: Days) -> Codes:
    """States of an act without a limit: there or, after the day it is judged, missing."""
    missing = np.where(last > judged, OVERDUE, NOT_DUE)
    state = np.where(stop <= last, MET, missing)
    return np.where(start <= last, state, NOT_APPLICABLE).astype(np.int8)


def condition(last: int, start: Days, good: Mask, unknown: Mask, breach: int = OVERDUE) -> Codes:
    """States of what has to hold on the day of `start`; `breach` is LATE for a prohibition."""
    state = np.where(unknown, UNDETERMINABLE, np.where(good, MET, breach))
    return np.where(start <= last, state, NOT_APPLICABLE).astype(np.int8)


def before_closure(last: int, closed: Days, stop: Days) -> Codes:
    """States of an act that had to be done by the day of the provisional closure."""
    state = deadline(last, closed, closed, stop)
    return np.where(closed <= last, state, NOT_APPLICABLE).astype(np.int8)


def unknown_where(state: Codes, missing: Mask) -> Codes:
    """The same states, undeterminable where a deciding fact is missing."""
    return np.where(missing & (state != NOT_APPLICABLE), UNDETERMINABLE, state).astype(np.int8)
