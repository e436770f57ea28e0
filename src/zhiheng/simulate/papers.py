"""Clues, documents, petitions: what hangs on a case besides property."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from zhiheng.simulate import calibration, columns, truth
from zhiheng.simulate.making import Making, after, up_to
from zhiheng.simulate.timing import due_day
from zhiheng.simulate.world import (
    FAR,
    NEVER,
    Codes,
    Days,
    Ints,
    Mask,
    child_keys,
    choose,
    one_in,
    rows_of,
    spread,
)

DOCUMENT, CLUE, PETITION = 4, 5, 7
DOCUMENTS = ("enforcement_ruling", "provisional_closure_ruling", "decision", "notice", "other")
SOURCES = {"applicant": 0.85, "reward": 0.03, "other": 0.12}


def verify_clues(making: Making) -> None:
    """Clues given while a case is open, and their verification; the table of clues."""
    rng = making.world.rng("clues")
    mean = np.where(making.cases.enforcing, calibration.number("clues"), 0.0)
    case, nth = rows_of(np.minimum(rng.poisson(mean), 20))
    received = (making.cases.filed[case] + spread(rng, 0, 110, len(case))).astype(np.int32)
    rows = np.flatnonzero((received < making.closed.day[case]) & making.world.happened(received))
    case, nth, received = case[rows], nth[rows], received[rows]
    n = len(case)
    key = child_keys(making.cases.key[case], CLUE, nth)
    specific = one_in(rng, n, calibration.number("clue_specific"))
    unknown = one_in(rng, n, calibration.number("clue_unknown"))
    urgent = one_in(rng, n, calibration.number("clue_urgent"))
    verified = _verify(making, case, received, specific, urgent, unknown)
    making.log.add("clue_received", case, received, subject=key)
    making.log.add("clue_verified", case, verified, subject=key)
    closed = making.closed.provisional[case]
    state = truth.before_closure(making.last, closed, verified)
    state = truth.unknown_where(state, unknown)
    judged = specific | unknown
    making.ledger.enter("closure.clues_checked", case[judged], state[judged])
    making.tables["clues"] = columns.table(
        "clues",
        {
            "clue": columns.keys(key),
            "case": columns.keys(making.cases.key[case]),
            "source": columns.codes(tuple(SOURCES), choose(rng, SOURCES, n)),
            "specific": columns.flags(specific, ~unknown),
            "urgent": columns.flags(urgent, np.ones(n, np.bool_)),
        },
    )


def _verify(
    making: Making,
    case: Ints,
    received: Days,
    specific: Mask,
    urgent: Mask,
    unknown: Mask,
) -> Days:
    """The day each clue is verified; the duty differs for urgent ones."""
    usual = making.acts("clue.verified", case, received)
    quick = making.acts("clue.verified_urgent", case, received)
    done = np.where(urgent, quick.done, usual.done).astype(np.int32)
    provisional = making.closed.provisional[case] < FAR
    done = np.where(provisional, done, up_to(done, making.closed.day[case])).astype(np.int32)
    for duty, due, rows in (
        ("clue.verified", usual.due, ~urgent),
        ("clue.verified_urgent", quick.due, urgent),
    ):
        state = truth.deadline(making.last, received, due, done, making.closed.frees[case])
        state = truth.unknown_where(state, unknown)
        judged = rows & (specific | unknown)
        making.ledger.enter(duty, case[judged], state[judged])
    return done


@dataclass(frozen=True, eq=False)
class Papers:
    """Documents before they are dated in the table: kind, made, served, published (FAR: not)."""

    case: Ints
    kind: Codes
    made: Days
    served: Days
    published: Days


def write_documents(making: Making) -> None:
    """Rulings, closure rulings and other documents; the duty to publish; the table."""
    parts = [_rulings(making), _closure_rulings(making), _others(making)]
    papers = Papers(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("case", "kind", "made", "served", "published")
        )
    )
    order = np.lexsort((papers.kind, papers.made, papers.case))
    order = order[making.world.happened(papers.made[order])]
    papers = Papers(
        papers.case[order],
        papers.kind[order],
        papers.made[order],
        papers.served[order],
        papers.published[order],
    )
    grace = calibration.limit("document.published")
    judged = due_day(making.world, making.closed.day[papers.case], grace)
    state = truth.presence(making.last, papers.made, papers.published, judged)
    rulings = papers.kind < 2
    making.ledger.enter("document.published", papers.case[rulings], state[rulings])
    making.tables["documents"] = _document_table(making, papers)


def _document_table(making: Making, papers: Papers) -> pa.Table:
    nth = np.arange(len(papers.case)) - np.searchsorted(papers.case, papers.case)
    key = child_keys(making.cases.key[papers.case], DOCUMENT, nth)
    making.log.add("enforcement_document", papers.case, papers.made, document=key)
    return columns.table(
        "documents",
        {
            "document": columns.keys(key),
            "case": columns.keys(making.cases.key[papers.case]),
            "kind": columns.codes(DOCUMENTS, papers.kind),
            "made": columns.days(papers.made, making.last),
            "served": columns.days(papers.served, making.last),
            "published": columns.days(papers.published, making.last),
        },
    )


def _rulings(making: Making) -> Papers:
    """Rulings made while a case is open; a review ends with one."""
    rng = making.world.rng("rulings")
    plain = making.cases.enforcing | making.cases.of_kind("preservation")
    mean = np.where(plain, calibration.number("rulings"), 0.0)
    counts = np.minimum(rng.poisson(mean), 20)
    reviews = making.cases.of_kind("objection", "reconsideration", "supervision")
    case, _ = rows_of(np.where(reviews, 1, counts))
    n = len(case)
    made = (making.cases.filed[case] + spread(rng, 2, 130, n)).astype(np.int32)
    made = np.where(reviews[case], making.closed.day[case], up_to(made, making.closed.day[case]))
    plan = making.plan("document.published", case)
    published = np.where(plan == NEVER, FAR, after(made, spread(rng, 3, 40, n)))
    served = after(made, spread(rng, 1, 12, n))
    kind = np.zeros(n, np.int8)
    return Papers(case, kind, made.astype(np.int32), served, published.astype(np.int32))


def _closure_rulings(making: Making) -> Papers:
    """The ruling that ends the round: mostly made on the day of closing, sometimes after it."""
    rng = making.world.rng("closure rulings")
    case = np.flatnonzero(making.closed.provisional < FAR)
    closed = making.closed.day[case]
    n = len(case)
    made = np.maximum(closed - spread(rng, 0, 2, n), making.cases.filed[case])
    made = np.where(one_in(rng, n, 0.04), after(closed, spread(rng, 1, 40, n)), made)
    made = np.where(making.plan("closure.ruling_made", case) == NEVER, FAR, made).astype(np.int32)
    published = after(np.maximum(made, closed), spread(rng, 1, 40, n))
    unpublished = making.plan("closure.ruling_published", case) == NEVER
    published = np.where(unpublished | (made >= FAR), FAR, published).astype(np.int32)
    grace = due_day(making.world, closed, calibration.limit("closure.ruling_made"))
    for duty, day in (("closure.ruling_made", made), ("closure.ruling_published", published)):
        making.ledger.enter(duty, case, truth.presence(making.last, closed, day, grace))
    early = truth.before_closure(making.last, closed, made)
    making.ledger.enter("practice.ruling_made", case, early)
    kind = np.full(n, DOCUMENTS.index("provisional_closure_ruling"), np.int8)
    served = after(made, spread(rng, 1, 10, n)).astype(np.int32)
    served[making.plan("closure.ruling_served", case) == NEVER] = FAR
    state = truth.presence(making.last, closed, served, grace)
    making.ledger.enter("closure.ruling_served", case, state)
    return Papers(case, kind, made, served, published)


def _others(making: Making) -> Papers:
    """Decisions, notices and the rest, none of which need be published."""
    rng = making.world.rng("other documents")
    counts = np.minimum(rng.poisson(calibration.number("other_documents"), len(making.cases)), 20)
    case, _ = rows_of(counts)
    n = len(case)
    made = (making.cases.filed[case] + spread(rng, 0, 60, n)).astype(np.int32)
    made = up_to(made, making.closed.day[case])
    kind = spread(rng, DOCUMENTS.index("decision"), len(DOCUMENTS) - 1, n).astype(np.int8)
    return Papers(case, kind, made, after(made, spread(rng, 1, 12, n)), np.full(n, FAR, np.int32))


def petition(making: Making) -> None:
    """Petitions (执行信访); the table of petitions."""
    rng = making.world.rng("petitions")
    case, nth = rows_of(
        np.minimum(rng.poisson(calibration.number("petitions"), len(making.cases)), 9)
    )
    received = (making.cases.filed[case] + spread(rng, 20, 400, len(case))).astype(np.int32)
    rows = np.flatnonzero(making.world.happened(received))
    case, nth, received = case[rows], nth[rows], received[rows]
    n = len(case)
    answered = one_in(rng, n, calibration.number("petition_closed"))
    closed = np.where(answered, after(received, spread(rng, 3, 20, n)), FAR).astype(np.int32)
    kind = choose(rng, {"resolved": 0.7, "answered": 0.27, "other": 0.03}, n)
    kind = np.where(closed <= making.last, kind, -1).astype(np.int8)
    recorded = np.minimum(received + spread(rng, 0, 6, n), np.minimum(closed, making.last))
    making.tables["petitions"] = columns.table(
        "petitions",
        {
            "petition": columns.keys(child_keys(making.cases.key[case], PETITION, nth)),
            "case": columns.keys(making.cases.key[case]),
            "received": columns.days(received, making.last),
            "recorded": columns.days(recorded, making.last),
            "closed": columns.days(closed, making.last),
            "closing": columns.codes(("resolved", "answered", "other"), kind),
            "in_beijing": _in_beijing(making, n),
        },
    )


def _in_beijing(making: Making, n: int) -> pa.Array:
    """Which petitions were brought to Beijing; of a few it is not recorded."""
    rng = making.world.rng("petitions to Beijing")
    taken, told = one_in(rng, n, calibration.number("petition_in_beijing")), one_in(rng, n, 0.97)
    return columns.flags(taken, told)
