"""Figures of a court over a period, out of its records (rulebook H): numerator and denominator.

Every figure is the ratio of two sums over rows, and the rows stay at hand: what stands behind a
figure is the same expression that gave it. Recovery is two figures with two names. *Pooled* is the
amounts enforced over the amounts claimed; *per case* is the mean over cases of each case's own
share. They differ wherever large and small claims fare differently.

All sums are of integers (counts, 分, billionths of a share), so that neither the engine nor the
order of rows can change a digit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from zhiheng.calendar import load_calendar
from zhiheng.measures.definitions import definitions
from zhiheng.measures.period import Period
from zhiheng.records.catalogue import nodes

ENFORCEMENT = ("first", "resumed")
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


@dataclass(frozen=True)
class Question:
    """What a figure is asked of: the records, the period, the day, the assumptions in force.

    `rows` gives the records of a table; `choices` is assumption → choice; `cap` is the most one
    case's share counts (None: no cap).
    """

    rows: Callable[[str], ir.Table]
    period: Period
    as_of: int
    choices: Mapping[str, str] = field(default_factory=dict)
    cap: int | None = 1

    def within(self, day: ir.Value) -> ir.BooleanValue:
        """The day lies in the period and is not after the day of the check."""
        inside = (day >= self.period.first) & (day <= min(self.period.last, self.as_of))
        return inside.fill_null(False)


@dataclass(frozen=True)
class Figure:
    """A figure: rows of (court, case, above, below) whose sums are numerator and denominator, in
    units of 1/`scale`."""

    rows: Callable[[Question], ir.Table]
    scale: int = 1

    def by_court(self, ask: Question) -> ir.Table:
        """Columns court, numerator, denominator (integers still in units of 1/scale)."""
        rows = self.rows(ask)
        return rows.group_by("court").aggregate(
            numerator=rows["above"].sum().cast("int64"),
            denominator=rows["below"].sum().cast("int64"),
        )


def _satisfied(ask: Question) -> ir.Table:
    """实际执结率: cases closed as satisfied / cases closed (H01)."""
    closed = _closed(ask, ENFORCEMENT)
    return _ratio(closed, closed["closing_kind"] == "satisfied", True)


def _per_case(ask: Question) -> ir.Table:
    """个案执行到位率: mean over closed money cases of amount enforced / amount claimed (H02)."""
    cases = _recovered(ask)
    share = cases["enforced"].cast("float64") / cases["claimed"].cast("float64") * BILLION
    if ask.cap is not None:
        # Before it becomes an integer: a claim entered as 0.01 may have been met a billionfold.
        share = ibis.least(share, float(ask.cap * BILLION))
    share = share.round().cast("int64")
    return cases.select("court", "case", above=share, below=ibis.literal(BILLION, "int64"))


def _pooled(ask: Question) -> ir.Table:
    """Amounts enforced / amounts claimed of the closed money cases together (H02)."""
    return _recovered(ask).select("court", "case", above="enforced", below="claimed")


def _closing_rate(*kinds: str) -> Callable[[Question], ir.Table]:
    """Cases of these kinds closed in the period / received in it (H04)."""

    def rows(ask: Question) -> ir.Table:
        cases = ask.rows("cases")
        cases = cases.filter(cases["kind"].isin(kinds))
        cases = cases.filter(ask.within(cases["closed"]) | ask.within(cases["filed"]))
        return _ratio(cases, ask.within(cases["closed"]), ask.within(cases["filed"]))

    return rows


def _over_years(ask: Question) -> ir.Table:
    """Enforcement cases closed / received over the years that end with the period (H08)."""
    back = definitions()["overall_closing_rate"].years or 1
    first = int(load_calendar().add_months(ask.period.last, -12 * back)) + 1
    longer = replace(ask, period=Period(first, ask.period.last))
    return _closing_rate(*ENFORCEMENT)(longer)


def _online(ask: Question) -> ir.Table:
    """网拍率: cases with an auction online / cases with an auction in the period (H05)."""
    online, offline = nodes()["online_auction"].number, nodes()["auction_started"].number
    events = ask.rows("events")
    auctions = events.filter(events["node"].isin([online, offline]) & ask.within(events["day"]))
    cases = auctions.group_by("court", "case").aggregate(online=(auctions["node"] == online).any())
    return _ratio(cases, cases["online"], True)


def _reversed(ask: Question) -> ir.Table:
    """执行行为撤改率: acts revoked or changed / enforcement cases (H06).

    An act counts at the court whose objection or reconsideration case revoked or changed it.
    """
    reviews = _closed(ask, ("objection", "reconsideration"))
    acts = reviews.filter(reviews["closing_kind"].isin(["revoked", "changed"]))
    return ibis.union(_ratio(acts, True, False), _ratio(_reversible(ask), False, True))


def _petitions(ask: Question) -> ir.Table:
    """执行信访办结率: petitions received in the period and closed / received in it (H08)."""
    petitions = ask.rows("petitions")
    received = petitions.filter(ask.within(petitions["received"]))
    return _ratio(received, (received["closed"] <= ask.as_of).fill_null(False), True)


def _resolved(ask: Question) -> ir.Table:
    """信访化解率: petitions received in the period and resolved / received in it (H09)."""
    petitions = ask.rows("petitions")
    received = petitions.filter(ask.within(petitions["received"]))
    resolved = (received["closing"] == "resolved") & (received["closed"] <= ask.as_of)
    return _ratio(received, resolved, True)


def _in_beijing(ask: Question) -> ir.Table:
    """进京信访比: petitions brought to Beijing / petitions, or enforcement cases, received (H09).

    The source names the figure only; what it is a share of is an assumption.
    """
    petitions, cases = ask.rows("petitions"), ask.rows("cases")
    received = petitions.filter(ask.within(petitions["received"]))
    if ask.choices.get("beijing_base") != "cases":
        return _ratio(received, received["in_beijing"], received["in_beijing"].notnull())
    filed = cases.filter(cases["kind"].isin(ENFORCEMENT) & ask.within(cases["filed"]))
    return ibis.union(_ratio(received, received["in_beijing"], False), _ratio(filed, False, True))


def _provisionally_closed(ask: Question) -> ir.Table:
    """首次执行案件终本率: provisional closures / first-enforcement cases closed."""
    closed = _closed(ask, ("first",))
    return _ratio(closed, closed["closing_kind"] == "provisional_closure", True)


def _completed(ask: Question) -> ir.Table:
    """执行完毕率: cases closed as satisfied / cases closed, of the kinds the assumption names."""
    only_first = ask.choices.get("completion_base") == "first"
    closed = _closed(ask, ("first",) if only_first else ENFORCEMENT)
    return _ratio(closed, closed["closing_kind"] == "satisfied", True)


def _partly(ask: Question) -> ir.Table:
    """部分执结率: cases closed otherwise than as satisfied, with money enforced / cases closed."""
    closed, enforced = _closed(ask, ENFORCEMENT), _enforced(ask)
    joined = closed.left_join(enforced, closed["case"] == enforced["case_"])
    unsatisfied = (joined["closing_kind"] != "satisfied").fill_null(True)
    return _ratio(joined, unsatisfied & (joined["enforced"] > 0), True)


def _cycle(ask: Question) -> ir.Table:
    """平均执行周期: days from filing to closing / enforcement cases closed (H10)."""
    closed = _closed(ask, ENFORCEMENT)
    days = (closed["closed"] - closed["filed"]).cast("int64")
    return closed.select("court", "case", above=days, below=ibis.literal(1, "int64"))


def _with_measures(ask: Question) -> ir.Table:
    """执行措施采取率: cases with a measure by the day of the check / enforcement cases closed."""
    numbers = [nodes()[name].number for name in definitions()["measures_taken_share"].nodes]
    events, listings = ask.rows("events"), ask.rows("listings")
    taken = events.filter(events["node"].isin(numbers) & (events["day"] <= ask.as_of))
    listed = listings.filter(listings["listed"] <= ask.as_of)
    cases = ibis.union(taken.select("case"), listed.select("case")).distinct()
    closed = _closed(ask, ENFORCEMENT)
    cases = cases.select(case_="case")
    joined = closed.left_join(cases, closed["case"] == cases["case_"])
    return _ratio(joined, joined["case_"].notnull(), True)


def _petitioned(ask: Question) -> ir.Table:
    """案访比: petitions received in the period / enforcement cases received in it (H09)."""
    petitions, cases = ask.rows("petitions"), ask.rows("cases")
    received = petitions.filter(ask.within(petitions["received"]))
    filed = cases.filter(cases["kind"].isin(ENFORCEMENT) & ask.within(cases["filed"]))
    return ibis.union(_ratio(received, True, False), _ratio(filed, False, True))


def _entrusted_load(ask: Question) -> ir.Table:
    """受托事项办理量: matters handled for other courts / own enforcement cases closed (D06).

    One for one; the ratio at which a matter counts as a case is a local one.
    """
    matters = _entrusted(ask)
    answered = matters.filter(ask.within(matters["answered"]))
    return ibis.union(_ratio(answered, True, False), _ratio(_closed(ask, ENFORCEMENT), False, True))


def _entrusted_answered(ask: Question) -> ir.Table:
    """受托事项反馈率: matters received in the period and answered / received in it (D06)."""
    received = _entrusted_received(ask)
    return _ratio(received, received["answered"] <= ask.as_of, True)


def _entrusted_rated(ask: Question) -> ir.Table:
    """受托事项好评率: matters rated good or fair / matters confirmed in the period and rated."""
    matters = _entrusted(ask)
    rated = matters.filter(ask.within(matters["confirmed"]) & matters["rating"].notnull())
    return _ratio(rated, rated["rating"].isin(["good", "fair"]), True)


def _entrusted_complained(ask: Question) -> ir.Table:
    """受托事项投诉比: complaints of the period / matters received in it (D06)."""
    matters, received = _entrusted(ask), _entrusted_received(ask)
    complained = matters.filter(ask.within(matters["complained"]))
    return ibis.union(_ratio(complained, True, False), _ratio(received, False, True))


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


def _ratio(
    rows: ir.Table, above: ir.BooleanValue | bool, below: ir.BooleanValue | bool
) -> ir.Table:
    return rows.select("court", "case", above=_as_count(above), below=_as_count(below))


def _as_count(flag: ir.BooleanValue | bool) -> ir.IntegerValue:
    if isinstance(flag, bool):
        return ibis.literal(int(flag), "int64")
    return flag.fill_null(False).cast("int64")


def _closed(ask: Question, kinds: tuple[str, ...]) -> ir.Table:
    cases = ask.rows("cases")
    return cases.filter(cases["kind"].isin(kinds) & ask.within(cases["closed"]))


def _recovered(ask: Question) -> ir.Table:
    """Closed money cases with a claim: amounts claimed and enforced, in 分."""
    closed = _closed(ask, ENFORCEMENT)
    money = closed.filter((closed["claim_kind"] == "money") & (closed["amount_claimed"] > 0))
    enforced = _enforced(ask)
    joined = money.left_join(enforced, money["case"] == enforced["case_"])
    return joined.select(
        court=joined["court"],
        case=joined["case"],
        claimed=(joined["amount_claimed"] * 100).cast("int64"),
        enforced=joined["enforced"].fill_null(0),
    )


def _enforced(ask: Question) -> ir.Table:
    """Amount enforced in each case by the day of the check, in 分: money paid out (or arrived),
    and what the debtor paid the applicant directly."""
    payments, passed = ask.rows("payments"), _passed(ask)
    joined = payments.left_join(passed, payments["payment"] == passed["subject"])
    through = (joined["direction"] == "in") & joined["subject"].notnull()
    direct = (joined["direction"] == "direct") & (joined["paid"] <= ask.as_of)
    counted = joined.filter(through | direct.fill_null(False))
    cents = (counted["amount"] * 100).cast("int64")
    return counted.group_by(case_=counted["case"]).aggregate(enforced=cents.sum().cast("int64"))


def _passed(ask: Question) -> ir.Table:
    """Payments that have passed the node by which money counts as enforced."""
    arrived = ask.choices.get("recovered_when") == "arrived"
    node = nodes()["payment_arrived" if arrived else "paid_out"].number
    events = ask.rows("events")
    chosen = events.filter((events["node"] == node) & (events["day"] <= ask.as_of))
    return chosen.select("subject").distinct()


def _reversible(ask: Question) -> ir.Table:
    """The enforcement cases acts are set against."""
    cases = ask.rows("cases")
    cases = cases.filter(cases["kind"].isin(ENFORCEMENT))
    choice = ask.choices.get("reversal_denominator", "handled")
    if choice == "closed":
        return cases.filter(ask.within(cases["closed"]))
    if choice == "received":
        return cases.filter(ask.within(cases["filed"]))
    pending = cases["closed"].isnull() | (cases["closed"] >= ask.period.first)
    return cases.filter((cases["filed"] <= min(ask.period.last, ask.as_of)) & pending)


def _entrusted(ask: Question) -> ir.Table:
    """Matters entrusted to courts of the store; here `court` is the court entrusted."""
    matters, courts = ask.rows("entrustments"), ask.rows("courts")
    ours = matters.semi_join(courts, matters["to_court"] == courts["court"])
    return ours.mutate(court=ours["to_court"])


def _entrusted_received(ask: Question) -> ir.Table:
    matters = _entrusted(ask)
    return matters.filter(ask.within(matters["sent"]))
