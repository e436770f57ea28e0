"""The papers of a closure file: which are there by the closure, and whether they are sealed."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from zhiheng.simulate import calibration, columns, truth
from zhiheng.simulate.course import fitted_to_closure
from zhiheng.simulate.making import Making, after
from zhiheng.simulate.papers import DOCUMENT
from zhiheng.simulate.world import FAR, Codes, Days, Ints, child_keys, one_in, spread

PAPERS = {
    "notice": "enforcement_notice_paper",
    "report_order": "report_order",
    "service_return": "service_return",
    "query_summary": "query_summary",
    "field_record": "field_record",
    "search_warrant": "search_warrant",
    "reward_notice": "reward_notice",
    "audit_report": "audit_report",
    "spending_order": "spending_order",
    "talk_record": "talk_record",
    "closure_form": "closure_form",
    "dishonest_decision": "dishonest_decision",
    "intent_notice": "intent_notice",
    "panel_record": "panel_record",
    "application": "closure_application",
}
"""Paper → kind of document."""
CALLED_FOR = {
    "field_record": "field_inquiry",
    "search_warrant": "search_made",
    "reward_notice": "closure_reward_settled",
    "audit_report": "closure_audit_settled",
    "dishonest_decision": "dishonest_listed",
    "application": "closure_applied",
}
"""Papers that are called for only where a step was taken."""
SPARED_BY = {"talk_record": "closure_applied", "panel_record": "closure_confirmed"}
"""Papers that need not be there once something else is."""
UNSEALED = ("service_return", "application")
"""Papers whose seal no check asks for."""
FIRST_NUMBER = 50
"""Numbers of documents below are those of other papers of the case."""


def file_papers(making: Making) -> None:
    """Draw the papers of every closure, add them to the documents, enter what is missing."""
    case = np.flatnonzero(making.closed.provisional < FAR)
    parts = [_paper(making, name, case) for name in PAPERS]
    kind = np.repeat(np.arange(len(parts), dtype=np.int8), [len(part) for part, _ in parts])
    rows = np.concatenate([part for part, _ in parts])
    made = np.concatenate([day for _, day in parts])
    _seal(making, rows, kind, made)


def _paper(making: Making, name: str, case: Ints) -> tuple[Ints, Days]:
    """The cases in which one paper is on file by the last day, and when it was made."""
    duty, n = f"practice.paper_{name}", len(making.cases)
    closed = making.closed.provisional[case]
    rng = making.world.rng(f"made {duty}")
    day = np.maximum(closed - spread(rng, 0, 15, len(case)), making.cases.filed[case])
    day = fitted_to_closure(making, duty, case, day.astype(np.int32), f"fitted {duty}")
    called = np.ones(len(case), np.bool_)
    if name in CALLED_FOR:
        called = making.log.first((CALLED_FOR[name],), n)[case] < FAR
    spared = np.full(len(case), FAR, np.int32)
    if name in SPARED_BY:
        spared = making.log.first((SPARED_BY[name],), n)[case]
    day = np.where(called & (spared >= FAR), day, FAR).astype(np.int32)
    state = truth.deadline(making.last, closed, closed, day, spared)
    called &= closed <= making.last
    state = np.where(called, state, truth.NOT_APPLICABLE).astype(np.int8)
    making.ledger.enter(duty, case, state)
    there = making.world.happened(day)
    return case[there], day[there]


def _seal(making: Making, case: Ints, kind: Codes, made: Days) -> None:
    """Which papers are sealed or signed; the rows of the table."""
    rng, n = making.world.rng("papers sealed"), len(case)
    sealed = ~one_in(rng, n, calibration.number("paper_unsealed"))
    known = ~one_in(rng, n, calibration.number("paper_seal_unknown"))
    names = tuple(PAPERS)
    asked = ~np.isin(kind, [names.index(name) for name in UNSEALED])
    state = np.where(sealed, truth.MET, truth.OVERDUE).astype(np.int8)
    state = truth.unknown_where(state, ~known)
    asked &= making.closed.provisional[case] <= making.last
    making.ledger.enter("practice.paper_sealed", case[asked], state[asked])
    key = child_keys(making.cases.key[case], DOCUMENT, FIRST_NUMBER + kind.astype(np.int64))
    served = after(made, spread(rng, 0, 10, n))
    rows = columns.table(
        "documents",
        {
            "document": columns.keys(key),
            "case": columns.keys(making.cases.key[case]),
            "kind": columns.codes(tuple(PAPERS.values()), kind),
            "made": columns.days(made, making.last),
            "served": columns.days(served, making.last),
            "sealed": columns.flags(sealed, known),
        },
    )
    whole = pa.concat_tables([making.tables["documents"], rows]).unify_dictionaries()
    making.tables["documents"] = whole.combine_chunks()
