"""The canonical tables, their coded columns and the node catalogue, loaded from data files.

Everything that speaks of a table, a code or a node takes it from here; nothing else in the
product lists them.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from zhiheng.parsed import parse

ColumnKind = Literal[
    "id", "ref", "subject", "node", "text", "code", "day", "minute", "amount", "integer",
    "flag", "name", "identity", "account",
]  # fmt: skip


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One value of a code list with the labels people write for it."""

    zh: str
    en: str
    also: tuple[str, ...] = ()


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One column of a canonical table. `open` refs may point outside what is stored."""

    kind: ColumnKind
    zh: str
    en: str
    required: bool = False
    codes: str | None = None
    table: str | None = None
    open: bool = False
    example: str | int | None = None
    help: str | None = None


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One canonical table. Only `events` has no key of its own."""

    zh: str
    en: str
    columns: dict[str, Column]
    key: str | None = None


class NodeSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The day column a node is read from, restricted to rows whose columns hold given codes."""

    table: str
    column: str
    where: dict[str, tuple[str, ...]] = {}


class Node(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of the node catalogue. `number` is what stored events carry and never changes."""

    number: int
    subject: str
    zh: str
    en: str
    code: str | None = None
    also: tuple[str, ...] = ()
    source: NodeSource | None = msgspec.field(default=None, name="from")


SUBJECTS: dict[str, str] = {
    "case": "cases",
    "party": "parties",
    "asset": "assets",
    "payment": "payments",
    "goods": "goods",
    "clue": "clues",
    "document": "documents",
    "interval": "intervals",
    "petition": "petitions",
    "entrustment": "entrustments",
    "listing": "listings",
    "request": "requests",
    "change": "changes",
    "control": "controls",
    "edit": "edits",
    "referral": "referrals",
}
"""Subject kinds a node can belong to, and the table that lists the subjects of each kind."""

PARENTS: dict[str, dict[str, str]] = {
    "asset": {"party": "owner"},
    "control": {"asset": "asset"},
    "listing": {"party": "party"},
}
"""Subject kind → the kinds of its parents besides the case, and the column that refers to each.
A duty on the subject may speak of its parent's facts and nodes under the parent's kind."""


def _read(name: str) -> object:
    text = resources.files("zhiheng.records").joinpath("data", name).read_text(encoding="utf-8")
    return parse(text)


@cache
def codes() -> dict[str, dict[str, Code]]:
    """Every code list by name: identifier → its labels."""
    return msgspec.convert(_read("codes.yaml"), dict[str, dict[str, Code]])


@cache
def tables() -> dict[str, Table]:
    """Every canonical table by name, in the order intake loads them (parents first)."""
    return msgspec.convert(_read("tables.yaml"), dict[str, Table])


@cache
def nodes() -> dict[str, Node]:
    """The node catalogue by identifier."""
    return msgspec.convert(_read("nodes.yaml"), dict[str, Node])


def node_named(name: str) -> Node | None:
    """The node a duty's word means: `sealed`, a node of the case (`case.closed`, also one of its
    parties, assets, …) or of a parent (`asset.sealed`); None where it means a fact or nothing."""
    owner, dot, rest = name.rpartition(".")
    node = nodes().get(rest)
    if node is None or not dot or owner == "case":
        return node
    own = owner == node.subject and rest not in tables()[SUBJECTS[owner]].columns
    return node if own else None


@cache
def node_spellings() -> dict[str, str]:
    """Every accepted spelling of a node (identifier, national code, label) → its identifier.

    Only nodes that are entered as events: a node read off a table cannot be entered.
    """
    found: dict[str, str] = {}
    for name, node in nodes().items():
        if node.source is None:
            spellings = (name, node.zh, node.en, *node.also, *((node.code,) if node.code else ()))
            found.update(dict.fromkeys(spellings, name))
    return found


@cache
def code_spellings(code_list: str) -> dict[str, str]:
    """Every accepted spelling of one code list's values → the identifier."""
    found: dict[str, str] = {}
    for name, code in codes()[code_list].items():
        found.update(dict.fromkeys((name, code.zh, code.en, *code.also), name))
    return found
