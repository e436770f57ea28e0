"""Figures of a court over a period, out of its records (rulebook H): numerator and denominator.

Every figure is the ratio of two sums over rows, and the rows stay at hand: what stands behind a
figure is the same expression that gave it. Recovery is two figures with two names. *Pooled* is the
amounts enforced over the amounts claimed; *per case* is the mean over cases of each case's own
share. They differ wherever large and small claims fare differently.

All sums are of integers (counts, 分, billionths of a share), so that neither the engine nor the
order of rows can change a digit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

import pyarrow as pa

from zhiheng.calendar import load_calendar
from zhiheng.measures.definitions import definitions
from zhiheng.measures.period import Period
from zhiheng.measures.question import ENFORCEMENT as ENFORCEMENT
from zhiheng.measures.question import Question as Question

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from zhiheng.measures.bases import Bases

BILLION = 1_000_000_000
SCHEMA = pa.schema(
    [
        ("court", pa.string()),
        ("figure", pa.string()),
        ("numerator", pa.float64()),
        ("denominator", pa.float64()),
        ("value", pa.float64()),
    ]
)

Base = Literal["cases", "closed", "measured", "auctions", "petitions", "matters"]
Counted: TypeAlias = "ir.Value | int | bool"


@dataclass(frozen=True, eq=False)
class Part:
    """Rows of a base (see `Bases`) that count for a figure, and what each adds: `above` to the
    numerator and `below` to the denominator. A condition adds 1 where it holds."""

    base: Base
    chosen: ir.BooleanValue | bool
    above: Counted
    below: Counted

    def rows(self, bases: Bases) -> ir.Table:
        """Columns court, case, above, below."""
        table: ir.Table = getattr(bases, self.base)
        rows = table if self.chosen is True else table.filter(self.chosen)
        return rows.select(
            "court", "case", above=as_number(self.above), below=as_number(self.below)
        )


Parts = tuple[Part, ...]


@dataclass(frozen=True)
class Figure:
    """A figure: rows whose sums are numerator and denominator, in units of 1/`scale`."""

    parts: Callable[[Bases], Parts]
    scale: int = 1

    def ratio(self, above: int, below: int) -> tuple[float, float]:
        """Numerator and denominator of sums, in whole units."""
        return above / self.scale, below / self.scale

    def rows(self, ask: Question) -> ir.Table:
        """All rows: court, case, above, below."""
        import ibis

        from zhiheng.measures.bases import Bases  # loads the engine

        bases = Bases(ask)
        return ibis.union(*(part.rows(bases) for part in self.parts(bases)))


def as_number(counted: Counted) -> ir.IntegerValue:
    """What is counted, as a whole number."""
    import ibis

    if isinstance(counted, int):
        return ibis.literal(int(counted), "int64")
    if counted.type().is_boolean():
        return counted.fill_null(False).cast("int64")
    return counted.cast("int64")


def _satisfied(of: Bases) -> Parts:
    """实际执结率: cases closed as satisfied / cases closed (H01)."""
    return (_closed(of, ENFORCEMENT, of.cases["closing_kind"] == "satisfied"),)


def _per_case(of: Bases) -> Parts:
    """个案执行到位率: mean over closed money cases of amount enforced / amount claimed (H02)."""
    import ibis

    cases = of.closed
    share = cases["enforced"].cast("float64") / cases["claimed"].cast("float64") * BILLION
    if of.ask.cap is not None:
        # Before it becomes an integer: a claim entered as 0.01 may have been met a billionfold.
        share = ibis.least(share, float(of.ask.cap * BILLION))
    share = share.round().cast("int64")
    return (Part("closed", cases["claimed"].notnull(), share, BILLION),)


def _pooled(of: Bases) -> Parts:
    """Amounts enforced / amounts claimed of the closed money cases together (H02)."""
    cases = of.closed
    return (Part("closed", cases["claimed"].notnull(), cases["enforced"], cases["claimed"]),)


def _closing_rate(*kinds: str) -> Callable[[Bases], Parts]:
    """Cases of these kinds closed in the period / received in it (H04)."""
    return lambda of: (_closings(of, kinds, of.ask),)


def _closings(of: Bases, kinds: tuple[str, ...], ask: Question) -> Part:
    closed, filed = ask.within(of.cases["closed"]), ask.within(of.cases["filed"])
    return Part("cases", of.cases["kind"].isin(kinds) & (closed | filed), closed, filed)


def _over_years(of: Bases) -> Parts:
    """Enforcement cases closed / received over the years that end with the period (H08)."""
    back = definitions()["overall_closing_rate"].years or 1
    first = int(load_calendar().add_months(of.ask.period.last, -12 * back)) + 1
    longer = replace(of.ask, period=Period(first, of.ask.period.last))
    return (_closings(of, ENFORCEMENT, longer),)


def _online(of: Bases) -> Parts:
    """网拍率: cases with an auction online / cases with an auction in the period (H05)."""
    return (Part("auctions", True, of.auctions["online"], True),)


def _reversed(of: Bases) -> Parts:
    """执行行为撤改率: acts revoked or changed / enforcement cases (H06).

    An act counts at the court whose objection or reconsideration case revoked or changed it.
    """
    overturned = of.cases["closing_kind"].isin(["revoked", "changed"])
    reviews = _is_closed(of, ("objection", "reconsideration"))
    return (
        Part("cases", reviews & overturned, True, False),
        Part("cases", _reversible(of), False, True),
    )


def _reversible(of: Bases) -> ir.BooleanValue:
    """The enforcement cases acts are set against."""
    cases, ask = of.cases, of.ask
    choice = ask.choice("reversal_denominator")
    if choice == "closed":
        return _is_closed(of, ENFORCEMENT)
    if choice == "received":
        return _is_filed(of)
    pending = cases["closed"].isnull() | (cases["closed"] >= ask.period.first)
    filed = cases["filed"] <= min(ask.period.last, ask.as_of)
    return cases["kind"].isin(ENFORCEMENT) & filed & pending


def _petitions(of: Bases) -> Parts:
    """执行信访办结率: petitions received in the period and closed / received in it (H08)."""
    return (Part("petitions", _is_received(of), of.petitions["closed"] <= of.ask.as_of, True),)


def _resolved(of: Bases) -> Parts:
    """信访化解率: petitions received in the period and resolved / received in it (H09)."""
    petitions = of.petitions
    resolved = (petitions["closing"] == "resolved") & (petitions["closed"] <= of.ask.as_of)
    return (Part("petitions", _is_received(of), resolved, True),)


def _in_beijing(of: Bases) -> Parts:
    """进京信访比: petitions brought to Beijing / petitions, or enforcement cases, received (H09).

    The source names the figure only; what it is a share of is an assumption.
    """
    received, there = _is_received(of), of.petitions["in_beijing"]
    if of.ask.choice("beijing_base") != "cases":
        return (Part("petitions", received, there, there.notnull()),)
    return (
        Part("petitions", received, there, False),
        Part("cases", _is_filed(of), False, True),
    )


def _provisionally_closed(of: Bases) -> Parts:
    """首次执行案件终本率: provisional closures / first-enforcement cases closed."""
    return (_closed(of, ("first",), of.cases["closing_kind"] == "provisional_closure"),)


def _completed(of: Bases) -> Parts:
    """执行完毕率: cases closed as satisfied / cases closed, of the kinds the assumption names."""
    only_first = of.ask.choice("completion_base") == "first"
    kinds = ("first",) if only_first else ENFORCEMENT
    return (_closed(of, kinds, of.cases["closing_kind"] == "satisfied"),)


def _partly(of: Bases) -> Parts:
    """部分执结率: cases closed otherwise than as satisfied, with money enforced / cases closed."""
    unsatisfied = (of.closed["closing_kind"] != "satisfied").fill_null(True)
    return (Part("closed", True, unsatisfied & (of.closed["enforced"] > 0), True),)


def _cycle(of: Bases) -> Parts:
    """平均执行周期: days from filing to closing / enforcement cases closed (H10)."""
    return (_closed(of, ENFORCEMENT, of.cases["closed"] - of.cases["filed"]),)


def _with_measures(of: Bases) -> Parts:
    """执行措施采取率: cases with a measure by the day of the check / enforcement cases closed."""
    return (Part("measured", True, of.measured["taken"], True),)


def _petitioned(of: Bases) -> Parts:
    """案访比: petitions received in the period / enforcement cases received in it (H09)."""
    return (
        Part("petitions", _is_received(of), True, False),
        Part("cases", _is_filed(of), False, True),
    )


def _entrusted_load(of: Bases) -> Parts:
    """受托事项办理量: matters handled for other courts / own enforcement cases closed (D06).

    One for one; the ratio at which a matter counts as a case is a local one.
    """
    answered = of.ask.within(of.matters["answered"])
    return (
        Part("matters", answered, True, False),
        Part("cases", _is_closed(of, ENFORCEMENT), False, True),
    )


def _entrusted_answered(of: Bases) -> Parts:
    """受托事项反馈率: matters received in the period and answered / received in it (D06)."""
    answered = of.matters["answered"] <= of.ask.as_of
    return (Part("matters", _is_entrusted(of), answered, True),)


def _entrusted_rated(of: Bases) -> Parts:
    """受托事项好评率: matters rated good or fair / matters confirmed in the period and rated."""
    matters = of.matters
    rated = of.ask.within(matters["confirmed"]) & matters["rating"].notnull()
    return (Part("matters", rated, matters["rating"].isin(["good", "fair"]), True),)


def _entrusted_complained(of: Bases) -> Parts:
    """受托事项投诉比: complaints of the period / matters received in it (D06)."""
    complained = of.ask.within(of.matters["complained"])
    return (
        Part("matters", complained, True, False),
        Part("matters", _is_entrusted(of), False, True),
    )


FIGURES: dict[str, Figure] = {
    "satisfaction_rate": Figure(_satisfied),
    "recovery_per_case": Figure(_per_case, BILLION),
    "recovery_pooled": Figure(_pooled, 100),
    "objection_closing_rate": Figure(_closing_rate("objection")),
    "online_auction_rate": Figure(_online),
    "reversal_rate": Figure(_reversed),
    "reconsideration_closing_rate": Figure(_closing_rate("reconsideration")),
    "supervision_closing_rate": Figure(_closing_rate("supervision")),
    "coordination_closing_rate": Figure(_closing_rate("coordination")),
    "petition_closing_rate": Figure(_petitions),
    "overall_closing_rate": Figure(_over_years),
    "provisional_closure_share": Figure(_provisionally_closed),
    "completion_rate": Figure(_completed),
    "partial_satisfaction_share": Figure(_partly),
    "average_enforcement_days": Figure(_cycle),
    "measures_taken_share": Figure(_with_measures),
    "petition_case_ratio": Figure(_petitioned),
    "petition_resolution_rate": Figure(_resolved),
    "beijing_petition_ratio": Figure(_in_beijing),
    "entrusted_workload": Figure(_entrusted_load),
    "entrusted_answering_rate": Figure(_entrusted_answered),
    "entrusted_rating_rate": Figure(_entrusted_rated),
    "entrusted_complaint_ratio": Figure(_entrusted_complained),
}
"""Figures that records alone give; those that rest on outcomes are in `from_outcomes`."""


def _closed(of: Bases, kinds: tuple[str, ...], above: Counted) -> Part:
    return Part("cases", _is_closed(of, kinds), above, True)


def _is_closed(of: Bases, kinds: tuple[str, ...]) -> ir.BooleanValue:
    return of.cases["kind"].isin(kinds) & of.ask.within(of.cases["closed"])


def _is_filed(of: Bases) -> ir.BooleanValue:
    return of.cases["kind"].isin(ENFORCEMENT) & of.ask.within(of.cases["filed"])


def _is_received(of: Bases) -> ir.BooleanValue:
    return of.ask.within(of.petitions["received"])


def _is_entrusted(of: Bases) -> ir.BooleanValue:
    return of.ask.within(of.matters["sent"])
