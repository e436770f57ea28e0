"""An entry as it may be published (法释〔2017〕7号 arts. 4 and 6), and what it lacks.

Nothing about a minor is published at all. A store keeps names masked and numbers as pseudonyms:
where the entry is made from one, it says which fields the court has to fill in from its own file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from zhiheng.listings.model import Field, Publication

Withheld = Literal["", "minor", "not_listed"]
HIDDEN_IN_STORE = ("parties.name", "parties.person", "listings.representative")
"""Columns of which a store only has a mask or a pseudonym."""


@dataclass(frozen=True)
class Published:
    """`values`: field → what is shown; `missing`: fields that must be shown and are not on
    record; `masked`: fields shown as the store has them, for the court to fill in; `withheld`:
    why nothing is shown."""

    values: Mapping[str, str]
    missing: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    withheld: Withheld = ""


def as_published(
    facts: Mapping[str, str | None],
    *,
    natural: bool,
    minor: bool,
    listed: bool,
    rules: Publication,
    from_store: bool = True,
) -> Published:
    """The entry as it may be published.

    Args:
        facts: column ("parties.name") → value in words, None or absent where not recorded.
        natural: whether the debtor is a natural person.
        minor: whether under age; then nothing is shown.
        listed: whether the entry is in force; one that is gone is not shown any more.
        from_store: whether names and numbers are as a store keeps them; a pseudonym is never shown.
    """
    if minor or not listed:
        return Published({}, withheld="minor" if minor else "not_listed")
    whose = "natural" if natural else "organisation"
    asked = {name: field for name, field in rules.fields.items() if field.of in (None, whose)}
    on_record = {name: facts.get(field.source) for name, field in asked.items()}
    masked = tuple(
        name for name, field in asked.items() if from_store and _hidden(field) and on_record[name]
    )
    return Published(
        {
            name: _shown(asked[name], value, from_store)
            for name, value in on_record.items()
            if value
        },
        tuple(name for name, value in on_record.items() if not value),
        masked,
    )


def _hidden(field: Field) -> bool:
    return field.source in HIDDEN_IN_STORE


def _shown(field: Field, value: str, from_store: bool) -> str:
    """A pseudonym identifies nobody and is nobody's number: it is not shown."""
    return "***" if from_store and field.source == "parties.person" else value
