"""The reference pages of the law say what the data says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from zhiheng.law.load import load_law
from zhiheng.law.rulebook import load_rulebook
from zhiheng.reports.law.pages import pages, write

DOCS = Path(__file__).parents[4] / "docs"
PAGES = ["duties.md", "coverage.md", "node-limits.md", "powers.md", "screens.md"]


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_current(name: str) -> None:
    # To renew it: zhiheng law reference docs/reference
    assert (DOCS / "reference" / name).read_text(encoding="utf-8") == pages()[name]


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_listed(name: str) -> None:
    assert f"reference/{name}" in (DOCS / "README.md").read_text(encoding="utf-8")


def test_the_page_has_a_section_for_every_duty() -> None:
    page = pages()["duties.md"]
    assert re.findall(r"^## (\S+)$", page, re.M) == [
        duty.id for duty in sorted(load_law().duties.values(), key=lambda duty: duty.rulebook)
    ]


def test_every_row_stands_in_the_coverage() -> None:
    page = pages()["coverage.md"]
    assert re.findall(r"^\| ([A-J]\d\d) \|", page, re.M) == list(load_rulebook().rows)


def test_every_link_of_the_pages_leads_to_a_heading() -> None:
    found = pages()
    headings = re.findall(r"^#+ (.+)$", found["duties.md"], re.M)
    anchors = {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}
    linked = {link for page in found.values() for link in re.findall(r"\(\S*?#([\w-]+)\)", page)}
    assert linked and linked <= anchors


def test_every_row_of_a_table_has_as_many_cells_as_its_heading() -> None:
    for page in pages().values():
        for block in re.findall(r"(?:^\|.*\n)+", page, re.M):
            rows = [row.replace("\\|", "") for row in block.splitlines()]
            assert len({row.count("|") for row in rows}) == 1


def test_the_pages_are_written_whole_into_a_folder(tmp_path: Path) -> None:
    files = write(tmp_path / "reference")
    assert [file.name for file in files] == PAGES
    assert {file.name: file.read_text(encoding="utf-8") for file in files} == pages()
