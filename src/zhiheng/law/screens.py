"""Screens as data: what each looks for, why, on what authority, with which parameters.

A *screen* finds rows worth a second look; it is no verdict. Where its measure is a matter of
judgement it says so: every parameter is a figure of an article, or of a named assumption.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, Literal

import msgspec
import yaml

from zhiheng.law.load import refuse
from zhiheng.law.model import Citation, Law, Text

RowsOf = Literal["event", "case", "document", "payment", "officer", "rate"]


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One figure: `value` with the article it stands in, or a setting of an assumption."""

    unit: str
    value: Any = None
    cites: tuple[Citation, ...] = ()
    assumption: str = ""


class Detail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to be found. `unit`: of the row's measure ("" where it measures nothing).
    `undeterminable`: a fact is missing, so that nothing can be said."""

    zh: str
    en: str
    unit: str = ""
    undeterminable: bool = False


class Screen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One screen. `why` is printed with the count; without `cites` it is an assumption of ours."""

    id: str
    title: Text
    finds: Text
    why: Text
    rows: RowsOf
    details: dict[str, Detail]
    rulebook: str = ""
    cites: tuple[Citation, ...] = ()
    parameters: dict[str, Parameter] = {}

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The assumptions it rests on, each once."""
        named = (one.assumption for one in self.parameters.values() if one.assumption)
        return tuple(dict.fromkeys(named))

    def settings(self, law: Law) -> dict[str, Any]:
        """Its parameters by name, with the assumptions of `law` in force."""
        return {
            name: law.assumptions[one.assumption].settings[name] if one.assumption else one.value
            for name, one in self.parameters.items()
        }


class Pair(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nodes of one subject, none of `then` before `first`. `minutes`: to the minute, because the
    law counts hours between them."""

    first: str
    then: tuple[str, ...]
    ground: Text
    minutes: bool = False


class Chain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Steps that follow one another, each passed by any of its nodes: one missing between two
    others is a gap."""

    title: Text
    steps: tuple[tuple[str, ...], ...]
    ground: Text


class Sequences(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The order of nodes as data; `before_archiving`: nodes none of which comes after the archiving
    of their case; `before_filing`: the only nodes that may come before the case is filed."""

    pairs: tuple[Pair, ...]
    chains: dict[str, Chain]
    before_filing: tuple[str, ...]
    before_archiving: tuple[str, ...]


@cache
def load_screens() -> dict[str, Screen]:
    """Every screen the product ships with, by id, in the order of the file."""
    return {screen.id: screen for screen in msgspec.convert(_read("screens.yaml"), list[Screen])}


@cache
def load_sequences() -> Sequences:
    """The order of nodes the product ships with."""
    return msgspec.convert(_read("sequences.yaml"), Sequences)


def check_screens(screens: dict[str, Screen], law: Law) -> None:
    """Raise BadInput naming every fault of the screens under a law."""
    refuse("screens.yaml", list(problems(screens, law)))


def problems(screens: dict[str, Screen], law: Law) -> Iterator[str]:
    """Everything wrong with a set of screens, one sentence each."""
    for screen in screens.values():
        yield from (f"{screen.id}: {fault}" for fault in _faults(screen, law))


def _faults(screen: Screen, law: Law) -> Iterator[str]:
    if not screen.details:
        yield "it finds nothing"
    if not screen.cites and not screen.assumptions:
        yield "it neither cites anything nor says what it assumes"
    for cite in (*screen.cites, *(c for p in screen.parameters.values() for c in p.cites)):
        if cite.document not in law.documents:
            yield f"it cites an unknown document {cite.document}"
    for name, one in screen.parameters.items():
        yield from (f"{name}: {fault}" for fault in _parameter_faults(name, one, law))


def _parameter_faults(name: str, one: Parameter, law: Law) -> Iterator[str]:
    if not one.assumption:
        if one.value is None or not one.cites:
            yield "it needs a value and a citation, or an assumption"
        return
    if one.assumption not in law.assumptions:
        yield f"unknown assumption {one.assumption}"
        return
    for choice, each in law.assumptions[one.assumption].choices.items():
        if name not in each.settings:
            yield f"the choice {choice} of {one.assumption} does not set it"


def _read(name: str) -> object:
    text = resources.files("zhiheng.law").joinpath("data", name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)
