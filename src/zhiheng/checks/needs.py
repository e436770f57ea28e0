"""What the duties ask of the records: which facts, which nodes, on which kind of subject."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from zhiheng.law.model import Duty, Predicate, Version
from zhiheng.law.sound import predicates
from zhiheng.records.catalogue import PARENTS, SUBJECTS, node_named, nodes, tables
from zhiheng.store.wanted import Needs, Wanted


@dataclass(frozen=True)
class _Asked:
    """What is asked of the subjects of one kind, as far as it is gathered."""

    fields: set[str] = field(default_factory=set)
    days: set[str] = field(default_factory=set)
    minutes: set[str] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)

    def wanted(self) -> Wanted:
        parts = (self.fields, self.days, self.minutes, self.lists)
        return Wanted(*(tuple(sorted(part)) for part in parts))


def needs_of(duties: Iterable[Duty]) -> Needs:
    """Everything the duties need, by subject kind; the case is always among them.

    Raises ValueError for a name that is neither a node nor a fact of the subject, of its case or
    of a parent.
    """
    asked: defaultdict[str, _Asked] = defaultdict(_Asked)
    asked["case"]  # whatever the duties are per, their courts stand with the cases
    for duty in duties:
        for version in duty.versions:
            _ask(duty, version, asked)
    return {subject: asked[subject].wanted() for subject in sorted(asked)}


def _ask(duty: Duty, version: Version, asked: defaultdict[str, _Asked]) -> None:
    asked[duty.per]  # even a duty that asks nothing of its own subjects counts them
    by_minute = version.within is not None and version.within.unit == "hours"
    for name in named_in(version):
        owner, rest, is_node = placed(name, duty.per)
        if owner != duty.per and owner != "case":
            asked[duty.per].fields.add(PARENTS[duty.per][owner])
        (asked[owner].days if is_node else asked[owner].fields).add(rest)
        if by_minute and name in (*version.start, *version.stop):
            asked[owner].minutes.add(rest)
    if duty.kind in ("recurring", "recent"):
        asked[duty.per].lists.update(version.stop)


def placed(name: str, per: str) -> tuple[str, str, bool]:
    """Whose a name is, what it is called there, and whether it is a node. Raises ValueError."""
    owner, dot, rest = name.rpartition(".")
    if owner not in ("", "case", per, *PARENTS.get(per, ())):
        raise ValueError(f"{name}: a {per} has no parent {owner}")
    if not dot and rest in nodes() and (per == "case" or nodes()[rest].subject == per):
        return per, rest, True
    if node_named(name) and (owner == "case" or owner not in ("", per)):
        return owner, rest, True
    if dot and rest in tables()[SUBJECTS[owner]].columns:
        return owner, rest, False
    raise ValueError(f"{name} is neither a node nor a fact that a {per} has")


def named_in(version: Version) -> Iterator[str]:
    """Every node and fact a version speaks of, as it writes them."""
    yield from version.start
    yield from version.stop
    yield from version.ended_by
    yield from version.discharged_by
    for predicate in predicates(version):
        yield from _in_predicate(predicate)
    if version.within_field:
        yield version.within_field.field
    if version.by:
        yield version.by.node
    if version.excused_by:
        yield version.excused_by.node


def _in_predicate(predicate: Predicate) -> Iterator[str]:
    for name, wanted in predicate.items():
        if name == "any_of":
            for part in wanted:
                yield from _in_predicate(part)
        else:
            yield name
            yield from others(wanted)


def others(wanted: Any) -> Iterator[str]:
    """Facts a comparison names on its right-hand side."""
    for bound in wanted.values() if isinstance(wanted, dict) else ():
        if isinstance(bound, dict):
            yield bound["of"]
        elif isinstance(bound, str):
            yield bound.removeprefix("$")
