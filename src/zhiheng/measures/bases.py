"""The relations that figures are counted on, each a row a case, a petition or a matter.

Many figures share one: they are then counted in one pass over it. Every relation has the columns
court and case, `court` being the one the figure belongs to.
"""

from __future__ import annotations

from functools import cached_property

import ibis
import ibis.expr.types as ir

from zhiheng.measures.definitions import definitions
from zhiheng.measures.question import ENFORCEMENT, Question
from zhiheng.records.catalogue import nodes


class Bases:
    """The relations of one question, each made once."""

    def __init__(self, ask: Question) -> None:
        self.ask = ask

    @cached_property
    def cases(self) -> ir.Table:
        """Every case."""
        return self.ask.rows("cases")

    @cached_property
    def petitions(self) -> ir.Table:
        """Every petition."""
        return self.ask.rows("petitions")

    @cached_property
    def matters(self) -> ir.Table:
        """Matters entrusted to courts of the store; here `court` is the court entrusted."""
        matters, courts = self.ask.rows("entrustments"), self.ask.rows("courts")
        ours = matters.semi_join(courts, matters["to_court"] == courts["court"])
        return ours.mutate(court=ours["to_court"])

    @cached_property
    def auctions(self) -> ir.Table:
        """Cases with an auction in the period, and whether one was `online`."""
        online, offline = nodes()["online_auction"].number, nodes()["auction_started"].number
        auctions = self._passed([online, offline])
        auctions = auctions.filter(self.ask.within(auctions["day"]))
        return auctions.group_by("court", "case").aggregate(
            online=(auctions["node"] == online).any()
        )

    @cached_property
    def closed(self) -> ir.Table:
        """Enforcement cases closed in the period: court, case, closing_kind; `claimed`, the amount
        in 分 of a claim for money; `enforced`, in 分."""
        cases, enforced = self._closed, self._enforced
        joined = cases.left_join(enforced, cases["case"] == enforced["paid_in"])
        money = (joined["claim_kind"] == "money") & (joined["amount_claimed"] > 0)
        cents = (joined["amount_claimed"] * 100).cast("int64")
        return joined.select(
            "court",
            "case",
            "closing_kind",
            claimed=ibis.ifelse(money, cents, ibis.null("int64")),
            enforced=joined["enforced"].fill_null(0),
        )

    @cached_property
    def measured(self) -> ir.Table:
        """Enforcement cases closed in the period, and whether a measure was `taken`."""
        cases, taken = self._closed, self._with_a_measure
        joined = cases.left_join(taken, cases["case"] == taken["taken_in"])
        return joined.select("court", "case", taken=joined["taken_in"].notnull())

    @property
    def _closed(self) -> ir.Table:
        cases = self.cases
        return cases.filter(cases["kind"].isin(ENFORCEMENT) & self.ask.within(cases["closed"]))

    @property
    def _enforced(self) -> ir.Table:
        """Amount enforced in each case by the day of the check, in 分: money paid out (or arrived),
        and what the debtor paid the applicant directly."""
        payments, passed = self.ask.rows("payments"), self._payments_passed
        joined = payments.left_join(passed, payments["payment"] == passed["subject"])
        through = (joined["direction"] == "in") & joined["subject"].notnull()
        direct = (joined["direction"] == "direct") & (joined["paid"] <= self.ask.as_of)
        counted = joined.filter(through | direct.fill_null(False))
        cents = (counted["amount"] * 100).cast("int64")
        return counted.group_by(paid_in=counted["case"]).aggregate(
            enforced=cents.sum().cast("int64")
        )

    @property
    def _payments_passed(self) -> ir.Table:
        """Payments that have passed the node by which money counts as enforced."""
        return self._passed([self._money_node]).select("subject").distinct()

    @property
    def _with_a_measure(self) -> ir.Table:
        """Cases with a measure by the day of the check."""
        listings = self.ask.rows("listings")
        listed = listings.filter(listings["listed"] <= self.ask.as_of)
        taken = self._passed(self._measure_nodes)
        both = ibis.union(taken.select("case"), listed.select("case")).distinct()
        return both.select(taken_in="case")

    @property
    def _money_node(self) -> int:
        arrived = self.ask.choice("recovered_when") == "arrived"
        return nodes()["payment_arrived" if arrived else "paid_out"].number

    @property
    def _measure_nodes(self) -> list[int]:
        return [nodes()[name].number for name in definitions()["measures_taken_share"].nodes]

    def _passed(self, numbers: list[int]) -> ir.Table:
        """The passings of some nodes by the day of the check.

        Each asker reads the events anew: to keep the passings of all nodes aside for all askers
        takes longer than three narrow scans.
        """
        events = self.ask.rows("events")
        return events.filter(events["node"].isin(numbers) & (events["day"] <= self.ask.as_of))
