"""What verifying the law finds: outcomes no case shows, duties without a row, what is told."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from zhiheng.law.load import load_law
from zhiheng.law.model import Duty, Law
from zhiheng.law.rulebook import load_rulebook
from zhiheng.law.verify import problems, remarks


def changed(name: str, **changes: Any) -> Law:
    """The law with one duty changed."""
    law = load_law()
    duty = msgspec.structs.replace(law.duties[name], **changes)
    return msgspec.structs.replace(law, duties={**law.duties, name: duty})


def faults(law: Law) -> list[str]:
    return problems(law, load_rulebook(), {})


def without(name: str, *states: str) -> Law:
    """The law with a duty's cases of some outcomes taken away."""
    duty: Duty = load_law().duties[name]
    return changed(name, cases=tuple(one for one in duty.cases if one["expect"] not in states))


def test_the_law_the_product_ships_with_has_no_problem() -> None:
    assert faults(load_law()) == []


@pytest.mark.parametrize(
    ("duty", "state"),
    [
        ("payment.paid_out", "met"),
        ("payment.paid_out", "not_due"),
        ("payment.paid_out", "not_applicable"),
        ("payment.paid_out", "excused"),
        ("preservation.executed", "discharged"),
        ("closure.substance", "not_due"),
        ("closure.follow_up", "not_due"),
    ],
)
def test_an_outcome_no_case_shows_is_a_problem(duty: str, state: str) -> None:
    assert faults(without(duty, state)) == [f"{duty}: no case shows it {state}"]


def test_a_breach_is_shown_late_or_overdue() -> None:
    assert faults(without("payment.paid_out", "late")) == []
    found = faults(without("payment.paid_out", "late", "overdue"))
    assert found == ["payment.paid_out: no case shows it breached"]


def test_a_condition_that_holds_or_fails_on_its_day_is_never_pending() -> None:
    assert not any("closure.property_exhausted" in one for one in faults(load_law()))


def test_a_duty_without_cases_is_a_problem() -> None:
    assert "payment.notified: no case shows it met" in faults(changed("payment.notified", cases=()))


def test_two_cases_of_one_name_are_a_problem() -> None:
    case = load_law().duties["payment.notified"].cases[0]
    twice = changed("payment.notified", cases=(*load_law().duties["payment.notified"].cases, case))
    assert faults(twice) == [f"payment.notified: two cases are called “{case['name']}”"]


def test_a_duty_that_names_no_row_is_a_problem() -> None:
    found = faults(changed("payment.notified", rulebook=""))
    assert found == ["payment.notified: it names no row of the rulebook"]


def test_a_version_without_a_citation_is_a_problem() -> None:
    duty = load_law().duties["payment.notified"]
    bare = msgspec.structs.replace(duty.versions[0], cites=())
    found = faults(changed("payment.notified", versions=(bare,)))
    assert found == ["payment.notified: the version of 2017-05-01 cites nothing"]


def test_what_nobody_verified_and_what_is_recollected_is_told() -> None:
    told = remarks(changed("payment.notified", last_verified_on=None))
    assert "payment.notified: nobody has verified it against the text" in told
    assert any("is from recollection" in one for one in told)
    assert not any(one.startswith("preservation.executed") for one in told)
