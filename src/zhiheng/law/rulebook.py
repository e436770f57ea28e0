"""The rulebook: every row the sources ask for, and how far the product has got with it.

A row does not say that it is computed. It is, where something in the product bears it: a duty,
a figure, an index edition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Literal

import msgspec
import yaml

from zhiheng.law.model import Citation, Law, Text

RowKind = Literal["duty", "condition", "review", "figure", "programme", "method"]
State = Literal["computed", "review_question", "out_of_scope", "open"]
STATES: tuple[State, ...] = ("computed", "review_question", "out_of_scope", "open")


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row. `question` is for a person where records cannot tell; `out_of_scope` is the
    reason why nothing is judged; `editions`, `programmes` and `data` are the index editions, the
    programmes and the other files of the law that carry the row as data,
    `assumptions` the named readings that do; `proved_by` are the
    tests of what bears the row and has no cases of its own."""

    title: Text
    kind: RowKind
    cites: tuple[Citation, ...]
    proved_by: tuple[str, ...] = ()
    question: Text | None = None
    out_of_scope: Text | None = None
    editions: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()


class Rulebook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sections by letter, rows by id (a letter and two digits)."""

    sections: dict[str, Text]
    rows: dict[str, Row]


class Standing(msgspec.Struct, frozen=True):
    """Where one row stands: what bears it and how many test cases its duties have."""

    row: str
    state: State
    duties: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    screens: tuple[str, ...] = ()
    cases: int = 0

    @property
    def bearers(self) -> tuple[str, ...]:
        """Everything that bears the row, by id."""
        named = (*self.editions, *self.programmes, *self.data, *self.assumptions)
        return (*self.duties, *self.figures, *self.screens, *named)


class Bearers(msgspec.Struct, frozen=True):
    """What other rooms bear: figure → its row, screen → its row, and the editions, programmes and
    files there are."""

    figures: dict[str, str] = {}
    editions: frozenset[str] = frozenset()
    programmes: frozenset[str] = frozenset()
    screens: dict[str, str] = {}
    data: frozenset[str] = frozenset()


@cache
def load_rulebook() -> Rulebook:
    """The rulebook the product ships with."""
    file = resources.files("zhiheng.law").joinpath("data", "rulebook.yaml")
    return rulebook_from(yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


def rulebook_from(raw: object) -> Rulebook:
    """A rulebook out of parsed YAML. Raises msgspec.ValidationError."""
    return msgspec.convert(raw, Rulebook)


def coverage(rulebook: Rulebook, law: Law, others: Bearers) -> list[Standing]:
    """The standing of every row, in the rulebook's order."""
    return [_standing(name, row, law, others) for name, row in rulebook.rows.items()]


def _standing(name: str, row: Row, law: Law, others: Bearers) -> Standing:
    duties = [duty for duty in law.duties.values() if duty.rulebook == name]
    found = Standing(
        name,
        _undone(row),
        duties=tuple(duty.id for duty in duties),
        figures=tuple(figure for figure, of in others.figures.items() if of == name),
        screens=tuple(screen for screen, of in others.screens.items() if of == name),
        editions=row.editions if others.editions.issuperset(row.editions) else (),
        programmes=row.programmes if others.programmes.issuperset(row.programmes) else (),
        data=row.data if others.data.issuperset(row.data) else (),
        assumptions=tuple(name for name in row.assumptions if name in law.assumptions),
        cases=sum(len(duty.cases) for duty in duties),
    )
    return msgspec.structs.replace(found, state="computed") if found.bearers else found


def _undone(row: Row) -> State:
    if row.out_of_scope is not None:
        return "out_of_scope"
    return "review_question" if row.question is not None else "open"


def problems(rulebook: Rulebook, law: Law, figures: Mapping[str, str]) -> Iterator[str]:
    """Everything wrong with the rulebook itself or with who claims to bear a row."""
    if not rulebook.rows:
        yield "the rulebook has no row at all"
    for name, row in rulebook.rows.items():
        yield from (f"{name}: {fault}" for fault in _row_faults(name, row, rulebook, law))
    bearers = {duty.id: duty.rulebook for duty in law.duties.values()} | dict(figures)
    for bearer, name in bearers.items():
        yield from (f"{bearer}: {fault}" for fault in _bearer_faults(name, rulebook))


def _row_faults(name: str, row: Row, rulebook: Rulebook, law: Law) -> Iterator[str]:
    if name[:1] not in rulebook.sections:
        yield "it belongs to no section"
    if not row.cites:
        yield "it cites nothing"
    for cite in row.cites:
        if cite.document not in law.documents:
            yield f"it cites an unknown document {cite.document}"
    if row.question is not None and row.out_of_scope is not None:
        yield "it is out of scope and asks a question"


def _bearer_faults(name: str, rulebook: Rulebook) -> Iterator[str]:
    if name and name not in rulebook.rows:
        yield f"it bears an unknown row {name}"
    elif name and rulebook.rows[name].out_of_scope is not None:
        yield f"it bears the row {name}, which is out of scope"
