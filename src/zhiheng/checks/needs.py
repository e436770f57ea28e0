"""What the duties ask of the records: which facts, which nodes, on which kind of subject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from zhiheng.law.model import Duty, Predicate, Version
from zhiheng.records.catalogue import SUBJECTS, nodes, tables
from zhiheng.store.timelines import Needs, Wanted


def needs_of(duties: Iterable[Duty]) -> Needs:
    """Everything the duties need, by subject kind; the case is always among them."""
    fields: dict[str, set[str]] = {"case": set()}
    days: dict[str, set[str]] = {"case": set()}
    minutes: dict[str, set[str]] = {}
    lists: dict[str, set[str]] = {}
    for duty in duties:
        fields.setdefault(duty.per, set())
        days.setdefault(duty.per, set())
        for version in duty.versions:
            for name in named_in(version):
                _place(name, duty.per, fields, days)
            if version.within and version.within.unit == "hours":
                minutes.setdefault(duty.per, set()).update((*version.start, *version.stop))
            if duty.kind == "recurring":
                lists.setdefault(duty.per, set()).update(version.stop)
    return {
        subject: Wanted(
            tuple(sorted(fields[subject])),
            tuple(sorted(days[subject])),
            tuple(sorted(minutes.get(subject, ()))),
            tuple(sorted(lists.get(subject, ()))),
        )
        for subject in sorted(fields)
    }


def _place(name: str, per: str, fields: dict[str, set[str]], days: dict[str, set[str]]) -> None:
    owner, dot, rest = name.rpartition(".")
    if not dot:
        days[per].add(name)
    elif rest in nodes() and owner == "case":
        days["case"].add(rest)
    elif rest in tables()[SUBJECTS[owner]].columns:
        fields.setdefault(owner, set()).add(rest)
        days.setdefault(owner, set())
    else:
        raise ValueError(f"{name} is neither a node nor a column")


def named_in(version: Version) -> Iterator[str]:
    """Every node and fact a version speaks of, as it writes them."""
    yield from version.start
    yield from version.stop
    yield from version.ended_by
    yield from version.discharged_by
    yield from _in_predicate(version.applies)
    yield from _in_predicate(version.requires)
    yield from _in_predicate(version.forbidden_when)
    for other in version.within_when:
        yield from _in_predicate(other.when)
    if version.by:
        yield version.by.node
    if version.excused_by:
        yield version.excused_by.node
        yield from _in_predicate(version.excused_by.when)


def _in_predicate(predicate: Predicate) -> Iterator[str]:
    for name, wanted in predicate.items():
        if name == "any_of":
            for part in wanted:
                yield from _in_predicate(part)
        else:
            yield name
            yield from _others(wanted)


def _others(wanted: Any) -> Iterator[str]:
    """Facts a comparison names on its right-hand side."""
    bounds = wanted.values() if isinstance(wanted, dict) else ()
    return (bound[1:] for bound in bounds if isinstance(bound, str) and bound.startswith("$"))
