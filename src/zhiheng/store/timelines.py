"""Timelines: one table per subject kind, one row per subject, the first day of each node beside it.

Derived from the records, built once per part of the store (a part is an intermediate court's
district) and kept under a digest of what they were built from: a batch rebuilds only the parts it
touches, and deleting them loses nothing. Pivot once; every duty is then arithmetic on columns.

Columns of a timeline: `key`, `case`, `court`; `f_<column>` a fact from the subject's own table;
`d_<node>` the first day a node was passed; `m_<node>` that day with its minute, packed as
day × 2048 + minute (2047 where the minute is not recorded). Sorted by case, then key.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.backends import BaseBackend

from zhiheng.records.catalogue import SUBJECTS, Node, nodes, tables
from zhiheng.store.files import move_into_place
from zhiheng.store.lake import Store

LAYOUT = 1
"""Changes whenever the columns or their meaning do, so that older timelines are left behind."""

PACK, NO_MINUTE = 2048, 2047


class Wanted(msgspec.Struct, frozen=True):
    """What the timeline of one subject kind has to hold, each sorted: facts (columns of its
    table), nodes, nodes with their minute, nodes with all their days."""

    fields: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    minutes: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


Needs = Mapping[str, Wanted]


@dataclass(frozen=True)
class Part:
    """A district of the store: the courts whose code begins alike, and its timelines' home."""

    name: str
    courts: tuple[str, ...]
    home: Path

    def timeline(self, subject: str) -> pa.Table:
        """The timeline of one subject kind."""
        return pq.read_table(self.home / f"{subject}.parquet", partitioning=None)

    def days_of(self, subject: str, node: str) -> pa.Table:
        """All days of one node: columns key, day; sorted."""
        return pq.read_table(self.home / f"{subject}.{node}.parquet", partitioning=None)

    def intervals(self) -> pa.Table:
        """The periods that stop or extend the clock: case, kind, first, last, approved_by."""
        return pq.read_table(self.home / "intervals.parquet", partitioning=None)


def part_of(court: str) -> str:
    """The district a court code belongs to: 陕0102 and 陕01 to 陕01, a high court to itself."""
    digits = sum(character.isdigit() for character in court)
    return court[: len(court) - digits + 2] if digits > 2 else court


def parts(
    store: Store,
    con: BaseBackend,
    needs: Needs,
    progress: Callable[[int, int], None] | None = None,
    court: str | None = None,
) -> Iterator[Part]:
    """Every part of the store with its timelines, building those that are missing.

    Args:
        needs: subject kind → what its timeline has to hold.
        progress: called with (parts done, parts in all).
        court: only the part this court belongs to.
    """
    grouped: dict[str, list[str]] = {}
    for code in sorted({code for batch in store.manifest.batches for code in batch.courts}):
        if court is None or part_of(code) == part_of(court):
            grouped.setdefault(part_of(code), []).append(code)
    for done, (name, courts) in enumerate(grouped.items()):
        if progress:
            progress(done, len(grouped))
        yield _part(store, con, needs, name, tuple(courts))
    if progress:
        progress(len(grouped), len(grouped))


def _part(store: Store, con: BaseBackend, needs: Needs, name: str, courts: tuple[str, ...]) -> Part:
    home = store.path / "timelines" / _digest(store, needs, courts)
    if not home.is_dir():
        home.parent.mkdir(exist_ok=True)
        working = Path(tempfile.mkdtemp(dir=home.parent, prefix=".building-"))
        try:
            for file, expression in _expressions(store, con, needs, courts):
                pq.write_table(expression.to_pyarrow(), working / file, compression="zstd")
            move_into_place(working, home)
        finally:
            shutil.rmtree(working, ignore_errors=True)
    return Part(name, courts, home)


def _digest(store: Store, needs: Needs, courts: tuple[str, ...]) -> str:
    batches = [b.id for b in store.manifest.batches if set(courts) & set(b.courts)]
    content = msgspec.json.encode([LAYOUT, batches, courts, dict(needs)], order="deterministic")
    return hashlib.sha256(content).hexdigest()


def _expressions(
    store: Store, con: BaseBackend, needs: Needs, courts: tuple[str, ...]
) -> Iterable[tuple[str, ir.Table]]:
    def rows(table: str) -> ir.Table:
        relation = store.relation(con, table)
        return relation.filter(relation.court.isin(courts))

    for subject, wanted in needs.items():
        yield f"{subject}.parquet", timeline(rows, subject, wanted)
        for node in wanted.lists:
            yield f"{subject}.{node}.parquet", day_list(rows, subject, nodes()[node])
    yield "intervals.parquet", _intervals(rows("intervals"))


def timeline(rows: Callable[[str], ir.Table], subject: str, wanted: Wanted) -> ir.Table:
    """The timeline expression of one subject kind; `rows` gives the records of a table.

    Engine-neutral: the same expression runs wherever the tables are.
    """
    table = SUBJECTS[subject]
    base = rows(table)
    key = tables()[table].key or ""
    columns = {
        "key": base[key],
        "case": base["case"],
        "court": base["court"],
        **{f"f_{column}": base[column] for column in wanted.fields},
        **_own_days(base, table, wanted),
    }
    line = base.select(**columns)
    for by, entered in _entered(subject, wanted):
        pivoted = _pivot(rows("events"), by, entered, wanted.minutes)
        line = line.left_join(pivoted, line["key"] == pivoted["subject_"]).drop("subject_")
    for source_table, group in _read_off(table, wanted).items():
        days = _from_table(rows(source_table), group)
        line = line.left_join(days, line["key"] == days["subject_"]).drop("subject_")
    return line.order_by("case", "key")


def _own_days(base: ir.Table, table: str, wanted: Wanted) -> dict[str, ir.Value]:
    """Nodes read off the subject's own table."""
    return {
        f"d_{name}": _restricted(base, node)
        for name, node in _sourced(wanted).items()
        if node.source and node.source.table == table
    }


def _read_off(table: str, wanted: Wanted) -> dict[str, dict[str, Node]]:
    """Nodes of a case read off another table, by that table."""
    grouped: dict[str, dict[str, Node]] = {}
    for name, node in _sourced(wanted).items():
        if node.source and node.source.table != table:
            if table != SUBJECTS["case"]:
                raise ValueError(f"{name} is not read off {table}")
            grouped.setdefault(node.source.table, {})[name] = node
    return grouped


def _sourced(wanted: Wanted) -> dict[str, Node]:
    return {name: nodes()[name] for name in wanted.nodes if nodes()[name].source}


def _restricted(table: ir.Table, node: Node) -> ir.Value:
    assert node.source is not None
    day = table[node.source.column]
    for column, allowed in node.source.where.items():
        day = ibis.ifelse(table[column].isin(allowed), day, ibis.null("int32"))
    return day


def _from_table(table: ir.Table, group: Mapping[str, Node]) -> ir.Table:
    days = {f"d_{name}": _restricted(table, node).min() for name, node in group.items()}
    return table.group_by(subject_=table["case"]).aggregate(**days)


def _entered(subject: str, wanted: Wanted) -> Iterable[tuple[str, dict[str, Node]]]:
    """Nodes entered as events, by the column that leads to the subject: its own nodes by
    `subject`; on a case, the nodes of its parties, assets, … by `case`."""
    entered = {name: nodes()[name] for name in wanted.nodes if nodes()[name].source is None}
    own = {name: node for name, node in entered.items() if node.subject == subject}
    others = {name: node for name, node in entered.items() if node.subject != subject}
    if others and subject != "case":
        raise ValueError(f"{sorted(others)} are not nodes of {subject}")
    return [(by, group) for by, group in (("subject", own), ("case", others)) if group]


def _pivot(
    events: ir.Table, by: str, group: Mapping[str, Node], minutes: tuple[str, ...]
) -> ir.Table:
    """First day (and packed minute) of each node, one row per subject."""
    chosen = events.filter(events["node"].isin([node.number for node in group.values()]))
    packed = chosen["day"].cast("int64") * PACK + chosen["minute"].fill_null(NO_MINUTE)
    firsts: dict[str, ir.Value] = {}
    for name, node in group.items():
        passed = chosen["node"] == node.number
        firsts[f"d_{name}"] = chosen["day"].min(where=passed)
        if name in minutes:
            firsts[f"m_{name}"] = packed.min(where=passed)
    return chosen.group_by(subject_=chosen[by]).aggregate(**firsts)


def day_list(rows: Callable[[str], ir.Table], subject: str, node: Node) -> ir.Table:
    """All days of one node on the subjects of one kind: key, day; sorted."""
    if node.source is None:
        events = rows("events")
        chosen = events.filter(events["node"] == node.number)
        key = "subject" if node.subject == subject else "case"
        found = chosen.select(key=chosen[key], day=chosen["day"])
    else:
        table = rows(node.source.table)
        own = SUBJECTS[subject] == node.source.table
        key = (tables()[node.source.table].key or "") if own else "case"
        found = table.select(key=table[key], day=_restricted(table, node))
    return found.filter(found["day"].notnull()).order_by("key", "day")


def _intervals(table: ir.Table) -> ir.Table:
    named = table.select(
        case=table["case"],
        kind=table["kind"],
        first=table["from"],
        last=table["to"],
        approved_by=table["approved_by"],
    )
    return named.order_by("case", "first", "kind")
