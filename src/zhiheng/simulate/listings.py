"""The dishonest list: who is on it and on what ground, and what that says of the debtors.

Entries made while the case ran stand in the table of listings already (see `closure`); here come
those of minors and of performed debtors, refused applications and entries older than the data.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa

from zhiheng.calendar import to_day
from zhiheng.listings.model import admission
from zhiheng.simulate import calibration, columns, truth
from zhiheng.simulate.making import Making
from zhiheng.simulate.people import FLAGS
from zhiheng.simulate.timing import due_day
from zhiheng.simulate.world import (
    FAR,
    NEVER,
    Codes,
    Days,
    Ints,
    Mask,
    choose,
    one_in,
    spread,
)

GROUNDS = tuple(admission().grounds)
FACTS = tuple(ground.fact for ground in admission().grounds.values())
BARS = tuple(name for name, bar in admission().bars.items() if bar.on)
DRAWN = (*(fact for fact in FACTS if fact not in FLAGS), *BARS, "public_official", "state_body")
"""Facts about debtors that are drawn here; the others are drawn with the parties."""

RULED, MINOR, PERFORMED, REFUSED, OLD = range(5)
"""How an entry came about: in the course of the case, of a minor, after performance, an
application that was refused, before the span of the data."""


@dataclass(eq=False)
class Entries:
    """Entries on the list, one row each: the row of the party, the position of the case, how it
    came about, its ground (a position in GROUNDS). `days` go by column, FAR where there is none;
    `columns` holds every other column as it is written."""

    party: Ints
    case: Ints
    origin: Codes
    listed: Days
    natural: Mask
    ground: Codes = field(init=False)
    days: dict[str, Days] = field(default_factory=dict)
    columns: dict[str, pa.Array] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.party)

    @property
    def entered(self) -> Mask:
        """Entries that were made; the others are refused applications."""
        return np.asarray(self.listed < FAR)

    @property
    def dated(self) -> Mask:
        """Entries on a ground that gives a listing a period."""
        dated = np.array([ground.dated for ground in admission().grounds.values()])
        return np.asarray(self.entered & dated[self.ground])


@dataclass(eq=False)
class PartyFacts:
    """DRAWN facts of every party: values and whether they are recorded (rows go by DRAWN)."""

    value: Mask
    known: Mask

    def of(self, name: str, party: Ints) -> tuple[Mask, Mask]:
        """Value and known of one fact for some parties."""
        row = DRAWN.index(name)
        return self.value[row, party] & self.known[row, party], self.known[row, party]


def first_day_of_rule() -> int:
    """The day from which every duty is in force."""
    return to_day(date.fromisoformat(calibration.parameters()["earliest_day"].value))


def enter(making: Making, duty: str, entries: Entries, start: Days, state: Codes) -> None:
    """Count a duty on every entry; it applies only where it began, under the rule."""
    live = (start <= making.last) & (start >= first_day_of_rule())
    state = np.where(live, state, truth.NOT_APPLICABLE).astype(np.int8)
    making.ledger.enter(duty, entries.case, state)


def drawn_entries(making: Making) -> Entries:
    """Everybody who is on the list or was asked to be put on it, by party."""
    debtor = np.flatnonzero(making.parties.debtor & making.cases.enforcing[making.parties.case])
    listed, origin = _ruled(making, debtor)
    rng = making.world.rng("dishonest entries")
    case, n = making.parties.case[debtor], len(debtor)
    closed, filed = making.closed.day[case], making.cases.filed[case]
    satisfied = making.closed.as_kind("satisfied")[case]
    plan = making.plan("listing.obligation_outstanding", case)
    draws = (
        (MINOR, making.parties.flag("minor")[debtor] & one_in(rng, n, _share("minor")),
         filed + spread(rng, 10, 80, n)),
        (PERFORMED, satisfied & (plan == NEVER) & (closed < FAR), closed + spread(rng, 1, 60, n)),
        (OLD, making.cases.of_kind("resumed")[case] & one_in(rng, n, _share("old")),
         _before(making, rng, n)),
        (REFUSED, one_in(rng, n, _share("refused")) & (filed < closed), np.full(n, FAR)),
    )  # fmt: skip
    for number, wanted, day in draws:
        fits = wanted & (origin < 0) & ((day <= making.last) | (number == REFUSED))
        origin[fits], listed[fits] = number, day[fits]
    rows = np.flatnonzero(origin >= 0)
    natural = making.parties.kind[debtor[rows]] == 0
    entries = Entries(debtor[rows], case[rows], origin[rows], listed[rows], natural)
    fresh = np.flatnonzero(np.isin(entries.origin, (MINOR, PERFORMED)))
    party = making.parties.key[entries.party[fresh]]
    making.log.add("dishonest_listed", entries.case[fresh], entries.listed[fresh], subject=party)
    return entries


def _share(name: str) -> float:
    return calibration.shares("dishonest_entries")[name]


def _ruled(making: Making, debtor: Ints) -> tuple[Days, Codes]:
    """The day each debtor was listed in the course of the case, and that origin (-1: not)."""
    table = making.tables["listings"]
    table = table.filter(pa.compute.equal(table["kind"].cast(pa.string()), "dishonest"))
    keys = making.parties.key[debtor]
    order = np.argsort(keys)
    at = order[np.searchsorted(keys[order], table["party"].to_numpy())]
    listed = np.full(len(debtor), FAR, np.int32)
    listed[at] = table["listed"].cast(pa.int32()).to_numpy()
    return listed, np.where(listed < FAR, RULED, -1).astype(np.int8)


def _before(making: Making, rng: np.random.Generator, n: int) -> Days:
    """Days after the rule came and before the span; FAR where there are none."""
    first = first_day_of_rule()
    room = making.world.first - first
    if room <= 0:
        return np.full(n, FAR, np.int32)
    return (first + rng.integers(0, room, n)).astype(np.int32)


def settle_grounds(making: Making, entries: Entries) -> PartyFacts:
    """The ground of every entry and the facts about the debtors; the duties that rest on them."""
    facts = _drawn_facts(making)
    rng = making.world.rng("dishonest grounds")
    n = len(entries)
    weights = calibration.shares("listing_grounds")
    ground = np.array([GROUNDS.index(name) for name in weights])[choose(rng, weights, n)]
    obstructs = making.parties.flag("obstructs")[entries.party] & one_in(rng, n, 0.6)
    ground = np.where(obstructs, GROUNDS.index("obstructs"), ground)
    # What is older than the data is among it for the end of its period.
    old = (entries.origin == OLD) & (ground == 0)
    entries.ground = np.where(old, GROUNDS.index("breached_reporting"), ground).astype(np.int8)
    _fit(making, entries, facts)
    _judge_grounds(making, entries, facts)
    return facts


def _drawn_facts(making: Making) -> PartyFacts:
    rng = making.world.rng("dishonest facts")
    n = len(making.parties.case)
    shares = calibration.shares("listing_facts")
    share = np.array([shares[name] for name in DRAWN])[:, None]
    debtor, natural = making.parties.debtor, making.parties.kind == 0
    value = (rng.random((len(DRAWN), n)) < share) & debtor
    value[DRAWN.index("public_official")] &= natural
    value[DRAWN.index("state_body")] &= ~natural
    unknown = rng.random((len(DRAWN), n)) < calibration.number("flag_unknown")
    return PartyFacts(value, debtor & ~unknown)


def _fit(making: Making, entries: Entries, facts: PartyFacts) -> None:
    """Make the facts of those listed agree with the ground, but for the breaches drawn."""
    for duty, names in (("listing.on_ground", FACTS), ("listing.not_barred", BARS)):
        breach = making.plan(duty, entries.case) == NEVER
        rng = making.world.rng(f"fitted {duty}")
        which = rng.integers(0, len(BARS), len(entries))
        for position, name in enumerate(names):
            if name in FLAGS:
                continue
            if names is FACTS:
                rows = entries.entered & (entries.ground == position)
                wanted = ~breach
            else:
                rows = entries.entered & (entries.ground == 0)
                wanted = breach & (which == position)
            facts.value[DRAWN.index(name), entries.party[rows]] = wanted[rows]


def _judge_grounds(making: Making, entries: Entries, facts: PartyFacts) -> None:
    met, known = _of_ground(making, entries, facts)
    state = np.where(met, truth.MET, truth.OVERDUE)
    enter(making, "listing.on_ground", entries, entries.listed, _or_unknown(state, known))
    barred, sure = np.zeros(len(entries), np.bool_), np.ones(len(entries), np.bool_)
    for name in BARS:
        value, recorded = facts.of(name, entries.party)
        barred, sure = barred | value, sure & recorded
    state = np.where(barred, truth.LATE, np.where(sure, truth.MET, truth.UNDETERMINABLE))
    able = np.where(entries.ground == 0, entries.listed, FAR).astype(np.int32)
    enter(making, "listing.not_barred", entries, able, state.astype(np.int8))
    minor = making.parties.flag("minor")[entries.party]
    state = _or_unknown(np.where(minor, truth.LATE, truth.MET), _recorded(making, "minor", entries))
    enter(making, "listing.no_minor", entries, entries.listed, state)
    satisfied = making.closed.as_kind("satisfied")[entries.case]
    over = satisfied & (making.closed.day[entries.case] <= entries.listed)
    state = np.where(over, truth.LATE, truth.MET).astype(np.int8)
    enter(making, "listing.obligation_outstanding", entries, entries.listed, state)


def _of_ground(making: Making, entries: Entries, facts: PartyFacts) -> tuple[Mask, Mask]:
    """Whether the fact an entry's ground rests on is recorded as true, and recorded at all."""
    met, known = np.zeros(len(entries), np.bool_), np.zeros(len(entries), np.bool_)
    for position, name in enumerate(FACTS):
        rows = np.flatnonzero(entries.ground == position)
        if name in FLAGS:
            met[rows] = making.parties.flag(name)[entries.party[rows]]
            known[rows] = ~making.parties.unknown(name)[entries.party[rows]]
        else:
            met[rows], known[rows] = facts.of(name, entries.party[rows])
    return met, known


def _recorded(making: Making, flag: str, entries: Entries) -> Mask:
    return ~making.parties.unknown(flag)[entries.party]


def _or_unknown(state: Ints | Codes, known: Mask) -> Codes:
    return np.where(known, state, truth.UNDETERMINABLE).astype(np.int8)


def tell_employers(making: Making, entries: Entries, facts: PartyFacts) -> None:
    """Employers of state personnel and superiors of state bodies are told, or not."""
    official = facts.of("public_official", entries.party)
    body, organ = facts.of("state_body", entries.party), making.parties.flag("state_organ")
    either = body[0] | organ[entries.party]
    sure = either | (body[1] & _recorded(making, "state_organ", entries))
    rng = making.world.rng("employers told")
    told = np.full(len(entries), FAR, np.int32)
    day = entries.listed + spread(rng, 1, 20, len(entries))
    duties = (("listing.employer_told", *official), ("listing.superior_told", either, sure))
    for duty, concerned, _ in duties:
        kept = concerned & entries.entered & (making.plan(duty, entries.case) != NEVER)
        told = np.where(kept, day, told).astype(np.int32)
    entries.days["employer_told"] = told
    grace = calibration.limit("listing.employer_told")
    for duty, concerned, known in duties:
        due = due_day(making.world, entries.listed, grace)
        state = truth.presence(making.last, entries.listed, told, due)
        state = np.where(
            concerned, state, np.where(known, truth.NOT_APPLICABLE, truth.UNDETERMINABLE)
        )
        enter(making, duty, entries, entries.listed, state.astype(np.int8))


def add_party_columns(making: Making, facts: PartyFacts) -> None:
    """The facts as columns of the table of parties."""
    table = making.tables["parties"]
    for row, name in enumerate(DRAWN):
        at = table.column_names.index(name)
        table = table.set_column(at, name, columns.flags(facts.value[row], facts.known[row]))
    making.tables["parties"] = table
