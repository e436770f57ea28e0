"""Records of some cases laid out as timelines: one table a subject kind, one row a subject.

Engine-neutral: whoever read the records (see `projection`) hands them over as Arrow tables. Events
are put where they belong one by one; nothing is joined, grouped or pivoted.

Columns of a timeline, sorted by case and key: `key`; `case` (of cases: also `court`), for other
subjects `at`, the row of their case; `p_<kind>` the row of a parent (-1 for none); `f_<column>` a
fact (see `facts`); `d_<node>` the first day of a node as an unsigned 16-bit day, 0 for never;
`m_<node>` the minute of that first passing, -1 where it is not recorded. No column has nulls, so
that each is an array as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from zhiheng.records.catalogue import PARENTS, SUBJECTS, nodes
from zhiheng.store.facts import with_facts
from zhiheng.store.wanted import NO_MINUTE, PACK, Needs, Wanted, is_own

Keys = NDArray[np.int64]
Packed = NDArray[np.int32]
Rows = NDArray[np.intp]

NEVER = np.int32(np.iinfo(np.int32).max)
NO_DAY = 0
"""What stands for "never" among days: the epoch, which no plausible record can bear."""


@dataclass(frozen=True, eq=False)
class Subjects:
    """The subjects of one kind in order: their keys, and the row of each one's case."""

    rows: pa.Table
    key: Keys
    at: Rows


@dataclass(frozen=True, eq=False)
class Events:
    """Events as arrays: `packed` is the day with its minute; `at` the row of the case, -1 where
    the case is not among these."""

    case_row: Rows
    subject: Keys
    node: NDArray[np.int16]
    packed: Packed


def lay_out(read: Mapping[str, pa.Table], needs: Needs) -> dict[str, pa.Table]:
    """Timelines by subject kind, day lists as "<kind>.<node>" (at, day), and "intervals"."""
    cases = _in_order(read[SUBJECTS["case"]], None)
    subjects = {
        kind: cases if kind == "case" else _in_order(read[SUBJECTS[kind]], cases.key)
        for kind in needs
    }
    events = _events(read["events"], cases.key)
    found: dict[str, pa.Table] = {}
    for kind, wanted in needs.items():
        passed = list(_passed(kind, wanted, subjects, events, read))
        found[kind] = _timeline(kind, wanted, subjects, passed)
        for name in wanted.lists:
            found[f"{kind}.{name}"] = _day_list(kind, name, subjects, events, read)
    found["intervals"] = _intervals(read["intervals"], cases.key)
    return found


def _in_order(rows: pa.Table, cases: Keys | None) -> Subjects:
    """Subjects by case and key; those of unknown cases are left out."""
    case, key = _int64(rows.column("case")), _int64(rows.column("key"))
    order = np.lexsort((key, case))
    if cases is None:
        return Subjects(rows.take(pa.array(order)), key[order], np.arange(len(order)))
    at = rows_among(cases, case[order])
    known = at >= 0
    chosen = order[known]
    return Subjects(rows.take(pa.array(chosen)), key[chosen], at[known])


def rows_among(keys: Keys, wanted: Keys) -> Rows:
    """Where each wanted key stands among sorted keys; -1 where it does not. Runs of the same key
    are looked up once."""
    if not len(keys) or not len(wanted):
        return np.full(len(wanted), -1, np.intp)
    new = np.flatnonzero(np.r_[True, wanted[1:] != wanted[:-1]])
    firsts = wanted[new]
    at = np.minimum(np.searchsorted(keys, firsts), len(keys) - 1)
    at = np.where(keys[at] == firsts, at, -1)
    return np.repeat(at, np.diff(np.r_[new, len(wanted)]))


def rows_anywhere(keys: Keys, wanted: Keys) -> Rows:
    """The same where the keys are not sorted."""
    order = np.argsort(keys, kind="stable")
    at = rows_among(keys[order], wanted)
    return np.where(at >= 0, order[at] if len(order) else at, -1)


def _events(rows: pa.Table, cases: Keys) -> Events:
    day = rows.column("day").to_numpy().astype(np.int32)
    minute = pc.fill_null(rows.column("minute"), NO_MINUTE).to_numpy().astype(np.int32)
    return Events(
        case_row=rows_among(cases, _int64(rows.column("case"))),
        subject=_int64(rows.column("subject")),
        node=rows.column("node").to_numpy().astype(np.int16),
        packed=day * np.int32(PACK) + minute,
    )


def _passed(
    kind: str,
    wanted: Wanted,
    subjects: Mapping[str, Subjects],
    events: Events,
    read: Mapping[str, pa.Table],
) -> Iterator[tuple[str, Packed]]:
    """Each wanted node with its first passing of every subject (NEVER where there is none)."""
    entered = [name for name in wanted.nodes if nodes()[name].source is None]
    grid = np.full((len(entered), len(subjects[kind].key)), NEVER, np.int32)
    for own in (True, False):
        names = [name for name in entered if is_own(nodes()[name], kind) == own]
        _enter(grid, entered, names, _subject_rows(kind, own, subjects[kind], events, names))
    yield from zip(entered, grid, strict=True)
    for name in wanted.nodes:
        if nodes()[name].source is not None:
            yield name, _first_read_off(kind, name, subjects, read)


@dataclass(frozen=True, eq=False)
class Entries:
    """Events of some nodes: the row of the subject, the node's number, the packed day."""

    row: Rows
    node: NDArray[np.int16]
    packed: Packed


def _subject_rows(
    kind: str, own: bool, subjects: Subjects, events: Events, names: list[str]
) -> Entries:
    """The events of the named nodes with the row of the subject they belong to: a case sees those
    of its parties, assets, … as its own."""
    chosen = np.flatnonzero(_among(events.node, [nodes()[name].number for name in names]))
    node, packed = events.node[chosen], events.packed[chosen]
    if kind == "case" or not own:
        row = events.case_row[chosen]
    else:
        row = rows_anywhere(subjects.key, events.subject[chosen])
    known = row >= 0
    return Entries(row[known], node[known], packed[known])


def _among(values: NDArray[np.int16], numbers: list[int]) -> NDArray[np.bool_]:
    table = np.zeros(int(np.iinfo(np.int16).max) + 1, np.bool_)
    table[numbers] = True
    return table[values]


def _enter(grid: Packed, entered: list[str], names: list[str], found: Entries) -> None:
    if not len(found.row):
        return
    column = np.zeros(int(np.iinfo(np.int16).max) + 1, np.intp)
    for name in names:
        column[nodes()[name].number] = entered.index(name)
    np.minimum.at(grid.reshape(-1), column[found.node] * grid.shape[1] + found.row, found.packed)


def _first_read_off(
    kind: str, name: str, subjects: Mapping[str, Subjects], read: Mapping[str, pa.Table]
) -> Packed:
    """First passing of a node read off the subject's own table, or, on a case, off another."""
    source = nodes()[name].source
    assert source is not None
    if source.table == SUBJECTS[kind]:
        return _packed(subjects[kind].rows.column(f"n_{name}"))
    rows = read[source.table]
    day, row = (
        _packed(rows.column(f"n_{name}")),
        rows_among(subjects["case"].key, _int64(rows.column("case"))),
    )
    first = np.full(len(subjects["case"].key), NEVER, np.int32)
    np.minimum.at(first, row[row >= 0], day[row >= 0])
    return first


def _packed(days: pa.ChunkedArray) -> Packed:
    day = pc.fill_null(days.cast(pa.int32()), -1).to_numpy()
    return np.where(day < 0, NEVER, day * np.int32(PACK) + np.int32(NO_MINUTE))


def _timeline(
    kind: str,
    wanted: Wanted,
    subjects: Mapping[str, Subjects],
    passed: list[tuple[str, Packed]],
) -> pa.Table:
    own = subjects[kind]
    columns: dict[str, pa.Array] = {"key": pa.array(own.key)}
    facts = {f"f_{column}": own.rows.column(f"f_{column}") for column in wanted.fields}
    if kind == "case":
        facts["court"] = own.rows.column("court")
    else:
        columns["at"] = pa.array(own.at.astype(np.int32))
    for parent, column in PARENTS.get(kind, {}).items():
        if column in wanted.fields and parent in subjects:
            columns[f"p_{parent}"] = _parent_rows(own.rows.column(f"f_{column}"), subjects[parent])
    for name, packed in passed:
        columns[f"d_{name}"] = pa.array(_days(packed))
        if name in wanted.minutes:
            columns[f"m_{name}"] = pa.array(_minutes(packed))
    return with_facts(pa.table(columns), facts)


def _parent_rows(refers: pa.ChunkedArray, parents: Subjects) -> pa.Array:
    known = np.asarray(refers.is_valid().to_numpy(), np.bool_)
    at = rows_anywhere(parents.key, pc.fill_null(refers, 0).to_numpy().astype(np.int64))
    return pa.array(np.where(known, at, -1).astype(np.int32))


def _days(packed: Packed) -> NDArray[np.uint16]:
    return np.where(packed == NEVER, NO_DAY, packed // PACK).astype(np.uint16)


def _minutes(packed: Packed) -> NDArray[np.int16]:
    minute = packed % PACK
    unknown = (packed == NEVER) | (minute == NO_MINUTE)
    return np.where(unknown, -1, minute).astype(np.int16)


def _day_list(
    kind: str,
    name: str,
    subjects: Mapping[str, Subjects],
    events: Events,
    read: Mapping[str, pa.Table],
) -> pa.Table:
    """All days of one node: `at` the row of the subject, `day`; sorted."""
    node = nodes()[name]
    if node.source is None:
        found = _subject_rows(kind, is_own(node, kind), subjects[kind], events, [name])
        row, packed = found.row, found.packed
    else:
        rows = read[node.source.table]
        packed = _packed(rows.column(f"n_{name}"))
        own = node.source.table == SUBJECTS[kind]
        wanted = _int64(rows.column("key" if own else "case"))
        row = rows_anywhere(subjects[kind].key, wanted)
    known = (row >= 0) & (packed != NEVER)
    row, day = row[known], packed[known] // PACK
    order = np.lexsort((day, row))
    return pa.table({"at": row[order].astype(np.int32), "day": day[order].astype(np.int32)})


def _intervals(rows: pa.Table, cases: Keys) -> pa.Table:
    """The periods that stop or extend the clock: case, kind, first, last, approved_by; sorted."""
    known = rows_among(cases, _int64(rows.column("case"))) >= 0
    named = rows.select(["case", "kind", "first", "last", "approved_by"]).filter(pa.array(known))
    return named.sort_by(
        [(name, "ascending") for name in ("case", "first", "kind")]
    ).combine_chunks()


def _int64(column: pa.ChunkedArray) -> Keys:
    return np.asarray(column.to_numpy(), np.int64)
