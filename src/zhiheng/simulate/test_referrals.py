"""Made-up entrustments and referrals: days in order, courts apart, every duty kept and breached."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from zhiheng.law.load import load_law
from zhiheng.simulate import calibration
from zhiheng.simulate.test_province import LAST, column, counted, days

OF_REFERRALS = [
    ("found", "asked"),
    ("asked", "consented"),
    ("asked", "decided"),
    ("decided", "served"),
    ("decided", "received"),
    ("received", "supplement_asked"),
    ("supplement_asked", "supplemented"),
    ("received", "ruled"),
    ("ruled", "ruling_received"),
    ("ruling_received", "handed_over"),
    ("ruled", "refusal_effective"),
    ("refusal_effective", "sent_back"),
    ("sent_back", "resumed"),
    ("ruled", "declared"),
    ("declared", "declaration_received"),
    ("declaration_received", "ended"),
    ("supervision_asked", "ordered"),
    ("ordered", "complied"),
]
DUTIES = [name for name in load_law().duties if name.startswith(("entrustment.", "referral."))]
RARE = (
    "entrustment.complaint_reasoned",
    "referral.ordered",
    "referral.order_followed",
    "referral.money_kept_out",
)
"""Too few in a small province to show a breach for certain."""


@pytest.mark.parametrize(("earlier", "later"), OF_REFERRALS)
def test_the_steps_of_a_referral_come_in_order(earlier: str, later: str) -> None:
    first, second = days("referrals", earlier), days("referrals", later)
    assert np.all((first >= 0)[second >= 0])
    assert np.all((first <= second)[second >= 0])
    assert second.max() <= LAST


def test_only_a_refused_referral_is_sent_back_and_only_an_accepted_one_handed_over() -> None:
    outcome = column("referrals", "outcome")
    accepted = pc.fill_null(pc.equal(outcome, "accepted"), False).to_numpy()
    assert not np.any(accepted & (days("referrals", "sent_back") >= 0))
    assert not np.any(~accepted & (days("referrals", "handed_over") >= 0))


def test_no_court_entrusts_itself() -> None:
    case, of = (
        column("entrustments", "case").to_pylist(),
        dict(
            zip(
                column("cases", "case").to_pylist(),
                column("cases", "court").to_pylist(),
                strict=True,
            )
        ),
    )
    own = pa.array([of[one] for one in case])
    assert not pc.any(pc.equal(own, column("entrustments", "to_court").combine_chunks())).as_py()


def test_the_days_set_lie_within_the_rule_but_for_the_breaches() -> None:
    shortest, longest = calibration.parameters()["entrustment_days_set"].value
    held = column("entrustments", "days_set").drop_null().to_numpy()
    assert 0.9 < np.mean((held >= shortest) & (held <= longest)) < 1


@pytest.mark.parametrize("duty", [name for name in DUTIES if name not in RARE])
def test_every_duty_is_kept_and_breached(duty: str) -> None:
    assert counted(duty, "met") > 0
    assert counted(duty, "late", "overdue") > 0
