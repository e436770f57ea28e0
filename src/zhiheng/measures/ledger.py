"""A ledger (台账): every subject of one kind with what is recorded of it, and for each of its
duties how it stands and when it is due."""

from __future__ import annotations

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from ibis.backends import BaseBackend
from numpy.typing import NDArray

from zhiheng.calendar import MISSING, Days
from zhiheng.checks import outcomes as o
from zhiheng.checks.run import Checked
from zhiheng.law.model import Duty
from zhiheng.records.catalogue import SUBJECTS, tables
from zhiheng.store.lake import Store

NEVER = int(np.iinfo(np.int32).max)
HEAD = ("court", "case_number", "subject_id", "officer")
SUMMARY = ("next_due", "next_duty", "overdue", "breached", "unknown")


def duties_of(kind: str, duties: Iterable[Duty]) -> list[Duty]:
    """The duties a ledger of one kind of subject shows."""
    return [duty for duty in duties if duty.per == kind]


def ledger_part(checked: Checked, kind: str, duties: Iterable[Duty]) -> pa.Table:
    """The subjects of one kind in one part of the store.

    Columns: key, case, court; `next_due`, the earliest day something open falls due, and
    `next_duty`, what; `overdue`, `breached`, `unknown`, how many duties are overdue, late or
    overdue, and undeterminable; and for each duty its state and due day. Days are date32.
    """
    shown = duties_of(kind, duties)
    own = [duty.id for duty in shown]
    frame = checked.loaded.frames[kind]
    n = len(frame)
    state = np.array([checked.outcomes[name].state for name in own], np.int8).reshape(len(own), n)
    due = np.array([checked.outcomes[name].due for name in own], np.int32).reshape(len(own), n)
    courts = pa.array(checked.loaded.courts, pa.string())
    return pa.table(
        {
            "key": frame.key,
            "case": frame.case,
            "court": courts.take(pa.array(checked.loaded.court_of(frame).astype(np.int64))),
            **_next(state, due, shown),
            "overdue": (state == o.OVERDUE).sum(axis=0),
            "breached": np.isin(state, (o.LATE, o.OVERDUE)).sum(axis=0),
            "unknown": (state == o.UNDETERMINABLE).sum(axis=0),
            **_each(state, due, own),
        }
    )


def _next(state: NDArray[np.int8], due: NDArray[np.int32], own: list[Duty]) -> dict[str, pa.Array]:
    """The open duty that falls due first; a whole made of duties has no due day of its own."""
    single = np.array([duty.kind != "composite" for duty in own], np.bool_).reshape(-1, 1)
    waiting = np.where((state == o.NOT_DUE) & (due != MISSING) & single, due, NEVER)
    first = waiting.min(axis=0, initial=NEVER)
    at = (waiting == first).argmax(axis=0) if own else np.zeros(state.shape[1], np.int64)
    names = pa.array([duty.id for duty in own] or [""], pa.string())
    return {
        "next_due": _days(np.where(first == NEVER, MISSING, first).astype(np.int32)),
        "next_duty": names.take(pa.array(at, pa.int64(), mask=first == NEVER)),
    }


def _each(state: NDArray[np.int8], due: NDArray[np.int32], own: list[str]) -> dict[str, pa.Array]:
    words = pa.array(o.STATES, pa.string())
    columns: dict[str, pa.Array] = {}
    for row, name in enumerate(own):
        columns[name] = words.take(pa.array(state[row].astype(np.int64)))
        columns[f"{name}.due"] = _days(due[row])
    return columns


def _days(day: Days) -> pa.Array:
    return pa.array(day, mask=day == MISSING).cast(pa.date32())


def due_within(part: pa.Table, last: int) -> pa.Table:
    """Only the subjects of which something is overdue or falls due by `last`."""
    soon = pc.less_equal(part.column("next_due").cast(pa.int32()), last)
    late = pc.greater(part.column("overdue"), 0)
    return part.filter(pc.or_(pc.fill_null(soon, False), late))


def whole_ledger(parts: list[pa.Table], kind: str, store: Store, con: BaseBackend) -> pa.Table:
    """The parts together, each subject with case number, officer and its own record; sorted by
    court, case number and the subject's id."""
    found = ibis.memtable(pa.concat_tables(parts))
    record = _record(kind, store, con)
    own = [name for name in record.columns if name not in ("key", *HEAD)]
    joined = found.join(record, "key")
    if kind != "case":
        cases = store.relation(con, "cases").select("case", "case_number", "officer")
        joined = joined.join(cases, "case")
    duties = [name for name in found.columns if name not in ("key", "case", "court", *SUMMARY)]
    whole = con.to_pyarrow(joined.select(*HEAD, *own, *SUMMARY, *duties))
    return _dated(whole, kind).sort_by([(name, "ascending") for name in HEAD[:3]])


def _record(kind: str, store: Store, con: BaseBackend) -> ir.Table:
    """What is recorded of each subject itself; keys of other tables are left out."""
    name = SUBJECTS[kind]
    table, columns = store.relation(con, name), tables()[name].columns
    key = tables()[name].key or ""
    plain = [n for n, column in columns.items() if column.kind not in ("id", "ref", "identity")]
    if kind == "case":
        plain = [*plain, "officer"]
    return table.select(
        key=table[key], subject_id=table[f"{key}_id"], **{n: table[n] for n in plain}
    )


def _dated(whole: pa.Table, kind: str) -> pa.Table:
    for name, column in tables()[SUBJECTS[kind]].columns.items():
        if column.kind == "day" and name in whole.column_names:
            at = whole.column_names.index(name)
            whole = whole.set_column(at, name, whole.column(name).cast(pa.date32()))
    return whole
