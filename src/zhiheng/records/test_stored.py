"""The stored form: types, order, and what every table carries."""

from zhiheng.records.catalogue import tables
from zhiheng.records.stored import sort_columns, stored_columns, stored_schema


def test_events_are_stored_in_the_order_their_readers_expect() -> None:
    assert list(stored_columns("events"))[:6] == [
        "case", "court", "subject", "node", "day", "minute",
    ]  # fmt: skip


def test_every_key_but_those_of_courts_and_officers_keeps_its_text() -> None:
    for name, table in tables().items():
        columns = stored_columns(name)
        if table.key and name not in ("courts", "officers"):
            assert (columns[table.key], columns[f"{table.key}_id"]) == ("BIGINT", "VARCHAR")
        assert (f"{table.key}_id" in columns) == (columns.get(table.key or "") == "BIGINT")


def test_every_table_has_a_court_and_is_sorted_by_it_first() -> None:
    for name in tables():
        assert "court" in stored_columns(name)
        assert sort_columns(name)[0] == "court"
        assert sorted(sort_columns(name)) == sorted(stored_columns(name))


def test_the_arrow_schema_has_the_same_columns() -> None:
    for name in tables():
        assert stored_schema(name).names == list(stored_columns(name))
