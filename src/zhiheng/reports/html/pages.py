"""The pages of the report: what each shows. How it looks stands in the templates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from zhiheng.measures.definitions import definitions
from zhiheng.reports.bands import all_bands, band_rank
from zhiheng.reports.certainty import something_said
from zhiheng.reports.facts import cite_text, figure_name, in_days, state_name
from zhiheng.reports.html import links
from zhiheng.reports.html.certainty import certainty_values, score_pictures
from zhiheng.reports.html.dots import DotPlot, dot_plot
from zhiheng.reports.html.report import Duty, Report
from zhiheng.reports.html.trees import court_tree, set_tree
from zhiheng.reports.lines import differs, line_counts
from zhiheng.reports.method import basis_terms, method_sections
from zhiheng.reports.pictures.whiskers import Whiskers
from zhiheng.reports.tree import (
    ScoredNode,
    beside_nodes,
    courts_by_level,
    root_score,
    scored_nodes,
    set_of,
)
from zhiheng.reports.words import FINDING_STATES
from zhiheng.scoring.results import CourtScores

Page = tuple[str, str]
"""An address from the report's root, and the page's HTML."""


@dataclass(frozen=True)
class LevelView:
    """The courts of one level in the order of their codes, and how they are distributed."""

    level: str
    courts: list[CourtScores]
    heads: list[tuple[str, str]]
    bands: list[tuple[str, int, int]]
    unscored: int
    plot: DotPlot | None
    scores: list[Whiskers]
    said: bool


@dataclass(frozen=True)
class DutySummary:
    """One duty of a court: its findings by FINDING_STATES, and the page with their rows."""

    duty: Duty
    counts: tuple[int, ...]
    page: str


@dataclass(frozen=True)
class DutyFindings:
    """One duty's findings on a page: its counts by FINDING_STATES and its rows."""

    duty: Duty
    counts: tuple[int, ...]
    rows: Markup


@dataclass(frozen=True)
class LinePlaces:
    """Where the leaf behind each line stands on a court's page, and which lines are judged by
    another number than the court's own."""

    links: dict[str, str]
    sampled: set[str]


@dataclass(frozen=True)
class FigureDefinition:
    """What a leaf's figure is called, its row in the rulebook, where it is defined, and whether
    it is a mean number of days."""

    title: str
    row: str
    cite: str
    days: bool


def shared_pages(report: Report) -> Iterator[Page]:
    """The overview and the annexes."""
    values = {
        "levels": [_level(report, *found) for found in courts_by_level(report.evaluation)],
        "totals": {court: _total(report, court) for court in report.courts},
        "unscored": [(court, _total(report, court)) for court in _unscored_courts(report)],
        "line_counts": line_counts(report.evaluation),
        "basis": basis_terms(report.evaluation, report.translate),
    }
    yield "index.html", report.render("overview.html.j2", "index.html", **values)
    if something_said(report.evaluation):
        address = "certainty.html"
        yield address, report.render(f"{address}.j2", address, **certainty_values(report))
    yield "assumptions.html", report.render("assumptions.html.j2", "assumptions.html")
    sections = method_sections(report.evaluation, report.edition, report.language)
    trees = {
        level: set_tree(found, report.language) for level, found in report.edition.sets.items()
    }
    values = {"sections": sections, "trees": trees}
    yield "method.html", report.render("method.html.j2", "method.html", **values)
    for code in _unscored_courts(report):
        court = CourtScores(code, code, "", None, {})
        yield _other_page(report, court, report.court_duties[code])


def court_pages(report: Report, court: CourtScores) -> Iterator[Page]:
    """A court's page, and the pages of its leaves with the findings or the cases behind them."""
    tree, beside = scored_nodes(court, report.edition), beside_nodes(court, report.edition)
    nodes = [*tree, *beside]
    page = links.court_page(court.court)
    yield page, report.render("court.html.j2", page, **_court_values(report, court, tree, beside))
    for node in nodes:
        leaf = node.indicator.id
        if report.leaf_findings(court.court, leaf):
            yield _leaf_page(report, court, node, nodes)
        elif report.has_cases(leaf):
            yield _figure_page(report, court, node, nodes)
    others = _other_duties(report, court.court, nodes)
    if others:
        yield _other_page(report, court, others)


def _level(report: Report, level: str, courts: list[CourtScores]) -> LevelView:
    index_set = set_of(report.edition, level)
    parts = index_set.parts if index_set else ()
    values = [score.value for score in map(root_score, courts) if score.value is not None]
    ranks = [band_rank(value) for value in values]
    bands = [(band.name, band.rank, ranks.count(band.rank)) for band in all_bands(report.translate)]
    heads = [(part.id, part.title(report.language)) for part in parts]
    said = any(one.level == level for one in report.evaluation.said)
    scores = [] if said else score_pictures(report, courts)
    plot = dot_plot(courts)
    return LevelView(level, courts, heads, bands, len(courts) - len(values), plot, scores, said)


def _total(report: Report, court: str) -> int:
    duties = report.court_duties.get(court, [])
    return sum(report.findings.count(court, duty) for duty in duties)


def _unscored_courts(report: Report) -> list[str]:
    """Courts with findings that were not scored: their findings are shown all the same."""
    return sorted(set(report.court_duties) - set(report.courts))


def _court_values(
    report: Report, court: CourtScores, nodes: list[ScoredNode], beside: list[ScoredNode]
) -> dict[str, object]:
    code = court.court
    leaves = [node for node in nodes if node.indicator.is_leaf]
    all_leaves = [node.indicator.id for node in (*leaves, *beside)]
    counts = {leaf: report.leaf_findings(code, leaf) for leaf in all_leaves}
    below = [other for other in report.courts.values() if other.parent == code]
    return {
        "court": court,
        "nodes": nodes,
        "beside": beside,
        "tree": court_tree(nodes, report.language),
        **_doubts(report, court, [*nodes, *beside]),
        "line_places": _line_places(report, court),
        "total": _total(report, code),
        "missing": [node for node in leaves if node.score.state == "no_data"],
        "leaf_count": len(leaves),
        "counts": counts,
        "paged": {leaf for leaf, count in counts.items() if count or report.has_cases(leaf)},
        "above": report.courts.get(court.parent or ""),
        "below": sorted(below, key=lambda other: other.court),
        "figures": report.figures.get(code, []),
        "court_duties": report.court_duties.get(code, []),
        "duties": [
            _summary(report, code, duty, [*nodes, *beside])
            for duty in report.court_duties.get(code, [])
        ],
    }


def _doubts(report: Report, court: CourtScores, nodes: list[ScoredNode]) -> dict[str, object]:
    """What is unsure about the court's scores, by node ("" is the whole), and its standing."""
    scores = [root_score(court), *(node.score for node in nodes)]
    doubts = {score.node: report.doubts.of(court.court, score) for score in scores}
    standing = report.doubts.standing(court.court)
    return {
        "doubts": doubts,
        "sampled": any(doubt and doubt.state != "census" for doubt in doubts.values()),
        "standing": standing,
        "standing_text": f"{standing.rank} {standing.in_brackets(report.translate)}"
        if standing
        else "",
    }


def _line_places(report: Report, court: CourtScores) -> LinePlaces:
    found = set_of(report.edition, court.level)
    return LinePlaces(
        {line.id: f"#{line.leaf}" for line in (found.lines if found else ()) if line.leaf},
        {line.line for line in court.lines if differs(line)},
    )


def _summary(report: Report, court: str, duty: str, nodes: list[ScoredNode]) -> DutySummary:
    leaves = (node.indicator.id for node in nodes)
    leaf = next((leaf for leaf in leaves if duty in report.leaf_duties(leaf)), None)
    page = links.leaf_page(court, leaf) if leaf else links.other_page(court)
    return DutySummary(report.duties[duty], _counts(report, court, duty), page)


def _leaf_page(
    report: Report, court: CourtScores, node: ScoredNode, nodes: list[ScoredNode]
) -> Page:
    page = links.leaf_page(court.court, node.indicator.id)
    groups = _groups(report, court.court, report.leaf_duties(node.indicator.id))
    values = _leaf_values(report, court, node, nodes)
    options = _state_options(report, groups)
    return page, report.render("leaf.html.j2", page, groups=groups, state_options=options, **values)


def _figure_page(
    report: Report, court: CourtScores, node: ScoredNode, nodes: list[ScoredNode]
) -> Page:
    leaf = node.indicator.id
    page, behind = (
        links.leaf_page(court.court, leaf),
        report.behind[report.evaluation.leaf_figures[leaf]],
    )
    values = _leaf_values(report, court, node, nodes)
    # Safe: every cell was escaped when the rows were made.
    rows, sums = Markup(behind.text(court.court)), behind.sums(court.court)
    return page, report.render("figure.html.j2", page, rows=rows, sums=sums, **values)


def _leaf_values(
    report: Report, court: CourtScores, node: ScoredNode, nodes: list[ScoredNode]
) -> dict[str, object]:
    """What every page of a leaf shows above the rows."""
    rule = node.indicator.score
    used = (item for item in report.evaluation.assumptions if rule and item.id == rule.assumption)
    return {
        "court": court,
        "node": node,
        "path": _path(node, {other.indicator.id: other for other in nodes}),
        "figure": _definition(report, node.indicator.id),
        "assumption": next(used, None),
    }


def _definition(report: Report, leaf: str) -> FigureDefinition | None:
    figure = report.evaluation.leaf_figures.get(leaf, "")
    found = definitions().get(figure)
    if found is None:
        return None
    title = figure_name(figure, report.language)
    return FigureDefinition(
        title, found.row, cite_text(found.cite, report.language), in_days(figure)
    )


def _state_options(report: Report, groups: Sequence[DutyFindings]) -> list[tuple[str, str]]:
    """The choices of a page's filter: each state of a finding in the words of its duties."""
    duties = [group.duty.id for group in groups]
    return [(state, state_name(state, report.language, duties)) for state in FINDING_STATES]


def _path(node: ScoredNode, nodes: dict[str, ScoredNode]) -> list[ScoredNode]:
    """The indicators above `node`, from the first level down."""
    parent = nodes.get(node.parent)
    return [*_path(parent, nodes), parent] if parent else []


def _other_page(report: Report, court: CourtScores, duties: Sequence[str]) -> Page:
    page = links.other_page(court.court)
    groups = _groups(report, court.court, duties)
    options = _state_options(report, groups)
    return page, report.render(
        "other.html.j2", page, court=court, groups=groups, state_options=options
    )


def _groups(report: Report, court: str, duties: Sequence[str]) -> list[DutyFindings]:
    return [
        DutyFindings(report.duties[duty], _counts(report, court, duty), _rows(report, court, duty))
        for duty in duties
        if report.findings.count(court, duty)
    ]


def _counts(report: Report, court: str, duty: str) -> tuple[int, ...]:
    start, end = report.findings.runs[court, duty]
    states = report.findings.table["state"].slice(start, end - start).to_pylist()
    return tuple(states.count(state) for state in FINDING_STATES)


def _rows(report: Report, court: str, duty: str) -> Markup:
    # Safe: every cell was escaped when the rows were made.
    return Markup(report.rows.text(*report.findings.runs[court, duty]))


def _other_duties(report: Report, court: str, nodes: list[ScoredNode]) -> list[str]:
    counted = {duty for node in nodes for duty in report.leaf_duties(node.indicator.id)}
    return [duty for duty in report.court_duties.get(court, []) if duty not in counted]
