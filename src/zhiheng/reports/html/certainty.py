"""The page of what may be said: what each level's part of it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import TYPE_CHECKING

from zhiheng.reports import moved_rows
from zhiheng.reports.certainty import (
    Doubt,
    Doubts,
    Standing,
    band_sentences,
    in_brackets,
    scored_courts,
)
from zhiheng.reports.certainty_words import certainty_sections, draw_terms
from zhiheng.reports.html import links
from zhiheng.reports.html.report import Report
from zhiheng.reports.pictures.movers import Factor, Movers, movers
from zhiheng.reports.pictures.rank_bars import RankBars, Ranked, rank_bars
from zhiheng.reports.pictures.whiskers import Marked, Whiskers, whiskers
from zhiheng.reports.tree import courts_by_level
from zhiheng.scoring.results import CourtScores, LineScore, Score

if TYPE_CHECKING:
    from zhiheng.scoring.moved import SetMoved  # slow to load
    from zhiheng.scoring.said import Pair, SetSaid

MOST_PAIRED = 30
"""Courts up to which the page lists every pair."""


@dataclass(frozen=True)
class CourtRow:
    """A court's score with what is unsure about it, and its standing where it has one."""

    court: CourtScores
    score: Score
    doubt: Doubt | None
    standing: Standing | None


@dataclass(frozen=True)
class PairRow:
    """Two courts and the difference between them."""

    first: str
    second: str
    pair: Pair


@dataclass(frozen=True)
class Apart:
    """What may be said of the courts of a level; `pairs` is None where there are too many."""

    scores: list[Whiskers]
    ranks: list[RankBars]
    rows: list[CourtRow]
    unranked: list[str]
    bands: list[tuple[str, str]]
    pairs: list[PairRow] | None


@dataclass(frozen=True)
class Moving:
    """What moved ranks when `varied` was varied, by `count` replays."""

    varied: str
    count: int
    shift: float
    picture: Movers
    rows: list[moved_rows.CourtMoved]


@dataclass(frozen=True)
class LevelCertainty:
    """A level's part of the page; what there is nothing of is None or empty."""

    level: str
    count: int
    apart: Apart | None
    lines: list[tuple[CourtScores, LineScore]]
    moving: list[Moving]
    changes: list[moved_rows.ChangeRow]


def certainty_values(report: Report) -> dict[str, object]:
    """What the page shows."""
    evaluation, _ = report.evaluation, report.translate
    return {
        "draw_terms": draw_terms(evaluation.draw, _) if evaluation.draw else (),
        "levels": list(_levels(report)),
        "sections": certainty_sections(evaluation, _),
        "names": _names(report),
        "most_paired": MOST_PAIRED,
    }


def score_pictures(report: Report, courts: Sequence[CourtScores]) -> list[Whiskers]:
    """The scores of courts as dots with whiskers."""
    doubts = report.doubts
    rows = [_row(doubts, court, score) for court, score in scored_courts(courts)]
    return whiskers([_marked(report, row) for row in rows])


def _levels(report: Report) -> Iterator[LevelCertainty]:
    said = {one.level: one for one in report.evaluation.said}
    moved = {one.level: one for one in report.evaluation.moved}
    for level, courts in courts_by_level(report.evaluation):
        lines = [
            (court, line) for court in courts for line in court.lines if line.chance is not None
        ]
        if level in said or level in moved or lines:
            yield LevelCertainty(
                level,
                len(courts),
                _apart(report, said[level], courts) if level in said else None,
                lines,
                list(_moving(report, moved[level])) if level in moved else [],
                moved_rows.change_rows(moved[level], _names(report), report.language)
                if level in moved
                else [],
            )


def _apart(report: Report, said: SetSaid, courts: Sequence[CourtScores]) -> Apart:
    rows = [_row(report.doubts, court, score) for court, score in scored_courts(courts)]
    places = {court: place for place, court in enumerate(said.courts)}
    # The order of the bands: equal scores stay as the courts stand.
    rows.sort(key=lambda row: (-(row.score.value or 0.0), places[row.court.court]))
    names = _names(report)
    return Apart(
        whiskers([_marked(report, row) for row in rows]),
        rank_bars([_ranked(report, row.court, row.standing) for row in rows if row.standing]),
        rows,
        [row.court.name for row in rows if row.standing is None],
        band_sentences(said, names, report.translate),
        list(_pairs(said, names)) if len(said.courts) <= MOST_PAIRED else None,
    )


def _row(doubts: Doubts, court: CourtScores, score: Score) -> CourtRow:
    return CourtRow(court, score, doubts.of(court.court, score), doubts.standing(court.court))


def _marked(report: Report, row: CourtRow) -> Marked:
    value, doubt = row.score.value or 0.0, row.doubt
    low = doubt.low if doubt and doubt.low is not None else value
    high = doubt.high if doubt and doubt.high is not None else value
    kind = doubt.state if doubt else "census"
    text = in_brackets(doubt, report.translate)
    link = links.court_page(row.court.court)
    return Marked(row.court.name, f"{value:.1f}", text, value, low, high, kind, link)


def _ranked(report: Report, court: CourtScores, standing: Standing) -> Ranked:
    text = standing.in_brackets(report.translate)
    rank, best, worst = standing.rank, standing.best, standing.worst
    link = links.court_page(court.court)
    return Ranked(court.name, text, rank, best, worst, standing.bands, link)


def _pairs(said: SetSaid, names: Mapping[str, str]) -> Iterator[PairRow]:
    from zhiheng.scoring.said import pairs_of  # slow to load

    for pair in pairs_of(said, [None] * len(said.courts)):
        first, second = (said.courts[place] for place in (pair.first, pair.second))
        yield PairRow(names.get(first, first), names.get(second, second), pair)


def _moving(report: Report, moved: SetMoved) -> Iterator[Moving]:
    for analysis in moved.analyses:
        factors = moved_rows.factor_rows(analysis, report.language)
        yield Moving(
            analysis.varied,
            analysis.count,
            analysis.shift,
            movers([_factor(row) for row in factors]),
            moved_rows.court_rows(moved, analysis),
        )


def _factor(row: moved_rows.FactorRow) -> Factor:
    first, total = (nan if index is None else index for index in (row.first, row.total))
    text = "—" if isnan(total) else f"{total:.2f} / {first:.2f}"
    return Factor(row.title, text, first, total)


def _names(report: Report) -> dict[str, str]:
    return {court: scores.name for court, scores in report.courts.items()}
