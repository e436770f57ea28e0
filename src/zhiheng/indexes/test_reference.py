"""The generated reference page is complete and current."""

from pathlib import Path

import pytest

from zhiheng.indexes.editions import available_editions, load_edition
from zhiheng.indexes.programmes import programmes
from zhiheng.indexes.reference import programmes_page, reference_page

CASS = load_edition("cass-2017")
DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("name", available_editions())
def test_the_page_in_the_documentation_is_current(name: str):
    page = DOCS / "reference" / f"{name}.md"
    assert page.read_text(encoding="utf-8") == reference_page(load_edition(name))


def test_the_page_of_the_programmes_is_current_and_names_every_item():
    page = programmes_page()
    assert (DOCS / "reference" / "programmes.md").read_text(encoding="utf-8") == page
    for one in programmes().values():
        assert all(page.count(f"| `{item.id}` |") == 1 for item in one.items)


def test_every_page_is_listed_in_the_contents():
    contents = (DOCS / "README.md").read_text(encoding="utf-8")
    for name in (*available_editions(), "programmes"):
        assert f"(reference/{name}.md)" in contents


def test_the_page_of_an_overlay_shows_its_lines_and_not_the_tables_below_it():
    page = reference_page(load_edition("cass-2018"))
    assert "[`cass-2017`](cass-2017.md)" in page and "| `basic.1.3.1` |" not in page
    assert page.count("| a veto |") == 6


def test_the_page_names_every_node_difference_and_assumption_once():
    page = reference_page(CASS)
    for one in CASS.sets.values():
        for node in one.walk():
            assert page.count(f"| `{node.indicator.id}` |") == 1
    for name in (*CASS.differences, *CASS.assumptions):
        assert f"`{name}`" in page
    for difference in CASS.differences.values():
        assert difference.zh in page and difference.en in page


def test_every_row_of_the_tables_has_as_many_cells_as_its_heading():
    pages = [reference_page(load_edition(name)) for name in available_editions()]
    for table in "\n\n".join([*pages, programmes_page()]).split("\n\n"):
        rows = [line for line in table.splitlines() if line.startswith("|")]
        assert len({row.replace("\\|", "").count("|") for row in rows}) <= 1
