"""Findings of one court named without the query engine, out of the court's own rows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from zhiheng.law.model import Law
from zhiheng.measures.findings import named_by
from zhiheng.records.catalogue import SUBJECTS, tables
from zhiheng.store.arrow_arrays import numbers, rows_with
from zhiheng.store.few_rows import few_columns
from zhiheng.store.lake import Store


def named_of_court(raw: list[pa.Table], store: Store, court: str, law: Law) -> pa.Table:
    """As `findings.named`; all findings must be of one court."""

    def with_case(found: pa.Table, kind: str) -> pa.Table:
        cases = _looked_up(store, "cases", court, found.column("case"), CASE)
        words = [cases.column(name) for name in ("case_number", "officer")]
        ids = cases.column("case_id")
        if kind != "case":
            table = SUBJECTS[kind]
            name = f"{tables()[table].key}_id"
            ids = _looked_up(store, table, court, found.column("subject"), (name,)).column(name)
        names = [*found.column_names, "case_number", "officer", "subject_id"]
        return pa.table([*found.columns, *words, ids], names)

    return named_by(with_case, raw, law)


CASE = ("case_number", "officer", "case_id")


def _looked_up(
    store: Store, table: str, court: str, keys: pa.ChunkedArray, columns: tuple[str, ...]
) -> pa.Table:
    """Some columns of the rows with the keys, one for each; nulls where there is none."""
    key = tables()[table].key or ""
    wanted = numbers(keys)
    # Rows lie in the order of their courts: all of one court's are sooner read than some of all.
    rows = few_columns(store, table, {"court": [court]}, (key, *columns))
    lacking = np.setdiff1d(wanted, numbers(rows.column(key)))
    if len(lacking):
        others = few_columns(store, table, {key: lacking.tolist()}, (key, *columns))
        rows = pa.concat_tables([rows, others])
    return rows.select(list(columns)).take(rows_with(wanted, numbers(rows.column(key))))
