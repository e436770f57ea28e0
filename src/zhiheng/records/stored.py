"""The stored form of the canonical tables: which columns a stored table has, and of which type.

Intake writes this form and the store keeps it (Parquet). Ids become keys: an id whose text is a
canonical integer below 2^62 is that integer; any other id is a 62-bit digest of its text with bit
62 set, so the two ranges never meet. Courts and officers keep their codes as text.
"""

from __future__ import annotations

from functools import cache

import pyarrow as pa

from zhiheng.records.catalogue import Column, tables

TEXT_KEYED = ("courts", "officers")
"""Tables whose ids stay text wherever they are referred to."""

FIRST_DIGEST_KEY = 1 << 62
"""Keys from here on are digests of ids that are not canonical integers."""

_ARROW: dict[str, pa.DataType] = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "SMALLINT": pa.int16(),
    "BOOLEAN": pa.bool_(),
    "DECIMAL(18,2)": pa.decimal128(18, 2),
}

_BY_KIND = {
    "day": "INTEGER",
    "minute": "SMALLINT",
    "amount": "DECIMAL(18,2)",
    "integer": "INTEGER",
    "flag": "BOOLEAN",
    "node": "SMALLINT",
    "subject": "BIGINT",
}


def key_type(table: str) -> str:
    """The SQL type of a table's key."""
    return "VARCHAR" if table in TEXT_KEYED else "BIGINT"


def has_key_text(table: str) -> bool:
    """Whether the table keeps its id's text in a column `<key>_id` beside the key."""
    return tables()[table].key is not None and table not in TEXT_KEYED


def belongs_to_case(table: str) -> bool:
    """Whether rows of the table belong to a case and so carry their case's court."""
    return table not in ("courts", "officers", "cases")


def _column_type(table: str, column: Column) -> str:
    if column.kind == "id":
        return key_type(table)
    if column.kind == "ref":
        return key_type(column.table or table)
    return _BY_KIND.get(column.kind, "VARCHAR")


@cache
def stored_columns(table: str) -> dict[str, str]:
    """The stored columns of a table in their order: name → SQL type."""
    found: dict[str, str] = {}
    for name, column in tables()[table].columns.items():
        found[name] = _column_type(table, column)
        if column.kind == "id" and has_key_text(table):
            found[f"{name}_id"] = "VARCHAR"
        if column.kind == "identity":
            found[f"{name}_valid"] = "BOOLEAN"
        if name == "case" and belongs_to_case(table):
            found["court"] = "VARCHAR"
    return found


def stored_schema(table: str) -> pa.Schema:
    """The stored columns of a table as an Arrow schema."""
    return pa.schema([(name, _ARROW[kind]) for name, kind in stored_columns(table).items()])


def sort_columns(table: str) -> tuple[str, ...]:
    """The order of a stored table's rows: a court's rows are contiguous, the order is total."""
    columns = stored_columns(table)
    first = [name for name in ("court", "case", tables()[table].key) if name in columns]
    if table == "events":
        first += ["node", "day", "minute"]
    return tuple(dict.fromkeys([*first, *columns]))
