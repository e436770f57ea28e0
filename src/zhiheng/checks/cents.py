"""Amounts as whole cents: read off decimal text, and compared with the figures of a law."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

import msgspec

from zhiheng.law.model import Duty, Law, Predicate, Version
from zhiheng.records.catalogue import SUBJECTS, tables

NOISE = Decimal("0.000001")
"""So much a binary float can add to an amount when it is printed; none of it is money."""

_LARGEST = Decimal(10) ** 15


def cents(text: str) -> int | None:
    """An amount in cents; None where the text is no amount or is finer than a cent."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    if not amount.is_finite() or abs(amount) > _LARGEST:
        return None
    whole = round(amount * 100)
    return whole if abs(amount - Decimal(whole) / 100) <= NOISE else None


def law_in_cents(law: Law, amounts: frozenset[str]) -> Law:
    """The law with every figure that is compared with one of the facts `amounts` in cents."""
    duties = {name: duty_in_cents(duty, amounts) for name, duty in law.duties.items()}
    return msgspec.structs.replace(law, duties=duties)


@cache
def amount_facts() -> frozenset[str]:
    """The facts of records that are amounts, which the store's frames hold in cents."""
    return frozenset(
        f"{kind}.{name}"
        for kind, table in SUBJECTS.items()
        for name, column in tables()[table].columns.items()
        if column.kind == "amount"
    )


def duty_in_cents(duty: Duty, amounts: frozenset[str]) -> Duty:
    """The duty with every figure that is compared with one of the facts `amounts` in cents."""
    versions = tuple(_version(version, amounts) for version in duty.versions)
    return msgspec.structs.replace(duty, versions=versions)


def _version(version: Version, amounts: frozenset[str]) -> Version:
    others = (
        msgspec.structs.replace(other, when=_predicate(other.when, amounts))
        for other in version.within_when
    )
    excuse = version.excused_by
    if excuse is not None:
        excuse = msgspec.structs.replace(excuse, when=_predicate(excuse.when, amounts))
    return msgspec.structs.replace(
        version,
        applies=_predicate(version.applies, amounts),
        unless=_predicate(version.unless, amounts),
        requires=_predicate(version.requires, amounts),
        forbidden_when=_predicate(version.forbidden_when, amounts),
        within_when=tuple(others),
        excused_by=excuse,
    )


def _predicate(predicate: Predicate, amounts: frozenset[str]) -> Predicate:
    scaled: Predicate = {}
    for name, wanted in predicate.items():
        if name == "any_of":
            scaled[name] = [_predicate(part, amounts) for part in wanted]
        else:
            scaled[name] = _figures(wanted) if name in amounts else wanted
    return scaled


def _figures(wanted: Any) -> Any:
    if isinstance(wanted, dict) and "percent" in wanted:
        return wanted  # a share of another amount: both sides are in cents already
    if isinstance(wanted, dict):
        return {operator: _figures(bound) for operator, bound in wanted.items()}
    if isinstance(wanted, list):
        return [_figures(value) for value in wanted]
    if isinstance(wanted, int | float) and not isinstance(wanted, bool):
        hundredfold = Decimal(str(wanted)) * 100
        return int(hundredfold) if hundredfold == int(hundredfold) else float(hundredfold)
    return wanted
