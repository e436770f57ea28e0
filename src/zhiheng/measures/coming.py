"""Warnings (预警): what falls due soon and what is overdue, down to the officer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from zhiheng.checks import outcomes as o
from zhiheng.checks.run import Checked
from zhiheng.law.model import Duty
from zhiheng.measures.findings import raw_findings


def raw_warnings(checked: Checked, duties: Iterable[Duty], as_of: int, last: int) -> list[pa.Table]:
    """Outcomes of one part that are overdue on `as_of` or open and due by `last`, one table a
    duty, in the form of raw findings. A whole made of duties has no due day of its own: its
    members are warned of."""
    single = [duty for duty in duties if duty.kind != "composite"]
    found = raw_findings(checked, single, as_of, states=(o.NOT_DUE, o.OVERDUE))
    near = [table.filter(_near(table, last)) for table in found]
    return [table for table in near if table.num_rows]


def _near(table: pa.Table, last: int) -> pa.ChunkedArray:
    soon = pc.fill_null(pc.less_equal(table.column("due"), last), False)
    return pc.or_(pc.equal(table.column("state"), "overdue"), soon)


def with_days_left(warnings: pa.Table, as_of: int) -> pa.Table:
    """The warnings with `days_left` until the due day (negative once it is over, null where there
    is none), the most pressing first within a court."""
    left = pc.subtract(warnings.column("due"), pa.scalar(as_of, pa.int32()))
    order = ("court", "days_left", "case_number", "duty", "subject_id")
    found = warnings.append_column("days_left", left)
    return found.sort_by([(name, "ascending") for name in order])


def by_officer(warnings: pa.Table) -> list[tuple[str, str, int, int]]:
    """Court, officer ("" where none is recorded), how many overdue, how many coming; in order."""
    courts, officers = (warnings.column(name).to_pylist() for name in ("court", "officer"))
    states = warnings.column("state").to_pylist()
    count = Counter(zip(courts, (name or "" for name in officers), states, strict=True))
    pairs = sorted({(court, officer) for court, officer, _ in count})
    return [(*pair, count[(*pair, "overdue")], count[(*pair, "not_due")]) for pair in pairs]
