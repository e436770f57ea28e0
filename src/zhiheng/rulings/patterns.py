"""The data of this room: what rulings say, and the conditions they are held against."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Literal

import msgspec
import yaml

from zhiheng.law.load import load_law
from zhiheng.law.model import Citation, Document, Limit, Text
from zhiheng.rulings.model import Role, State


class StatementKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something a ruling may say. `affirms`: the words themselves deny (未发现…), so a negator
    ahead of them means nothing."""

    title: Text
    patterns: tuple[str, ...]
    unless: tuple[str, ...] = ()
    dated: bool = False
    affirms: bool = False


class RoleWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words ahead of a sum that say what it is, and those that call it the whole."""

    words: str
    total: str


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of object or step: its name and the words that show it."""

    zh: str
    en: str
    words: str

    @property
    def title(self) -> Text:
        """The name in both languages."""
        return Text(self.zh, self.en)


class ArticleVersion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The number an article bore from one day to another."""

    article: int
    valid_from: str
    valid_to: str | None = None

    def holds(self, day: date) -> bool:
        """Whether the number was in force on `day`."""
        last = date.fromisoformat(self.valid_to) if self.valid_to else date.max
        return date.fromisoformat(self.valid_from) <= day <= last


class Article(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An article rulings cite, found by the title of its document; its numbers over time."""

    topic: str
    name: str
    known_as: str
    title: Text
    versions: tuple[ArticleVersion, ...]
    cites: tuple[Citation, ...]


class NeededQueries(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The kinds of property queries have to cover."""

    objects: tuple[str, ...]


class Readings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """readings.yaml."""

    negators: str
    date_breaks: str
    roles: dict[Role, RoleWords]
    objects: dict[str, Named]
    steps: dict[str, Named]
    step_unless: str
    queries: tuple[str, ...]
    network_only: tuple[str, ...]
    controls: tuple[str, ...]
    needed_queries: NeededQueries
    articles: tuple[Article, ...]
    documents: dict[str, Document]
    objection_days: int
    recent_query: dict[Literal["months", "days"], int]


class Weak(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A statement that falls short of a condition, and why."""

    statement: str
    reason: Text


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One condition; see the head of conditions.yaml."""

    id: str
    group: Literal["substance", "procedure", "content", "practice", "afterwards"]
    title: Text
    cites: tuple[Citation, ...]
    evidence: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    weak: tuple[Weak, ...] = ()
    test: str = ""
    each_debtor: bool = False
    silent: State = "not_evidenced"
    reason: Text | None = None


class FlagKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of flag beside the conditions."""

    title: Text
    cites: tuple[Citation, ...]


@cache
def statement_kinds() -> dict[str, StatementKind]:
    """What a ruling may say, by id."""
    return msgspec.convert(_read("statements"), dict[str, StatementKind])


@cache
def readings() -> Readings:
    """How sums, steps and citations are read."""
    return msgspec.convert(_read("readings"), Readings)


@cache
def conditions() -> tuple[Condition, ...]:
    """The conditions, in the order they are told."""
    return msgspec.convert(_read("conditions"), tuple[Condition, ...])


@cache
def flag_kinds() -> dict[str, FlagKind]:
    """Flags beside the conditions, by id."""
    return msgspec.convert(_read("flags"), dict[str, FlagKind])


@cache
def documents() -> dict[str, Document]:
    """Every document a condition or flag may cite: the law's and this room's own."""
    return load_law().documents | readings().documents


def limit_of(duty: str, field: Literal["more_than", "within"], day: date) -> Limit:
    """A limit the law sets, in the version in force on `day`; the first one before that.

    Raises KeyError for an unknown duty, ValueError where the duty has no such limit.
    """
    versions = load_law().duties[duty].versions
    known = [one for one in versions if one.first_day <= day] or [versions[0]]
    limit: Limit | None = getattr(known[-1], field)
    if limit is None:
        raise ValueError(f"{duty} sets no {field}")
    return limit


def _read(name: str) -> Any:
    path = resources.files("zhiheng.rulings").joinpath("data", f"{name}.yaml")
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
