"""What the engine would have to ignore or could not judge is refused, so that nothing written goes
unheeded: fields a kind of duty does not read, combinations without a meaning, empty lists."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from zhiheng.law.model import COMPARISONS, Duty, Law, Limit, Predicate, Version

ALWAYS = frozenset({"valid_from", "valid_to", "cites", "start", "applies", "unless"})
"""Fields every kind of duty reads."""

HEEDED: dict[str, frozenset[str]] = {
    "deadline": frozenset(
        {
            "stop", "within", "within_field", "within_when", "at_least", "more_than", "bands",
            "discharged_by", "discharge_holds", "clock_stops", "extended_by", "excused_by",
            "governed_by", "optional_start", "only_if_done",
        }
    ),
    "presence": frozenset(
        {
            "stop", "by", "discharged_by", "discharge_holds", "excused_by", "governed_by",
            "only_if_done",
        }
    ),
    "condition": frozenset({"requires"}),
    "prohibition": frozenset({"forbidden_when"}),
    "recurring": frozenset({"stop", "every", "during", "ended_by"}),
    "recent": frozenset({"stop", "within"}),
    "composite": frozenset({"all_of"}),
}  # fmt: skip
"""Kind of duty → the fields it reads besides those every kind does."""

NEEDED = {
    "deadline": ("start", "stop"),
    "presence": ("start", "stop"),
    "condition": ("start", "requires"),
    "prohibition": ("start", "forbidden_when"),
    "recurring": ("start", "stop", "every", "during"),
    "recent": ("start", "stop", "within"),
    "composite": ("start", "all_of"),
}
"""What a version of each kind of duty cannot do without."""

ONLY_WITH_A_LIMIT = (
    "within_when", "clock_stops", "extended_by", "excused_by", "bands", "discharged_by",
    "discharge_holds",
)  # fmt: skip
"""Fields of a deadline that mean nothing where the act may only not come too early."""


def version_faults(duty: Duty, version: Version, law: Law) -> Iterator[str]:
    """Everything about one version that would go unheeded or could not be judged."""
    for field in NEEDED[duty.kind]:
        if not getattr(version, field):
            yield f"needs `{field}`"
    for field in sorted(set(_written(version)) - ALWAYS - HEEDED[duty.kind]):
        yield f"`{field}` means nothing to a {duty.kind}"
    for predicate in predicates(version):
        yield from predicate_faults(predicate)
    yield from _kind_faults(duty, version)
    yield from _hour_faults(version)
    if version.by and version.by.grace:
        yield from _grace_faults(version.by.grace, law)


def _kind_faults(duty: Duty, version: Version) -> Iterator[str]:
    if duty.kind == "deadline":
        yield from _limit_faults(version)
    if version.discharge_holds and not version.discharged_by:
        yield "`discharge_holds` means nothing without `discharged_by`"
    if version.only_if_done and version.discharged_by:
        yield "`discharged_by` means nothing with `only_if_done`"
    if duty.kind in ("recurring", "recent"):
        yield from _list_faults(duty, version)
    if duty.kind == "composite":
        yield from _composite_faults(duty, version)


def predicates(version: Version) -> Iterator[Predicate]:
    """Every predicate a version has."""
    yield from (version.applies, version.unless, version.requires, version.forbidden_when)
    yield from (other.when for other in version.within_when)
    if version.excused_by:
        yield version.excused_by.when


@cache
def _fields() -> tuple[msgspec.structs.FieldInfo, ...]:
    """Asked once: msgspec works the annotations out anew for every version."""
    return msgspec.structs.fields(Version)


def _written(version: Version) -> Iterator[str]:
    """The fields that say something else than their default."""
    for field in _fields():
        value = getattr(version, field.name)
        if value != field.default and value not in ({}, ()):
            yield field.name


def _limit_faults(version: Version) -> Iterator[str]:
    limit = version.within or version.within_field
    if not (limit or version.at_least or version.more_than):
        yield "sets no limit"
    if version.within and version.within_field:
        yield "`within` and `within_field` exclude each other"
    if version.within_field and version.within_when:
        yield "`within_when` cannot be combined with `within_field`"
    if version.bands and (version.at_least or version.more_than):
        yield "`bands` cannot be combined with `at_least` or `more_than`"
    if version.at_least and version.more_than:
        yield "`at_least` and `more_than` exclude each other"
    if not limit:
        for name in ONLY_WITH_A_LIMIT:
            if getattr(version, name):
                yield f"`{name}` means nothing without `within`"


def _list_faults(duty: Duty, version: Version) -> Iterator[str]:
    for name in version.stop:
        if "." in name:
            yield f"all days of {name} are not kept: only nodes of its own"
    every, during, within = version.every, version.during, version.within
    if every and during and every.unit != during.unit:
        yield "`every` and `during` are in different units"
    elif every and during and during.count < every.count:
        yield "`during` is shorter than `every`: there would be no window"
    if duty.kind == "recent" and within:
        if within.unit not in ("days", "months"):
            yield "what is recent is counted back in days or months"
        if within.roll is not None:
            yield "what is recent never rolls"


def _composite_faults(duty: Duty, version: Version) -> Iterator[str]:
    if duty.per != "case":
        yield "a composite is per case"
    for member in version.all_of:
        parts = member.any_of or (member,)
        if bool(member.duty) == bool(member.any_of):
            yield "a member is either a duty or a choice of duties"
        if len(member.any_of) == 1:
            yield "a choice of members has at least two"
        if any(part is not member and part.any_of for part in parts):
            yield "a choice of members cannot hold another choice"


def _hour_faults(version: Version) -> Iterator[str]:
    with_hours = ("clock_stops", "within_when", "extended_by", "at_least", "more_than", "bands")
    if version.within and version.within.unit == "hours":
        for name in with_hours:
            if getattr(version, name):
                yield f"hours cannot be combined with `{name}`"
    if any(limit.unit == "hours" for limit in _other_limits(version)):
        yield "hours are only possible as the one limit of a duty"


def _other_limits(version: Version) -> Iterator[Limit]:
    yield from (special.within for special in version.within_when)
    yield from version.bands
    yield from (stop.at_most for stop in version.clock_stops if stop.at_most)
    singles = (version.at_least, version.more_than, version.every, version.during)
    yield from (limit for limit in singles if limit)


def _grace_faults(grace: str, law: Law) -> Iterator[str]:
    if grace not in law.assumptions:
        yield f"unknown assumption {grace}"
    elif "limit" not in law.assumptions[grace].settings:
        yield f"the assumption {grace} sets no limit"


def predicate_faults(predicate: Predicate) -> Iterator[str]:
    """What is wrong with the form of a predicate; an empty list decides nothing and is refused."""
    for name, wanted in predicate.items():
        if name == "any_of":
            yield from _choice_faults(wanted)
        elif isinstance(wanted, list):
            if not wanted:
                yield f"{name} allows no value"
        elif isinstance(wanted, dict):
            yield from _comparison_faults(name, wanted)
        elif wanted != "present":
            yield f"{name} is neither a list, a comparison nor `present`"


def _choice_faults(choices: Any) -> Iterator[str]:
    if not isinstance(choices, list) or len(choices) < 1:
        yield "`any_of` offers no choice"
        return
    for choice in choices:
        if not choice:
            yield "a choice of `any_of` asks nothing"
        yield from predicate_faults(choice)


def _comparison_faults(name: str, wanted: dict[str, Any]) -> Iterator[str]:
    if not wanted:
        yield f"{name} is compared with nothing"
    for sign, bound in wanted.items():
        if sign not in COMPARISONS:
            yield f"{name}: unknown comparison {sign}"
        if not _is_bound(bound):
            yield f"{name}: {bound!r} is no number, no $field and no share"


def _is_bound(bound: Any) -> bool:
    if isinstance(bound, dict):
        shares = set(bound) == {"percent", "of"} and isinstance(bound["of"], str)
        return shares and _is_number(bound["percent"])
    return _is_number(bound) or (isinstance(bound, str) and bound.startswith("$"))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
