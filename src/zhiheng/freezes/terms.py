"""The longest term of a control measure by kind of property (law/data/control_terms.yaml)."""

from __future__ import annotations

from functools import cache
from importlib import resources

import msgspec
import yaml

from zhiheng.calendar import Calendar
from zhiheng.law.model import Citation, Limit


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The longest term of some kinds of property (codes of `asset_kind`)."""

    zh: str
    en: str
    within: Limit
    kinds: tuple[str, ...]


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The longest terms, by name, and where they stand."""

    cites: tuple[Citation, ...]
    since: str
    terms: dict[str, Term]

    def of(self, kind: str) -> Limit:
        """The longest term for a kind of property. Raises KeyError for an unknown kind."""
        for term in self.terms.values():
            if kind in term.kinds:
                return term.within
        raise KeyError(kind)

    def longest(self, kind: str, first: int, calendar: Calendar) -> int:
        """The last day a measure that began on `first` can lawfully run to; days since 1970."""
        return calendar.add_months(first, self.of(kind).count)


@cache
def load_terms() -> Terms:
    """The terms the product ships with."""
    file = resources.files("zhiheng.law").joinpath("data", "control_terms.yaml")
    raw = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return msgspec.convert(raw, Terms)
