"""The sheets with one row a court: the summary, and one sheet for each court level."""

from __future__ import annotations

from zhiheng.indexes.model import Edition, Node
from zhiheng.language import Translate, translator
from zhiheng.reports.bands import band_of, is_thin
from zhiheng.reports.method import band_glyphs, basis_terms, provisional_note
from zhiheng.reports.tree import courts_by_level, number_of, root_score, set_of
from zhiheng.reports.words import LEVEL_NAMES, named
from zhiheng.reports.workbook.sheet import Sheet
from zhiheng.scoring.results import CourtScores, Evaluation, Score

_PAIRS_A_PAGE = 12
"""Columns of a level sheet that fit a printed page beside code and name: six pairs."""


def level_name(level: str, language: str) -> str:
    """What the courts of a level are called."""
    return named(LEVEL_NAMES, level, translator(language))


def band_text(score: Score, _: Translate) -> str:
    """The interval of a score as shape and range, marked where coverage is thin."""
    band = band_of(score, _)
    if band is None:
        return "—"
    text = f"{band_glyphs(band.rank)}  {band.name}"
    return f"{text} ({_('thin coverage')})" if is_thin(score) else text


def summary(sheet: Sheet, evaluation: Evaluation, edition: Edition, language: str) -> None:
    """Every court by level and code with score, coverage and band, under what it all rests on."""
    _ = translator(language)
    notes = [edition.title(language)]
    notes += [f"{term}: {text}" for term, text in basis_terms(evaluation, _)]
    notes.append(_("Courts stand in the order of their codes; this is not a ranking."))
    if evaluation.provisional_days:
        notes.append(provisional_note(_))
    sheet.title(_("Assessment of enforcement"), *notes)
    titles = [_("Court code"), _("Court"), _("Level"), _("Court above"), _("Score")]
    header = sheet.header([*titles, _("Coverage"), _("Band")])
    names = {court.court: court.name for court in evaluation.courts}
    for level, courts in courts_by_level(evaluation):
        for court in courts:
            above = names.get(court.parent or "", court.parent or "")
            _summary_row(sheet, court, level_name(level, language), above, _)
    sheet.bars(header + 1, sheet.row - 1, 4)
    sheet.bars(header + 1, sheet.row - 1, 5, top=1)
    sheet.finish(header, 7, 2, (12, 34, 16, 30, 14, 12, 32))


def _summary_row(sheet: Sheet, court: CourtScores, level: str, above: str, _: Translate) -> None:
    root = root_score(court)
    for column, text in enumerate((court.court, court.name, level, above)):
        sheet.put(sheet.row, column, text)
    sheet.score(sheet.row, 4, root, _, "strong")
    sheet.coverage(sheet.row, 5, root)
    sheet.put(sheet.row, 6, band_text(root, _), "after")
    sheet.row += 1


def level_sheet(
    sheet: Sheet, courts: list[CourtScores], level: str, edition: Edition, language: str
) -> None:
    """The courts of one level by the first and second level of the tree, score and coverage."""
    _ = translator(language)
    found = set_of(edition, level)
    nodes = [node for node in found.walk() if node.depth <= 2] if found else []
    sheet.title(level_name(level, language), edition.title(language))
    header = _level_header(sheet, nodes, language)
    for court in courts:
        _level_row(sheet, court, nodes, _)
    for column in range(2, 4 + 2 * len(nodes), 2):
        sheet.bars(header + 1, sheet.row - 1, column)
    sheet.finish(header, 4 + 2 * len(nodes), 2, [12, 30, *([9.5, 8.5] * (len(nodes) + 1))])
    sheet.sheet.repeat_rows(header - 1, header)
    sheet.sheet.repeat_columns(0, 1)
    # Seventy columns on one page could not be read: the page is as high as needed, not as wide.
    sheet.sheet.fit_to_pages(0, 0)
    sheet.sheet.set_print_scale(62)
    sheet.sheet.set_v_pagebreaks(range(2 + _PAIRS_A_PAGE, 4 + 2 * len(nodes), _PAIRS_A_PAGE))


def _level_header(sheet: Sheet, nodes: list[Node], language: str) -> int:
    _ = translator(language)
    row = sheet.row
    sheet.sheet.set_row(row, 62)
    sheet.put(row, 0, "", "head")
    sheet.put(row, 1, "", "head")
    _pair(sheet, row, 2, _("Whole"), "group")
    for place, node in enumerate(nodes):
        part = node.indicator
        text = f"{number_of(part.id)} {part.title(language)}\n{part.weight:g}%"
        _pair(sheet, row, 4 + 2 * place, text, "group" if node.depth == 1 else "head")
    sheet.row += 1
    pairs = [_("Score"), _("Coverage")] * (len(nodes) + 1)
    return sheet.header([_("Court code"), _("Court"), *pairs], height=18)


def _pair(sheet: Sheet, row: int, column: int, text: str, style: str) -> None:
    sheet.sheet.merge_range(row, column, row, column + 1, "", sheet.formats[style])
    sheet.put(row, column, text, style)


def _level_row(sheet: Sheet, court: CourtScores, nodes: list[Node], _: Translate) -> None:
    sheet.put(sheet.row, 0, court.court)
    sheet.put(sheet.row, 1, court.name)
    for place, node in enumerate(["", *(node.indicator.id for node in nodes)]):
        score = court.scores.get(node)
        sheet.score(sheet.row, 2 + 2 * place, score, _, "strong" if place == 0 else "score")
        sheet.coverage(sheet.row, 3 + 2 * place, score)
    sheet.row += 1
