"""The workbook as a whole: which sheets, in which order, with which properties."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from zhiheng.indexes.model import Edition
from zhiheng.language import translator
from zhiheng.reports.files import write_whole
from zhiheng.reports.tree import courts_by_level
from zhiheng.reports.workbook import annexes, certainty, courts, details, lines
from zhiheng.reports.workbook.sheet import Sheet, formats
from zhiheng.scoring.results import Evaluation

_OPTIONS = {
    "in_memory": True,
    # What stands in a record is a text, even where it looks like a formula or a link.
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_workbook(path: Path, evaluation: Evaluation, edition: Edition, language: str) -> None:
    """Write the report to `path` (.xlsx) in `language` ("zh" or "en").

    The same evaluation gives the same bytes: the file is dated with the as-of day.
    """
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        _describe(book, evaluation, edition, language)
        _fill(book, evaluation, edition, language)
    write_whole(path, stream.getvalue())


def _describe(book: Any, evaluation: Evaluation, edition: Edition, language: str) -> None:
    _ = translator(language)
    created = datetime(1970, 1, 1) + timedelta(days=evaluation.as_of)  # noqa: DTZ001 a civil day
    book.set_properties(
        {
            "title": _("Assessment of enforcement"),
            "subject": edition.title(language),
            "created": created,
        }
    )


def _fill(book: Any, evaluation: Evaluation, edition: Edition, language: str) -> None:
    _ = translator(language)
    styles = formats(book)

    def sheet(name: str) -> Sheet:
        return Sheet(book.add_worksheet(name), styles)

    courts.summary(sheet(_("Summary")), evaluation, edition, language)
    for level, found in courts_by_level(evaluation):
        courts.level_sheet(sheet(_level_tab(level, language)), found, level, edition, language)
    if any(court.lines for court in evaluation.courts):
        lines.lines(sheet(_("Lines")), evaluation, edition, language)
    if evaluation.said:
        certainty.errors(sheet(_("Sampling error")), evaluation, edition, language)
    if evaluation.moved:
        certainty.moved(sheet(_("Sensitivity")), evaluation, edition, language)
    details.leaves(sheet(_("Leaves")), evaluation, edition, language)
    details.figures(sheet(_("Figures")), evaluation, language)
    details.officers(sheet(_("Findings by officer")), evaluation, language)
    annexes.assumptions(sheet(_("Assumptions")), evaluation, edition, language)
    annexes.method(sheet(_("Method")), evaluation, edition, language)


def _level_tab(level: str, language: str) -> str:
    return courts.level_name(level, language)[:31]
