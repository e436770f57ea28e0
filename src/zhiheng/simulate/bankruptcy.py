"""Referrals to bankruptcy (执转破): a debtor found insolvent, the parties asked, the decision.

What the receiving court does with a referral is in `bankruptcy_review`.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from zhiheng.simulate import calibration, columns, truth
from zhiheng.simulate.bankruptcy_review import after_acceptance, after_refusal, reviewed
from zhiheng.simulate.closing import APPROVERS as SIGNERS
from zhiheng.simulate.insolvent import Found, days_of, only
from zhiheng.simulate.making import Making, after
from zhiheng.simulate.timing import due_day
from zhiheng.simulate.world import FAR, KEPT, LATE, NEVER, Days, child_keys, choose, one_in

TABLE = 0
"""Digit of the identifiers of referrals."""
CONSENTS = ("applicant", "debtor", "both", "nobody")
INSOLVENCIES = ("assets_short", "cannot_pay", "not_shown")
LEGAL = tuple(calibration.shares("party_kinds")).index("legal")

Columns = dict[str, pa.Array]


def refer(making: Making) -> None:
    """Referrals to bankruptcy, their duties, the table of referrals."""
    found = _found(making)
    decided, before = _decided(found)
    rulings, review = reviewed(found, decided)
    key = child_keys(making.cases.key[found.case], TABLE, np.zeros(len(found.case), np.int64))
    courts = [court.code for court in making.world.courts]
    to = making.world.rng("receiving courts").integers(0, len(courts), len(found.case))
    making.tables["referrals"] = columns.table(
        "referrals",
        {
            "referral": columns.keys(key),
            "case": columns.keys(making.cases.key[found.case]),
            "party": columns.keys(making.parties.key[found.party]),
            "to_court": columns.codes(courts, np.where(decided <= making.last, to, -1)),
            "found": columns.days(found.day, making.last),
            **before,
            **_after_decision(found, decided),
            **review,
            **after_acceptance(found, rulings),
            **after_refusal(found, rulings),
        },
    )


def _found(making: Making) -> Found:
    """The first debtor of some cases for money that is a legal person."""
    parties, cases = making.parties, making.cases
    legal = np.flatnonzero(parties.debtor & (parties.kind == LEGAL))
    case, first = np.unique(parties.case[legal], return_index=True)
    rng = making.world.rng("referrals")
    chosen = one_in(rng, len(case), calibration.number("referrals"))
    chosen &= (cases.enforcing & cases.money)[case]
    day = (cases.filed[case] + days_of(rng, "found", len(case))).astype(np.int32)
    chosen &= (day < making.closed.day[case]) & making.world.happened(day)
    rows = np.flatnonzero(chosen)
    case = case[rows]
    return Found(making, case, legal[first][rows], day[rows], making.closed.frees[case])


def _decided(found: Found) -> tuple[Days, Columns]:
    """The parties are asked, one of them consents, the court decides; the columns of that."""
    last, n = found.making.last, len(found.case)
    enterprise, known = found.plan("referral.enterprise") != NEVER, found.known("enterprise")
    asked = found.follow(
        "referral.asked", found.day, found.frees, applies=enterprise & known, unknown=~known
    )
    rng = found.making.world.rng("referral consent")
    willing = one_in(rng, n, calibration.number("referral_consenting"))
    consented = np.where(willing, after(asked, found.days("consented")), FAR).astype(np.int32)
    decided = _decision_days(found, asked, consented)
    who = np.where(willing, choose(rng, calibration.shares("referral_consent"), n), 3)
    written, recorded = found.plan("referral.consent") != LATE, found.known("consent_written")
    failed = (consented > decided) | (recorded & ~written)
    found.condition("referral.consent", decided, ~failed, ~failed & ~recorded)
    found.condition("referral.enterprise", decided, enterprise, ~known)
    _judge_indicators(found, asked, consented, decided)
    return decided, {
        "asked": columns.days(asked, last),
        "enterprise": columns.flags(enterprise, known),
        "consented_by": columns.codes(CONSENTS, np.where(asked <= last, who, -1)),
        "consent_written": columns.flags(written, recorded & (consented <= last)),
        "consented": columns.days(consented, last),
    }


def _decision_days(found: Found, asked: Days, consented: Days) -> Days:
    """Most who consent are referred; some courts decide without consent."""
    willing = np.where(found.plan("referral.transferred") == NEVER, FAR, consented)
    without = (found.plan("referral.consent") == NEVER) & (consented >= FAR)
    base = np.where(without, asked, willing).astype(np.int32)
    return after(base, found.days("decided"))


def _judge_indicators(found: Found, asked: Days, consented: Days, decided: Days) -> None:
    """What the index looks for, some grace after the case was closed."""
    making = found.making
    closed = making.closed.day[found.case]
    for duty, start, stop in (
        ("referral.opinion_sought", found.day, asked),
        ("referral.transferred", consented, decided),
    ):
        judged = due_day(making.world, closed, calibration.limit(duty))
        found.enter(duty, truth.presence(making.last, start, stop, judged))


def _after_decision(found: Found, decided: Days) -> Columns:
    """Insolvency, panel and president, approval; served, other courts told, suspended."""
    making, last = found.making, found.making.last
    others, known = found.share("other_courts"), found.known("other_courts")
    told = found.follow("referral.courts_told", decided, applies=others & known, unknown=~known)
    ended = np.minimum(found.frees, making.closed.provisional[found.case])
    days = {
        "served": found.follow("referral.served", decided),
        "courts_told": only(others, told),
        "suspended": found.follow("referral.suspended", decided, ended),
    }
    return {
        "decided": columns.days(decided, last),
        "other_courts": columns.flags(others, known & (decided <= last)),
        **{name: columns.days(day, last) for name, day in days.items()},
        **_grounds(found, decided),
        **_approval(found, decided),
    }


def _grounds(found: Found, decided: Days) -> Columns:
    """Why the debtor counts as insolvent, and who decided."""
    over = decided <= found.making.last
    shown, known = found.plan("referral.insolvent") != NEVER, found.known("insolvency")
    found.condition("referral.insolvent", decided, shown, ~known)
    ground = np.where(shown, found.share("assets_short") == 0, INSOLVENCIES.index("not_shown"))
    proper, signed = found.plan("referral.decision") != NEVER, found.known("signed_by")
    agreed = proper | found.share("panel_agreed")
    failed = ~agreed | (signed & ~proper)
    found.condition("referral.decision", decided, ~failed, ~failed & ~signed)
    signer = np.where(proper, 0, SIGNERS.index("bureau_head"))
    everyone = np.ones(len(over), np.bool_)
    return {
        "unpaid": columns.flags(everyone, over),
        "insolvency": columns.codes(INSOLVENCIES, np.where(over & known, ground, -1)),
        "panel_agreed": columns.flags(agreed, over),
        "signed_by": columns.codes(SIGNERS, np.where(over & signed, signer, -1)),
    }


def _approval(found: Found, decided: Days) -> Columns:
    """Another city's court, and the approval that has to come first; a referral after a refusal."""
    last = found.making.last
    far, known = found.share("other_city"), found.known("other_city")
    plan = found.plan("referral.approved")
    ahead = np.maximum(decided - found.days("approved"), found.day)
    behind = after(decided, found.days("approved_late"))
    approved = np.where(plan == KEPT, ahead, np.where(plan == LATE, behind, FAR))
    approved = np.where(far & (decided < FAR), approved, FAR).astype(np.int32)
    state = truth.condition(last, decided, approved <= decided, ~known)
    state = np.where(far | ~known, state, truth.NOT_APPLICABLE).astype(np.int8)
    found.enter("referral.approved", state)
    again, noted = found.plan("referral.once") == NEVER, found.known("refused_before")
    found.condition("referral.once", decided, ~again, ~noted, truth.LATE)
    over = decided <= last
    return {
        "other_city": columns.flags(far, known & over),
        "approved": columns.days(np.where(over, approved, FAR), last),
        "refused_before": columns.flags(again, noted & over),
    }
