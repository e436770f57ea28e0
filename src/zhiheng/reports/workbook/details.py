"""The long sheets: every leaf of every court, the figures, the findings by duty and officer."""

from __future__ import annotations

from zhiheng.indexes.model import Edition
from zhiheng.language import translator
from zhiheng.reports.facts import figure_name, in_days, state_name
from zhiheng.reports.findings import by_officer
from zhiheng.reports.method import formula_text
from zhiheng.reports.tree import ScoredNode, beside_nodes, courts_by_level, scored_nodes
from zhiheng.reports.words import FINDING_STATES, SOURCE_NAMES, STATES, days_text, named
from zhiheng.reports.workbook.sheet import Cell, Sheet
from zhiheng.scoring.results import CourtScores, Evaluation


def leaves(sheet: Sheet, evaluation: Evaluation, edition: Edition, language: str) -> None:
    """One row for every leaf of every court: figure, coverage, source, outcomes behind it."""
    _ = translator(language)
    sheet.title(_("Leaves"), edition.title(language))
    titles = [
        _("Court code"), _("Court"), _("Indicator"), _("Title"), _("Share of the whole"),
        _("Score"), _("Coverage"), _("Numerator"), _("Denominator"), _("Declared source"),
        _("Source"), *(state_name(state, language) for state in STATES),
        _("Evidence"), _("Formula"),
    ]  # fmt: skip
    header = sheet.header(titles, height=58)
    for _level, courts in courts_by_level(evaluation):
        for court in courts:
            for node in (*scored_nodes(court, edition), *beside_nodes(court, edition)):
                if node.indicator.is_leaf:
                    _leaf_row(sheet, court, node, language)
    sheet.bars(header + 1, sheet.row - 1, 5)
    widths = [11, 28, 10, 42, 9, 9, 9, 12, 12, 17, 16, *([11] * len(STATES)), 24, 50]
    sheet.finish(header, len(titles), 4, widths)
    # Outcomes, evidence and formula are for the screen: with them the print could not be read.
    sheet.sheet.print_area(0, 0, sheet.row - 1, titles.index(_("Source")))


def _leaf_row(sheet: Sheet, court: CourtScores, node: ScoredNode, language: str) -> None:
    _ = translator(language)
    leaf, score, row = node.indicator, node.score, sheet.row
    for column, text in enumerate((court.court, court.name, node.number, leaf.title(language))):
        sheet.put(row, column, text)
    sheet.put(row, 4, round(node.effective, 6), "share")
    sheet.score(row, 5, score, _, "score")
    sheet.coverage(row, 6, score)
    sheet.put(row, 7, score.numerator, "number")
    sheet.put(row, 8, score.denominator, "number")
    sheet.put(row, 9, named(SOURCE_NAMES, leaf.source or "", _), "after")
    sheet.put(row, 10, named(SOURCE_NAMES, score.source, _))
    for column, state in enumerate(STATES, 11):
        sheet.put(
            row, column, None if score.states is None else score.states.get(state, 0), "count"
        )
    sheet.put(row, 11 + len(STATES), score.evidence)
    sheet.put(row, 12 + len(STATES), formula_text(leaf, _))
    sheet.row += 1


def figures(sheet: Sheet, evaluation: Evaluation, language: str) -> None:
    """The figures by court; the pooled and the per-case recovery rate are two figures."""
    _ = translator(language)
    sheet.title(_("Figures"))
    titles = [
        _("Court code"),
        _("Court"),
        _("Figure"),
        _("Value"),
        _("Numerator"),
        _("Denominator"),
    ]
    header = sheet.header(titles)
    names = {court.court: court.name for court in evaluation.courts}
    rows = sorted(evaluation.figures.to_pylist(), key=lambda row: (row["court"], row["figure"]))
    for row in rows:
        court, figure = row["court"], figure_name(row["figure"], language)
        value, part, whole = (_plain(row[n]) for n in ("value", "numerator", "denominator"))
        cells: list[Cell] = [court, names.get(court, ""), figure, value, part, whole]
        style = "share" if whole is not None else "number"
        if value is None:
            cells[3], style = _("not applicable") if whole == 0 else _("no data"), "missing"
        elif in_days(row["figure"]):
            cells[3], style = days_text(value, _), "days"
        sheet.line(cells, ["text", "text", "text", style, "number", "number"])
    sheet.finish(header, len(titles), 2, (12, 34, 38, 14, 20, 20))


def _plain(value: object) -> float | None:
    return None if value is None else round(float(str(value)), 6)


def officers(sheet: Sheet, evaluation: Evaluation, language: str) -> None:
    """Findings counted by court, duty, officer and state, with the days over the limit."""
    _ = translator(language)
    sheet.title(_("Findings by officer"), _("Counts of outcomes; days are days over the limit."))
    titles = [
        _("Court code"), _("Court"), _("Duty"), _("Title"), _("Officer"),
        *(state_name(state, language) for state in FINDING_STATES),
        _("Median days over"), _("Most days over"),
    ]  # fmt: skip
    header = sheet.header(titles, height=32)
    names = {court.court: court.name for court in evaluation.courts}
    duties = duty_titles(evaluation, language)
    styles = ["text"] * 5 + ["count"] * len(FINDING_STATES) + ["number", "count"]
    for row in by_officer(evaluation.findings):
        texts = [
            row.court,
            names.get(row.court, ""),
            row.duty,
            duties.get(row.duty, ""),
            row.officer,
        ]
        sheet.line([*texts, *row.counts, row.median_days, row.max_days], styles)
    sheet.finish(header, len(titles), 2, (11, 28, 24, 40, 16, 10, 17, 12, 12, 12, 12))


def duty_titles(evaluation: Evaluation, language: str) -> dict[str, str]:
    """The titles of the duties that have findings."""
    title = f"title_{language}"
    pairs = evaluation.findings.group_by(["duty", title]).aggregate([])
    return dict(zip(pairs["duty"].to_pylist(), pairs[title].to_pylist(), strict=True))
