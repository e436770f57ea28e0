"""The made-up province shows every duty on disposal, money and goods kept and breached."""

from __future__ import annotations

import pyarrow.compute as pc
import pytest

from zhiheng.law.load import load_law
from zhiheng.simulate.test_province import column, counted, days, province

ROWS = ("A11", "A12", "A13", "A14", "A15", "A16", "A17", "A18", "A19", "A20", "A21", "A22", "A23")
DUTIES = [duty.id for duty in load_law().duties.values() if duty.rulebook in ROWS]


@pytest.mark.parametrize("duty", DUTIES)
def test_a_duty_is_kept_by_some_and_breached_by_others(duty: str) -> None:
    assert counted(duty, "met") > 0
    assert counted(duty, "late", "overdue") > 0


def test_what_is_deposited_is_never_paid_out() -> None:
    assert counted("payment.paid_out", "discharged") > 0
    events = province().tables["events"]
    node = column("events", "node")

    def subjects(name: str) -> set[int]:
        return set(events.filter(pc.equal(node, name))["subject"].to_pylist())

    assert subjects("deposited")
    assert not subjects("deposited") & subjects("paid_out")


def test_payments_are_booked_to_the_account_of_their_case_but_for_accounts_put_in_shared() -> None:
    cases, payments = province().tables["cases"], province().tables["payments"]
    account = dict(zip(cases["case"].to_pylist(), cases["account"].to_pylist(), strict=True))
    booked = zip(payments["case"].to_pylist(), payments["account"].to_pylist(), strict=True)
    held = [(account[case], number) for case, number in booked if number is not None]
    elsewhere = [number for own, number in held if own is not None and number != own]
    assert 0 < len(elsewhere) < 0.05 * len(held)
    assert set(elsewhere) <= set(account.values())


def test_goods_come_back_only_after_their_release() -> None:
    released, returned = days("goods", "released"), days("goods", "returned")
    assert (returned >= 0).any()
    assert (released[returned >= 0] >= 0).all()
