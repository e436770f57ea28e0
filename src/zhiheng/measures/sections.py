"""Outcomes by section of the rulebook: how much was judged, how much was breached."""

from __future__ import annotations

from typing import TypedDict

from zhiheng.checks.outcomes import STATES
from zhiheng.law.model import Law
from zhiheng.law.rulebook import load_rulebook
from zhiheng.measures.tally import Tally


class Section(TypedDict):
    """One section: its letter, how many duties are computed, how many outcomes were decided
    (neither inapplicable nor still open), how many breached and undeterminable."""

    section: str
    duties: int
    decided: int
    breached: int
    undeterminable: int


def breaches_by_section(tally: Tally, law: Law) -> list[Section]:
    """One entry for every section of the rulebook that has duties, in order."""
    found = {
        letter: Section(section=letter, duties=0, decided=0, breached=0, undeterminable=0)
        for letter in load_rulebook().sections
    }
    for duty in law.duties.values():
        found[duty.rulebook[:1]]["duties"] += 1
    for name, counts in tally.by_duty().items():
        by_state = dict(zip(STATES, counts.tolist(), strict=True))
        entry = found[law.duties[name].rulebook[:1]]
        entry["decided"] += (
            sum(by_state.values()) - by_state["not_applicable"] - by_state["not_due"]
        )
        entry["breached"] += by_state["late"] + by_state["overdue"]
        entry["undeterminable"] += by_state["undeterminable"]
    return [entry for entry in found.values() if entry["duties"]]
