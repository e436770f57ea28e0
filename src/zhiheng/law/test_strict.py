"""What the rulebook lacks is told row by row, and nothing passes by being empty."""

from __future__ import annotations

from typing import Any

import msgspec

from zhiheng.law.load import load_law
from zhiheng.law.model import Law
from zhiheng.law.rulebook import Bearers, Rulebook, coverage, rulebook_from
from zhiheng.law.strict import lacking

DUTY = "preservation.executed"
"""Bears A01."""


def book(**row: Any) -> Rulebook:
    """A rulebook of the one row A01."""
    given = {
        "title": {"zh": "保全", "en": "Preservation"},
        "kind": "duty",
        "cites": [{"document": "cass-2017", "place": "x"}],
        **row,
    }
    return rulebook_from({"sections": {"A": {"zh": "甲", "en": "A"}}, "rows": {"A01": given}})


def only(**changes: Any) -> Law:
    """The law with this one duty, changed."""
    law = load_law()
    changed = msgspec.structs.replace(law.duties[DUTY], **changes)
    return msgspec.structs.replace(law, duties={DUTY: changed})


NOBODY = msgspec.structs.replace(load_law(), duties={})


def told(rulebook: Rulebook, law: Law, others: Bearers | None = None) -> dict[str, list[str]]:
    others = others or Bearers()
    found = coverage(rulebook, law, others)
    bearing = {**others.figures, **others.screens}
    lacks = lacking(found, rulebook, law, bearing)
    return {row: [text.en for text in texts] for row, texts in lacks.items()}


def test_a_row_borne_by_a_duty_with_cases_lacks_nothing() -> None:
    assert told(book(), only()) == {}


def test_a_row_nobody_bears_is_told() -> None:
    assert told(book(), NOBODY) == {"A01": ["nothing bears it"]}


def test_a_row_left_to_a_person_or_out_of_scope_lacks_nothing() -> None:
    text = {"zh": "有无？", "en": "Is there?"}
    assert told(book(question=text), NOBODY) == told(book(out_of_scope=text), NOBODY) == {}


def test_a_duty_without_cases_is_told() -> None:
    assert told(book(), only(cases=())) == {"A01": [f"{DUTY}: it has no case"]}


def test_what_has_no_cases_must_name_the_test_that_proves_it() -> None:
    figure, screen = Bearers(figures={"rate": "A01"}), Bearers(screens={"look": "A01"})
    for bearer in (figure, screen):
        lacks = told(book(), NOBODY, bearer)
        assert lacks == {"A01": ["it has no cases and names no test"]}
        assert told(book(proved_by=["tests/test_rate.py"]), NOBODY, bearer) == {}


def test_missing_citations_and_gaps_between_versions_are_told() -> None:
    first = load_law().duties[DUTY].versions[0]
    earlier = msgspec.structs.replace(first, valid_from="2000-01-01", valid_to="2001-01-01")
    (gap,) = told(book(), only(versions=(earlier, first)))["A01"]
    assert "there is a gap before the version of" in gap
    bare = msgspec.structs.replace(first, cites=())
    (uncited,) = told(book(), only(versions=(bare,)))["A01"]
    assert "cites nothing" in uncited
    assert told(book(cites=[]), only()) == {"A01": ["A01: it cites nothing"]}


def test_a_bearer_of_a_row_there_is_not_is_told() -> None:
    found = told(book(), only(), Bearers(screens={"look": "Z99"}))
    assert found == {"Z99": ["look: it bears an unknown row Z99"]}


def test_an_empty_rulebook_is_not_whole() -> None:
    assert "" in told(Rulebook({}, {}), NOBODY)
