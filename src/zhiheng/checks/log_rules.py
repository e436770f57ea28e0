"""The duties file of an event log: duties as in the law, and how the log's words map to theirs.

Besides `documents`, `duties` and perhaps `assumptions`:

* `calendar`: `china` (State Council notices) or `none` (every day is a working day);
* `nodes`: node → activity of the log, or {activity, where: {attribute: value}, before: node};
* `facts`: fact → how it is read off the attributes of a case (see `FactRule`);
* `columns`: headers of a CSV log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec

from zhiheng.calendar import Calendar, load_calendar
from zhiheng.calendar.every_day import every_day
from zhiheng.checks.cents import law_in_cents
from zhiheng.checks.needs import others
from zhiheng.errors import Message, WrongUse
from zhiheng.intake.log_csv import LogColumns
from zhiheng.intake.xes import OF_CASE
from zhiheng.law.load import law_from, read_yaml, refuse
from zhiheng.law.model import Duty, Law, Predicate, Version
from zhiheng.law.sound import predicates

CALENDARS: dict[str, Callable[[], Calendar]] = {"china": load_calendar, "none": every_day}
"""What `calendar:` may say."""

ENGINE_KEYS = {"documents", "duties", "assumptions"}


class NodeRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which events of a log pass a node.

    `where`: attribute → its value, or the values it may have. `before`: the node is passed only
    where it first occurs ahead of the other node, by time and then by the order of the rows; a
    case without the other node passes.
    """

    activity: str
    where: dict[str, str | list[str]] = {}
    before: str = ""


class FactRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a fact is read off a case: exactly one of `last`, `first`, `sum`, `plus`.

    `last`/`first`: the attribute as it was last/first given, in order of the events. `sum`: all it
    was given, 0 where none was. `plus`: facts named above it, added. `until`: only events up to
    and with the first passing of this node. `kind`: how the text is read; an amount is exact to
    the cent. `sum` and `plus` are amounts unless they say integer.
    """

    last: str | None = None
    first: str | None = None
    sum: str | None = None
    plus: list[str] | None = None
    until: str = ""
    kind: Literal["text", "integer", "amount"] | None = None

    def __post_init__(self) -> None:
        if sum(way is not None for way in (self.last, self.first, self.sum, self.plus)) != 1:
            raise ValueError("a fact has exactly one of last, first, sum, plus")
        if self.adds and self.kind == "text":
            raise ValueError("text cannot be added")

    @property
    def adds(self) -> bool:
        """Whether values are added up."""
        return self.sum is not None or self.plus is not None

    @property
    def attribute(self) -> str | None:
        """The attribute it is read off (None for `plus`)."""
        return self.last or self.first or self.sum

    @property
    def read_as(self) -> str:
        """How the text is read."""
        return self.kind or ("amount" if self.adds else "text")


class LogRules(msgspec.Struct, frozen=True):
    """A duties file, sound and ready: figures compared with an amount are in cents."""

    law: Law
    calendar: str
    nodes: dict[str, NodeRule]
    facts: dict[str, FactRule]
    columns: LogColumns

    def days(self) -> Calendar:
        """The calendar the limits are counted on."""
        return CALENDARS[self.calendar]()

    @property
    def attributes(self) -> frozenset[str]:
        """The attributes of the log that are needed."""
        read = {rule.attribute for rule in self.facts.values()}
        asked = {key for rule in self.nodes.values() for key in rule.where}
        return frozenset(key for key in read | asked if key)


class _Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The keys of the file that are not the law's."""

    calendar: Literal["china", "none"]
    nodes: dict[str, str | NodeRule]
    facts: dict[str, FactRule] = {}
    columns: LogColumns = LogColumns()


def read_rules(path: Path) -> LogRules:
    """The duties file at `path`. Raises BadInput naming every fault, WrongUse where it is not."""
    if not path.is_file():
        raise WrongUse(
            Message("没有这个规则文件。", "There is no such duties file."),
            Message("请检查 --duties 的路径。", "Check the path given with --duties."),
            str(path),
        )
    return rules_from(read_yaml(path), path.name)


def rules_from(raw: Any, place: str) -> LogRules:
    """Rules out of a parsed duties file. Raises BadInput naming every fault."""
    if not isinstance(raw, dict):
        refuse(place, ["the file is not a mapping with documents, nodes and duties"])
    law = law_from({key: raw[key] for key in raw if key in ENGINE_KEYS}, place)
    try:
        rest = msgspec.convert({key: raw[key] for key in raw if key not in ENGINE_KEYS}, _Mapping)
    except (msgspec.ValidationError, ValueError) as error:
        refuse(place, [str(error)])
        raise
    nodes = {
        name: rule if isinstance(rule, NodeRule) else NodeRule(rule)
        for name, rule in rest.nodes.items()
    }
    rules = LogRules(law, rest.calendar, nodes, rest.facts, rest.columns)
    refuse(place, list(_faults(rules)))
    amounts = frozenset(name for name, fact in rest.facts.items() if fact.read_as == "amount")
    return msgspec.structs.replace(rules, law=law_in_cents(law, amounts))


def _faults(rules: LogRules) -> Iterator[str]:
    for name in sorted(rules.nodes.keys() & rules.facts.keys()):
        yield f"{name} is both a node and a fact"
    for name, node in rules.nodes.items():
        if node.before and node.before not in rules.nodes:
            yield f"node {name}: unknown node {node.before}"
        if any(key.startswith(OF_CASE) for key in node.where):
            yield f"node {name}: `where` asks events; what asks the case stands under `applies`"
    yield from _fact_faults(rules)
    for duty in rules.law.duties.values():
        yield from (f"{duty.id}: {fault}" for fault in _duty_faults(duty, rules))


def _fact_faults(rules: LogRules) -> Iterator[str]:
    above: dict[str, FactRule] = {}
    for name, fact in rules.facts.items():
        for part in fact.plus or ():
            if part not in above:
                yield f"fact {name}: no fact {part} above it"
            elif above[part].read_as != fact.read_as:
                yield f"fact {name}: {part} is of another kind"
        if fact.until and fact.until not in rules.nodes:
            yield f"fact {name}: unknown node {fact.until}"
        above[name] = fact


def _duty_faults(duty: Duty, rules: LogRules) -> Iterator[str]:
    if duty.per != "case":
        yield f"per is {duty.per}; in an event log it is case"
    for version in duty.versions:
        for name in _nodes_in(version):
            if name not in rules.nodes:
                yield f"{name} is not under nodes"
        for predicate in predicates(version):
            yield from _predicate_faults(predicate, rules)
        if version.within_field:
            yield from _length_faults(version.within_field.field, rules.facts)
        if version.clock_stops or version.extended_by:
            yield "an event log has no intervals that could stop or extend the clock"


def _nodes_in(version: Version) -> Iterator[str]:
    yield from (*version.start, *version.stop, *version.ended_by, *version.discharged_by)
    if version.by:
        yield version.by.node
    if version.excused_by:
        yield version.excused_by.node


def _length_faults(name: str, facts: dict[str, FactRule]) -> Iterator[str]:
    if name not in facts:
        yield f"{name} is not under facts"
    elif facts[name].read_as != "integer":
        yield f"{name} is no integer, so that no limit can be so long"


def _predicate_faults(predicate: Predicate, rules: LogRules) -> Iterator[str]:
    for name, wanted in predicate.items():
        if name == "any_of":
            for part in wanted:
                yield from _predicate_faults(part, rules)
        elif wanted == "present":
            if name not in rules.nodes and name not in rules.facts:
                yield f"{name} is neither under nodes nor under facts"
        else:
            yield from _comparison_faults(name, wanted, rules.facts)


def _comparison_faults(name: str, wanted: Any, facts: dict[str, FactRule]) -> Iterator[str]:
    names = [name, *others(wanted)]
    yield from (f"{unknown} is not under facts" for unknown in names if unknown not in facts)
    kinds = {facts[known].read_as for known in names if known in facts}
    if isinstance(wanted, dict) and (len(kinds) > 1 or "text" in kinds):
        yield f"{name}: only amounts with amounts and integers with integers compare"
