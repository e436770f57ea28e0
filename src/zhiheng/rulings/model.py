"""What is read out of a ruling and what is held against it, as plain values. No I/O.

Offsets of a `Span` count characters of the text as it was read from the file. Sums are whole 分.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from zhiheng.law.model import Citation, Text

State = Literal["evidenced", "not_evidenced", "contradicted", "not_assessable", "not_applicable"]
"""How a condition stands by the words of the ruling alone. `not_applicable`: the ruling states
nothing that calls for it (no debtor out of reach, no obstruction)."""

Role = Literal["claim", "executed", "outstanding", "other"]


@dataclass(frozen=True)
class Span:
    """Words of the ruling and where they stand: characters `start` up to, not with, `end`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Dated:
    """A day the ruling names and what it dates (`other` where the words around do not tell)."""

    kind: str
    day: date
    span: Span


@dataclass(frozen=True)
class BadDate:
    """A date that does not exist or cannot be meant."""

    span: Span


@dataclass(frozen=True)
class Debtor:
    """A debtor as the heading names them: counted from 1, the name masked.

    `names` are the words the text uses, which are not for printing.
    """

    number: int
    masked: str
    names: tuple[str, ...]
    span: Span


@dataclass(frozen=True)
class Statement:
    """Something the ruling says was done or is the case, with the days it gives for it.

    `negated` where the ruling says that it was not. `of`: numbers of the debtors it speaks of;
    none where it speaks of all.
    """

    kind: str
    span: Span
    days: tuple[date, ...] = ()
    negated: bool = False
    of: tuple[int, ...] = ()


@dataclass(frozen=True)
class Sum:
    """An amount of money in 分 and what it is. `stated_total`: the words call it the whole;
    `exact` is false for 余 and 约; `unclear` where figure and words beside it differ."""

    role: Role
    fen: int
    span: Span
    stated_total: bool = False
    exact: bool = True
    unclear: bool = False


@dataclass(frozen=True)
class Step:
    """A measure: a query (of what), a freeze, a seizure, with count, length and outcome; `of` as
    in a statement."""

    kind: str
    objects: tuple[str, ...]
    span: Span
    days: tuple[date, ...] = ()
    count: str = ""
    duration: str = ""
    nothing_found: bool = False
    of: tuple[int, ...] = ()


@dataclass(frozen=True)
class Cited:
    """An article the ruling cites. `expected`: the number of that article on the ruling's day,
    where it is known and differs."""

    document: str
    known_as: str
    article: int
    span: Span
    topic: str = ""
    expected: int | None = None


@dataclass(frozen=True)
class Numbered:
    """A case number; `canonical` is empty where the text cannot be read as one."""

    canonical: str
    span: Span


@dataclass(frozen=True)
class Signatory:
    """Who signed, in which function."""

    function: str
    name: str
    span: Span


@dataclass(frozen=True)
class Facts:
    """Everything read out of one ruling."""

    court: Span | None
    case_number: Numbered | None
    other_numbers: tuple[Numbered, ...]
    basis: tuple[Span, ...]
    ruling_day: date | None
    filing_day: date | None
    filing_stated: bool
    dates: tuple[Dated, ...]
    bad_dates: tuple[BadDate, ...]
    statements: tuple[Statement, ...]
    sums: tuple[Sum, ...]
    steps: tuple[Step, ...]
    cited: tuple[Cited, ...]
    objection_days: tuple[tuple[int, Span], ...]
    signatories: tuple[Signatory, ...]
    debtors: tuple[Debtor, ...] = ()

    def said(self, *kinds: str) -> tuple[Statement, ...]:
        """Statements of these kinds, in the order of the text."""
        return tuple(one for one in self.statements if one.kind in kinds)


@dataclass(frozen=True)
class OfDebtor:
    """How a condition stands for one debtor, named by number and masked name."""

    number: int
    masked: str
    state: State
    reason: Text
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Finding:
    """One condition and how it stands, with the words it rests on and the reason.

    `debtors`: for a condition asked of each debtor, how it stands for each of several.
    """

    id: str
    group: str
    title: Text
    state: State
    reason: Text
    spans: tuple[Span, ...]
    cites: tuple[Citation, ...]
    debtors: tuple[OfDebtor, ...] = ()


@dataclass(frozen=True)
class Flag:
    """Something a careful reader would stop at."""

    id: str
    title: Text
    reason: Text
    spans: tuple[Span, ...]
    cites: tuple[Citation, ...]


@dataclass(frozen=True)
class Arithmetic:
    """Claimed − executed = outstanding, in 分; a term is None where the ruling does not say."""

    claim: int | None
    executed: int | None
    outstanding: int | None
    state: Literal["agrees", "disagrees", "not_assessable"]
    reason: Text


@dataclass(frozen=True)
class CheckedRuling:
    """Facts, conditions and flags of one ruling. A proposal: a person decides."""

    facts: Facts
    arithmetic: Arithmetic
    conditions: tuple[Finding, ...]
    flags: tuple[Flag, ...]
