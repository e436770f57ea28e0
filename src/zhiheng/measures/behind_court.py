"""The cases behind a figure of one court, by a query that is compiled once and then kept.

To load what compiles it takes half a second and to compile it a tenth, the query itself less. It
hangs on no record: the tables it names are shown to it as the records of the court.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from zhiheng.measures.behind import OF_THE_CASE, expression_behind
from zhiheng.measures.question import Question
from zhiheng.parsed import once
from zhiheng.records.stored import stored_schema
from zhiheng.store.engine import bare, quoted, scan
from zhiheng.store.few_rows import few_columns
from zhiheng.store.lake import Store
from zhiheng.store.program import digest_of_files
from zhiheng.store.touched import hex_of

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from duckdb import DuckDBPyConnection

COURT_IN = {"entrustments": "to_court"}
"""Where the court of a row stands, if not in `court`: a matter counts for the court entrusted."""
FROM = ("calendar", "measures", "records")
"""The program's folders that a query comes from."""


def rows_behind_court(figure: str, ask: Question, store: Store, court: str) -> pa.Table:
    """As `behind.rows_behind`, of one court of a store; the question must be one of tables named
    (see `table_named`). Raises StoreDamaged."""
    query = _query(figure, ask)
    with bare() as con:
        for table in query["tables"]:
            _show(con, store, table, court)
        found = con.sql(query["sql"]).to_arrow_table()
    cases = stored_schema("cases")
    known = [cases.field(name) for name in ("court", *OF_THE_CASE)]
    return found.cast(pa.schema([*known, ("above", pa.int64()), ("below", pa.int64())]))


def table_named(table: str) -> ir.Table:
    """A table of which nothing but its name and its columns is known."""
    import ibis

    return ibis.table(ibis.Schema.from_pyarrow(stored_schema(table)), name=table)


def _query(figure: str, ask: Question) -> dict[str, Any]:
    said = hex_of([digest_of_files(*FROM), figure, ask.terms])
    found: dict[str, Any] = once(said.encode(), lambda: _compiled(figure, ask))
    return found


def _compiled(figure: str, ask: Question) -> dict[str, Any]:
    """The query, and the tables it names."""
    import ibis
    from ibis.expr.operations import UnboundTable

    expression = expression_behind(figure, ask)
    tables = sorted({table.name for table in expression.op().find(UnboundTable)})
    return {"sql": str(ibis.to_sql(expression, dialect="duckdb")), "tables": tables}


def _show(con: DuckDBPyConnection, store: Store, table: str, court: str) -> None:
    """Let a table be seen, of which there are only the current rows of the court."""
    place = COURT_IN.get(table, "court")
    batches = store.batches(table)
    if store.manifest.overlaps(table) or not batches:
        # Which rows are current cannot be told without all of their keys; that is done elsewhere.
        con.register(table, few_columns(store, table, {place: [court]}, stored_schema(table).names))
        return
    store.sound(tables=(table,))
    every = " UNION ALL ".join(_of_batch(con, table, files) for files in batches)
    con.execute(
        f'CREATE VIEW "{table}" AS SELECT * FROM ({every}) WHERE "{place}" = {quoted(court)}'
    )


def _of_batch(con: DuckDBPyConnection, table: str, files: Sequence[Path]) -> str:
    """All rows of a batch, whose files have the same columns; columns it lacks are missing."""
    whole = f"FROM {scan(files)}"
    there = con.sql(f"SELECT * {whole}").columns
    columns = ", ".join(
        f'"{name}"' if name in there else f'NULL AS "{name}"' for name in stored_schema(table).names
    )
    return f"SELECT {columns} {whole}"
