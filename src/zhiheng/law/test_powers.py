"""The list of powers: whole, in order, and sound."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from zhiheng.errors import BadInput
from zhiheng.law.powers import load_powers, permitted, powers_from


def plain() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(msgspec.json.encode(load_powers()))
    return found


def test_the_list_has_every_number_in_groups_of_the_size_it_states() -> None:
    powers = load_powers()
    assert [power.number for power in powers.powers] == list(range(1, 122))
    assert [group.count for group in powers.groups.values()] == [50, 45, 26]


def test_misprinted_numbers_are_kept_beside_what_they_stand_for() -> None:
    printed = {p.number: p.printed for p in load_powers().powers if p.printed_as}
    assert printed == {99: "117", 118: "1118"}


@pytest.mark.parametrize(
    ("number", "holders", "approval"),
    [
        (51, ("judge",), ""),
        (71, ("judge",), "president"),
        (77, ("judge",), "president"),
        (81, ("president",), ""),
        (98, ("enforcement_officer",), ""),
        (100, ("enforcement_officer", "bailiff"), ""),
        (114, ("bailiff",), ""),
    ],
)
def test_who_may_is_as_the_list_has_it(
    number: int, holders: tuple[str, ...], approval: str
) -> None:
    power = load_powers().powers[number - 1]
    assert (power.holders, power.approval) == (holders, approval)


def test_a_role_that_stands_for_another_may_take_its_steps() -> None:
    alone = permitted(load_powers(), {})
    with_judges = permitted(load_powers(), {"judge": ("bailiff",)})
    assert ("network_inquiry", "judge") not in alone
    assert ("network_inquiry", "judge") in with_judges
    assert ("debtor_summoned", "judge") not in with_judges


def test_a_gap_in_the_numbers_is_refused() -> None:
    raw = plain()
    del raw["powers"][3]
    with pytest.raises(BadInput, match=r"without a gap.*objection has 18 powers, not 19"):
        powers_from(raw)


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("basis", {}, "7: it has no legal basis"),
        ("basis", {"unheard": "1"}, "7: it leans on an unknown law unheard"),
        ("holders", [], "7: nobody may exercise it"),
    ],
)
def test_a_power_without_basis_or_holder_is_refused(field: str, value: Any, fault: str) -> None:
    raw = plain()
    raw["powers"][6][field] = value
    with pytest.raises(BadInput, match=fault):
        powers_from(raw)
