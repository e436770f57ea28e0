"""The data of the dishonest list: grounds, bars, published fields, sanctions, bidding.

Read from law/data/dishonest; every entry names where in its document it stands.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal, TypeVar

import msgspec
import yaml

from zhiheng.law.model import Limit, Text

Bound = Literal["listed", "representative", "principal", "responsible", "controller"]
Whose = Literal["natural", "organisation"]


class Placed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something said in both languages, and where it stands in the document."""

    zh: str
    en: str
    place: str

    def in_language(self, language: str) -> str:
        """The text in `language` ("zh" or "en")."""
        return self.zh if language == "zh" else self.en


class Ground(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A ground: the fact about the party it rests on, whether a listing on it has a period."""

    fact: str
    dated: bool
    place: str


class Bar(Placed, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What forbids a listing: on certain grounds, or on any where `on` is empty."""

    on: tuple[str, ...] = ()


class Period(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a listing lasts, in months; the extended length is a range, for the reasons."""

    usual: int
    extended: tuple[int, int]
    reasons: tuple[str, ...]
    place: str


class Admission(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who goes on the list."""

    document: str
    grounds: dict[str, Ground]
    bars: dict[str, Bar]
    period: Period


class Field(Placed, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One field of a published entry: the column that holds it, whose entries carry it."""

    source: str = msgspec.field(name="from")
    of: Whose | None = None


class Publication(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an entry must say, may say and never says."""

    document: str
    fields: dict[str, Field]
    may: dict[str, Placed]
    never: dict[str, Placed]


class Measure(Placed, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One joint sanction: who carries it out, whom it binds.

    `bound_for`: the part for which others than the listed person are bound; `only`: the kind of
    listed person concerned; `also`: who else is affected; `cass`: leaves that ask for it.
    """

    number: int
    kind: str
    by: tuple[str, ...]
    binds: tuple[Bound, ...]
    bound_for: Text | None = None
    only: Whose | None = None
    also: Text | None = None
    cass: tuple[str, ...] = ()


class Feedback(Placed, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How often the bodies report what they did."""

    every: Limit


class Sanctions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The memorandum on joint sanctions."""

    document: str
    bound: dict[Bound, Text]
    kinds: dict[str, Text]
    feedback: Feedback
    updates: Placed
    measures: tuple[Measure, ...]

    def binding(self, bound: str) -> tuple[Measure, ...]:
        """The measures that bind such a person."""
        return tuple(one for one in self.measures if bound in one.binds)


class Role(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Someone looked up in public bidding: when, by whom, and what follows from a listing."""

    zh: str
    en: str
    when: Text
    by: Text
    if_listed: Text
    place: str


class Bidding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The list in public bidding."""

    document: str
    ends: Placed
    roles: dict[str, Role]


Data = TypeVar("Data", Admission, Publication, Sanctions, Bidding)


@cache
def admission() -> Admission:
    """Grounds, bars and periods."""
    return _read("admission", Admission)


@cache
def publication() -> Publication:
    """The fields of a published entry."""
    return _read("publication", Publication)


@cache
def sanctions() -> Sanctions:
    """The joint-sanction measures."""
    return _read("measures", Sanctions)


@cache
def bidding() -> Bidding:
    """The rules of public bidding."""
    return _read("bidding", Bidding)


def _read(name: str, kind: type[Data]) -> Data:
    file = resources.files("zhiheng.law").joinpath("data", "dishonest", f"{name}.yaml")
    raw = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return msgspec.convert(raw, kind)
