"""Parties of the cases, the officers who handle them, and what is done about each debtor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from zhiheng.simulate import calibration, columns, names
from zhiheng.simulate.cases import Filed
from zhiheng.simulate.world import (
    FAR,
    Codes,
    Floats,
    Ints,
    Mask,
    World,
    child_keys,
    choose,
    one_in,
    rows_of,
    spread,
)

ROLES = ("applicant", "debtor", "third_party")
FLAGS = tuple(calibration.shares("flag_shares"))
TABLE = 1


@dataclass(frozen=True, eq=False)
class Parties:
    """Rows of the table of parties. `flags` and `known` have one row for each of FLAGS."""

    case: Ints
    key: Ints
    role: Codes
    kind: Codes
    flags: Mask
    known: Mask

    def flag(self, name: str) -> Mask:
        """Where a flag is recorded as true."""
        return np.asarray(self.flags[FLAGS.index(name)] & self.known[FLAGS.index(name)])

    def unknown(self, name: str) -> Mask:
        """Where a flag is not recorded."""
        return np.asarray(~self.known[FLAGS.index(name)])

    @property
    def debtor(self) -> Mask:
        """Debtors."""
        return np.asarray(self.role == ROLES.index("debtor"))


def drawn_parties(world: World, cases: Filed) -> Parties:
    """One or two applicants, one to three debtors, in reviews sometimes a third party."""
    rng = world.rng("parties")
    n = len(cases)
    plain = cases.enforcing | cases.of_kind("preservation")
    applicants = np.where(plain, 1 + choose(rng, calibration.shares("applicants"), n), 1)
    debtors = np.where(plain, 1 + choose(rng, calibration.shares("debtors"), n), 1)
    third = ~plain & one_in(rng, n, 0.3)
    case, nth = rows_of(applicants + debtors + third)
    role = np.where(nth < applicants[case], 0, np.where(nth < (applicants + debtors)[case], 1, 2))
    kind = choose(rng, calibration.shares("party_kinds"), len(case))
    shares = np.array(list(calibration.shares("flag_shares").values()))
    flags, known = _flags(rng, role == 1, kind, shares)
    key = child_keys(cases.key[case], TABLE, nth)
    return Parties(case, key, role.astype(np.int8), kind, flags, known)


def _flags(
    rng: np.random.Generator, debtor: Mask, kind: Codes, shares: Floats
) -> tuple[Mask, Mask]:
    """Flags of debtors, a few of them not recorded; those of others are left empty."""
    n = len(debtor)
    flags = (rng.random((len(FLAGS), n)) < shares[:, None]) & debtor
    natural = kind == 0
    for name in ("minor", "deceased"):
        flags[FLAGS.index(name)] &= natural
    flags[FLAGS.index("state_organ")] &= ~natural
    unknown = rng.random((len(FLAGS), n)) < calibration.number("flag_unknown")
    return flags, debtor & ~unknown


def party_table(world: World, province: str, cases: Filed, parties: Parties) -> pa.Table:
    """The table of parties, with names and identity numbers."""
    return columns.table(
        "parties",
        {
            "party": columns.keys(parties.key),
            "case": columns.keys(cases.key[parties.case]),
            "role": columns.codes(ROLES, parties.role),
            "kind": columns.codes(tuple(calibration.shares("party_kinds")), parties.kind),
            **_identities(world, province, parties),
            **{
                name: columns.flags(parties.flags[row], parties.known[row])
                for row, name in enumerate(FLAGS)
            },
        },
    )


def _identities(world: World, province: str, parties: Parties) -> dict[str, pa.Array]:
    """Name and number of each party; the same person or firm comes back in other cases."""
    rng = world.rng("identities")
    n = len(parties.case)
    who = rng.integers(0, max(int(n * 0.7), 1), n)
    natural = parties.kind == 0
    known = ~one_in(rng, n, calibration.number("identity_missing"))
    # Day of birth follows from the person, so that the number does too; children are young.
    born = np.datetime64("1945-01-01") + (who * 7_919) % 18_000
    born = np.where(parties.flag("minor"), np.datetime64("2006-01-01") + who % 3_000, born)
    pick = pa.array(natural)
    return {
        "name": _either(pick, names.person_names(who), names.firm_names(who, province)),
        "person": _either(
            pick, names.person_numbers(who, born, known), names.firm_numbers(who, known)
        ),
    }


def _either(pick: pa.Array, first: pa.Array, second: pa.Array) -> pa.Array:
    return pa.compute.if_else(pick, first, second)


@dataclass(frozen=True, eq=False)
class Officers:
    """Officers of all courts; those who handle cases of court c are rows
    `first_judge[c]` to `first_judge[c] + judges[c] - 1`."""

    code: tuple[str, ...]
    court: Ints
    role: tuple[str, ...]
    first_judge: Ints
    judges: Ints


LEADERS = ("president", "vice_president", "bureau_head")
OTHERS = ("enforcement_officer", "assistant", "clerk", "bailiff")


def drawn_officers(world: World, cases: Filed) -> Officers:
    """Leaders of every court, and judges and staff in proportion to its cases."""
    load = np.bincount(cases.court, minlength=len(world.courts))
    judges = np.maximum(1, np.round(load / calibration.number("cases_per_officer"))).astype(int)
    code: list[str] = []
    role: list[str] = []
    court: list[int] = []
    first: list[int] = []
    for position, one in enumerate(world.courts):
        first.append(len(code) + len(LEADERS))
        roles = [*LEADERS, *["judge"] * judges[position]]
        roles += [OTHERS[nth % len(OTHERS)] for nth in range(max(4, judges[position]))]
        roles.append("judge")  # retired before the span begins (see `retired`)
        label = f"{one.number % 10_000:04d}"
        code += [f"O-{label}-{nth:02d}" for nth in range(1, len(roles) + 1)]
        role += roles
        court += [position] * len(roles)
    return Officers(tuple(code), np.array(court), tuple(role), np.array(first), judges)


def retired(officers: Officers) -> Ints:
    """The judge of each court who left office before the span began (a row of the officers)."""
    return np.searchsorted(officers.court, np.arange(len(officers.judges)), side="right") - 1


def handling_officer(world: World, cases: Filed, officers: Officers) -> Ints:
    """The judge who handles each case (a row of the officers)."""
    share = world.rng("assignment").random(len(cases))
    nth = (share * officers.judges[cases.court]).astype(np.int64)
    return np.asarray(officers.first_judge[cases.court] + nth)


def officer_table(world: World, officers: Officers, teams: dict[str, pa.Array]) -> pa.Table:
    """The table of officers; `teams`: its columns about teams."""
    n = len(officers.code)
    who = world.rng("officers").integers(0, 10**6, n)
    since = world.first - spread(world.rng("officers since"), 100, 3000, n)
    court = [world.courts[position].code for position in officers.court]
    until = np.full(n, FAR, np.int32)
    until[retired(officers)] = world.first - 60
    return columns.table(
        "officers",
        {
            "officer": pa.array(officers.code),
            "court": pa.array(court),
            "role": pa.array(officers.role),
            "name": names.person_names(who),
            "valid_from": columns.days(since, world.last),
            "valid_to": columns.days(until, world.last),
            **teams,
        },
    )
