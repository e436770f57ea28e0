"""Figures that rest on outcomes of duties (rulebook H03, H08), counted part by part."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zhiheng.calendar import MISSING
from zhiheng.checks import outcomes as o
from zhiheng.checks.run import Checked
from zhiheng.measures.period import Period
from zhiheng.measures.question import ENFORCEMENT
from zhiheng.store.wanted import Needs, Wanted

Flags = NDArray[np.bool_]

DUTIES = ("case.closed_in_time", "closure.compliant")
"""Duties these figures need."""

NEEDS: Needs = {
    "asset": Wanted(fields=("not_disposable_ground",)),
    "case": Wanted(fields=("kind",), nodes=("closed", "satisfied")),
}
"""What they ask of the records besides."""


@dataclass(frozen=True)
class Ratios:
    """Numerator and denominator by (court, figure)."""

    values: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)

    def add(self, court: str, figure: str, numerator: int, denominator: int) -> None:
        """Add to a ratio; nothing where the denominator is 0."""
        if denominator:
            before = self.values.get((court, figure), (0, 0))
            self.values[(court, figure)] = (before[0] + numerator, before[1] + denominator)

    def as_figures(self) -> dict[tuple[str, str], tuple[float, float]]:
        """The same as figures are."""
        return {key: (float(above), float(below)) for key, (above, below) in self.values.items()}

    def plus(self, other: Ratios, sign: int = 1) -> None:
        """Add the ratios of other cases (or, with sign -1, take those of some cases off)."""
        for (court, figure), (numerator, denominator) in other.values.items():
            self.add(court, figure, sign * numerator, sign * denominator)
            if not self.values[(court, figure)][1]:
                del self.values[(court, figure)]


def count_ratios(
    checked: Checked, period: Period, as_of: int, meaning: str = "disposable"
) -> Ratios:
    """One part's in-time closing rate, 3+1 rates of satisfaction, and closure rate.

    `meaning`: which cases are cases with property (the choices of assumption `with_property`).
    """
    ratios = Ratios()
    cases = checked.loaded.frames["case"]
    closed = cases.day("closed")
    in_period = period.holds(np.where(closed > as_of, MISSING, closed).astype(np.int32))
    closed_now = in_period & _is_one_of(checked, "case.kind", ENFORCEMENT)
    in_time = checked.outcomes["case.closed_in_time"].state == o.MET
    judged = closed_now & np.isin(checked.outcomes["case.closed_in_time"].state, (o.MET, o.LATE))
    with_property = closed_now & _with_property(checked, meaning)
    satisfied = cases.day("satisfied") == closed
    _ratio(ratios, checked, "in_time_closing_rate", judged & in_time, judged)
    _ratio(
        ratios,
        checked,
        "closed_within_limit_with_property",
        with_property & satisfied & in_time & (closed != MISSING),
        with_property,
    )
    _ratio(ratios, checked, "satisfied_with_property", with_property & satisfied, with_property)
    first = closed_now & _is_one_of(checked, "case.kind", ("first",))
    _ratio(ratios, checked, "in_limit_satisfaction_rate", first & satisfied & in_time, first)
    sound = checked.outcomes["closure.compliant"].state
    ripe = in_period & np.isin(sound, (o.MET, o.OVERDUE))
    _ratio(ratios, checked, "closure_compliance_rate", ripe & (sound == o.MET), ripe)
    return ratios


def _ratio(
    ratios: Ratios, checked: Checked, figure: str, numerator: Flags, denominator: Flags
) -> None:
    courts = checked.loaded.courts
    above = np.bincount(checked.loaded.court["case"][numerator], minlength=len(courts))
    below = np.bincount(checked.loaded.court["case"][denominator], minlength=len(courts))
    for index, court in enumerate(courts):
        ratios.add(court, figure, int(above[index]), int(below[index]))


def _is_one_of(checked: Checked, name: str, allowed: tuple[str, ...]) -> Flags:
    fact = checked.loaded.frames["case"].fields[name]
    codes = [i for i, word in enumerate(fact.vocabulary or ()) if word in allowed]
    return np.asarray(np.isin(fact.values, codes) & fact.known)


def _with_property(checked: Checked, meaning: str) -> Flags:
    """Cases with property (有财产可供执行; rulebook H13).

    disposable: some asset on record carries no ground against its disposal; any_asset: some asset
    is on record; unless_exhausted: every case but those provisionally closed with all substantive
    conditions met, the exhausted inquiry among them.
    """
    cases = checked.loaded.frames["case"].key
    if meaning == "unless_exhausted":
        return np.asarray(checked.outcomes["closure.substance"].state != o.MET)
    assets = checked.loaded.frames["asset"]
    ground = assets.fields["asset.not_disposable_ground"]
    free = ~ground.known if meaning == "disposable" else np.ones(len(assets), np.bool_)
    return np.isin(cases, assets.case[free])
