"""Every word of the law and of its cases means something in the records."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from zhiheng.checks.vocabulary import misnamed
from zhiheng.law.load import load_law
from zhiheng.law.model import ClockStop, Duty, Extension, FieldLimit


@pytest.mark.parametrize("duty", load_law().duties.values(), ids=lambda duty: duty.id)
def test_every_word_of_the_law_and_of_its_cases_means_something(duty: Duty) -> None:
    assert misnamed(duty) == []


DUTY = load_law().duties["case.closed_in_time"]


def of(**version: Any) -> list[str]:
    """What is misnamed in one version of a duty on cases."""
    changed = msgspec.structs.replace(DUTY.versions[0], **version)
    return misnamed(msgspec.structs.replace(DUTY, versions=(changed,), cases=()))


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ({"start": ("filled",)}, "filled is neither a node nor a fact"),
        ({"applies": {"case.kinds": ["first"]}}, "case.kinds is neither"),
        ({"applies": {"case.kind": ["frist"]}}, "frist is not in the code list case_kind"),
        ({"unless": {"any_of": [{"case.kind": ["frist"]}]}}, "frist is not in"),
        ({"applies": {"party.minor": [True]}}, "a case has no parent party"),
        ({"applies": {"case.amount_claimed": ["much"]}}, "is a number"),
        ({"applies": {"closed": ["2018-01-01"]}}, "closed is a node: it is present or not"),
        ({"applies": {"case.amount_claimed": {"ge": "$case.closed"}}}, "case.closed is a node"),
        ({"applies": {"case.kind": {"ge": 5}}}, "only amounts, integers, days or minutes"),
        ({"applies": {"case.amount_claimed": {"ge": "$case.filed"}}}, "case.filed"),
        ({"within_field": FieldLimit("case.amount_claimed", "days")}, "is no integer"),
        ({"clock_stops": (ClockStop("holiday"),)}, "holiday is not in the code list"),
        ({"extended_by": Extension("extension", ("emperor",))}, "emperor is not in"),
    ],
)
def test_a_word_that_means_nothing_is_told(version: dict[str, Any], said: str) -> None:
    assert any(said in fault for fault in of(**version)), of(**version)


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ({"case.knd": "first"}, "case.knd is neither"),
        ({"case.kind": "frist"}, "frist is not in the code list"),
        ({"expect": "fine"}, "there is no outcome fine"),
        ({"intervals": [{"kind": "holiday", "from": "2018-01-01"}]}, "holiday is not in"),
        ({"members": {"inquiry.network": ["met"]}}, "inquiry.network is no member"),
    ],
)
def test_a_word_of_a_case_that_means_nothing_is_told(case: dict[str, Any], said: str) -> None:
    whole = {"name": "one", "as_of": "2018-12-31", "expect": "met", **case}
    found = misnamed(msgspec.structs.replace(DUTY, cases=(whole,)))
    assert found and all(said in fault and "“one”" in fault for fault in found)


def test_a_flag_is_true_or_false() -> None:
    duty = load_law().duties["clue.verified"]
    changed = msgspec.structs.replace(duty.versions[0], applies={"clue.urgent": ["yes"]})
    found = misnamed(msgspec.structs.replace(duty, versions=(changed,), cases=()))
    assert found == ["clue.urgent is true or false, not 'yes'"]


def test_a_kind_of_subject_nobody_has_is_told() -> None:
    assert misnamed(msgspec.structs.replace(DUTY, per="ship")) == [
        "there is no kind of subject ship"
    ]
