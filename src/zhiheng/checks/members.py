"""The members of one composite on one case: how each stands, and on which subjects it turns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from zhiheng.checks import outcomes as o
from zhiheng.checks.composite import FAILS, HOLDS, OPEN, STANDING, UNKNOWN, Judged, standing_of
from zhiheng.checks.run import Checked
from zhiheng.law.model import Duty, Member, Version
from zhiheng.records.catalogue import SUBJECTS, tables
from zhiheng.store.few_rows import few_rows
from zhiheng.store.lake import Store

STANDINGS = {0: "none", HOLDS: "holds", OPEN: "open", UNKNOWN: "unknown", FAILS: "fails"}
"""How a member stands on a case: `none` where it concerns nothing of it."""


@dataclass(frozen=True)
class MemberSubject:
    """One subject a member was judged on: its kind, its id as people write it, the masked name
    where it is a party, and its outcome."""

    kind: str
    id: str
    name: str
    state: str
    reason: str
    detail: str


@dataclass(frozen=True)
class MemberResult:
    """One member of a composite on one case. `choice` numbers the group of alternatives it
    belongs to (from 1; 0 where it stands for itself); of a group only the best part counts."""

    duty: str
    standing: str
    choice: int
    subjects: tuple[MemberSubject, ...]

    @property
    def deciding(self) -> tuple[MemberSubject, ...]:
        """The subjects because of which the member stands as it does."""
        return tuple(
            one for one in self.subjects if STANDINGS[STANDING[_code(one.state)]] == self.standing
        )


def member_results(
    checked: Checked, case: int, version: Version, duties: Mapping[str, Duty], store: Store
) -> tuple[MemberResult, ...]:
    """Every member of a composite's version on one case, with the subjects it concerns."""
    return tuple(
        MemberResult(
            part.duty,
            _standing(checked, case, part, duties),
            choice,
            tuple(_subjects(checked, case, duties[part.duty], store)),
        )
        for choice, part in _parts(version)
    )


def _parts(version: Version) -> Iterator[tuple[int, Member]]:
    groups = 0
    for member in version.all_of:
        groups += bool(member.any_of)
        for part in member.any_of or (member,):
            yield (groups if member.any_of else 0), part


def _standing(checked: Checked, case: int, part: Member, duties: Mapping[str, Duty]) -> str:
    judged = Judged(checked.frame(duties[part.duty]).case, checked.outcomes[part.duty])
    return STANDINGS[int(standing_of(part, np.array([case]), {part.duty: judged})[0])]


def _subjects(checked: Checked, case: int, duty: Duty, store: Store) -> Iterator[MemberSubject]:
    frame, found = checked.frame(duty), checked.outcomes[duty.id]
    rows = np.flatnonzero((frame.case == case) & (found.state != o.NOT_APPLICABLE))
    named = _named(store, case, duty.per, [int(key) for key in frame.key[rows]])
    for row in rows:
        identity, name = named[int(frame.key[row])]
        state, reason = o.STATES[found.state[row]], o.REASONS[found.reason[row]]
        detail = found.details[found.detail[row]]
        yield MemberSubject(duty.per, identity, name, state, reason, detail)


def _named(store: Store, case: int, kind: str, keys: list[int]) -> dict[int, tuple[str, str]]:
    """Key → the id as people write it, and the masked name of a party."""
    if not keys:
        return {}
    table = SUBJECTS[kind]
    key = tables()[table].key or ""
    columns = [key, f"{key}_id", *(["name"] if table == "parties" else [])]
    rows = few_rows(store, table, {key: keys, "case": [case]}, columns)
    return {row[key]: (row[f"{key}_id"], row.get("name") or "") for row in rows}


def _code(state: str) -> o.Code:
    return o.Code(o.STATES.index(state))
