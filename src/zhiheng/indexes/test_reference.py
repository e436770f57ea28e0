"""The generated reference page is complete and current."""

from pathlib import Path

from zhiheng.indexes.editions import load_edition
from zhiheng.indexes.reference import reference_page

CASS = load_edition("cass-2017")
PAGE = Path(__file__).parents[3] / "docs" / "reference" / "cass-2017.md"


def test_the_page_in_the_documentation_is_current():
    assert PAGE.read_text(encoding="utf-8") == reference_page(CASS)


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
    for table in reference_page(CASS).split("\n\n"):
        rows = [line for line in table.splitlines() if line.startswith("|")]
        assert len({row.replace("\\|", "").count("|") for row in rows}) <= 1
