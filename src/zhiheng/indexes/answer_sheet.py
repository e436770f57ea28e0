"""The answer sheet (填报表): an XLSX for the leaves that people answer, written and read back.

One sheet a court level, one row a court and leaf. Reading is all or nothing: every problem is
reported with its cell, and a sheet with a problem gives no answers at all.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from zhiheng.errors import BadInput, Message
from zhiheng.indexes.answers import Answer, Answers, BadAnswers, Court
from zhiheng.indexes.describe import source_in_words
from zhiheng.indexes.model import Edition, IndexSet, Indicator
from zhiheng.indexes.sheet_columns import COLUMNS, GUIDE, sheet_name
from zhiheng.indexes.sheet_reader import LevelReader
from zhiheng.indexes.workbooks import opened
from zhiheng.law.model import Text

_GUIDANCE = (
    Text(
        "每行一个法院的一项指标；未填的行视为没有回答，不作零分。",
        "One row is one court's leaf; a row left empty is no answer, not a zero.",
    ),
    Text(
        "问题问是否的，只填“有/无”；问件数的，只填“数值”；写明分子、分母的，只填这两栏。",
        "A yes-or-no question takes the answer; a count takes the figure; "
        "a question that names a numerator and a denominator takes those two.",
    ),
    Text(
        "法院自报的事项须附证明材料，填写材料名称或编号。",
        "What the court reports itself needs proof: name the document.",
    ),
    Text(
        "标明选填的，系统已能计算；填写评查结果后按假设 answer_precedence 处理。",
        "Where it says optional the system computes the figure; a review's result is used "
        "as the assumption answer_precedence says.",
    ),
    Text(
        "不要改动指标编号，不要填公式，不要增加工作表。",
        "Do not change leaf ids, enter formulas or add sheets.",
    ),
)


def write_answer_sheet(
    path: Path, edition: Edition, courts: Collection[Court] = (), language: str = "zh"
) -> int:
    """Write the sheet for every answerable leaf and return the number of rows.

    With `courts`, the levels those courts have; without, every level of the edition once, with
    the court left empty. The file appears whole or not at all.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    rows = 0
    try:
        # Strings stay strings: a text that starts with "=" must never become a formula.
        options = {"strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(str(partial), options) as book:
            _write_guide(book, edition, language)
            for index_set in edition.sets.values():
                own = [court for court in courts if court.level == index_set.level]
                if own or not courts:
                    rows += _write_level(book, index_set, own, language)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return rows


def _write_guide(book: Any, edition: Edition, language: str) -> None:
    sheet = book.add_worksheet(GUIDE.in_language(language))
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 100, wrapped)
    lines = (edition.title(language), *(text.in_language(language) for text in _GUIDANCE))
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line)


def _write_level(book: Any, index_set: IndexSet, courts: Sequence[Court], language: str) -> int:
    sheet = book.add_worksheet(sheet_name(index_set, language))
    rows = list(_rows(index_set, courts, language))
    _write_heading(book, sheet, language)
    _write_rows(book, sheet, rows)
    _add_list(sheet, len(rows), language)
    sheet.freeze_panes(1, 4)
    sheet.autofilter(0, 0, max(len(rows), 1), len(COLUMNS) - 1)
    return len(rows)


def _write_heading(book: Any, sheet: Any, language: str) -> None:
    head = book.add_format({"bold": True, "bg_color": "#D9E2F3", "border": 1, "valign": "top"})
    for number, column in enumerate(COLUMNS):
        sheet.set_column(number, number, column.width)
        sheet.write_string(0, number, column.label.in_language(language), head)


def _write_rows(book: Any, sheet: Any, rows: Sequence[tuple[str, ...]]) -> None:
    look = {"text_wrap": True, "valign": "top", "border": 1}
    given = book.add_format({**look, "bg_color": "#F5F5F5"})
    empty = book.add_format(look)
    dated = book.add_format({**look, "num_format": "yyyy-mm-dd"})
    for row, values in enumerate(rows, start=1):
        for number, column in enumerate(COLUMNS):
            if number < len(values) and values[number]:
                sheet.write_string(row, number, values[number], given)
            else:
                sheet.write_blank(row, number, None, dated if column.field == "date" else empty)


def _rows(index_set: IndexSet, courts: Sequence[Court], language: str) -> Iterator[tuple[str, ...]]:
    for court in courts or (Court("", "", index_set.level),):
        for leaf, title in _answerable(index_set, language):
            question = leaf.question.in_language(language) if leaf.question else ""
            source = source_in_words(leaf, language)
            yield court.code, court.name, leaf.id, title, question, source


def _answerable(index_set: IndexSet, language: str) -> Iterator[tuple[Indicator, str]]:
    titles = {node.indicator.id: node.indicator.title(language) for node in index_set.walk()}
    for node in index_set.leaves():
        if node.indicator.answerable:
            above = titles.get(node.parent, "")
            own = node.indicator.title(language)
            yield node.indicator, f"{above}·{own}" if above else own


def _add_list(sheet: Any, rows: int, language: str) -> None:
    number = next(n for n, column in enumerate(COLUMNS) if column.field == "answer")
    options = ["有", "无"] if language == "zh" else ["yes", "no"]
    sheet.data_validation(1, number, max(rows, 1), number, {"validate": "list", "source": options})


def read_answers(path: Path, edition: Edition, courts: Collection[Court] | None = None) -> Answers:
    """The answers of a filled sheet.

    With `courts`, a court outside them or of another level is a problem. Raises BadInput where
    the file is no workbook, BadAnswers with every problem of its cells otherwise.
    """
    found: dict[tuple[str, str], Answer] = {}
    problems: list[BadInput] = []
    levels = {name: s for s in edition.sets.values() for name in (s.zh, s.en, s.level)}
    known = None if courts is None else {court.code: court for court in courts}
    with opened(path) as book:
        for sheet in book.worksheets:
            if sheet.title in (GUIDE.zh, GUIDE.en):
                continue
            if sheet.title not in levels:
                problems.append(_unknown_sheet(sheet.title))
                continue
            reader = LevelReader(sheet.title, levels[sheet.title], known, found, problems)
            sheet.reset_dimensions()
            reader.read(sheet.iter_rows(max_col=len(COLUMNS) + 20))
    if problems:
        raise BadAnswers(path.name, tuple(problems))
    return Answers(found, hashlib.sha256(path.read_bytes()).hexdigest())


def _unknown_sheet(title: str) -> BadInput:
    return BadInput(
        Message("不是哪一级法院的工作表。", "This sheet belongs to no court level."),
        Message("删去此表，或恢复原名。", "Delete the sheet or give it back its name."),
        place=title,
    )
