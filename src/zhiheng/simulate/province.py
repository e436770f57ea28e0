"""Make a province: every part in turn, then the tables that need all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from zhiheng.records.case_numbers import case_types
from zhiheng.simulate import columns, truth
from zhiheng.simulate.assets import handle_assets
from zhiheng.simulate.bankruptcy import refer
from zhiheng.simulate.cases import BASES, CLAIMS, CLASSES, CLOSINGS, KINDS, Filed, filed_cases
from zhiheng.simulate.closing import APPROVERS, INTERVALS, closed_cases
from zhiheng.simulate.closure import close_provisionally, measures_against_debtors
from zhiheng.simulate.closure_after import Resumptions, after_closure, follow_up, resume
from zhiheng.simulate.closure_practice import check_closures
from zhiheng.simulate.controls import order_controls
from zhiheng.simulate.course import run_course
from zhiheng.simulate.entrustment import entrust
from zhiheng.simulate.events import EventLog
from zhiheng.simulate.found import find_assets
from zhiheng.simulate.goods import keep_goods
from zhiheng.simulate.listing_days import keep_the_list
from zhiheng.simulate.making import Making
from zhiheng.simulate.money import pay_out, receive
from zhiheng.simulate.opening import open_and_archive
from zhiheng.simulate.papers import petition, verify_clues, write_documents
from zhiheng.simulate.payment_care import open_accounts
from zhiheng.simulate.people import (
    drawn_officers,
    drawn_parties,
    handling_officer,
    officer_table,
    party_table,
)
from zhiheng.simulate.preservation import preserve, urgent_cases
from zhiheng.simulate.reporting import answer_requests, report_changes, sanction_breaches
from zhiheng.simulate.reviews import review
from zhiheng.simulate.screens import (
    spot_case_entries,
    spot_closings,
    spot_entries,
    spot_gaps,
    spot_order,
    spot_rates,
)
from zhiheng.simulate.spoils import (
    STRANGER,
    allocated,
    digests,
    shared_accounts,
    teams,
    when_entered,
    who_took,
)
from zhiheng.simulate.spotted import Spotted
from zhiheng.simulate.steps import rare_steps
from zhiheng.simulate.truth import Ledger
from zhiheng.simulate.world import FAR, Days, World, child_keys, drawn_quality, one_in

INTERVAL_TABLE = 9
"""Digit of the identifiers of intervals."""


@dataclass(frozen=True)
class Parameters:
    """What a simulation is made from. Days are days since 1970-01-01, both included."""

    province: str
    cases: int
    seed: int
    first: int
    last: int
    courts_file: Path | None = None


@dataclass(frozen=True, eq=False)
class Province:
    """A made-up province: the canonical tables, and the truth about it."""

    tables: dict[str, pa.Table]
    court_quality: pa.Table
    outcomes: pa.Table
    screens: pa.Table


def make(world: World, parameters: Parameters, step: Callable[[str], None]) -> Province:
    """Make all tables of a province; `step` is told the name of each part before it is made."""
    step("cases")
    making = _begun(world, parameters)
    for name, part in PARTS.items():
        step(name)
        part(making)
    spot_rates(making)
    screens = making.spotted.table(tuple(court.code for court in world.courts))
    return Province(making.tables, _quality_table(making), _outcome_table(making), screens)


def _begun(world: World, parameters: Parameters) -> Making:
    cases = filed_cases(world, parameters.cases)
    quality = drawn_quality(world)
    return Making(
        world=world,
        province=parameters.province,
        quality=quality,
        cases=cases,
        closed=closed_cases(world, quality, cases),
        officers=drawn_officers(world, cases),
        parties=drawn_parties(world, cases),
        log=EventLog(world),
        ledger=Ledger(cases.court, len(world.courts)),
        spotted=Spotted(len(world.courts)),
    )


def _preserved(making: Making) -> None:
    making.closed = preserve(making)


def _limits(making: Making) -> None:
    """The time limit of cases and of stays; the table of intervals."""
    case = np.flatnonzero(making.cases.enforcing)
    closed, periods = making.closed, making.closed.periods
    state = truth.deadline(
        making.last, making.cases.filed[case], closed.due[case], closed.day[case]
    )
    making.ledger.enter("case.closed_in_time", case, state)
    stays = np.flatnonzero(periods.kind == INTERVALS.index("stay"))
    state = truth.deadline(
        making.last, periods.begins[stays], periods.due_stay[stays], periods.ends[stays]
    )
    making.ledger.enter("stay.length", stays, state)
    rows = np.flatnonzero((periods.kind >= 0) & (periods.begins <= making.last))
    extension = periods.kind[rows] == INTERVALS.index("extension")
    # An extension's last day is set when it is approved, also where it lies ahead.
    known = np.where(extension | (periods.ends[rows] <= making.last), periods.ends[rows], FAR)
    asked = (periods.begins[rows] - 3).astype(np.int32)
    making.log.add("extension_requested", rows[extension], asked[extension])
    key = child_keys(making.cases.key[rows], INTERVAL_TABLE, np.zeros(len(rows), np.int64))
    making.tables["intervals"] = columns.table(
        "intervals",
        {
            "interval": columns.keys(key),
            "case": columns.keys(making.cases.key[rows]),
            "kind": columns.codes(INTERVALS, periods.kind[rows]),
            "from": columns.days(periods.begins[rows], making.last),
            "to": columns.days(known, FAR - 1),
            "approved_by": columns.codes(APPROVERS, periods.approver[rows]),
        },
    )


def _property(making: Making) -> None:
    course = run_course(making)
    open_and_archive(making, course)
    handle_assets(making, find_assets(making, course))


def _reporting(making: Making) -> None:
    """Requests, objections, changes of property; breaches of the duty to report."""
    answer_requests(making)
    review(making)
    report_changes(making)
    sanction_breaches(making)


def _repeats(making: Making) -> None:
    digests(making)
    shared_accounts(making)


def _last_tables(making: Making) -> None:
    """What follows a provisional closure, and the tables that need all parts."""
    resumptions = resume(making)
    follow_up(making, resumptions)
    after_closure(making)
    making.ledger.close("closure.substance", making.closed.provisional <= making.last)
    making.ledger.close("closure.procedure", making.closed.provisional <= making.last)
    _enter_closings(making)
    making.tables["courts"] = _court_table(making.world, making.province)
    making.tables["officers"] = officer_table(making.world, making.officers, teams(making))
    making.tables["cases"] = _case_table(making, resumptions)
    spot_closings(making, resumptions.earlier)
    making.tables["parties"] = party_table(
        making.world, making.province, making.cases, making.parties
    )


def _enter_closings(making: Making) -> None:
    """Nodes that go with the closing: told of control and disposal, reported as satisfied."""
    satisfied = np.flatnonzero(making.closed.as_kind("satisfied"))
    making.log.add("satisfied_reported", satisfied, making.closed.day[satisfied])
    rng = making.world.rng("told besides")
    case = np.flatnonzero(making.cases.enforcing)
    for node, share in (("notified_control", 0.5), ("notified_disposal", 0.25)):
        told = making.closed.day[case] - rng.integers(1, 4, len(case))
        told = np.maximum(told, making.cases.filed[case]).astype(np.int32)
        chosen = one_in(rng, len(case), share)
        making.log.add(node, case[chosen], told[chosen])


def _court_table(world: World, province: str) -> pa.Table:
    courts = world.courts
    return columns.table(
        "courts",
        {
            "court": pa.array([court.code for court in courts]),
            "name": pa.array([court.name for court in courts]),
            "aliases": pa.array([court.aliases or None for court in courts], pa.string()),
            "level": pa.array([court.level for court in courts]),
            "parent": pa.array([_parent(world, court.parent) for court in courts], pa.string()),
            "province": pa.array([province] * len(courts)),
        },
    )


def _parent(world: World, parent: str) -> str | None:
    """A parent outside the table (the supreme court) is left empty: no row may be an orphan."""
    return parent if any(court.code == parent for court in world.courts) else None


def _case_table(making: Making, resumptions: Resumptions) -> pa.Table:
    cases, closed, last = making.cases, making.closed, making.last
    rng = making.world.rng("cases recorded")
    n = len(cases)
    officers = handling_officer(making.world, cases, making.officers)
    over = closed.day <= last
    opened, account = open_accounts(making)
    filed_entered = _entered(rng, cases.filed, last)
    closed_entered = np.where(over, _entered(rng, closed.day, last), FAR).astype(np.int32)
    spot_case_entries(making, filed_entered, closed_entered)
    return columns.table(
        "cases",
        {
            "case": columns.keys(cases.key),
            "case_number": _case_numbers(making.world, cases),
            "court": columns.codes([court.code for court in making.world.courts], cases.court),
            "kind": columns.codes(KINDS, cases.kind),
            "basis_kind": columns.codes(BASES, cases.basis),
            "claim_kind": columns.codes(CLAIMS, cases.claim),
            "special_class": columns.codes(CLASSES, cases.special),
            "amount_claimed": columns.amounts(cases.amount),
            "filed": columns.days(cases.filed, last),
            "filed_recorded": columns.days(filed_entered, last),
            "closed": columns.days(closed.day, last),
            "closed_recorded": columns.days(closed_entered, last),
            "closing_kind": columns.codes(CLOSINGS, np.where(over, closed.kind, -1)),
            "officer": columns.codes(making.officers.code, officers),
            "earlier_case": _earlier(rng, cases, resumptions, n),
            "urgent": columns.flags(urgent_cases(making), cases.of_kind("preservation")),
            "account": account,
            "account_opened": columns.days(opened, last),
            **allocated(making),
        },
    )


def _entered(rng: np.random.Generator, day: Days, last: int) -> Days:
    """The day a filing or closing was entered: a few days late now and then."""
    late = one_in(rng, len(day), 0.06) * rng.geometric(0.3, len(day))
    return np.asarray(np.minimum(day + late, np.maximum(day, last)), np.int32)


def _earlier(rng: np.random.Generator, cases: Filed, resumptions: Resumptions, n: int) -> pa.Array:
    """The earlier case of a resumed one; where it lies before the span, a key outside the data."""
    inside = resumptions.earlier >= 0
    outside = (cases.key // 10**9 * 100 + 16) * 10**7 + rng.integers(1, 5000, n)
    key = np.where(inside, cases.key[resumptions.earlier], outside)
    return columns.keys(key, cases.of_kind("resumed"))


def _case_numbers(world: World, cases: Filed) -> pa.Array:
    """Canonical case numbers, such as （2018）陕0102执1号."""
    types = case_types().items()
    characters = {kind.kind: word for word, kind in types if kind.kind and not kind.old}
    words = pa.array([characters[kind] for kind in KINDS])
    code = pa.array([court.code for court in world.courts])
    return pa.compute.binary_join_element_wise(
        "（",
        pa.array(cases.year).cast(pa.string()),
        "）",
        code.take(pa.array(cases.court)),
        words.take(pa.array(cases.kind)),
        pa.array(cases.number).cast(pa.string()),
        "号",
        "",
    )


def _events(making: Making) -> None:
    """The log as a table; most nodes are entered by the judge who handles the case."""
    passed = making.log.in_order(making.cases.court)
    log, officers = making.log, making.officers
    judge = handling_officer(making.world, making.cases, officers)
    officer = who_took(making, passed, judge)
    passed = when_entered(making, passed, officer)
    spot_entries(making, passed, officer)
    spot_order(making, passed)
    spot_gaps(making, passed)
    making.tables["events"] = columns.table(
        "events",
        {
            "case": columns.keys(making.cases.key[passed.case]),
            "subject": columns.keys(passed.subject, passed.subject > 0),
            "node": columns.codes(log.nodes, passed.node),
            "day": columns.days(passed.day, making.last),
            "minute": columns.minutes(passed.minute),
            "recorded_day": columns.days(passed.recorded_day, making.last),
            "recorded_minute": columns.minutes(passed.recorded_minute),
            "officer": columns.codes((*officers.code, STRANGER), officer),
            "amount": columns.amounts(passed.amount),
            "document": columns.keys(passed.document, passed.document > 0),
        },
    )


def _quality_table(making: Making) -> pa.Table:
    quality, code = making.quality, [court.code for court in making.world.courts]
    n = len(code)
    return pa.table(
        {
            "court": pa.array(np.repeat(code, len(quality.duties)).tolist()),
            "duty": pa.array(list(quality.duties) * n),
            "probability_late": pa.array(np.round(quality.late.T.ravel(), 6)),
            "probability_never": pa.array(np.round(quality.never.T.ravel(), 6)),
        }
    )


def _outcome_table(making: Making) -> pa.Table:
    """Counts by court, duty and state; a duty that does not apply is not counted."""
    rows = [
        (court.code, duty, state, int(counts[position, number]))
        for position, court in enumerate(making.world.courts)
        for duty, counts in sorted(making.ledger.counts.items())
        for number, state in enumerate(truth.STATES)
        if number != truth.NOT_APPLICABLE and counts[position, number]
    ]
    names = ("court", "duty", "state", "count")
    return pa.table({name: [row[place] for row in rows] for place, name in enumerate(names)})


PARTS: dict[str, Callable[[Making], None]] = {
    "preservation": _preserved,
    "intervals": _limits,
    "property": _property,
    "payments": lambda making: pay_out(making, receive(making)),
    "goods": keep_goods,
    "parties": measures_against_debtors,
    "closure": close_provisionally,
    "clues": verify_clues,
    "documents": write_documents,
    "petitions": petition,
    "entrustments": entrust,
    "referrals": refer,
    "controls": order_controls,
    "steps": rare_steps,
    "repeats": _repeats,
    "tables": _last_tables,
    "listings": keep_the_list,
    "reporting": _reporting,  # after all that lists or sanctions a debtor
    "checks of closures": check_closures,
    "events": _events,
}
"""The parts of a province after its cases, in the order they are made."""
