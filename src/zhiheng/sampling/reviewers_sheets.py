"""The sheet a reviewer fills in: one row a file and item, the answers empty.

It shows the reviewer's own files only, and nothing tells a first reading from a second.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter

from zhiheng.sampling.ratings import ITEM
from zhiheng.sampling.ratings_rows import read_rows
from zhiheng.sampling.reviewers import CaseFile

HEADING = {
    "zh": ("案卷", "法院", "评查项", "问题", "评查人", "答案", "备注"),
    "en": ("file", "court", "item", "question", "reviewer", "answer", "note"),
}
CHOICES = {"zh": ["是", "否", "不适用"], "en": ["yes", "no", "not applicable"]}
_QUESTION = ("question", "问题")
_WIDTHS = (22, 14, 22, 48, 12, 12, 30)
_ANSWER = 5
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 the same bytes at any time


def read_items(path: Path) -> list[tuple[str, str]]:
    """The items to be answered (columns item and, optionally, question)."""
    rows = read_rows(path, {"item": ITEM, "question": _QUESTION}, optional=("question",))
    for row in rows:
        if not row["item"]:
            raise row.bad("缺评查项。", "There is no item.")
    return [(row["item"], row["question"]) for row in rows]


def sheet_name(number: int, reviewer: str) -> str:
    """A file name that holds no more of the reviewer's name than is safe."""
    safe = re.sub(r"\W", "_", reviewer)[:40]
    return f"{number:02d}-{safe}.xlsx"


def sheet(
    files: Sequence[CaseFile], items: Sequence[tuple[str, str]], reviewer: str, language: str
) -> bytes:
    """The workbook of one reviewer; the same bytes for the same arguments."""
    out = io.BytesIO()
    # Strings stay strings: a text that starts with "=" must never become a formula.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": _CREATED})
        page = book.add_worksheet()
        bold = book.add_format({"bold": True, "bg_color": "#D9E2F3", "border": 1})
        for column, (name, width) in enumerate(zip(HEADING[language], _WIDTHS, strict=True)):
            page.set_column(column, column, width)
            page.write_string(0, column, name, bold)
        rows = [
            (one.file, one.court, item, question, reviewer)
            for one in files
            for item, question in items
        ]
        for number, cells in enumerate(rows, start=1):
            for column, text in enumerate(cells):
                page.write_string(number, column, text)
        choice = {"validate": "list", "source": CHOICES[language], "error_type": "warning"}
        page.data_validation(1, _ANSWER, max(len(rows), 1), _ANSWER, choice)
        page.freeze_panes(1, 1)
    return out.getvalue()
