"""The product's own questionnaires: for parties, for lawyers, as data in both languages."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from zhiheng.law.model import Text
from zhiheng.parsed import parse

FORMS = ("parties", "lawyers")

Counts = Literal["score", "dont_know", "not_applicable", "no_answer"]
"""What an answer counts as."""


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A choice; `score` 0…100 where it is scored, else what it `counts` as."""

    name: str
    zh: str
    en: str
    score: float | None = None
    counts: Counts = "score"


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group of questions, asked `when` the condition holds."""

    zh: str
    en: str
    when: str = ""


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question, the act it asks about, and the leaves of the index that the act belongs to."""

    name: str
    zh: str
    en: str
    kind: Literal["one", "number", "text"] = "one"
    choices: str = ""
    group: str = ""
    when: str = ""
    act: Text | None = None
    indicators: tuple[str, ...] = ()


class Questionnaire(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the product's questionnaires."""

    id: str
    title: Text
    intro: Text
    choices: dict[str, tuple[Answer, ...]]
    groups: dict[str, Section]
    questions: tuple[Asked, ...]


@cache
def questionnaire(name: str) -> Questionnaire:
    """The questionnaire "parties" or "lawyers"."""
    file = resources.files("zhiheng.survey") / "data" / f"{name}.yaml"
    return msgspec.convert(parse(file.read_text("utf-8")), Questionnaire)
