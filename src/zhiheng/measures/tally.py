"""Outcomes counted by court, duty and state: what every share is computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zhiheng.calendar import load_calendar
from zhiheng.checks import outcomes as o
from zhiheng.checks.outcomes import Outcomes
from zhiheng.checks.run import Checked
from zhiheng.law.model import Duty
from zhiheng.measures.period import Membership, Period, belonging

Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts by (court, duty).

    `states`: one count a state, in the order of STATES. `bands`: one count a band, for duties
    that have bands. `late_discharges`: of the discharged, those whose limit had passed before.
    """

    states: dict[tuple[str, str], Counts] = field(default_factory=dict)
    bands: dict[tuple[str, str], Counts] = field(default_factory=dict)
    late_discharges: dict[tuple[str, str], int] = field(default_factory=dict)
    provisional_days: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def provisional(self) -> int:
        """How many due days are provisional."""
        return sum(self.provisional_days.values())

    def of(self, court: str, duties: tuple[str, ...]) -> Counts:
        """Counts by state of several duties together."""
        nothing = np.zeros(len(o.STATES), np.int64)
        return sum((self.states.get((court, duty), nothing) for duty in duties), nothing)

    def of_court(self, court: str) -> Tally:
        """The counts of one court only."""
        return Tally(
            {key: counts for key, counts in self.states.items() if key[0] == court},
            {key: counts for key, counts in self.bands.items() if key[0] == court},
            {key: count for key, count in self.late_discharges.items() if key[0] == court},
            {key: count for key, count in self.provisional_days.items() if key[0] == court},
        )

    def of_bands(self, court: str, duty: str) -> Counts | None:
        """Counts by band; None where no subject of the court falls in a band."""
        return self.bands.get((court, duty))

    def discharged_late(self, court: str, duties: tuple[str, ...]) -> int:
        """Discharged only after the limit had passed."""
        return sum(self.late_discharges.get((court, duty), 0) for duty in duties)


def count_part(
    tally: Tally,
    checked: Checked,
    duties: Mapping[str, Duty],
    period: Period | None,
    as_of: int,
    membership: Membership = "due",
) -> None:
    """Add one part of the store to a tally; `period` None counts everything."""
    courts = checked.loaded.courts
    for name, outcomes in checked.outcomes.items():
        duty = duties[name]
        chosen = np.ones(len(outcomes), np.bool_)
        if period is not None:
            chosen = belonging(outcomes, duty.kind, membership, period, as_of)
        court = checked.loaded.court_of(checked.frame(duty))
        _add(tally, name, outcomes, court, courts, chosen)


def _add(
    tally: Tally,
    name: str,
    outcomes: Outcomes,
    court: NDArray[np.int32],
    courts: tuple[str, ...],
    chosen: NDArray[np.bool_],
) -> None:
    states = _grid(court[chosen], outcomes.state[chosen], len(courts), len(o.STATES))
    banded = chosen & (outcomes.band >= 0) & np.isin(outcomes.state, (o.MET, o.LATE, o.OVERDUE))
    width = int(outcomes.band.max(initial=-1)) + 1
    bands = _grid(court[banded], outcomes.band[banded], len(courts), max(width, 1))
    ended_late = chosen & (outcomes.reason == o.ENDED_AFTER_LIMIT)
    late = np.bincount(court[ended_late], minlength=len(courts))
    unsettled = chosen & load_calendar().is_provisional(outcomes.due)
    provisional = np.bincount(court[unsettled], minlength=len(courts))
    for index, code in enumerate(courts):
        _plus(tally.states, (code, name), states[index])
        if width:
            _plus(tally.bands, (code, name), bands[index])
        _plus_count(tally.late_discharges, (code, name), int(late[index]))
        _plus_count(tally.provisional_days, (code, name), int(provisional[index]))


def _grid(
    rows: NDArray[np.integer], columns: NDArray[np.integer], height: int, width: int
) -> Counts:
    flat = rows.astype(np.int64) * width + columns
    return np.bincount(flat, minlength=height * width).reshape(height, width)


def _plus_count(total: dict[tuple[str, str], int], key: tuple[str, str], count: int) -> None:
    if count:
        total[key] = total.get(key, 0) + count


def _plus(total: dict[tuple[str, str], Counts], key: tuple[str, str], counts: Counts) -> None:
    if not counts.any() and key not in total:
        return
    known = total.get(key, np.zeros(0, np.int64))
    size = max(len(known), len(counts))
    total[key] = np.pad(known, (0, size - len(known))) + np.pad(counts, (0, size - len(counts)))
