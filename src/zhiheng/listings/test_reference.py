"""The reference pages of the dishonest list say what the data says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from zhiheng.listings.model import sanctions
from zhiheng.listings.reference import pages

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("name", ["joint-sanctions.md", "dishonest-list.md"])
def test_the_page_is_current_and_listed(name: str) -> None:
    # To renew it: zhiheng dishonest reference docs/reference
    assert (DOCS / "reference" / name).read_text(encoding="utf-8") == pages()[name]
    assert f"reference/{name}" in (DOCS / "README.md").read_text(encoding="utf-8")


def test_the_page_has_a_row_for_every_measure() -> None:
    numbers = re.findall(r"^\| (\d+) \|", pages()["joint-sanctions.md"], re.M)
    assert numbers == [str(one.number) for one in sanctions().measures]


def test_every_row_of_a_table_has_as_many_cells_as_its_heading() -> None:
    for page in pages().values():
        for block in re.findall(r"(?:^\|.*\n)+", page, re.M):
            rows = [row.replace("\\|", "") for row in block.splitlines()]
            assert len({row.count("|") for row in rows}) == 1
