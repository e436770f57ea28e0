"""The rulebook: complete, cited, and never computed by its own word."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from zhiheng.law.load import load_law
from zhiheng.law.rulebook import Bearers, Rulebook, coverage, load_rulebook, problems, rulebook_from

LENGTHS = {"A": 36, "B": 5, "C": 12, "D": 6, "E": 10, "F": 9, "G": 3, "H": 14, "I": 5, "J": 8}


def book(**row: Any) -> Rulebook:
    """A rulebook of one row A01 (the duty that bears it is in the law)."""
    given = {
        "title": {"zh": "保全", "en": "Preservation"},
        "kind": "duty",
        "cites": [{"document": "cass-2017", "place": "x"}],
        **row,
    }
    return rulebook_from({"sections": {"A": {"zh": "甲", "en": "A"}}, "rows": {"A01": given}})


def faults(found: Rulebook, figures: dict[str, str] | None = None) -> list[str]:
    return list(problems(found, load_law(), figures or {}))


def test_every_row_of_the_rulebook_is_there() -> None:
    rows = [f"{letter}{n:02}" for letter, count in LENGTHS.items() for n in range(1, count + 1)]
    assert list(load_rulebook().rows) == rows


def test_the_rulebook_is_sound() -> None:
    assert faults(load_rulebook()) == []


def test_every_title_is_given_in_chinese_and_in_english() -> None:
    for row in load_rulebook().rows.values():
        for text in (row.title, row.question, row.out_of_scope):
            assert text is None or re.search(r"[\u4e00-\u9fff]", text.zh)
            assert text is None or text.en[0].isascii()


def test_a_question_can_be_answered_with_have_or_have_not() -> None:
    asked = [row.question for row in load_rulebook().rows.values() if row.question]
    assert asked
    assert all("有无" in one.zh or re.search("有.*？", one.zh) for one in asked)
    assert all(one.en.endswith("?") for one in asked)


@pytest.mark.parametrize("claim", ["state", "computed", "duties"])
def test_a_row_cannot_claim_by_hand_that_it_is_computed(claim: str) -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        book(**{claim: "computed"})


def test_a_row_is_computed_when_a_duty_bears_it() -> None:
    law = load_law()
    (one,) = coverage(book(), law, Bearers())
    assert one.state == "computed"
    assert one.duties == tuple(duty.id for duty in law.duties.values() if duty.rulebook == "A01")
    assert one.cases == sum(len(law.duties[name].cases) for name in one.duties) > 0


def no_duties() -> Any:
    return msgspec.structs.replace(load_law(), duties={})


def test_a_row_is_computed_when_a_figure_bears_it() -> None:
    (one,) = coverage(book(), no_duties(), Bearers({"rate": "A01", "other": "A02"}))
    assert (one.state, one.figures) == ("computed", ("rate",))


def test_a_row_is_computed_only_when_every_edition_it_names_exists() -> None:
    row = book(editions=["one", "two"])
    one, both = Bearers(editions=frozenset({"one"})), Bearers(editions=frozenset({"one", "two"}))
    assert coverage(row, no_duties(), one)[0].state == "open"
    assert coverage(row, no_duties(), both)[0].state == "computed"


def test_a_row_is_computed_when_the_programme_it_names_exists() -> None:
    row = book(programmes=["plan"])
    assert coverage(row, no_duties(), Bearers())[0].state == "open"
    (found,) = coverage(row, no_duties(), Bearers(programmes=frozenset({"plan"})))
    assert (found.state, found.bearers) == ("computed", ("plan",))


def test_a_row_is_computed_when_the_file_of_the_law_it_names_exists() -> None:
    row = book(data=["dishonest/measures"])
    assert coverage(row, no_duties(), Bearers())[0].state == "open"
    (found,) = coverage(row, no_duties(), Bearers(data=frozenset({"dishonest/measures"})))
    assert (found.state, found.bearers) == ("computed", ("dishonest/measures",))


def test_a_row_nobody_bears_is_asked_left_out_with_a_reason_or_open() -> None:
    text = {"zh": "有无？", "en": "Is there?"}
    rows = (book(), book(question=text), book(out_of_scope=text))
    found = [coverage(row, no_duties(), Bearers())[0].state for row in rows]
    assert found == ["open", "review_question", "out_of_scope"]


def test_a_row_must_cite_a_known_document() -> None:
    assert "A01: it cites nothing" in faults(book(cites=[]))
    lost = book(cites=[{"document": "lost", "place": "x"}])
    assert "A01: it cites an unknown document lost" in faults(lost)


def test_a_duty_or_figure_that_bears_an_unknown_row_is_a_problem() -> None:
    assert "rate: it bears an unknown row Z99" in faults(book(), {"rate": "Z99"})
    assert "payment.paid_out: it bears an unknown row A16" in faults(book())


def test_a_row_out_of_scope_that_is_computed_contradicts_itself() -> None:
    text = {"zh": "有无？", "en": "Is there?"}
    found = faults(book(out_of_scope=text, question=text))
    assert "preservation.executed: it bears the row A01, which is out of scope" in found
    assert "A01: it is out of scope and asks a question" in found


def test_a_row_outside_every_section_is_a_problem() -> None:
    odd = Rulebook({}, book().rows)
    assert "A01: it belongs to no section" in faults(odd)


def test_a_rulebook_without_rows_does_not_pass() -> None:
    assert "the rulebook has no row at all" in faults(Rulebook({}, {}))
