"""Random subjects for a duty, drawn where counting goes wrong: at the edges of limits, holidays,
months and versions; with facts missing, values unheard of, minutes unknown, intervals in a tangle.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from law_cases import is_node
from plain_days import end_of, months_on, named_days
from plain_facts import Facts
from zhiheng.law.model import Duty, Law, Limit, Predicate, Version
from zhiheng.law.sound import predicates

YEARS = (2016, 2020)
BEYOND = 2027  # no notice names a day of it
ROLES = ("president", "president", "president", "vice_president", "clerk", "")


@cache
def hard_days_until(last: date) -> list[date]:
    """Those of the hard days that lie on or before a day."""
    return [day for day in hard_days() if day <= last]


@cache
def hard_days() -> list[date]:
    """Days named by notices and their neighbours, the ends of months, both kinds of February."""
    near = {day + timedelta(days=n) for day in named_days() for n in (-1, 0, 1)}
    years = [*range(YEARS[0], YEARS[1] + 1), BEYOND]
    firsts = {date(year, month, 1) for year in years for month in range(1, 13)}
    ends = {day - timedelta(days=n) for day in firsts for n in (0, 1, 2, 3)}
    return sorted(day for day in near | ends if day.year in years)


@dataclass(frozen=True)
class Wording:
    """What the versions of some duties on one kind of subject speak of."""

    nodes: tuple[str, ...]
    fields: dict[str, list[Any]]
    limits: tuple[Limit, ...]
    borders: tuple[date, ...]
    lists: frozenset[str]
    kinds: tuple[str, ...]
    back: tuple[Limit, ...]

    @classmethod
    def of(cls, duties: Iterable[Duty], law: Law) -> Wording:
        """Names and figures of all the duties' versions together."""
        duties = list(duties)
        versions = [version for duty in duties for version in duty.versions]
        fields: dict[str, list[Any]] = {}
        nodes: dict[str, None] = {}
        for version in versions:
            nodes.update(dict.fromkeys(named_nodes(version)))
            for name, wanted in named_in(version):
                if is_node(name):
                    nodes[name] = None
                else:
                    fields.setdefault(name, []).extend(values_for(wanted))
                    fields.update({bound: [*AMOUNTS] for bound in bounds_in(wanted)})
            if version.within_field:
                fields[version.within_field.field] = LENGTHS
        limits = [limit for version in versions for limit in limits_of(version, law)]
        borders = [day for version in versions for day in (version.first_day, version.last_day)]
        listing = [duty for duty in duties if duty.kind in ALL_DAYS]
        lists = {node for duty in listing for one in duty.versions for node in one.stop}
        recent = [one for duty in listing if duty.kind == "recent" for one in duty.versions]
        kinds = [kind for version in versions for kind in kinds_of(version)]
        return cls(
            tuple(nodes),
            fields,
            tuple(limits or [Limit(days=30)]),
            tuple(day for day in borders if day is not None),
            frozenset(lists),
            (*kinds, "unheard_of"),
            tuple(version.within for version in recent if version.within),
        )


AMOUNTS = [999, 1000, 1001, 5000]
"""Some of them a fifth of another, or just not."""
LENGTHS = [0, 1, 2, 5, 10, 15, 20, 30, -1]
"""Lengths of a limit that a fact sets; one of them is none."""


ALL_DAYS = ("recurring", "recent")
"""Kinds of duties to which every day of the act matters."""


def named_nodes(version: Version) -> Iterator[str]:
    yield from (*version.start, *version.stop, *version.discharged_by, *version.ended_by)
    if version.by:
        yield version.by.node
    if version.excused_by:
        yield version.excused_by.node


def named_in(version: Version) -> Iterator[tuple[str, Any]]:
    for rule in predicates(version):
        yield from entries(rule)


def entries(predicate: Predicate) -> Iterator[tuple[str, Any]]:
    for name, wanted in predicate.items():
        if name == "any_of":
            for choice in wanted:
                yield from entries(choice)
        else:
            yield name, wanted


def values_for(wanted: Any) -> list[Any]:
    """Values that satisfy an entry, twice, and values that do not."""
    if wanted == "present":
        return ["some_text"]
    if isinstance(wanted, dict):
        return [*AMOUNTS]
    good = [value for value in wanted if value is not None]
    if not good:
        return []
    if all(isinstance(value, bool) for value in good):
        return [*good, *good, True, False]
    return [*good, *good, "unheard_of"]


def bounds_in(wanted: Any) -> list[str]:
    bounds = wanted.values() if isinstance(wanted, dict) else ()
    named = [bound[1:] for bound in bounds if isinstance(bound, str)]
    return named + [bound["of"] for bound in bounds if isinstance(bound, dict)]


def limits_of(version: Version, law: Law) -> Iterator[Limit]:
    singles = (version.within, version.at_least, version.more_than, version.every, version.during)
    yield from (limit for limit in singles if limit is not None)
    yield from (special.within for special in version.within_when)
    yield from version.bands
    if version.every:
        unit, count = version.every.unit, version.every.count
        yield from (Limit(**{unit: k * count}, roll=version.every.roll) for k in (2, 3))
    if version.by and version.by.grace:
        yield law.grace(version.by.grace)


def kinds_of(version: Version) -> Iterator[str]:
    """Kinds of intervals, extensions as often as all the stops together."""
    yield from (stop.kind for stop in version.clock_stops)
    if version.extended_by:
        yield from [version.extended_by.kind] * len(version.clock_stops)


@dataclass(frozen=True)
class Draw:
    """One source of chance for the subjects of one frame."""

    random: Random
    wording: Wording
    as_of: date

    def facts(self) -> Facts:
        """One subject: a first day, everything else around it, some of it missing."""
        anchor = self.anchor()
        found: Facts = {}
        for name, values in self.wording.fields.items():
            if values and self.random.random() < 0.88:
                found[name] = self.random.choice(values)
        busy = self.random.choice([0.15, 0.5])  # where little happened, duties stay undone
        for place, node in enumerate(self.wording.nodes):
            if self.random.random() < (0.92 if place == 0 else busy):
                found[node] = self.passing(node, anchor, own=place == 0)
        return found

    def passing(self, node: str, anchor: date, own: bool) -> Any:
        if node in self.wording.lists:
            about = self.before if self.wording.back else self.near
            days = sorted({about(anchor) for _ in range(self.random.randint(0, 6))})
            return [day.isoformat() for day in days]
        day = anchor if own and self.random.random() < 0.9 else self.near(anchor)
        if self.random.random() < 0.3:
            return day.isoformat()
        minute = self.random.choice([0, 359, 360, 361, 600, 1439])
        return f"{day.isoformat()} {minute // 60:02}:{minute % 60:02}"

    def anchor(self) -> date:
        """Where the subject's days lie: a hard day, a version's border, or so that a limit ends
        about the day of the check."""
        how = self.random.random()
        if how < 0.3:
            return self.random.choice(hard_days_until(self.as_of))
        if how < 0.35:
            return self.random.choice(hard_days())
        if how < 0.5:
            return self.shaken(self.random.choice(self.wording.borders))
        limit = self.random.choice(self.wording.limits)
        return self.shaken(self.as_of - (end_of(self.as_of, limit) - self.as_of))

    def before(self, anchor: date) -> date:
        """A day so long before `anchor` as an act may lie, just beside it, or anywhere."""
        back = self.random.choice(self.wording.back)
        if self.random.random() < 0.5:
            return self.near(anchor)
        last = months_on(anchor, -(back.months or 0)) - timedelta(days=back.days or 0)
        return self.shaken(last)

    def near(self, anchor: date) -> date:
        """A day at the end of some limit from `anchor`, just beside it, or further off."""
        how = self.random.random()
        if how < 0.45:
            return self.shaken(end_of(anchor, self.random.choice(self.wording.limits)))
        if how < 0.7:
            return self.shaken(anchor)
        return anchor + timedelta(days=self.random.randint(-30, 400))

    def shaken(self, day: date) -> date:
        return day + timedelta(days=self.random.choice([-2, -1, 0, 0, 0, 1, 1, 2, 3]))

    def intervals(self, facts: Sequence[Facts]) -> list[dict[str, str]]:
        """Up to four intervals of a case: open, overlapping, adjoining, empty, out of order."""
        starts = [str(value)[:10] for one in facts for value in one.values() if is_day(value)]
        day = date.fromisoformat(starts[0]) if starts else self.as_of
        kinds = self.wording.kinds
        kinds = kinds if self.random.random() < 0.6 else (self.random.choice(kinds),)
        rows = []
        for _ in range(self.random.choice([0, 1, 1, 2, 3, 4])):
            day = day + timedelta(days=self.random.choice([-20, -5, -1, 0, 1, 5, 30, 150]))
            row = {"kind": self.random.choice(kinds), "from": day.isoformat()}
            if self.random.random() < 0.8:
                day = day + timedelta(days=self.random.choice([-1, 0, 1, 9, 29, 60, 92, 120]))
                row["to"] = day.isoformat()
            if role := self.random.choice(ROLES):
                row["approved_by"] = role
            rows.append(row)
        self.random.shuffle(rows)
        return rows


def is_day(value: Any) -> bool:
    return isinstance(value, str) and value[4:5] == "-"


def draw_day_of_check(random: Random) -> date:
    """Mostly in the years notices cover, now and then beyond them."""
    first, last = date(YEARS[0], 6, 1), date(YEARS[1], 12, 31)
    if random.random() < 0.2:
        first, last = date(BEYOND, 1, 1), date(BEYOND + 1, 6, 30)
    if random.random() < 0.5:
        return random.choice([day for day in hard_days() if first <= day <= last])
    return first + timedelta(days=random.randrange((last - first).days))
