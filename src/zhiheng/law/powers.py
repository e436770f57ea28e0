"""The list of enforcement powers (权力清单) as data: who may take which step, on what basis.

The list is a local trial text; its misprints are kept beside what they stand for. A power whose
exercise leaves no node in the records has no nodes here and is never judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Literal

import msgspec
import yaml

from zhiheng.law.load import refuse
from zhiheng.law.model import Citation, Text

Group = Literal["review", "decision", "implementation"]
Part = Literal["", "objection", "reconsideration", "supervision"]


class Division(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group of powers, or a part of one: `count` is how many the list says it has."""

    zh: str
    en: str
    count: int


class Power(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One power. `number` is its place in the list, `printed_as` what the copy shows where that
    differs; `basis`: law → articles; `holders` and `approval` are officers' roles."""

    number: int
    group: Group
    zh: str
    en: str
    basis: dict[str, str]
    form: str
    holders: tuple[str, ...]
    part: Part = ""
    approval: str = ""
    nodes: tuple[str, ...] = ()
    printed_as: str = ""
    note: Text | None = None

    @property
    def printed(self) -> str:
        """The number as the copy prints it."""
        return self.printed_as or str(self.number)


class Powers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The list: where it stands, its divisions, the laws it leans on, every power in order."""

    source: Citation
    groups: dict[Group, Division]
    parts: dict[Part, Division]
    laws: dict[str, Text]
    remarks: tuple[Text, ...]
    powers: tuple[Power, ...]

    def holders(self) -> dict[str, frozenset[str]]:
        """Node → the roles of those who may pass it."""
        found: dict[str, frozenset[str]] = {}
        for power in self.powers:
            for node in power.nodes:
                found[node] = found.get(node, frozenset()) | set(power.holders)
        return found

    def numbers(self) -> dict[str, int]:
        """Node → the first power it is the exercise of."""
        found: dict[str, int] = {}
        for power in self.powers:
            for node in power.nodes:
                found.setdefault(node, power.number)
        return found


def permitted(powers: Powers, stands_for: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """Every (node, role) that may go together; `stands_for`: role → further roles it counts as."""
    pairs = set()
    for node, holders in powers.holders().items():
        pairs |= {(node, role) for role in holders}
        pairs |= {(node, role) for role, more in stands_for.items() if holders & set(more)}
    return sorted(pairs)


@cache
def load_powers() -> Powers:
    """The list the product ships with. Raises BadInput where it is not sound."""
    file = resources.files("zhiheng.law").joinpath("data", "powers.yaml")
    return powers_from(yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


def powers_from(raw: object) -> Powers:
    """A list out of parsed YAML. Raises BadInput, msgspec.ValidationError."""
    powers = msgspec.convert(raw, Powers)
    refuse("powers.yaml", list(problems(powers)))
    return powers


def problems(powers: Powers) -> Iterator[str]:
    """Everything wrong with the list, one sentence each."""
    numbers = [power.number for power in powers.powers]
    if numbers != list(range(1, len(numbers) + 1)):
        yield "the numbers do not run from 1 without a gap"
    for name, division in (*powers.groups.items(), *powers.parts.items()):
        found = sum(name in (power.group, power.part) for power in powers.powers)
        if found != division.count:
            yield f"{name} has {found} powers, not {division.count}"
    for power in powers.powers:
        yield from (f"{power.number}: {fault}" for fault in _faults(power, powers))


def _faults(power: Power, powers: Powers) -> Iterator[str]:
    if not power.basis:
        yield "it has no legal basis"
    if not power.holders:
        yield "nobody may exercise it"
    for law in power.basis:
        if law not in powers.laws:
            yield f"it leans on an unknown law {law}"
