"""Each court's rate of keeping each duty, as counts."""

from __future__ import annotations

import pyarrow as pa

from zhiheng.checks import outcomes as o
from zhiheng.measures.tally import Tally

SCHEMA = pa.schema(
    [("court", pa.string()), ("duty", pa.string()), ("kept", pa.int64()), ("judged", pa.int64())]
)


def duty_rates(tally: Tally) -> pa.Table:
    """Court, duty, how often it was kept and how often it was kept or breached; sorted. What is
    pending, excused, discharged or cannot be told counts in neither."""
    rows = []
    for court, duty, states in tally.items():
        kept = int(states[o.MET])
        rows.append((court, duty, kept, kept + int(states[o.LATE]) + int(states[o.OVERDUE])))
    columns = {name: [row[place] for row in rows] for place, name in enumerate(SCHEMA.names)}
    return pa.table(columns, schema=SCHEMA)
