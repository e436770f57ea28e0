"""What must hold between the columns of one row, and which days are plausible at all."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

CLOCKED = {
    "minute": "day",
    "recorded_minute": "recorded_day",
    "asked_minute": "asked",
    "arrived_minute": "arrived",
    "served_minute": "served",
}
"""A column of clock times, and the day column that may carry the time with it."""

_EPOCH = dt.date(1970, 1, 1)
_FOUNDED, _ELECTRONIC, _LAST = dt.date(1949, 1, 1), dt.date(1990, 1, 1), dt.date(2100, 12, 31)


def plausible(table: str) -> tuple[int, int]:
    """The first and last plausible day of a table, as days since 1970-01-01."""
    first = _FOUNDED if table in ("courts", "officers") else _ELECTRONIC
    return (first - _EPOCH).days, (_LAST - _EPOCH).days


@dataclass(frozen=True)
class Rule:
    """`broken` is SQL over the values ("v:<column>") that is true for a bad row."""

    table: str
    column: str
    reason: str
    broken: str


def _order(table: str, earlier: str, later: str, reason: str = "ends_before_begins") -> Rule:
    return Rule(table, later, reason, f'c."v:{later}" < c."v:{earlier}"')


RULES = (
    _order("courts", "valid_from", "valid_to"),
    _order("officers", "valid_from", "valid_to"),
    _order("cases", "filed", "closed", "closed_before_filed"),
    _order("cases", "filed", "filed_recorded", "recorded_before"),
    _order("cases", "closed", "closed_recorded", "recorded_before"),
    Rule(
        "cases",
        "closing_kind",
        "closing_day_without_kind",
        'c."v:closed" IS NOT NULL AND c."c:closing_kind" IS NULL',
    ),
    Rule(
        "cases",
        "closed",
        "closing_kind_without_day",
        'c."c:closed" IS NULL AND c."v:closing_kind" IS NOT NULL',
    ),
    _order("documents", "made", "served"),
    _order("documents", "made", "published"),
    _order("entrustments", "sent", "signed"),
    _order("entrustments", "sent", "answered"),
    _order("goods", "received", "handed_over"),
    _order("goods", "received", "released"),
    _order("goods", "received", "deposited"),
    _order("goods", "released", "returned"),
    _order("entrustments", "sent", "returned"),
    _order("referrals", "decided", "served"),
    _order("referrals", "received", "ruled"),
    _order("petitions", "received", "closed"),
    _order("petitions", "received", "recorded", "recorded_before"),
    _order("listings", "listed", "lifted"),
    _order("listings", "listed", "ends"),
    _order("intervals", "from", "to"),
    _order("controls", "served", "expires"),
    _order("controls", "claim_lodged", "claim_decided"),
    _order("events", "day", "recorded_day", "recorded_before"),
    Rule(
        "events",
        "recorded_minute",
        "recorded_before",
        'c."v:day" = c."v:recorded_day" AND c."v:recorded_minute" < c."v:minute"',
    ),
)
"""Every rule between columns of a row."""


def rules_of(table: str) -> list[Rule]:
    """The rules of one table."""
    return [rule for rule in RULES if rule.table == table]
