"""The sheets of what may be said: errors court by court and node by node, and what replays gave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from zhiheng.indexes.model import Edition
from zhiheng.language import Translate, translator
from zhiheng.reports.certainty import Doubt, Doubts, Standing
from zhiheng.reports.certainty_words import VARIED_NAMES, census_note, draw_terms
from zhiheng.reports.moved_rows import ChangeRow, change_rows, court_rows, factor_rows
from zhiheng.reports.tree import (
    ScoredNode,
    beside_nodes,
    courts_by_level,
    number_of,
    root_score,
    scored_nodes,
)
from zhiheng.reports.words import named
from zhiheng.reports.workbook.courts import level_name
from zhiheng.reports.workbook.sheet import Cell, Sheet
from zhiheng.scoring.results import CourtScores, Evaluation, Score

if TYPE_CHECKING:
    from zhiheng.scoring.moved import SetMoved  # slow to load
    from zhiheng.sensitivity.analysis import Analysis


def errors(sheet: Sheet, evaluation: Evaluation, edition: Edition, language: str) -> None:
    """A row for the whole of every court of a level of which files were drawn, with its rank and
    bands, and one for every node of it that rests on such files."""
    _ = translator(language)
    terms = draw_terms(evaluation.draw, _) if evaluation.draw else ()
    notes = [f"{term}: {text}" for term, text in terms]
    sheet.title(_("Sampling error"), edition.title(language), *notes, census_note(_))
    titles = [
        _("Court code"), _("Court"), _("Indicator"), _("Title"), _("Score"), _("Standard error"),
        _("Lower end, 95 %"), _("Upper end, 95 %"), _("Files"), _("Rank"), _("Best rank"),
        _("Worst rank"), _("Band letters"),
    ]  # fmt: skip
    header = sheet.header(titles)
    doubts = Doubts(evaluation)
    for _level, courts in courts_by_level(evaluation):
        for court in courts:
            _court(sheet, court, [*_nodes(court, edition)], doubts, language)
    sheet.finish(header, len(titles), 4, (12, 30, 10, 40, 9, 16, 12, 12, 9, 9, 9, 9, 12))


def _nodes(court: CourtScores, edition: Edition) -> list[ScoredNode]:
    return [*scored_nodes(court, edition), *beside_nodes(court, edition)]


def _court(
    sheet: Sheet, court: CourtScores, nodes: list[ScoredNode], doubts: Doubts, language: str
) -> None:
    _, whole = translator(language), root_score(court)
    doubt = doubts.of(court.court, whole)
    if doubt is None:
        return
    standing = doubts.standing(court.court)
    _row(sheet, court, ("", _("Whole")), whole, doubt, standing, _)
    for node in nodes:
        found = doubts.of(court.court, node.score)
        if found and found.state != "census":
            named_ = (number_of(node.indicator.id), node.indicator.title(language))
            _row(sheet, court, named_, node.score, found, None, _)


def _row(
    sheet: Sheet,
    court: CourtScores,
    node: tuple[str, str],
    score: Score,
    doubt: Doubt,
    standing: Standing | None,
    _: Translate,
) -> None:
    cells: list[Cell] = [court.court, court.name, *node, _rounded(score.value)]
    cells += [_("error cannot be told") if doubt.error is None else _rounded(doubt.error)]
    cells += [_rounded(doubt.low), _rounded(doubt.high), doubt.files or None]
    cells += [standing.rank, standing.best, standing.worst] if standing else [None] * 3
    cells += [standing.letters if standing else None]
    styles = ["text"] * 4 + ["strong" if node[0] == "" else "score"]
    styles += ["missing" if doubt.error is None else "fine", "score", "score", "count"]
    sheet.line(cells, [*styles, "count", "count", "count", "after"])


def moved(sheet: Sheet, evaluation: Evaluation, edition: Edition, language: str) -> None:
    """What moves the ranks, what single changes do, and every court's ranks in the replays."""
    _ = translator(language)
    names = {court.court: court.name for court in evaluation.courts}
    sheet.title(_("Sensitivity"), edition.title(language))
    _factors(sheet, evaluation, language)
    _changes(sheet, evaluation, names, language)
    titles = [
        _("What is varied"), _("Court code"), _("Court"), _("Score"), _("Rank"),
        _("Rank: 5th percentile"), _("Median rank"), _("Rank: 95th percentile"),
        _("Mean shift of rank"),
    ]  # fmt: skip
    header = sheet.header(titles)
    for one in evaluation.moved:
        for analysis in one.analyses:
            _courts(sheet, one, analysis, names, _)
    sheet.finish(header, len(titles), 0, (34, 44, 34, 16, 12, 14, 12, 14, 14))


def _factors(sheet: Sheet, evaluation: Evaluation, language: str) -> None:
    _ = translator(language)
    titles = [_("What is varied"), _("Factor"), _("Level"), _("Total index")]
    sheet.header([*titles, _("First-order index"), _("Replays")])
    for one in evaluation.moved:
        for analysis in one.analyses:
            for row in factor_rows(analysis, language):
                varied = named(VARIED_NAMES, analysis.varied, _)
                cells: list[Cell] = [varied, row.title, level_name(one.level, language)]
                cells += [row.total, row.first, analysis.count]
                sheet.line(cells, ["text", "text", "text", "fine", "fine", "count"])
    sheet.row += 1


def _changes(sheet: Sheet, evaluation: Evaluation, names: Mapping[str, str], language: str) -> None:
    _ = translator(language)
    titles = [
        _("Level"), _("Change"), _("Court moved most"), _("Mean shift of rank"),
        _("Largest shift of rank"), _("Mean change of score"), _("Scores lost"),
        _("Scores gained"),
    ]  # fmt: skip
    if not any(one.alone for one in evaluation.moved):
        return
    sheet.header(titles)
    for one in evaluation.moved:
        for row in change_rows(one, names, language):
            _change(sheet, level_name(one.level, language), row)
    sheet.row += 1


def _change(sheet: Sheet, level: str, row: ChangeRow) -> None:
    cells: list[Cell] = [level, row.title, row.moved_most, row.mean_shift, row.largest]
    cells += [row.mean_score, row.lost, row.gained]
    styles = ["text", "text", "text", "fine", "count", "fine", "count", "count"]
    sheet.line(cells, styles)


def _courts(
    sheet: Sheet, one: SetMoved, analysis: Analysis, names: Mapping[str, str], _: Translate
) -> None:
    varied = named(VARIED_NAMES, analysis.varied, _)
    for row in court_rows(one, analysis):
        cells: list[Cell] = [varied, row.court, names.get(row.court, row.court), row.score]
        cells += [row.rank, row.low, row.median, row.high, row.shift]
        styles = ["text", "text", "text", "score", *(["count"] * 4), "fine"]
        sheet.line(cells, styles)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
