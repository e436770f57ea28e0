"""Assumptions about duties: another choice changes the duty it names, and nothing else."""

from __future__ import annotations

import pytest

from zhiheng.law.load import load_law, problems
from zhiheng.law.model import Law


def changed(law: Law) -> set[str]:
    shipped = load_law()
    return {name for name, duty in law.duties.items() if duty != shipped.duties[name]}


@pytest.mark.parametrize(
    ("assumption", "choice", "duty"),
    [
        ("main_nodes", "filing_closing", "notice.nodes"),
        ("time_limit_scope", "with_property", "case.closed_in_time"),
        ("registration_start", "ruling", "closure.registered"),
    ],
)
def test_a_choice_sets_the_fields_of_its_duty_anew(assumption: str, choice: str, duty: str) -> None:
    law = load_law().assuming({assumption: choice})
    assert changed(law) == {duty}
    assert not list(problems(law, law.duties.values()))
    assert law.duties[duty].versions[0].cites == load_law().duties[duty].versions[0].cites


def test_the_choice_in_force_changes_nothing() -> None:
    law = load_law()
    assert (
        changed(law.assuming({name: each.value for name, each in law.assumptions.items()})) == set()
    )


def test_every_choice_there_is_can_be_made_and_leaves_the_law_sound() -> None:
    for name, each in load_law().assumptions.items():
        for choice in each.choices:
            law = load_law().assuming({name: choice})
            assert law.assumptions[name].value == choice
            assert list(problems(law, law.duties.values())) == []
