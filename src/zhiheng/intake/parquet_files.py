"""Parquet into a part: the user's own file, read in place with its types."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from zhiheng.intake.headers import match_columns
from zhiheng.intake.parts import Part
from zhiheng.intake.problems import nested_column, unreadable
from zhiheng.intake.profile import Profile


def read_parquet(path: Path, place: str, table: str, profile: Profile) -> Part:
    """A Parquet file as a part. Raises BadInput: damaged, nested, missing or doubled columns."""
    try:
        with pq.ParquetFile(path) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
    except (pa.ArrowException, OSError) as error:
        raise unreadable(
            place, "不是完整的 Parquet 文件", f"not whole Parquet ({error})"
        ) from error
    names = list(schema.names)
    columns = match_columns(table, names, place, profile)
    for column, index in columns.items():
        kind = schema.field(index).type
        if pa.types.is_nested(kind) or pa.types.is_binary(kind):
            raise nested_column(place, column, str(kind))
    return Part(
        table=table,
        place=place,
        path=path,
        columns={column: names[index] for column, index in columns.items()},
        rows=rows,
        converted=False,
        extra=tuple(name for i, name in enumerate(names) if i not in columns.values()),
        constants=profile.of(table).constants,
        values=profile.of(table).values,
    )
