"""Ibis on a Spark session, with rows that come and go as Arrow.

Ibis takes rows out of Spark by way of pandas, where an integer column with a missing value becomes
floating point: a key of 62 bits loses its last digits. Here nothing passes through pandas.

Imported only where PySpark is installed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.backends.pyspark import Backend
from ibis.backends.pyspark.datatypes import PySparkSchema

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_GLOB = frozenset("\\[]{}*?,")
"""Characters that a path of Hadoop's takes for a pattern."""


class SparkBackend(Backend):  # type: ignore[misc]
    """The engine connection to a Spark cluster."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Ibis does this where it makes a backend itself; the compiler asks for them.
        self.register_options()
        self._read: dict[tuple[str, ...], ir.Table] = {}

    @property
    def session(self) -> SparkSession:
        """The session behind the connection."""
        session: SparkSession = self._session
        return session

    def read_parquet(
        self,
        path: str | Path | Sequence[str | Path],
        /,
        *,
        table_name: str | None = None,
        **kwargs: Any,
    ) -> ir.Table:
        """One table of one or several files of the same columns, which do not change while the
        connection lives. The columns are read here: Spark would send out a job to learn them."""
        paths = (path,) if isinstance(path, str | Path) else tuple(path)
        files = tuple(address(one) for one in paths)
        if table_name or kwargs or files not in self._read:
            name = table_name or ibis.util.gen_name("read_parquet")
            columns = PySparkSchema.from_ibis(ibis.Schema.from_pyarrow(pq.read_schema(paths[0])))
            rows = self.session.read.schema(columns).parquet(*files, **kwargs)
            rows.createOrReplaceTempView(name)
            self._read[files] = self.table(name)
        return self._read[files]

    def frame(self, expr: ir.Table) -> DataFrame:
        """The expression as a DataFrame of Spark's, not yet computed."""
        self._run_pre_execute_hooks(expr)
        return self.session.sql(self.compile(expr))

    def to_pyarrow(
        self, expr: ir.Expr, /, *, params: Any = None, limit: Any = None, **kwargs: Any
    ) -> Any:
        """The rows of an expression, in the types the expression says."""
        table = expr.as_table()
        self._run_pre_execute_hooks(table)
        query = self.compile(table, params=params, limit=limit, **kwargs)
        rows: pa.Table = self.session.sql(query).toArrow()
        return expr.__pyarrow_result__(rows.cast(table.schema().to_pyarrow()))

    def _register_in_memory_table(self, op: Any) -> None:
        rows: pa.Table = op.data.to_pyarrow(op.schema)
        self.session.createDataFrame(rows).createOrReplaceTempView(op.name)


def address(path: str | Path) -> str:
    """A file or folder as Spark is told of it: by the local file system whatever the cluster's
    default one is, and as a name, not a pattern."""
    whole = str(Path(path).absolute())
    return "file://" + "".join(f"\\{char}" if char in _GLOB else char for char in whole)
