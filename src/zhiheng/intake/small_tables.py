"""Putting rows made in Python into the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ibis.backends.duckdb import Backend

Rows = Mapping[str, tuple[str, Sequence[object]]]
"""Columns of a small table: name → SQL type and values."""


def create_table(con: Backend, name: str, rows: Rows) -> None:
    """A table `name` of these rows. Lists are passed as parameters, which loads no other library
    (registering Arrow or pandas data costs a second the first time)."""
    columns = ", ".join(f'unnest(?::{kind}[]) AS "{column}"' for column, (kind, _) in rows.items())
    values = [list(cells) for _, cells in rows.values()]
    con.con.execute(f'CREATE OR REPLACE TABLE "{name}" AS SELECT {columns}', values)
