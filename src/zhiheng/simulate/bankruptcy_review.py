"""What becomes of a referral to bankruptcy: reviewed, ruled on; handed over, or sent back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from zhiheng.simulate import calibration, columns, truth
from zhiheng.simulate.insolvent import Found, days_of, only
from zhiheng.simulate.making import Making, after
from zhiheng.simulate.world import (
    FAR,
    KEPT,
    LATE,
    NEVER,
    Codes,
    Days,
    Ints,
    Mask,
    bounded,
    child_keys,
    choose,
    one_in,
)

INTERVAL_TABLE, OF_SUPPLEMENTS = 9, 50
"""Digit of the identifiers of intervals, and what the supplements of files count from."""
OUTCOMES = tuple(calibration.shares("referral_outcomes"))

Columns = dict[str, pa.Array]


@dataclass(frozen=True, eq=False)
class Rulings:
    """The receiving court's rulings: day, day they reached the enforcing court, outcome."""

    ruled: Days
    reached: Days
    outcome: Codes

    def day(self, *outcomes: str) -> Days:
        """The day of rulings with such an outcome; FAR for the rest."""
        return self._only(self.ruled, outcomes)

    def reached_as(self, *outcomes: str) -> Days:
        """The day such rulings reached the enforcing court; FAR for the rest."""
        return self._only(self.reached, outcomes)

    def _only(self, day: Days, outcomes: tuple[str, ...]) -> Days:
        those = np.isin(self.outcome, [OUTCOMES.index(name) for name in outcomes])
        return only(those, day)


def reviewed(found: Found, decided: Days) -> tuple[Rulings, Columns]:
    """The file is received, supplemented where asked, ruled on, the court above steps in."""
    making, last = found.making, found.making.last
    received = after(decided, found.days("received"))
    wanting = found.share("supplement")
    asked = np.where(wanting, after(received, found.days("supplement_asked")), FAR).astype(np.int32)
    given = making.acts("referral.supplemented", found.case, asked)
    due = _review_ends(found, received, asked, given.done)
    supervised = _supervised(found, due)
    ruled = _ruling_days(found, received, asked, given.done, due)
    ruled = np.minimum(ruled, supervised["complied"])
    state = truth.deadline(last, asked, given.due, given.done, ruled)
    found.enter("referral.supplemented", state)
    standing = (asked <= last) & (given.done > last)
    state = truth.deadline(last, received, np.where(standing, FAR, due), ruled)
    found.enter("referral.ruled", state)
    _supplement_intervals(found, asked, given.done)
    outcome = choose(
        making.world.rng("referral outcomes"), calibration.shares("referral_outcomes"), len(ruled)
    )
    served = found.follow("referral.ruling_served", ruled)
    reached = found.follow("referral.ruling_delivered", ruled)
    none = np.zeros(len(ruled), np.bool_)
    accepted = outcome == OUTCOMES.index("accepted")
    found.condition("referral.taken_up", ruled, accepted, none)
    days = {
        "received": received, "supplement_asked": asked, "supplemented": given.done,
        "ruled": ruled, "ruling_served": served, "ruling_received": reached, **supervised,
    }  # fmt: skip
    return Rulings(ruled, reached, outcome), {
        "outcome": columns.codes(OUTCOMES, np.where(ruled <= last, outcome, -1)),
        **{name: columns.days(day, last) for name, day in days.items()},
    }


def _review_ends(found: Found, received: Days, asked: Days, given: Days) -> Days:
    """The last day in time, the days of supplementing left out; FAR where that never ends."""
    limit = calibration.limit("referral.ruled")
    plain = received + (limit.days or 0)
    stood = np.where(asked < FAR, given - asked + 1, 0)
    due = np.where(given >= FAR, np.where(asked < FAR, FAR, plain), plain + stood)
    return found.making.world.calendar.roll_forward(bounded(due.astype(np.int32)))


def _ruling_days(found: Found, received: Days, asked: Days, given: Days, due: Days) -> Days:
    """Some day up to the last in time, or after it; without a supplement some rule all the same."""
    rng, n = found.making.world.rng("referral rulings"), len(found.case)
    plan = found.plan("referral.ruled")
    begin = np.where(asked < FAR, given, received)
    share = np.where(one_in(rng, n, 0.15), 1.0, rng.random(n))
    kept = begin + np.round(share * np.maximum(due - begin, 0))
    late = due + np.where(one_in(rng, n, 0.3), 1, rng.geometric(0.1, n))
    day = np.where(plan == KEPT, kept, np.where(plan == LATE, late, FAR))
    anyway = np.where(one_in(rng, n, 0.5), after(asked, found.days("ruled_anyway")), FAR)
    day = np.where((asked < FAR) & (given >= FAR), anyway, day)
    return np.where(received >= FAR, FAR, bounded(day.astype(np.int32))).astype(np.int32)


def _supervised(found: Found, due: Days) -> dict[str, Days]:
    """Where the receiving court does not rule, the court above may be asked to step in."""
    silent = (found.plan("referral.ruled") == NEVER) & found.share("supervision")
    letter = after(due, found.days("supervision_asked"))
    letter = np.where(silent, letter, FAR).astype(np.int32)
    ordered = found.making.acts("referral.ordered", found.case, letter)
    complied = found.follow("referral.order_followed", ordered.done)
    state = truth.deadline(found.making.last, letter, ordered.due, ordered.done, complied)
    found.enter("referral.ordered", state)
    return {"supervision_asked": letter, "ordered": ordered.done, "complied": complied}


def _supplement_intervals(found: Found, asked: Days, given: Days) -> None:
    """The time a file is being supplemented, among the intervals of its case."""
    making = found.making
    rows = np.flatnonzero(asked <= making.last)
    nth = np.full(len(rows), OF_SUPPLEMENTS)
    own = columns.table(
        "intervals",
        {
            "interval": columns.keys(
                child_keys(making.cases.key[found.case[rows]], INTERVAL_TABLE, nth)
            ),
            "case": columns.keys(making.cases.key[found.case[rows]]),
            "kind": columns.codes(("referral_supplement",), np.zeros(len(rows), np.int8)),
            "from": columns.days(asked[rows], making.last),
            "to": columns.days(given[rows], making.last),
        },
    )
    before = making.tables["intervals"]
    making.tables["intervals"] = pa.concat_tables([before, own.cast(before.schema)])


def after_acceptance(found: Found, rulings: Rulings) -> Columns:
    """Money and goods go to the bankruptcy; bankruptcy is declared; enforcement ends."""
    making, last = found.making, found.making.last
    accepted = rulings.reached_as("accepted")
    columns_of: Columns = {}
    for duty, flag, day in (
        ("referral.handed_over", "holds_property", "handed_over"),
        ("referral.price_handed_over", "perishables_sold", "price_handed_over"),
    ):
        holds, known = found.share(flag), found.known(flag)
        done = found.follow(duty, accepted, applies=holds & known, unknown=~known)
        done = only(holds, done)
        columns_of[flag] = columns.flags(holds, known & (accepted <= last))
        columns_of[day] = columns.days(done, last)
        if flag == "holds_property":
            _hand_over(found, done)
    ripe = found.share("declared")
    declared = after(rulings.day("accepted"), found.days("declared"))
    declared = np.where(ripe, declared, FAR).astype(np.int32)
    reached = found.follow("referral.declaration_delivered", declared)
    otherwise = making.closed.ended_otherwise[found.case]
    ended = found.follow("referral.ended", reached, otherwise)
    days = {"declared": declared, "declaration_received": reached, "ended": ended}
    return columns_of | {name: columns.days(day, last) for name, day in days.items()}


def after_refusal(found: Found, rulings: Rulings) -> Columns:
    """File and property come back, enforcement resumes."""
    refused = rulings.day("refused", "dismissed")
    final = after(refused, found.days("refusal_effective"))
    back = found.follow("referral.sent_back", final)
    resumed = found.follow("referral.resumed", back, found.frees)
    days = {"refusal_effective": final, "sent_back": back, "resumed": resumed}
    return {name: columns.days(day, found.making.last) for name, day in days.items()}


def _hand_over(found: Found, handed: Days) -> None:
    """What cases hand over, and that what changed hands before stays out of it."""
    making = found.making
    for table, key, duty, hand in (
        ("assets", "asset", "referral.asset_kept_out", _hand_over_assets),
        ("payments", "payment", "referral.money_kept_out", _hand_over_payments),
    ):
        case, subject = _rows_of_cases(making, table, key)
        on = np.full(len(making.cases), FAR, np.int32)
        on[found.case] = handed
        rows = np.flatnonzero(on[case] <= making.last)
        hand(making, duty, case[rows], subject[rows], on[case[rows]])


def _rows_of_cases(making: Making, table: str, key: str) -> tuple[Ints, Ints]:
    """Case (a position) and identifier of every row of a table."""
    order = np.argsort(making.cases.key)
    named = making.tables[table]["case"].to_numpy()
    case = order[np.searchsorted(making.cases.key, named, sorter=order)]
    return case, making.tables[table][key].to_numpy()


def _hand_over_assets(making: Making, duty: str, case: Ints, asset: Ints, on: Days) -> None:
    rng, n = making.world.rng("bankruptcy assets"), len(case)
    gone = one_in(rng, n, calibration.shares("referral_shares")["changed_hands"])
    served = np.maximum(on - days_of(rng, "title_served", n), making.cases.filed[case])
    served = np.where(gone, served, FAR).astype(np.int32)
    making.log.add("title_ruling_served", case, served, subject=asset)
    _enter_handed(making, duty, "asset_to_bankruptcy", case, asset, on, served <= on)


def _hand_over_payments(making: Making, duty: str, case: Ints, payment: Ints, on: Days) -> None:
    """Money that had come in and was never paid out; by mistake some that was."""
    came, paid = (_day_of(making, node, payment) for node in ("payment_arrived", "paid_out"))
    rows = np.flatnonzero((came <= on) & ((paid <= on) | (paid > making.last)))
    case, payment, on, paid = case[rows], payment[rows], on[rows], paid[rows]
    _enter_handed(making, duty, "payment_to_bankruptcy", case, payment, on, paid <= on)


def _day_of(making: Making, node: str, subject: Ints) -> Days:
    """The first day each subject passed a node; FAR where it did not."""
    _, passed, day = making.log.subjects(node)
    order = np.lexsort((day, passed))
    passed, day = np.r_[passed[order], -1], np.r_[day[order], FAR]
    at = np.searchsorted(passed[:-1], subject)
    return np.where(passed[at] == subject, day[at], FAR).astype(np.int32)


def _enter_handed(
    making: Making, duty: str, node: str, case: Ints, subject: Ints, on: Days, gone: Mask
) -> None:
    """Hand over what had not changed hands, and where the court errs what had."""
    wrong = making.plan(duty, case) == NEVER
    handed = np.where(gone & ~wrong, FAR, on).astype(np.int32)
    making.log.add(node, case, handed, subject=subject)
    none = np.zeros(len(case), np.bool_)
    state = truth.condition(making.last, handed, ~gone, none, truth.LATE)
    making.ledger.enter(duty, case, state)
