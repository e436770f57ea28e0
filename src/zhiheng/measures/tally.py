"""Outcomes counted by court, duty and state: what every share is computed from.

Counts are whole numbers over disjoint cases: the tallies of the parts of a store add up to the
tally of the store, in whatever order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zhiheng.calendar import load_calendar
from zhiheng.checks import outcomes as o
from zhiheng.checks.outcomes import Outcomes
from zhiheng.checks.run import Checked
from zhiheng.checks.setting import Setting
from zhiheng.law.model import Duty
from zhiheng.measures.period import Membership, Period, belonging
from zhiheng.store.lake import Store

if TYPE_CHECKING:
    from zhiheng.checks.engines import Engine

Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts by (court, duty), each in the order of its name.

    `states`: courts × duties × STATES. `bands`: courts × duties × bands, for duties that have
    bands. `late`: of the discharged, those whose limit had passed before. `provisional_days`: due
    days in years whose holidays are not published.
    """

    courts: tuple[str, ...]
    duties: tuple[str, ...]
    states: Counts
    bands: Counts
    late: Counts
    provisional_days: Counts

    @classmethod
    def empty(cls, courts: Iterable[str] = (), duties: Iterable[str] = (), bands: int = 0) -> Tally:
        """Nothing counted yet, of these courts and duties."""
        rows, columns = tuple(sorted(courts)), tuple(sorted(duties))
        shape = (len(rows), len(columns))
        states, banded = (
            np.zeros((*shape, len(o.STATES)), np.int64),
            np.zeros((*shape, bands), np.int64),
        )
        return cls(
            rows, columns, states, banded, np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        )

    @classmethod
    def of_states(cls, counted: Mapping[tuple[str, str], Mapping[str, int]]) -> Tally:
        """A tally of (court, duty) → state → count, for who has counted otherwise."""
        tally = cls.empty({court for court, _ in counted}, {duty for _, duty in counted})
        for (court, duty), states in counted.items():
            place = tally.courts.index(court), tally.duties.index(duty)
            tally.states[place] = [states.get(state, 0) for state in o.STATES]
        return tally

    @property
    def provisional(self) -> int:
        """How many due days are provisional."""
        return int(self.provisional_days.sum())

    def provisional_by_duty(self) -> dict[str, int]:
        """How many due days are provisional, by duty."""
        return dict(zip(self.duties, self.provisional_days.sum(axis=0).tolist(), strict=True))

    def count(self, states: Iterable[o.Code]) -> int:
        """How many outcomes are in one of the states."""
        return int(self.states[..., list(states)].sum())

    def items(self) -> Iterator[tuple[str, str, Counts]]:
        """Court, duty and counts by state, where anything was counted."""
        for row, column in np.argwhere(self.states.any(axis=2)):
            yield self.courts[row], self.duties[column], self.states[row, column]

    def by_duty(self) -> dict[str, Counts]:
        """Counts by state of every duty, over all courts."""
        return dict(zip(self.duties, self.states.sum(axis=0), strict=True))

    def of(self, court: str, duties: tuple[str, ...]) -> Counts:
        """Counts by state of several duties together."""
        return np.asarray(self.of_courts((court,), duties)[0])

    def of_courts(self, courts: Sequence[str], duties: tuple[str, ...]) -> Counts:
        """The same for several courts: a row a court, a column a state."""
        return self._summed(self.states, courts, duties)

    def bands_of_courts(self, courts: Sequence[str], duty: str) -> Counts:
        """Counts by band: a row a court, a column a band."""
        return self._summed(self.bands, courts, (duty,))

    def late_of_courts(self, courts: Sequence[str], duties: tuple[str, ...]) -> Counts:
        """Discharged only after the limit had passed, by court."""
        return self._summed(self.late, courts, duties)

    def _summed(self, counts: Counts, courts: Sequence[str], duties: tuple[str, ...]) -> Counts:
        """Sums over duties, a row a court, of zeros for a court that nothing was counted of."""
        known = [
            (place, self._row[court]) for place, court in enumerate(courts) if court in self._row
        ]
        found = np.zeros((len(courts), *counts.shape[2:]), np.int64)
        if known:
            places, rows = (list(each) for each in zip(*known, strict=True))
            columns = [self._column[duty] for duty in duties if duty in self._column]
            found[places] = sum(counts[rows, column] for column in columns)
        return found

    def of_court(self, court: str) -> Tally:
        """The counts of one court only."""
        return self._of_courts([court] if court in self._row else [])

    def of_bands(self, court: str, duty: str) -> Counts | None:
        """Counts by band; None where no subject of the court falls in a band."""
        bands = self.bands_of_courts((court,), duty)[0]
        return bands if bands.any() else None

    def discharged_late(self, court: str, duties: tuple[str, ...]) -> int:
        """Discharged only after the limit had passed."""
        return int(self.late_of_courts((court,), duties)[0])

    def _of_courts(self, courts: list[str]) -> Tally:
        rows = [self._row[court] for court in courts]
        counted = {name: getattr(self, name)[rows] for name in COUNTED}
        return replace(self, courts=tuple(courts), **counted)

    @cached_property
    def _row(self) -> Mapping[str, int]:
        return {court: row for row, court in enumerate(self.courts)}

    @cached_property
    def _column(self) -> Mapping[str, int]:
        return {duty: column for column, duty in enumerate(self.duties)}


COUNTED = tuple(field.name for field in fields(Tally) if field.name not in ("courts", "duties"))


def merged(tallies: Iterable[Tally]) -> Tally:
    """The sum of tallies of disjoint cases."""
    every = list(tallies)
    total = Tally.empty(
        {court for tally in every for court in tally.courts},
        {duty for tally in every for duty in tally.duties},
        max((tally.bands.shape[2] for tally in every), default=0),
    )
    for tally in every:
        place = _place(total, tally)
        total.states[place] += tally.states
        width = tally.bands.shape[2]
        total.bands[..., :width][place] += tally.bands
        total.late[place] += tally.late
        total.provisional_days[place] += tally.provisional_days
    return total


def _place(total: Tally, tally: Tally) -> Any:
    """Where the counts of a tally belong among those of one that has all its courts and duties."""
    # The fewer rows and columns have to be looked up, the faster.
    if (tally.courts, tally.duties) == (total.courts, total.duties):
        return ...
    rows = [total._row[court] for court in tally.courts]
    if tally.duties == total.duties:
        return rows
    return np.ix_(rows, [total._column[duty] for duty in tally.duties])


def count_part(
    checked: Checked,
    duties: Mapping[str, Duty],
    period: Period | None,
    as_of: int,
    membership: Membership = "due",
) -> Tally:
    """The tally of one part of the store; `period` None counts everything."""
    bands = max(
        (len(v.bands) + 1 for name in checked.found for v in duties[name].versions), default=0
    )
    tally = Tally.empty(checked.loaded.courts, checked.found, bands)
    place = np.array([tally._row[court] for court in checked.loaded.courts], np.intp)
    courts = {kind: place[of] for kind, of in checked.loaded.court.items()}
    height = len(tally.courts)
    everyone = {kind: np.bincount(court, minlength=height) for kind, court in courts.items()}
    for name, partial in checked.found.items():
        duty, column = duties[name], tally._column[name]
        for piece in partial.pieces:
            here, outcomes = courts[duty.per][piece.rows], piece.outcomes
            if period is not None:
                chosen = np.flatnonzero(belonging(outcomes, duty.kind, membership, period, as_of))
                here, outcomes = here[chosen], outcomes.of(chosen)
            _add(tally, column, here, outcomes, any(v.bands for v in duty.versions))
        if period is None:
            counted = tally.states[:, column].sum(axis=1)
            tally.states[:, column, o.NOT_APPLICABLE] += everyone[duty.per] - counted
    return tally


def _add(
    tally: Tally, column: int, court: NDArray[np.intp], outcomes: Outcomes, banded: bool
) -> None:
    height = len(tally.courts)
    tally.states[:, column] += _grid(court, outcomes.state, height, len(o.STATES))
    if banded:
        done = (
            (outcomes.state == o.MET) | (outcomes.state == o.LATE) | (outcomes.state == o.OVERDUE)
        )
        chosen = (outcomes.band >= 0) & done
        width = tally.bands.shape[2]
        tally.bands[:, column] += _grid(court[chosen], outcomes.band[chosen], height, width)
    ended_late = outcomes.reason == o.ENDED_AFTER_LIMIT
    tally.late[:, column] += np.bincount(court[ended_late], minlength=height)
    unsettled = load_calendar().is_provisional(outcomes.due)
    tally.provisional_days[:, column] += np.bincount(court[unsettled], minlength=height)


def _grid(
    rows: NDArray[np.integer], columns: NDArray[np.integer], height: int, width: int
) -> Counts:
    flat = rows * width + columns
    return np.bincount(flat, minlength=height * width).reshape(height, width)


def total(plus: Sequence[Tally], minus: Sequence[Tally]) -> Tally:
    """The sum of tallies of cases, less that of others."""
    return merged([*plus, *(_negative(tally) for tally in minus)])


def _negative(tally: Tally) -> Tally:
    return replace(tally, **{name: -getattr(tally, name) for name in COUNTED})


def as_arrays(tally: Tally) -> dict[str, NDArray[Any]]:
    """A tally as arrays by name."""
    names = {"courts": np.array(tally.courts, np.str_), "duties": np.array(tally.duties, np.str_)}
    return {**names, **{name: getattr(tally, name) for name in COUNTED}}


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Tally:
    """A tally back from arrays."""
    counted = {name: arrays[name] for name in COUNTED}
    return Tally(tuple(arrays["courts"].tolist()), tuple(arrays["duties"].tolist()), **counted)


@dataclass(frozen=True)
class TallyWork:
    """The work of counting a checked part (see `checks.kept`)."""

    duties: Mapping[str, Duty]
    period: Period | None
    as_of: int
    membership: Membership = "due"
    only: tuple[str, ...] | None = None

    @property
    def content(self) -> object:
        """What the counts hang on."""
        period = [self.period.first, self.period.last] if self.period else None
        return [period, self.membership]

    def __call__(self, checked: Checked) -> Tally:
        """Its tally."""
        return count_part(checked, self.duties, self.period, self.as_of, self.membership)

    def arrays(self, result: Tally) -> Mapping[str, NDArray[Any]]:
        """A tally as arrays by name."""
        return as_arrays(result)

    def result(self, arrays: Mapping[str, NDArray[Any]]) -> Tally:
        """A tally back from arrays."""
        return from_arrays(arrays)

    def total(self, plus: Sequence[Tally], minus: Sequence[Tally]) -> Tally:
        """The sum of tallies of cases, less that of others."""
        return total(plus, minus)


def tally_of(
    store: Store,
    setting: Setting,
    period: Period | None = None,
    progress: Callable[[int, int], None] | None = None,
    only: Iterable[str] | None = None,
    court: str | None = None,
    engine: Engine | None = None,
) -> Tally:
    """The tally of a store, on this machine unless an engine is given; see `checks.over_parts` for
    the other arguments and what is raised."""
    from zhiheng.checks.engines import HERE  # loads the engine

    named = None if only is None else tuple(only)
    work = TallyWork(setting.law.duties, period, setting.as_of, only=named)
    tally: Tally
    (tally,) = (engine or HERE).count_over(store, setting, [work], progress, court)
    return tally
