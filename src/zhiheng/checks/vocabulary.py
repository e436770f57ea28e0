"""Whether every word of a duty and of the cases beside it means something: a name nobody has, or a
value no code list has, would never hold and never be missed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zhiheng.checks.cases import Case, facts
from zhiheng.checks.needs import named_in, others, placed
from zhiheng.checks.outcomes import STATES
from zhiheng.law.model import Duty, Predicate, Version, members
from zhiheng.law.sound import predicates
from zhiheng.records.catalogue import SUBJECTS, Column, codes, tables

NUMBERS = ("amount", "integer")
COMPARABLE = {*NUMBERS, "day", "minute"}
"""Kinds of columns that have an order, each among its like."""


def misnamed(duty: Duty) -> list[str]:
    """Every word of a duty that means nothing, and every value its fact cannot have."""
    if duty.per not in SUBJECTS:
        return [f"there is no kind of subject {duty.per}"]
    found = [fault for version in duty.versions for fault in _in_version(duty, version)]
    for case in duty.cases:
        found += [f"“{case['name']}”: {fault}" for fault in _in_case(duty, case)]
    return list(dict.fromkeys(found))


def _in_version(duty: Duty, version: Version) -> Iterator[str]:
    for name in named_in(version):
        yield from _misplaced(name, duty.per)
    for predicate in predicates(version):
        yield from _in_predicate(predicate, duty.per)
    if version.within_field and _kind(version.within_field.field) != "integer":
        yield f"{version.within_field.field} is no integer, so that no limit can be so long"
    kinds = [stop.kind for stop in version.clock_stops]
    kinds += [version.extended_by.kind] if version.extended_by else []
    yield from _not_coded("interval_kind", kinds)
    if version.extended_by:
        yield from _not_coded("officer_role", version.extended_by.approved_by)


def _in_predicate(predicate: Predicate, per: str) -> Iterator[str]:
    for name, wanted in predicate.items():
        if name == "any_of":
            for part in wanted:
                yield from _in_predicate(part, per)
        elif wanted != "present":
            yield from _in_entry(name, wanted, per)


def _in_entry(name: str, wanted: Any, per: str) -> Iterator[str]:
    yield from _passed_only(name, wanted, per)
    if isinstance(wanted, dict):
        yield from _incomparable(name, wanted)
    elif isinstance(wanted, list):
        for value in wanted:
            yield from _impossible(name, value)


def _passed_only(name: str, wanted: Any, per: str) -> Iterator[str]:
    """A node is passed or not; it has no value to compare."""
    for one in (name, *others(wanted)):
        if not list(_misplaced(one, per)) and placed(one, per)[2]:
            yield f"{one} is a node: it is present or not"


def _incomparable(name: str, wanted: dict[str, Any]) -> Iterator[str]:
    kinds = {one: _kind(one) for one in (name, *others(wanted))}
    if len(set(kinds.values())) > 1 or not set(kinds.values()) <= COMPARABLE:
        yield f"{', '.join(kinds)}: only amounts, integers, days or minutes compare, with like"


def _in_case(duty: Duty, case: Case) -> Iterator[str]:
    for name, value in facts(case).items():
        yield from _misplaced(name, duty.per)
        if not isinstance(value, list):
            yield from _impossible(name, value)
    if case["expect"] not in STATES:
        yield f"there is no outcome {case['expect']}"
    for row in case.get("intervals", ()):
        yield from _not_coded("interval_kind", [row["kind"]])
        yield from _not_coded("officer_role", [row[key] for key in ("approved_by",) if key in row])
    parts = {member.duty for version in duty.versions for member in members(version)}
    for name, states in case.get("members", {}).items():
        if name not in parts:
            yield f"{name} is no member"
        yield from (f"there is no outcome {state}" for state in states if state not in STATES)


def _misplaced(name: str, per: str) -> Iterator[str]:
    try:
        placed(name, per)
    except ValueError as wrong:
        yield str(wrong)


def _impossible(name: str, value: Any) -> Iterator[str]:
    """A value the column of a fact cannot hold; nodes and missing values can hold any."""
    column = _column(name)
    if column is None or value is None:
        return
    if column.codes:
        yield from (f"{name}: {fault}" for fault in _not_coded(column.codes, [value]))
    elif column.kind == "flag" and not isinstance(value, bool):
        yield f"{name} is true or false, not {value!r}"
    elif column.kind in NUMBERS and not _is_number(value):
        yield f"{name} is a number, not {value!r}"


def _not_coded(code_list: str, values: Any) -> Iterator[str]:
    for value in values:
        if value not in codes()[code_list]:
            yield f"{value} is not in the code list {code_list}"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _kind(name: str) -> str:
    column = _column(name)
    return column.kind if column else ""


def _column(name: str) -> Column | None:
    owner, _dot, column = name.rpartition(".")
    return tables()[SUBJECTS[owner]].columns.get(column) if owner in SUBJECTS else None
