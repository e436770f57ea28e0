"""The reference page of the tables is what the catalogue says."""

from pathlib import Path

from zhiheng.records.catalogue import codes, nodes, tables
from zhiheng.records.reference import tables_page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "tables.md"


def test_the_page_is_current() -> None:
    # To renew it, write what tables_page() returns to the file.
    assert PAGE.read_text(encoding="utf-8") == tables_page()


def test_the_page_names_everything() -> None:
    page = tables_page()
    for name, table in tables().items():
        assert f"· {name}" in page
        assert all(f"`{column}`" in page for column in table.columns)
    assert all(f"### {name}" in page for name in codes())
    assert all(f"`{name}`" in page for name in nodes())
