"""Orders to freeze, renew, release and deduct, and their answers, on a share of the property."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.freezes.terms import load_terms
from zhiheng.simulate import calibration, columns, truth
from zhiheng.simulate.assets import CONTROL
from zhiheng.simulate.deductions import deduct
from zhiheng.simulate.found import KINDS
from zhiheng.simulate.held import Held, first_days, held_property, kinds_of
from zhiheng.simulate.identity import edit_identities, tell_police
from zhiheng.simulate.making import Making
from zhiheng.simulate.order_rows import (
    ITEMS,
    QUERY_ITEMS,
    UNKNOWN,
    OrderRows,
    Values,
    carried,
    code,
    condition,
    flag,
    not_recorded,
    sent,
    served_at,
)
from zhiheng.simulate.pensions import take_pensions
from zhiheng.simulate.world import FAR, KEPT, LATE, Days, Ints, Mask, one_in, spread

RENEWALS = 3
"""So often a control is renewed at most."""

RELEASE, QUERY = 4, 55
"""Slots of the identifiers of a control's release and of a case's query."""


def order_controls(making: Making) -> None:
    """All orders, their answers, waits, renewals and releases; the table of controls."""
    rows = OrderRows(making)
    held = held_property(making)
    every = np.arange(len(held))
    months, expires = _terms(making, held, every, held.served, held.served - 1, "first")
    first = _Term(every, held.key_of(0), held.served, expires)
    ends, lifted = _renew_and_release(making, rows, held, first)
    _begin(making, rows, held, _common(held, every, first.key, months, expires), lifted)
    deduct(making, rows, held)
    _query(making, rows, held)
    making.tables["controls"] = rows.table()
    _end_of_control(making, held, ends)
    take_pensions(making)
    edit_identities(making)
    tell_police(making)


@dataclass(frozen=True, eq=False)
class _Term:
    """One term of controls: rows of `Held`, the order that began it, its first and last day."""

    row: Ints
    key: Ints
    served: Days
    expires: Days

    def take(self, chosen: Mask) -> _Term:
        return _Term(self.row[chosen], self.key[chosen], self.served[chosen], self.expires[chosen])


def _begin(
    making: Making, rows: OrderRows, held: Held, common: dict[str, Values], lifted: Days
) -> None:
    """The orders that put property under control, through the network or not."""
    bank, other = np.flatnonzero(held.bank), np.flatnonzero(~held.bank)
    of_bank = {name: values[bank] for name, values in common.items()}
    _bank_freeze(making, rows, held, bank, of_bank, lifted[bank])
    measure = np.where(held.of_kind("goods"), "seize", "seal")
    measure = np.where(held.of_kind("securities", "equity", "income", "claim"), "freeze", measure)
    rows.add(
        measure[other], held.case[other],
        **{name: values[other] for name, values in common.items()},
        prior_right=np.zeros(len(other), np.int8),
        served=held.served[other], asked=held.served[other],
    )  # fmt: skip
    _wait(making, held)


def _common(held: Held, row: Ints, key: Ints, months: Ints, expires: Days) -> dict[str, Values]:
    return {
        "control": key,
        "asset": held.asset[row],
        "account": held.account[row],
        "amount_asked": held.asked[row],
        "term_months": months,
        "expires": expires,
        "rank": held.rank[row],
    }


def _terms(
    making: Making, held: Held, row: Ints, asked: Days, base: Days, name: str
) -> tuple[Ints, Days]:
    """The term of each order in months as recorded, and the last day, counted from `base`."""
    rng = making.world.rng(f"terms {name}")
    case, n = held.case[row], len(row)
    longest = np.array([load_terms().of(kind).count for kind in KINDS])[held.kind[row]]
    unknown = not_recorded(rng, n)
    breach = condition(making, "control.term", case, asked, unknown)
    half = one_in(rng, n, calibration.number("control_half_term"))
    months = np.where(breach, longest + spread(rng, 1, 12, n), longest // (1 + half))
    expires = making.world.calendar.add_months(base, months.astype(np.int32))
    return np.where(unknown, UNKNOWN, months), expires


def _bank_freeze(
    making: Making, rows: OrderRows, held: Held, row: Ints, common: dict[str, Values], lifted: Days
) -> None:
    """Freezes through the network, with the bank's answer."""
    rng = making.world.rng("bank freezes")
    case, day, n = held.case[row], held.served[row], len(row)
    prior, minute = held.prior[row], held.minute[row]
    told = making.acts("prior_right.notified", case, np.where(prior == 0, FAR, day))
    done = np.where(prior == 1, told.done, FAR).astype(np.int32)
    freed = np.minimum(lifted, held.frees[row])
    # Who was freed of it in time does not act any more.
    done = np.where((freed <= told.due) & (freed < done), FAR, done).astype(np.int32)
    making.log.add("prior_right_notified", case, done, subject=held.key_of(0)[row])
    state = truth.deadline(making.last, day, told.due, done, freed)
    state = truth.unknown_where(state, prior < 0)
    making.ledger.enter("prior_right.notified", case[prior != 0], state[prior != 0])
    short = np.minimum(held.asked[row], held.available[row])
    counted = prior != 1
    wrong = np.zeros(n, np.bool_)
    wrong[counted] = condition(making, "freeze.amount", case[counted], day[counted])
    limit_wrong = condition(making, "freeze.limit", case, day)
    in_fact = np.where(wrong, np.maximum(short - 1, 0) + 2 * (short == 0), short)
    rows.add(
        "freeze", case, **common, **sent(day, minute),
        **served_at(making, rng, case, day, minute),
        **carried(making, rng, "request.measure", ITEMS, case, day),
        **_answered(making, rng, case, day, held.rank[row] > 1),
        prior_right=prior,
        amount_limit=held.asked[row] + limit_wrong * spread(rng, 1, 900, n),
        amount_frozen=np.where(counted, in_fact, 0),
        balance=held.balance[row],
        available=held.available[row],
    )  # fmt: skip


def _answered(
    making: Making, rng: np.random.Generator, case: Ints, day: Days, waits: Mask
) -> dict[str, Values]:
    """A bank's answer to a freeze or a renewal; the sums are answered always."""
    n = len(case)
    breach = condition(making, "reply.freeze", case, day)
    which = spread(rng, 0, 2, n)
    which = np.where(waits, which, which % 2)
    return {
        "reply_result": code("control_result", "done", n),
        "reply_sealed": flag(breach & (which == 0)),
        "reply_period": flag(breach & (which == 1)),
        "reply_earlier": np.where(waits, flag(breach & (which == 2)), UNKNOWN),
    }


def _wait(making: Making, held: Held) -> None:
    """When a waiting freeze becomes the first: once the one before it is released, or too soon."""
    rng = making.world.rng("turns")
    second = np.flatnonzero(held.behind >= 0)
    case, n = held.case[second], len(second)
    gone = held.released[held.behind[second]]
    breach = making.plan("freeze.order", case) != KEPT
    soon = np.maximum(gone - spread(rng, 1, 5, n), held.served[second])
    then = np.where(breach, soon, gone + spread(rng, 0, 1, n))
    then = np.where(gone < FAR, np.minimum(then, FAR), FAR).astype(np.int32)
    key = held.key_of(0)[second]
    making.log.add("control_ahead_gone", case, gone, subject=key)
    making.log.add("control_effective", case, then, subject=key)
    state = np.where(then >= gone, truth.MET, truth.OVERDUE)
    state = np.where(then <= making.last, state, truth.NOT_APPLICABLE).astype(np.int8)
    making.ledger.enter("freeze.order", case, state)


def _renew_and_release(
    making: Making, rows: OrderRows, held: Held, term: _Term
) -> tuple[Days, Days]:
    """Term after term: renewed in time, late or never; released. The last day of each control,
    and the day the first term was released."""
    ends, lifted = term.expires.copy(), np.full(len(held), FAR, np.int32)
    for nth in range(RENEWALS + 1):
        rng = making.world.rng(f"renewals {nth}")
        case = held.case[term.row]
        released = held.released[term.row]
        inside = (released >= term.served) & (released <= term.expires)
        released = np.where(inside, released, FAR).astype(np.int32)
        freed = np.minimum(np.minimum(released, held.ended[term.row]), held.frees[term.row])
        again = _day_of_renewal(making, rng, case, term)
        again = np.where((again < freed) & (nth < RENEWALS), again, FAR).astype(np.int32)
        state = truth.deadline(making.last, term.served, term.expires, again, freed)
        making.ledger.enter("control.renewed", case, state)
        making.log.add("control_renewed", case, again, subject=term.key)
        let_go = np.flatnonzero((again >= FAR) & (released <= making.last))
        _release(making, rows, held, term, let_go, released, nth)
        if nth == 0:
            lifted[let_go] = released[let_go]
        term = _renewed(making, rows, held, term, again, nth + 1)
        ends[term.row] = term.expires
    return ends, lifted


def _day_of_renewal(making: Making, rng: np.random.Generator, case: Ints, term: _Term) -> Days:
    n = len(case)
    plan = making.plan("control.renewed", case)
    early = np.where(one_in(rng, n, 0.2), 0, spread(rng, 1, 25, n))
    kept = np.maximum(term.expires - early, np.minimum(term.served + 1, term.expires))
    late = term.expires + np.where(one_in(rng, n, 0.4), 1, spread(rng, 1, 12, n))
    return np.where(plan == KEPT, kept, np.where(plan == LATE, late, FAR)).astype(np.int32)


def _renewed(
    making: Making, rows: OrderRows, held: Held, term: _Term, again: Days, nth: int
) -> _Term:
    """The orders that renew a term, and the terms they begin."""
    done = again <= making.last
    earlier, day = term.take(done), again[done]
    row, case, n = earlier.row, held.case[earlier.row], len(earlier.row)
    rng = making.world.rng(f"renewal orders {nth}")
    base = np.where(day <= earlier.expires, earlier.expires, day - 1).astype(np.int32)
    months, expires = _terms(making, held, row, day, base, str(nth))
    wrong = _not_extended(making, case, day, earlier.expires)
    expires = np.where(wrong, np.maximum(earlier.expires - spread(rng, 0, 9, n), day), expires)
    expires = expires.astype(np.int32)
    key = held.key_of(nth)[row]
    common = _common(held, row, key, months, expires)
    common |= {"earlier": earlier.key, "earlier_expires": earlier.expires, "served": day}
    bank = np.flatnonzero(held.bank[row])
    minute = held.minute[row[bank]]
    of_bank, its_case, its_day = {k: v[bank] for k, v in common.items()}, case[bank], day[bank]
    rows.add(
        "renew", its_case, **(of_bank | sent(its_day, minute)),
        **served_at(making, rng, its_case, its_day, minute),
        **carried(making, rng, "request.measure", ITEMS, its_case, its_day),
        **_answered(making, rng, its_case, its_day, np.ones(len(bank), np.bool_)),
        amount_limit=held.asked[row[bank]],
        amount_frozen=np.minimum(held.asked[row[bank]], held.available[row[bank]]),
    )  # fmt: skip
    other = np.flatnonzero(~held.bank[row])
    rows.add("renew", case[other], **{k: v[other] for k, v in common.items()}, asked=day[other])
    return _Term(row, key, day, expires)


def _not_extended(making: Making, case: Ints, day: Days, end: Days) -> Mask:
    """Renewals whose new end does not lie after the earlier one; one that comes after the lapse
    always ends later."""
    wrong = day <= end
    in_time, late = np.flatnonzero(wrong), np.flatnonzero(~wrong)
    wrong[in_time] = condition(making, "freeze.renewal_extends", case[in_time], day[in_time])
    kept = np.full(len(late), truth.MET, np.int8)
    making.ledger.enter("freeze.renewal_extends", case[late], kept)
    return np.asarray(wrong)


def _release(
    making: Making, rows: OrderRows, held: Held, term: _Term, chosen: Ints, day: Days, nth: int
) -> None:
    """The event on the control, and the order that goes to the bank."""
    row, when = term.row[chosen], day[chosen]
    case = held.case[row]
    making.log.add("control_released", case, when, subject=term.key[chosen])
    rng = making.world.rng(f"releases {nth}")
    bank = np.flatnonzero(held.bank[row])
    row, when, case = row[bank], when[bank], case[bank]
    minute = held.minute[row]
    rows.add(
        "release", case, control=held.key_of(RELEASE)[row], asset=held.asset[row],
        account=held.account[row], earlier=term.key[chosen][bank], amount_asked=held.asked[row],
        **sent(when, minute), **served_at(making, rng, case, when, minute),
        **carried(making, rng, "request.measure", ITEMS, case, when),
        reply_result=code("control_result", "done", len(row)),
    )  # fmt: skip


def _query(making: Making, rows: OrderRows, held: Held) -> None:
    """One query to a bank in some of the cases, with its answer."""
    rng = making.world.rng("queries")
    first = np.flatnonzero(held.nth == 0)
    row = first[one_in(rng, len(first), calibration.number("control_queries"))]
    case, n = held.case[row], len(row)
    day = np.maximum(held.served[row] - spread(rng, 0, 3, n), making.cases.filed[case])
    day, minute = day.astype(np.int32), held.minute[row]
    answer = np.where(one_in(rng, n, 0.15), 1, np.where(one_in(rng, n, 0.15), 2, 0))
    helped, refused = np.flatnonzero(answer < 2), np.flatnonzero(answer == 2)
    breach, silent = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    breach[helped] = condition(making, "reply.query", case[helped], day[helped])
    silent[refused] = condition(making, "reply.refusal", case[refused], day[refused])
    unsealed = one_in(rng, n, 0.4) | (answer == 1)
    rows.add(
        "query", case, control=making.cases.key[case] * 1000 + QUERY, **sent(day, minute),
        **served_at(making, rng, case, day, minute),
        **carried(making, rng, "request.query", QUERY_ITEMS, case, day),
        reply_result=answer.astype(np.int8),
        reply_sealed=flag(breach & unsealed),
        reply_accounts=np.where(answer == 0, flag(breach & ~unsealed), UNKNOWN),
        reply_reason=np.where((answer == 2) & ~silent, 0, UNKNOWN),
    )  # fmt: skip


def _end_of_control(making: Making, held: Held, last: Days) -> None:
    """The day the control of each asset ends: as its orders say, else after the longest term."""
    assets = making.tables["assets"]
    keys = assets["asset"].to_numpy()
    began = first_days(making, tuple(set(CONTROL.values())), keys)
    longest = np.array([load_terms().of(kind).count for kind in KINDS], np.int32)
    start = np.minimum(began - 1, making.last).astype(np.int32)
    ends = making.world.calendar.add_months(start, longest[kinds_of(assets)])
    ends = np.where(began <= making.last, ends, FAR).astype(np.int32)
    ends[np.searchsorted(keys, held.asset)] = last
    place = assets.column_names.index("control_expires")
    filled = columns.days(ends, FAR - 1)
    making.tables["assets"] = assets.set_column(place, "control_expires", filled)
