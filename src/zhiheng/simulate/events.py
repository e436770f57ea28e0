"""The log of nodes passed: every part appends, the log is put in order once at the end."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from zhiheng.simulate import calibration
from zhiheng.simulate.world import Days, Ints, Mask, Small, World, one_in

USUAL, UNKNOWN = -1, -2
"""Minutes: to be drawn from office hours; not recorded."""


@dataclass(frozen=True, eq=False)
class Passed:
    """Nodes passed, in order of case and day. `subject` and `document` are 0 and `amount` is -1
    where there is none; `node` is a position in `EventLog.nodes`; minutes below 0 are unknown."""

    case: Ints
    node: Small
    subject: Ints
    day: Days
    minute: Small
    recorded_day: Days
    recorded_minute: Small
    amount: Ints
    document: Ints


@dataclass(frozen=True, eq=False)
class _Entry:
    """One node of many subjects, as entered."""

    node: int
    case: Ints
    subject: Ints
    day: Days
    minute: Small
    amount: Ints
    document: Ints


@dataclass
class EventLog:
    """Collects the nodes that were passed by the last day; `case` is a position, not a key."""

    world: World
    nodes: list[str] = field(default_factory=list)
    entries: list[_Entry] = field(default_factory=list)

    def add(
        self,
        node: str,
        case: Ints,
        day: Days,
        *,
        subject: Ints | None = None,
        minute: Small | None = None,
        amount: Ints | None = None,
        document: Ints | None = None,
    ) -> None:
        """Enter one node for many subjects; days after the last are left out."""
        real = np.flatnonzero(self.world.happened(day))
        if node not in self.nodes:
            self.nodes.append(node)
        usual = np.full(len(real), USUAL, np.int16)
        self.entries.append(
            _Entry(
                self.nodes.index(node),
                case[real],
                _taken(subject, real, 0),
                day[real].astype(np.int32),
                usual if minute is None else minute[real],
                _taken(amount, real, -1),
                _taken(document, real, 0),
            )
        )

    def days_of(self, node: str) -> tuple[Ints, Days]:
        """Cases and days of one node as entered so far."""
        wanted = self.nodes.index(node) if node in self.nodes else -1
        found = [entry for entry in self.entries if entry.node == wanted]
        none = np.zeros(0, np.int64)
        return (
            np.concatenate([none, *(entry.case for entry in found)]),
            np.concatenate([none, *(entry.day for entry in found)]).astype(np.int32),
        )

    def in_order(self, court: Ints) -> Passed:
        """All nodes by case and day, with minutes and the day they were recorded; `court` is
        each case's. The entries are used up."""
        entries, self.entries = self.entries, []
        case = np.concatenate([entry.case for entry in entries])
        day = np.concatenate([entry.day for entry in entries])
        order = _order(case, day)
        case, day = case[order], day[order]
        lengths = [len(entry.case) for entry in entries]
        node = np.repeat(np.array([entry.node for entry in entries], np.int16), lengths)
        minute = np.concatenate([entry.minute for entry in entries])
        minute = _minutes(self.world, minute[order])
        recorded, recorded_minute = _recorded(self.world, day, minute, court[case])
        return Passed(
            case=case,
            node=node[order],
            subject=np.concatenate([entry.subject for entry in entries])[order],
            day=day,
            minute=minute,
            recorded_day=recorded,
            recorded_minute=recorded_minute,
            amount=np.concatenate([entry.amount for entry in entries])[order],
            document=np.concatenate([entry.document for entry in entries])[order],
        )


def _taken(values: Ints | None, rows: Ints, otherwise: int) -> Ints:
    return np.full(len(rows), otherwise, np.int64) if values is None else values[rows]


def _order(case: Ints, day: Days) -> Ints:
    """Rows by case, then day, then as entered; packed into one integer, which sorts fast."""
    n = len(case)
    bits = max(n - 1, 1).bit_length()
    packed = (case.astype(np.int64) << (bits + 15)) | (day.astype(np.int64) << bits) | np.arange(n)
    packed.sort()
    return packed & ((1 << bits) - 1)


def _minutes(world: World, minute: Small) -> Small:
    rng = world.rng("minutes")
    usual = rng.integers(8 * 60 + 30, 17 * 60 + 45, len(minute)).astype(np.int16)
    usual[one_in(rng, len(minute), calibration.number("minute_missing"))] = UNKNOWN
    return np.where(minute == USUAL, usual, minute).astype(np.int16)


def _recorded(world: World, day: Days, minute: Small, court: Ints) -> tuple[Days, Small]:
    """Mostly the same day; a share that is the court's own is entered late. Never before."""
    rng = world.rng("recorded")
    mean = calibration.number("late_entry")
    habit = rng.beta(mean * 12, (1 - mean) * 12, len(world.courts))
    late: Mask = one_in(rng, len(day), habit[court])
    lag = rng.geometric(1 / calibration.number("late_entry_days"), len(day))
    recorded = np.where(late, np.minimum(day + lag, world.last), day).astype(np.int32)
    soon = np.minimum(minute + rng.integers(0, 90, len(day)), 1439)
    other = rng.integers(8 * 60 + 30, 18 * 60, len(day))
    at = np.where(recorded > day, other, soon)
    return recorded, np.where(minute < 0, UNKNOWN, at).astype(np.int16)
