"""What every page draws on: the evaluation, its findings grouped once, the templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from zhiheng.indexes.model import Edition
from zhiheng.language import Translate, translator
from zhiheng.reports import bands, certainty, certainty_words, facts, lines, method, tree, words
from zhiheng.reports.certainty import Doubts
from zhiheng.reports.findings import Findings, group_findings
from zhiheng.reports.html import links
from zhiheng.reports.html.figure_rows import FigureRows
from zhiheng.reports.html.rows import FindingRows
from zhiheng.scoring.results import CourtScores, Evaluation


@dataclass(frozen=True)
class Duty:
    """A duty as its findings name it."""

    id: str
    rulebook: str
    title: str
    article: str


@dataclass(frozen=True)
class Report:
    """One report being written."""

    evaluation: Evaluation
    edition: Edition
    language: str
    findings: Findings
    rows: FindingRows
    behind: dict[str, FigureRows]
    duties: dict[str, Duty]
    courts: dict[str, CourtScores]
    figures: dict[str, list[dict[str, Any]]]
    court_duties: dict[str, list[str]]
    duties_of_leaves: dict[str, tuple[str, ...]]
    environment: Environment
    doubts: Doubts

    @property
    def translate(self) -> Translate:
        """English source string → the report's language."""
        return translator(self.language)

    def render(self, template: str, page: str, **values: object) -> str:
        """The page at address `page` out of `template`."""
        root = "../" * page.count("/")
        return self.environment.get_template(template).render(root=root, page=page, **values)

    def leaf_duties(self, leaf: str) -> tuple[str, ...]:
        """The duties a leaf is computed from, with those they are made up of."""
        return self.duties_of_leaves.get(leaf, ())

    def has_cases(self, leaf: str) -> bool:
        """Whether all cases behind a leaf are at hand, because it shows a figure of records."""
        return self.evaluation.leaf_figures.get(leaf) in self.behind

    def leaf_findings(self, court: str, leaf: str) -> int:
        """How many findings lie behind a court's leaf."""
        return sum(self.findings.count(court, duty) for duty in self.leaf_duties(leaf))


def new_report(evaluation: Evaluation, edition: Edition, language: str) -> Report:
    """The report of an evaluation in `language`, with everything grouped that pages share."""
    findings = group_findings(evaluation.findings)
    return Report(
        evaluation,
        edition,
        language,
        findings,
        FindingRows(findings, language),
        {
            figure: FigureRows(table, evaluation.scales[figure], language, facts.in_days(figure))
            for figure, table in evaluation.behind.items()
        },
        _duties(evaluation, language),
        {court.court: court for court in evaluation.courts},
        _by_court(evaluation.figures.sort_by("figure").to_pylist()),
        _court_duties(findings),
        {leaf: facts.with_members(duties) for leaf, duties in evaluation.leaf_duties.items()},
        _environment(evaluation, edition, language),
        Doubts(evaluation),
    )


def _by_court(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["court"], []).append(row)
    return found


def _court_duties(findings: Findings) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for court, duty in sorted(findings.runs):
        found.setdefault(court, []).append(duty)
    return found


def _duties(evaluation: Evaluation, language: str) -> dict[str, Duty]:
    columns = ["duty", "rulebook", f"title_{language}", "article"]
    rows = evaluation.findings.group_by(columns).aggregate([]).to_pylist()
    found: dict[str, Duty] = {}
    for row in rows:
        duty, rulebook, title, article = (row[column] or "" for column in columns)
        known = found.get(duty)
        # A duty whose versions rest on different articles names them all.
        articles = [known.article] if known else []
        article = "；".join(dict.fromkeys([*articles, article]))
        found[duty] = Duty(duty, rulebook, title, article)
    return found


def _environment(evaluation: Evaluation, edition: Edition, language: str) -> Environment:
    _ = translator(language)
    environment = Environment(
        loader=PackageLoader("zhiheng.reports.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "_": _,
        "language": language,
        "evaluation": evaluation,
        "edition": edition,
        "links": links,
        "words": words,
        "certainty_words": certainty_words,
        "lines": lines,
        "something_said": certainty.something_said(evaluation),
        "all_bands": bands.all_bands(_),
        "band_of": lambda score: bands.band_of(score, _),
        "band_glyphs": method.band_glyphs,
        "is_thin": bands.is_thin,
        "root_score": tree.root_score,
        "number_of": tree.number_of,
        "figure_name": lambda figure: facts.figure_name(figure, language),
        "in_days": facts.in_days,
        "days_text": lambda days: words.days_text(days, _),
        "state_name": lambda state, duties: facts.state_name(state, language, duties),
        "named": lambda names, key: words.named(names, key, _),
        "doubt_text": lambda doubt: certainty.doubt_text(doubt, _),
        "in_brackets": lambda doubt: certainty.in_brackets(doubt, _),
        "score_text": lambda score: words.score_text(score, _),
        "formula_text": lambda leaf: method.formula_text(leaf, _),
        "choice_text": lambda item, value: facts.choice_text(edition, item.id, value, language),
        "provisional_note": method.provisional_note(_),
    }
    environment.filters |= {
        "number": words.number_text,
        "percent": words.percent_text,
        "day": words.day_text,
    }
    return environment
