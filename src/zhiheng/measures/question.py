"""What figures are asked of: the records, the period, the day, the assumptions in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zhiheng.measures.period import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir

ENFORCEMENT = ("first", "resumed")
CHOICES = {
    "beijing_base": "petitions",
    "completion_base": "enforcement",
    "recovered_when": "paid_out",
    "reversal_denominator": "handled",
}
"""The assumptions that figures out of records hang on, beside the cap; what holds for an edition
that does not know one, since none of its leaves shows the figure."""


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

    @property
    def terms(self) -> tuple[object, ...]:
        """All that the figures of the same records hang on: equal terms, equal figures."""
        chosen = (self.choice(name) for name in CHOICES)
        return (self.period.first, self.period.last, self.as_of, self.cap, *chosen)

    def choice(self, name: str) -> str:
        """The choice in force of one of CHOICES."""
        return self.choices.get(name, CHOICES[name])

    def within(self, day: ir.Value) -> ir.BooleanValue:
        """The day lies in the period and is not after the day of the check."""
        inside = (day >= self.period.first) & (day <= min(self.period.last, self.as_of))
        return inside.fill_null(False)
