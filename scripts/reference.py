"""Write every generated page of docs/reference anew. Tests hold the pages to their data."""

from __future__ import annotations

from pathlib import Path

from zhiheng.indexes.editions import available_editions, load_edition
from zhiheng.indexes.reference import programmes_page, reference_page
from zhiheng.intake.reference import reasons_page
from zhiheng.listings.reference import pages as listing_pages
from zhiheng.records.reference import tables_page
from zhiheng.reports.law.pages import pages as law_pages

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"


def pages() -> dict[str, str]:
    """File name → text of every generated page."""
    editions = {f"{name}.md": reference_page(load_edition(name)) for name in available_editions()}
    return {
        **editions,
        **law_pages(),
        **listing_pages(),
        "programmes.md": programmes_page(),
        "tables.md": tables_page(),
        "intake-reasons.md": reasons_page(),
    }


if __name__ == "__main__":
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(name)
