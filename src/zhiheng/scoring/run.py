"""One evaluation asked for: what is evaluated, on which edition, as of when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhiheng.calendar import load_calendar
from zhiheng.checks.setting import Setting
from zhiheng.indexes.answers import Answers
from zhiheng.indexes.model import Edition, Indicator
from zhiheng.law.model import Law
from zhiheng.measures.period import Membership, Period
from zhiheng.measures.question import Question
from zhiheng.store.lake import Store

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

    from zhiheng.scoring.readings import Readings

FIGURE_DUTIES = {
    "in_time_closing_rate": ("case.closed_in_time",),
    "closed_within_limit_with_property": ("case.closed_in_time",),
    "closure_compliance_rate": ("closure.compliant",),
}
"""Duties behind a figure that rests on outcomes; their findings stand behind its leaf."""

BY_CLOSING = ("case.closed_in_time",)
"""Duties whose findings belong to the period the case was closed in, as their figure does."""


@dataclass(frozen=True)
class Run:
    """What is evaluated, on what, as of when. `law` and `edition` have the assumptions chosen;
    `court` restricts the run to one court; `readings` are files drawn and read."""

    store: Store
    law: Law
    edition: Edition
    period: Period
    as_of: int
    answers: Answers
    court: str | None = None
    readings: Readings | None = None

    @property
    def setting(self) -> Setting:
        """The setting of the checks."""
        return Setting(self.law, load_calendar(), self.as_of)

    @property
    def with_property(self) -> str:
        """Which cases count as cases with property."""
        return self.law.assumptions["with_property"].value

    @property
    def membership(self) -> Membership:
        """How duties belong to the period."""
        return "start" if self.edition.assumptions["period_membership"].value == "start" else "due"


def question(run_: Run, connect: Callable[[], BaseBackend]) -> Question:
    """What the figures of a run are asked of: all records, or those of its court. `connect` is
    asked for a connection (always the same) only where records are."""

    def rows(table: str) -> ir.Table:
        found = run_.store.relation(connect(), table)
        # A matter counts for the court entrusted, and stands with the court of its case.
        if run_.court is None or table == "entrustments":
            return found
        return found.filter(found["court"] == run_.court)

    return question_of(run_, rows)


def question_of(run_: Run, rows: Callable[[str], ir.Table]) -> Question:
    """The same, of other records."""
    assumptions = run_.edition.assumptions
    choices = {name: each.value for name, each in assumptions.items()}
    cap = assumptions["recovery_cap"].settings.get("cap")
    return Question(rows, run_.period, run_.as_of, choices, cap)


def duties_of(leaf: Indicator) -> tuple[str, ...]:
    """The duties one leaf's figure comes from."""
    if leaf.score is None:
        return ()
    return leaf.score.duties or FIGURE_DUTIES.get(leaf.score.figure or "", ())


def leaf_duties(edition: Edition) -> dict[str, tuple[str, ...]]:
    """Leaf → the duties its figure comes from."""
    found = {}
    for index in edition.sets.values():
        for node in index.leaves():
            duties = duties_of(node.indicator)
            if duties:
                found[node.indicator.id] = duties
    return found


def leaf_figures(edition: Edition) -> dict[str, str]:
    """Leaf → the figure it shows."""
    leaves = (node.indicator for index in edition.sets.values() for node in index.leaves())
    return {leaf.id: leaf.score.figure for leaf in leaves if leaf.score and leaf.score.figure}
