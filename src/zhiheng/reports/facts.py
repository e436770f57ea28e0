"""Names for what records, law and edition call by identifiers: facts, choices, documents."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from zhiheng.indexes.model import Edition
from zhiheng.language import translator
from zhiheng.law.load import load_law
from zhiheng.law.model import members
from zhiheng.records import catalogue
from zhiheng.reports.words import FACT_NAMES, REASON_NAMES, named


def reason_text(reason: str, detail: str, language: str) -> str:
    """Why an outcome is what it is, with the fact, event or ground it turns on."""
    _ = translator(language)
    if not detail:
        return named(REASON_NAMES, reason, _)
    fact = fact_name(detail, language)
    if not reason:
        return fact
    return _("{reason}: {fact}").format(reason=named(REASON_NAMES, reason, _), fact=fact)


@cache
def fact_name(identifier: str, language: str) -> str:
    """A node, a duty, a column (asset.kind) or a fact by its name; otherwise as it is."""
    node = catalogue.nodes().get(identifier)
    if node is not None:
        return node.zh if language == "zh" else node.en
    duty = load_law().duties.get(identifier)
    if duty is not None:
        return duty.title.in_language(language)
    if identifier in FACT_NAMES:
        return named(FACT_NAMES, identifier, translator(language))
    return _column_name(identifier, language)


def _column_name(identifier: str, language: str) -> str:
    subject, _dot, column = identifier.partition(".")
    table = catalogue.tables().get(catalogue.SUBJECTS.get(subject, ""))
    if table is None or column not in table.columns:
        return identifier
    found = table.columns[column]
    return found.zh if language == "zh" else found.en


def with_members(duties: Iterable[str]) -> tuple[str, ...]:
    """The duties, each followed by the duties it is made up of (the conditions of a 终本)."""
    law = load_law().duties
    found: dict[str, None] = {}
    for name in duties:
        found[name] = None
        versions = law[name].versions if name in law else ()
        found |= {member.duty: None for v in versions for member in members(v) if member.duty}
    return tuple(found)


def choice_text(edition: Edition, assumption: str, value: str, language: str) -> str:
    """A choice of an assumption in words with its identifier; a bare value as it is."""
    _ = translator(language)
    found = edition.assumptions.get(assumption) or load_law().assumptions.get(assumption)
    # An evaluation may carry the choice with its words after a colon.
    name = value.partition("：")[0]
    choice = found.choices.get(name) if found else None
    if choice is None:
        return value
    words = choice.zh if language == "zh" else choice.en
    return _("{words} ({value})").format(words=words, value=name)


def document_name(document: str, language: str) -> str:
    """The title of a document; its identifier where it is not listed."""
    found = load_law().documents.get(document)
    return found.title.in_language(language) if found else document
