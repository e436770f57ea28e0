"""Names for what records, law and edition call by identifiers: facts, choices, documents."""

from __future__ import annotations

from collections.abc import Iterable

from zhiheng.checks.wording import HOLDING, STATES, state_words
from zhiheng.indexes.model import Edition
from zhiheng.language import translator
from zhiheng.law.load import load_law
from zhiheng.law.model import Citation, members
from zhiheng.measures.definitions import definitions


def state_name(state: str, language: str, duties: Iterable[str] | None = None) -> str:
    """The words of an outcome state as the checks have them. A condition holds or fails where a
    duty is done in time or overdue: `duties` says which words are meant, None means both."""
    at = 0 if language == "zh" else 1
    if duties is None:
        words = [STATES[state][at], HOLDING.get(state, STATES[state])[at]]
    else:
        law = load_law().duties
        words = [
            state_words(state, law[duty], at) if duty in law else STATES[state][at]
            for duty in duties
        ]
    return (" / ", "／")[language == "zh"].join(dict.fromkeys(words or [STATES[state][at]]))


def figure_name(figure: str, language: str) -> str:
    """The title of a figure; its identifier where it has no definition."""
    found = definitions().get(figure)
    return figure if found is None else found.zh if language == "zh" else found.en


def in_days(figure: str) -> bool:
    """Whether a figure is a mean number of days and not a share."""
    found = definitions().get(figure)
    return found is not None and found.unit == "days"


def cite_text(cite: Citation, language: str) -> str:
    """A citation in words: document and place."""
    return f"{document_name(cite.document, language)} {cite.place}"


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
