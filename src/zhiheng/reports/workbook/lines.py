"""The sheet of lines: the shares of courts that reach theirs, then every line of every court."""

from __future__ import annotations

from zhiheng.indexes.model import Edition
from zhiheng.language import Translate, translator
from zhiheng.reports.lines import (
    PASSED_NAMES,
    REACHED_NAMES,
    differs,
    group_name,
    group_note,
    judged_note,
    line_title,
    threshold_text,
)
from zhiheng.reports.tree import courts_by_level
from zhiheng.reports.words import SOURCE_NAMES, named
from zhiheng.reports.workbook.sheet import Cell, Sheet
from zhiheng.scoring.results import CourtScores, Evaluation, GroupShare, LineScore


def lines(sheet: Sheet, evaluation: Evaluation, edition: Edition, language: str) -> None:
    """One row for every line of every court, under the shares of courts where there are any."""
    _ = translator(language)
    sheet.title(_("Lines"), edition.title(language), judged_note(_))
    if evaluation.groups:
        _groups(sheet, evaluation.groups, _)
    titles = [
        _("Court code"), _("Court"), _("Line"), _("Value"), _("Held against the line"),
        _("Threshold"), _("Line reached"), _("If missed"), _("Numerator"), _("Denominator"),
        _("Source"), _("Verdict"),
    ]  # fmt: skip
    header = sheet.header(titles)
    for _level, courts in courts_by_level(evaluation):
        for court in courts:
            for line in court.lines:
                _row(sheet, court, line, language)
    sheet.finish(header, len(titles), 2, (16, 34, 40, 12, 14, 16, 18, 12, 12, 12, 16, 14))


def _groups(sheet: Sheet, groups: tuple[GroupShare, ...], _: Translate) -> None:
    titles = [
        _("Level"), "", _("Reached"), _("Missed"), _("Undetermined"), _("Share of courts"),
        _("Threshold"), _("Share reached"),
    ]  # fmt: skip
    sheet.header(titles)
    for group in groups:
        share = _percent(group.share)
        cells: list[Cell] = [group_name(group, _), None, group.reached, group.missed]
        cells += [group.undetermined, _("no data") if share is None else share]
        cells += [threshold_text(group), named(REACHED_NAMES, group.met, _)]
        styles = ["text", "text", "count", "count", "count", _style(share), "after", "after"]
        sheet.line(cells, styles)
    sheet.put(sheet.row, 0, group_note(_), "note")
    sheet.row += 2


def _row(sheet: Sheet, court: CourtScores, line: LineScore, language: str) -> None:
    _ = translator(language)
    value = _percent(line.value)
    cells: list[Cell] = [court.court, court.name, line_title(line, language)]
    cells += [_("no data") if value is None else value]
    cells += [_percent(line.judged) if differs(line) else None, threshold_text(line)]
    cells += [named(REACHED_NAMES, line.reached, _), _("veto") if line.veto else None]
    cells += [line.numerator, line.denominator, named(SOURCE_NAMES, line.source, _)]
    cells += [named(PASSED_NAMES, court.passed, _) if court.passed else None]
    styles = ["text", "text", "text", _style(value), "held", "after", "text", "text"]
    sheet.line(cells, [*styles, "number", "number", "after", "text"])


def _percent(value: float | None) -> float | None:
    """A percentage (0-100) as the share a cell holds."""
    return None if value is None else round(value / 100, 8)


def _style(value: float | None) -> str:
    return "missing" if value is None else "held"
