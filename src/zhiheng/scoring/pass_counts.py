"""What one pass over the checked parts of a store counts for all evaluations that share it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiheng.checks.kept import Arrays
from zhiheng.checks.run import Checked
from zhiheng.law.model import Duty
from zhiheng.measures.from_outcomes import Ratios, count_ratios
from zhiheng.measures.period import Membership, Period
from zhiheng.measures.tally import Tally, as_arrays, count_part, from_arrays, merged, total

_RATIOS = "ratios"


@dataclass(frozen=True, eq=False)
class PassCounts:
    """Outcomes counted, by how they belong to the period; the figures that rest on them."""

    tallies: Mapping[Membership, Tally]
    ratios: Ratios


def together(counts: Iterable[PassCounts]) -> PassCounts:
    """The sum over disjoint cases."""
    every = list(counts)
    memberships = {name: None for each in every for name in each.tallies}
    ratios = Ratios()
    for each in every:
        ratios.plus(each.ratios)
    return PassCounts({m: merged(each.tallies[m] for each in every) for m in memberships}, ratios)


@dataclass(frozen=True)
class PassWork:
    """The work of counting a checked part for a pass (see `checks.kept`)."""

    duties: Mapping[str, Duty]
    period: Period
    as_of: int
    memberships: tuple[Membership, ...]
    with_property: str
    only: tuple[str, ...]

    @property
    def content(self) -> object:
        """What the counts hang on."""
        return [[self.period.first, self.period.last], self.memberships, self.with_property]

    def __call__(self, checked: Checked) -> PassCounts:
        """The counts of one part."""
        tallies = {
            membership: count_part(checked, self.duties, self.period, self.as_of, membership)
            for membership in self.memberships
        }
        ratios = count_ratios(checked, self.period, self.as_of, self.with_property)
        return PassCounts(tallies, ratios)

    def arrays(self, result: PassCounts) -> Arrays:
        """The counts as arrays by name."""
        found: dict[str, NDArray[np.generic]] = {
            f"{membership}.{name}": array
            for membership, tally in result.tallies.items()
            for name, array in as_arrays(tally).items()
        }
        keys = sorted(result.ratios.values)
        found[f"{_RATIOS}.courts"] = np.array([court for court, _ in keys], np.str_)
        found[f"{_RATIOS}.figures"] = np.array([figure for _, figure in keys], np.str_)
        counted = [result.ratios.values[key] for key in keys]
        found[f"{_RATIOS}.counted"] = np.array(counted, np.int64).reshape(len(keys), 2)
        return found

    def result(self, arrays: Arrays) -> PassCounts:
        """The counts back from arrays."""
        tallies = {m: from_arrays(_below(arrays, m)) for m in self.memberships}
        kept = _below(arrays, _RATIOS)
        keys = zip(kept["courts"].tolist(), kept["figures"].tolist(), strict=True)
        counted = (tuple(row) for row in kept["counted"].tolist())
        return PassCounts(tallies, Ratios(dict(zip(keys, counted, strict=True))))

    def total(self, plus: Sequence[PassCounts], minus: Sequence[PassCounts]) -> PassCounts:
        """The sum of counts of cases, less that of others."""
        whole, others = together(plus), together(minus)
        tallies = {
            m: total([tally], [others.tallies[m]] if m in others.tallies else [])
            for m, tally in whole.tallies.items()
        }
        whole.ratios.plus(others.ratios, -1)
        return PassCounts(tallies, whole.ratios)


def _below(arrays: Arrays, prefix: str) -> Arrays:
    start = f"{prefix}."
    return {name[len(start) :]: array for name, array in arrays.items() if name.startswith(start)}
