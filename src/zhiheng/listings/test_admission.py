"""May a debtor be listed: against a plain restatement (for the duties see tests/)."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.law.load import load_law
from zhiheng.listings.admission import may_be_listed
from zhiheng.listings.model import admission
from zhiheng.records.catalogue import codes, tables

RULES = admission()
NAMES = tuple(ground.fact for ground in RULES.grounds.values()) + tuple(RULES.bars)
FACTS = st.fixed_dictionaries({name: st.sampled_from([True, False, None]) for name in NAMES})
CLEAR = dict.fromkeys(NAMES, False)


def plainly(facts: dict[str, bool | None]) -> str:
    """Fill every gap both ways: what comes out the same each time is certain."""
    gaps = [name for name in NAMES if facts[name] is None]
    answers = {
        _settled({**facts, **dict(zip(gaps, filled, strict=True))})
        for filled in product([True, False], repeat=len(gaps))
    }
    return "unknown" if len(answers) > 1 else "may" if answers == {True} else "must_not"


def _settled(facts: dict[str, Any]) -> bool:
    if facts["minor"] or facts["performed"]:
        return False
    other = ("obstructs", "evades", "breached_reporting", "breached_restriction")
    if any(facts[name] for name in (*other, "breached_settlement")):
        return True
    bars = ("security_given", "control_sufficient", "not_yet_liable", "other_bar")
    return bool(facts["able_to_perform"]) and not any(facts[name] for name in bars)


@given(facts=FACTS)
def test_the_answer_is_that_of_a_plain_restatement(facts: dict[str, bool | None]) -> None:
    if sum(value is None for value in facts.values()) < 8:
        assert may_be_listed(facts, RULES).verdict == plainly(facts)


@given(facts=FACTS)
def test_filling_in_what_is_missing_settles_an_unknown_answer(
    facts: dict[str, bool | None],
) -> None:
    answer = may_be_listed(facts, RULES)
    assert bool(answer.missing) == (answer.verdict == "unknown")
    settled = may_be_listed({**facts, **dict.fromkeys(answer.missing, False)}, RULES)
    assert settled.verdict != "unknown"


@given(facts=FACTS)
def test_an_answer_names_its_places(facts: dict[str, bool | None]) -> None:
    answer = may_be_listed(facts, RULES)
    assert answer.places or answer.verdict == "must_not"
    assert bool(answer.grounds) == (answer.verdict != "must_not")


@pytest.mark.parametrize("ground", RULES.grounds)
def test_each_ground_alone_suffices(ground: str) -> None:
    answer = may_be_listed({**CLEAR, RULES.grounds[ground].fact: True}, RULES)
    assert (answer.verdict, answer.grounds) == ("may", (ground,))


def test_a_minor_is_never_listed() -> None:
    everything = dict.fromkeys(NAMES, True)
    answer = may_be_listed(everything, RULES)
    assert answer.verdict == "must_not" and "minor" in answer.bars and "第四条" in answer.places


def test_security_bars_refusing_but_not_evading() -> None:
    facts = {**CLEAR, "able_to_perform": True, "security_given": True}
    assert may_be_listed(facts, RULES).bars == ("security_given",)
    assert may_be_listed({**facts, "evades": True}, RULES).grounds == ("evades",)


def test_without_a_ground_nobody_is_listed() -> None:
    answer = may_be_listed(CLEAR, RULES)
    assert (answer.verdict, answer.grounds, answer.bars) == ("must_not", (), ())


def test_nothing_recorded_is_unknown_and_names_what_is_missing() -> None:
    answer = may_be_listed({}, RULES)
    assert answer.verdict == "unknown"
    assert set(answer.missing) == set(NAMES)


def test_the_grounds_are_those_of_the_records() -> None:
    assert tuple(RULES.grounds) == tuple(codes()["listing_ground"])
    columns = tables()["parties"].columns
    facts = {ground.fact for ground in RULES.grounds.values()} | set(RULES.bars) - {"performed"}
    assert facts <= set(columns)
    assert set(RULES.period.reasons) <= set(tables()["listings"].columns)


def test_the_period_is_that_of_the_duty() -> None:
    duty = load_law().duties["listing.period"].versions[-1]
    usual, *longer = duty.requires["any_of"]
    months = RULES.period.usual
    assert usual == {"listing.period_months": {"ge": months, "le": months}}
    least, most = RULES.period.extended
    assert longer == [
        {"listing.period_months": {"ge": least, "le": most}, f"listing.{reason}": [True]}
        for reason in RULES.period.reasons
    ]
    assert duty.applies == {
        "listing.ground": [name for name, ground in RULES.grounds.items() if ground.dated]
    }
