"""What goes into the engine's SQL is taken for what it says, whatever characters it has."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhiheng.store.engine import bare, connect, copied, quoted, scan


@pytest.mark.parametrize("name", ["院's", "a[bc]d", "any*one", "which?"])
def test_a_file_is_read_alone_whatever_its_name_would_match(tmp_path: Path, name: str) -> None:
    files = [tmp_path / f"{word}.parquet" for word in (name, "ab", "abd", "anyoneone", "which1")]
    for number, file in enumerate(files):
        pq.write_table(pa.table({"n": [number]}), file)
    with bare() as con:
        assert con.sql(f"SELECT n FROM {scan(files[:1])}").fetchall() == [(0,)]
        assert con.sql(f"SELECT n FROM {scan(files)} ORDER BY n").fetchall()[-1] == (4,)
        assert con.sql(f"SELECT {quoted(name)}").fetchall() == [(name,)]


def test_what_a_query_yields_is_written_whatever_the_files_name(tmp_path: Path) -> None:
    file = tmp_path / "院's.parquet"
    copied(connect(), "SELECT 7 AS n", file)
    assert pq.read_table(file).to_pydict() == {"n": [7]}
