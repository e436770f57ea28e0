"""What a deployed system checks at a provisional closure: drawn, entered, and the truth of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.simulate import calibration, columns, truth
from zhiheng.simulate.cases import CLAIMS
from zhiheng.simulate.closure_papers import file_papers
from zhiheng.simulate.course import fitted_to_closure
from zhiheng.simulate.making import Making
from zhiheng.simulate.timing import due_day
from zhiheng.simulate.world import FAR, KEPT, LATE, NEVER, Codes, Days, Ints, Mask, one_in, spread

QUERIES = (
    "banks", "securities", "online_banks", "vehicles", "real_estate", "companies", "central_bank",
)  # fmt: skip
"""What the national query system covers; each has to be queried of late."""
HOLDINGS = ("queried_wealth_products", "queried_insurance", "queried_dividends")
ENTITIES = ("legal", "other")
PARTY_KINDS = tuple(calibration.shares("party_kinds"))
WHOLES = ("practice.query_recent", "practice.compliance", "practice.timeliness", "practice.dossier")


@dataclass(frozen=True, eq=False)
class Debtors:
    """Debtors of provisionally closed cases: rows of the parties, with the day of the closure."""

    row: Ints
    case: Ints
    key: Ints
    closed: Days
    natural: Mask


def check_closures(making: Making) -> None:
    """Everything the checks ask of closures beside what other parts have drawn."""
    debtors = _debtors(making)
    _recent_queries(making, debtors)
    _other_queries(making, debtors)
    _restrictions(making, debtors)
    _standing(making, debtors)
    _steps(making)
    _talk(making)
    _amounts_left(making)
    _clues(making)
    file_papers(making)
    over = making.closed.provisional <= making.last
    for whole in (*WHOLES, "closure.compliant"):
        making.ledger.close(whole, over)
    _attach(making)


def _debtors(making: Making) -> Debtors:
    parties = making.parties
    row = np.flatnonzero(parties.debtor & (making.closed.provisional[parties.case] < FAR))
    case = parties.case[row]
    natural = parties.kind[row] == PARTY_KINDS.index("natural")
    return Debtors(row, case, parties.key[row], making.closed.provisional[case], natural)


def _recent_queries(making: Making, debtors: Debtors) -> None:
    """Queries of every kind shortly before the closure; too old or missing now and then."""
    rng = making.world.rng("no register entry")
    n = len(debtors.row)
    exempt = ~debtors.natural & one_in(rng, n, calibration.number("no_register_entry"))
    known = ~one_in(rng, n, calibration.number("flag_unknown"))
    whole = np.zeros((2, len(making.parties.case)), np.bool_)
    whole[0, debtors.row], whole[1, debtors.row] = exempt, known
    making.further["parties", "no_register_entry"] = columns.flags(whole[0], whole[1])
    filed = making.cases.filed[debtors.case]
    for kind in QUERIES:
        duty = f"practice.recent_{kind}"
        months = calibration.limit(duty).months or 0
        since = making.world.calendar.add_months(debtors.closed, -months)
        day = _query_day(making, duty, debtors, since, filed)
        making.log.add(f"queried_{kind}", debtors.case, day, subject=debtors.key)
        recent = (day >= since) & (day <= debtors.closed)
        state = np.where(recent, truth.MET, truth.OVERDUE)
        state = np.where(exempt & known, truth.NOT_APPLICABLE, state)
        state = truth.unknown_where(state.astype(np.int8), ~known)
        making.ledger.enter(duty, debtors.case, _if_closed(making, debtors.closed, state))


def _query_day(making: Making, duty: str, debtors: Debtors, since: Days, filed: Days) -> Days:
    """In time (on the first and the last day now and then), before it, after it, or never."""
    rng = making.world.rng(f"queries {duty}")
    n, plan = len(debtors.row), making.plan(duty, debtors.case)
    share = np.where(one_in(rng, n, 0.04), 0.0, rng.beta(2.5, 1.2, n))
    kept = since + np.round(share * (debtors.closed - since)).astype(np.int32)
    early = since - np.where(one_in(rng, n, 0.3), 1, spread(rng, 1, 40, n))
    late = debtors.closed + np.where(one_in(rng, n, 0.3), 1, spread(rng, 1, 30, n))
    missed = np.where((early >= filed) & one_in(rng, n, 0.6), early, late)
    day = np.where(plan == KEPT, np.maximum(kept, filed), np.where(plan == LATE, missed, FAR))
    return day.astype(np.int32)


def _if_closed(making: Making, closed: Days, state: Codes) -> Codes:
    """The states, not applicable where the case is not provisionally closed by the last day."""
    return np.where(closed <= making.last, state, truth.NOT_APPLICABLE).astype(np.int8)


def _drawn(making: Making, duty: str, case: Ints) -> Days:
    """A day in the weeks before the closure, moved or left out as drawn for the duty."""
    rng = making.world.rng(f"before closure {duty}")
    day = making.closed.provisional[case] - spread(rng, 0, 60, len(case))
    day = np.maximum(day, making.cases.filed[case]).astype(np.int32)
    return fitted_to_closure(making, duty, case, day, f"fitted {duty}")


def _other_queries(making: Making, debtors: Debtors) -> None:
    """The housing fund of natural persons; wealth products, insurance and dividends of all."""
    persons = debtors.natural
    duty = "practice.housing_fund"
    day = _drawn(making, duty, debtors.case)[persons]
    case = debtors.case[persons]
    making.log.add("queried_housing_fund", case, day, subject=debtors.key[persons])
    state = truth.before_closure(making.last, debtors.closed[persons], day)
    making.ledger.enter(duty, case, state)
    duty = "practice.other_holdings"
    plan, drawn = making.plan(duty, debtors.case), _drawn(making, duty, debtors.case)
    before = np.maximum(debtors.closed - debtors.key % 20, making.cases.filed[debtors.case])
    every = np.ones(len(debtors.row), np.bool_)
    for nth, node in enumerate(HOLDINGS):
        # One of the three carries the breach; the others are there.
        carries = debtors.key % len(HOLDINGS) == nth
        day = np.where((plan == KEPT) | carries, drawn, before).astype(np.int32)
        making.log.add(node, debtors.case, day, subject=debtors.key)
        every &= day <= debtors.closed
    state = np.where(every, truth.MET, truth.OVERDUE).astype(np.int8)
    making.ledger.enter(duty, debtors.case, _if_closed(making, debtors.closed, state))


def _restrictions(making: Making, debtors: Debtors) -> None:
    """Restrictions of persons, of those behind entities, and that they come before the closing."""
    restricted = making.log.first_of("spending_restricted", debtors.key)
    state = truth.before_closure(making.last, debtors.closed, restricted)
    persons = debtors.natural
    making.ledger.enter("practice.persons_restricted", debtors.case[persons], state[persons])
    early = np.where(restricted < debtors.closed, truth.MET, truth.LATE)
    early = np.where(restricted <= making.last, early, truth.NOT_APPLICABLE).astype(np.int8)
    early = _if_closed(making, debtors.closed, early)
    making.ledger.enter("practice.restricted_earlier", debtors.case, early)
    duty = "practice.representatives_restricted"
    day = _drawn(making, duty, debtors.case)[~persons]
    case = debtors.case[~persons]
    making.log.add("representatives_restricted", case, day, subject=debtors.key[~persons])
    state = truth.before_closure(making.last, debtors.closed[~persons], day)
    making.ledger.enter(duty, case, state)


def _standing(making: Making, debtors: Debtors) -> None:
    """No natural person among the debtors has died."""
    row = debtors.row[debtors.natural]
    dead, unknown = making.parties.flag("deceased")[row], making.parties.unknown("deceased")[row]
    state = np.where(dead, truth.OVERDUE, truth.MET).astype(np.int8)
    state = truth.unknown_where(state, unknown)
    state = _if_closed(making, debtors.closed[debtors.natural], state)
    making.ledger.enter("practice.debtor_alive", debtors.case[debtors.natural], state)


def _steps(making: Making) -> None:
    """Steps of the case: notice, order, inquiry beyond the network, and how soon they came."""
    n, closed, last = len(making.cases), making.closed.provisional, making.last
    everyone, log = np.arange(n), making.log
    notice, order = log.first(("enforcement_notice",), n), log.first(("asset_report_order",), n)
    both = np.maximum(notice, order) <= closed
    state = np.where(both, truth.MET, truth.OVERDUE).astype(np.int8)
    making.ledger.enter("practice.notice_and_order", everyone, _if_closed(making, closed, state))
    beyond = ("field_inquiry", "search_made", "closure_reward_settled", "closure_audit_settled")
    state = truth.before_closure(last, closed, log.first(beyond, n))
    making.ledger.enter("practice.field_inquiry", everyone, state)
    assigned = log.first(("assigned",), n)
    inquiry = log.first(("network_inquiry",), n)
    for duty, stop in (("practice.notice_in_time", notice), ("practice.query_in_time", inquiry)):
        due = due_day(making.world, assigned, calibration.limit(duty))
        state = truth.deadline(last, assigned, due, stop)
        making.ledger.enter(duty, everyone, _if_closed(making, closed, state))
    money = np.isin(making.cases.claim, [CLAIMS.index(one) for one in ("money", "specific_thing")])
    state = np.where(money, truth.MET, truth.OVERDUE).astype(np.int8)
    making.ledger.enter("practice.money_claim", everyone, _if_closed(making, closed, state))


def _talk(making: Making) -> None:
    """The talk with the applicant, which some applicants and causes need not have."""
    n, closed = len(making.cases), making.closed.provisional
    rng, log = making.world.rng("talk exempt"), making.log
    flags = {}
    for name in ("court_is_applicant", "talk_exempt_cause"):
        value = making.cases.enforcing & one_in(rng, n, calibration.number(name))
        known = making.cases.enforcing & ~one_in(rng, n, calibration.number("flag_unknown"))
        flags[name] = (value & known, known)
        making.further["cases", name] = columns.flags(value, known)
    exempt = flags["court_is_applicant"][0] | flags["talk_exempt_cause"][0]
    unknown = ~exempt & ~(flags["court_is_applicant"][1] & flags["talk_exempt_cause"][1])
    talk, asked = log.first(("closure_talk",), n), log.first(("closure_applied",), n)
    state = truth.deadline(making.last, closed, closed, talk, asked)
    state = np.where(exempt, truth.NOT_APPLICABLE, state).astype(np.int8)
    state = _if_closed(making, closed, truth.unknown_where(state, unknown))
    making.ledger.enter("practice.talk_held", np.arange(n), state)


def _amounts_left(making: Making) -> None:
    """What is left of each claim when the case is closed, or still open."""
    n, closed = len(making.cases), making.closed.provisional
    rng = making.world.rng("amounts left")
    claimed = np.where(making.cases.amount > 0, making.cases.amount, 1_000_000)
    left = np.maximum((claimed * rng.beta(6, 1, n)).astype(np.int64), 1)
    none = making.plan("practice.amount_left", np.arange(n)) == NEVER
    left = np.where(none | making.closed.as_kind("satisfied"), 0, left)
    unknown = ~making.cases.enforcing | one_in(rng, n, calibration.number("flag_unknown"))
    making.further["cases", "amount_outstanding"] = columns.amounts(np.where(unknown, -1, left))
    state = np.where(left > 0, truth.MET, truth.OVERDUE).astype(np.int8)
    state = _if_closed(making, closed, truth.unknown_where(state, unknown))
    making.ledger.enter("practice.amount_left", np.arange(n), state)


def _clues(making: Making) -> None:
    """Every clue verified by the closure, and within days of its coming."""
    case, key, received = making.log.subjects("clue_received")
    closed, last = making.closed.provisional[case], making.last
    verified = making.log.first_of("clue_verified", key)
    state = truth.before_closure(last, closed, verified)
    making.ledger.enter("practice.clues_settled", case, state)
    due = due_day(making.world, received, calibration.limit("practice.clue_in_time"))
    state = _if_closed(making, closed, truth.deadline(last, received, due, verified))
    making.ledger.enter("practice.clue_in_time", case, state)


def _attach(making: Making) -> None:
    """Put the columns drawn ahead of their tables into them."""
    for (table, name), column in making.further.items():
        whole = making.tables[table]
        at = whole.schema.get_field_index(name)
        making.tables[table] = whole.set_column(at, name, column)
