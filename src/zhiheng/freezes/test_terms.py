"""The longest terms: every kind of property has one, and the duty says the same figures."""

from __future__ import annotations

from datetime import date

import pytest

from zhiheng.calendar import load_calendar, to_day
from zhiheng.freezes.terms import load_terms
from zhiheng.law.load import load_law
from zhiheng.records.catalogue import codes


def test_every_kind_of_property_has_exactly_one_term() -> None:
    kinds = [kind for term in load_terms().terms.values() for kind in term.kinds]
    assert sorted(kinds) == sorted(codes()["asset_kind"])


def test_the_duty_and_the_terms_state_the_same_figures() -> None:
    terms = {frozenset(t.kinds): t.within.count for t in load_terms().terms.values()}
    for version in load_law().duties["control.term"].versions:
        said = {
            frozenset(part["asset.kind"]): part["control.term_months"]["le"]
            for part in version.requires["any_of"]
        }
        assert said == terms


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        ("deposit", date(2018, 3, 6), date(2019, 3, 6)),
        ("deposit", date(2020, 2, 29), date(2021, 2, 28)),
        ("vehicle", date(2018, 3, 6), date(2020, 3, 6)),
        ("real_estate", date(2018, 3, 6), date(2021, 3, 6)),
    ],
)
def test_the_longest_term_runs_by_the_calendar(kind: str, first: date, last: date) -> None:
    assert load_terms().longest(kind, to_day(first), load_calendar()) == to_day(last)


def test_an_unknown_kind_is_an_error_not_a_guess() -> None:
    with pytest.raises(KeyError):
        load_terms().of("castle")
