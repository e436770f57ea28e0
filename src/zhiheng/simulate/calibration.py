"""What a made-up province looks like: parameters with their source, duties, published targets."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import msgspec
import yaml


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One figure and where it comes from ("assumption" where nothing published was found)."""

    value: Any
    source: str
    note: str = ""


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A length of time in one unit; `roll`: a last day on a rest day moves to a working day."""

    days: int | None = None
    working_days: int | None = None
    months: int | None = None
    hours: int | None = None
    roll: bool = True


class DutyHabit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A duty's limit (of one that recurs, also for how long it does) and how often courts breach
    it on average: too late, or never at all."""

    late: float
    never: float
    limit: Limit | None = None
    during: Limit | None = None


class Duties(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Duties that are drawn, those whose outcome follows from what was drawn for others, and the
    members of those made of duties."""

    duties: dict[str, DutyHabit]
    derived: tuple[str, ...]
    wholes: dict[str, tuple[str, ...]]


@cache
def parameters() -> dict[str, Parameter]:
    """Every parameter by name."""
    return msgspec.convert(_read("calibration.yaml"), dict[str, Parameter])


@cache
def targets() -> dict[str, Parameter]:
    """The figures the whole is steered towards."""
    return msgspec.convert(_read("targets.yaml"), dict[str, Parameter])


@cache
def duties() -> Duties:
    """How courts keep each duty."""
    return msgspec.convert(_read("duties.yaml"), Duties)


def number(name: str) -> float:
    """A parameter that is one number."""
    return float(parameters()[name].value)


def shares(name: str) -> dict[str, float]:
    """A parameter that gives a number to each of several names."""
    return {key: float(value) for key, value in parameters()[name].value.items()}


def limit(duty: str) -> Limit:
    """The limit of a duty that has one."""
    found = duties().duties[duty].limit
    if found is None:
        raise KeyError(f"{duty} has no limit")
    return found


def _read(name: str) -> object:
    text = resources.files("zhiheng.simulate").joinpath("data", name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)
