"""What is shown of an entry, what it lacks, what is never shown."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.law.load import load_law
from zhiheng.listings.model import publication
from zhiheng.listings.publication import HIDDEN_IN_STORE, Published, as_published
from zhiheng.records.catalogue import tables

RULES = publication()
SOURCES = tuple(field.source for field in RULES.fields.values())
FULL = {source: f"<{source}>" for source in SOURCES}


def shown(facts: dict[str, str | None] = FULL, **how: Any) -> Published:
    given = {"natural": True, "minor": False, "listed": True, **how}
    return as_published(facts, rules=RULES, **given)


def test_a_natural_person_is_shown_with_sex_and_age_and_without_a_representative() -> None:
    found = shown()
    assert {"sex", "age"} <= set(found.values) and "representative" not in found.values
    assert found.missing == ()


def test_an_organisation_is_shown_with_its_representative_only() -> None:
    found = shown(natural=False)
    assert "representative" in found.values and not {"sex", "age"} & set(found.values)


@pytest.mark.parametrize("source", SOURCES)
def test_a_field_not_on_record_is_missing(source: str) -> None:
    for natural in (True, False):
        found = shown({**FULL, source: None}, natural=natural)
        asked = [
            n
            for n, f in RULES.fields.items()
            if f.source == source and n in shown(natural=natural).values
        ]
        assert list(found.missing) == asked


@given(
    facts=st.dictionaries(st.sampled_from(SOURCES), st.none() | st.text()),
    natural=st.booleans(),
    listed=st.booleans(),
)
def test_nothing_about_a_minor_is_shown(
    facts: dict[str, str | None], natural: bool, listed: bool
) -> None:
    found = shown(facts, natural=natural, listed=listed, minor=True)
    assert (dict(found.values), found.withheld) == ({}, "minor")


def test_an_entry_that_is_gone_is_not_shown() -> None:
    assert shown(listed=False) == Published({}, withheld="not_listed")


def test_a_pseudonym_is_never_shown_and_masks_are_told() -> None:
    found = shown()
    assert "<parties.person>" not in found.values.values()
    assert found.masked == ("name", "number")
    assert shown(natural=False).masked == ("name", "number", "representative")
    assert shown(from_store=False).masked == ()
    assert shown(from_store=False).values["number"] == "<parties.person>"


def test_every_field_is_read_off_a_column_there_is() -> None:
    for source in (*SOURCES, *HIDDEN_IN_STORE):
        table, column = source.split(".")
        assert column in tables()[table].columns


def test_the_duty_asks_for_the_fields_that_records_can_lack() -> None:
    requires = load_law().duties["listing.fields_published"].versions[-1].requires
    natural, other = requires["any_of"]
    asked = set(requires) | set(natural) | set(other)
    prefix = {"listings": "listing", "parties": "party"}
    listed = {
        f"{prefix[table]}.{column}"
        for table, column in (source.split(".") for source in SOURCES)
        if table in prefix
    }
    assert asked - {"any_of", "party.kind"} == listed - {"party.name"}
