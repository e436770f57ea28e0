"""Evaluate courts on editions: checks, figures, leaves, trees; everything a report prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
from ibis.backends import BaseBackend

from zhiheng.checks.engines import HERE, Engine
from zhiheng.checks.run import run
from zhiheng.measures.behind import rows_behind
from zhiheng.measures.figures import FIGURES
from zhiheng.measures.figures import SCHEMA as FIGURES_SCHEMA
from zhiheng.measures.findings import named
from zhiheng.measures.from_outcomes import DUTIES, Ratios, count_ratios
from zhiheng.measures.layered import figures_of_store
from zhiheng.measures.question import Question
from zhiheng.measures.sums import Sums, figures_of
from zhiheng.scoring.assumptions import used
from zhiheng.scoring.counting import Counted, Progress, count, in_passes
from zhiheng.scoring.courts import Rows, no_such_court, score_courts
from zhiheng.scoring.leaf import Evidence, Ratio
from zhiheng.scoring.lines import group_shares
from zhiheng.scoring.proof import prove
from zhiheng.scoring.results import Evaluation, Scored
from zhiheng.scoring.run import Run, leaf_duties, leaf_figures, question
from zhiheng.store.engine import connect, fetched


def evaluate(run_: Run, progress: Progress | None = None) -> Evaluation:
    """Score every court of the store whose level the edition has a set for, with all findings and
    all rows behind the figures.

    Raises BadInput where the store has no court.
    """
    (evaluation,) = evaluate_all([run_], progress)
    return evaluation


def evaluate_all(
    runs: Sequence[Run], progress: Progress | None = None, engine: Engine = HERE
) -> list[Evaluation]:
    """As `evaluate`, for several runs of one store; they share passes over it where they can."""
    con = engine.connect()
    scored = _scored(runs, con, progress, findings=True, engine=engine)
    return [_whole(run_, con, *each) for run_, each in zip(runs, scored, strict=True)]


def score_all(
    runs: Sequence[Run], progress: Progress | None = None, engine: Engine = HERE
) -> list[Scored]:
    """The scores of several runs of one store, without findings and rows behind: for stores that
    are too large to look at case by case. Raises BadInput where the store has no court."""
    scored = _scored(runs, engine.connect(), progress, findings=False, engine=engine)
    return [each for each, _ in scored]


def court_figures(run_: Run, progress: Progress | None = None) -> dict[tuple[str, str], Ratio]:
    """Numerator and denominator of every figure of every court: (court, figure) → ratio."""
    ratios = Ratios()
    for checked in run(run_.store, run_.setting, progress, DUTIES, run_.court):
        ratios.plus(count_ratios(checked, run_.period, run_.as_of, run_.with_property))
    return ratios_of(ratios, figures_of(question(run_, con := connect()), con))


def _scored(
    runs: Sequence[Run],
    con: BaseBackend,
    progress: Progress | None,
    findings: bool,
    engine: Engine,
) -> list[tuple[Scored, Counted]]:
    asked = _Asked(con, engine.keeps)
    found: dict[int, tuple[Scored, Counted]] = {}
    for places in in_passes(runs):
        together = [runs[place] for place in places]
        counted = count(together, progress, findings, engine)
        courts = _courts(together[0], con)
        for place, each in zip(places, counted, strict=True):
            figures = asked.of(runs[place], each.ratios)
            found[place] = (_score(runs[place], each, figures, courts), each)
    return [found[place] for place in range(len(runs))]


@dataclass(frozen=True, eq=False)
class _Figures:
    """All figures of all courts, and the same as a table."""

    ratios: Mapping[tuple[str, str], Ratio]
    table: pa.Table


class _Asked:
    """Figures, put together once for all runs that ask the same."""

    def __init__(self, con: BaseBackend, keeps: bool) -> None:
        self._con, self._keeps = con, keeps
        self._known: dict[tuple[object, ...], tuple[Ratios, _Figures]] = {}

    def of(self, run_: Run, counted: Ratios) -> _Figures:
        """The figures of a run; runs that were counted together have one object `counted`."""
        ask = question(run_, self._con)
        key = (run_.store.digest, run_.court, *ask.terms, id(counted))
        if key not in self._known:
            ratios = ratios_of(counted, self._sums(ask, run_))
            self._known[key] = (counted, _Figures(ratios, figures_table(ratios)))
        return self._known[key][1]

    def _sums(self, ask: Question, run_: Run) -> Sums:
        if self._keeps and run_.court is None:
            return figures_of_store(ask, run_.store, self._con)
        return figures_of(ask, self._con)


def ratios_of(ratios: Ratios, sums: Sums) -> dict[tuple[str, str], Ratio]:
    """Figures that rest on outcomes and those that records alone give: (court, figure) → ratio."""
    found = {key: (float(above), float(below)) for key, (above, below) in ratios.values.items()}
    for (court, name), (above, below) in sums.items():
        found[(court, name)] = FIGURES[name].ratio(above, below)
    return found


def _score(run_: Run, counted: Counted, figures: _Figures, rows: Rows) -> Scored:
    edition = run_.edition
    evidence = Evidence(edition, counted.tally, figures.ratios)
    sets, courts = score_courts(_with_a_set(rows, run_), evidence, run_.answers)
    return Scored(
        edition=edition.id,
        edition_title_zh=edition.zh,
        edition_title_en=edition.en,
        as_of=run_.as_of,
        period=(run_.period.first, run_.period.last),
        courts=courts,
        figures=figures.table,
        assumptions=used(edition, run_.law),
        store_digest=run_.store.digest,
        provisional_days=counted.provisional,
        groups=group_shares(edition, courts),
        sets=sets,
        proof=prove(run_.store, run_.law, edition, run_.answers),
    )


def _whole(run_: Run, con: BaseBackend, scored: Scored, counted: Counted) -> Evaluation:
    return Evaluation(
        **{name: getattr(scored, name) for name in Scored.__dataclass_fields__},
        findings=named(counted.raw, run_.store, con, run_.law),
        leaf_duties=leaf_duties(run_.edition),
        leaf_figures=leaf_figures(run_.edition),
        behind=_behind(run_, con),
        scales={name: figure.scale for name, figure in FIGURES.items()},
    )


def _behind(run_: Run, con: BaseBackend) -> dict[str, pa.Table]:
    """All rows behind the figures that leaves show."""
    ask = question(run_, con)
    shown = sorted(set(leaf_figures(run_.edition).values()) & set(FIGURES))
    return {figure: rows_behind(figure, ask, con, run_.court) for figure in shown}


def figures_table(figures: Mapping[tuple[str, str], Ratio]) -> pa.Table:
    """Figures as rows, sorted by court and figure; no value where the denominator is 0."""
    keys = sorted(figures)
    above, below = [figures[key][0] for key in keys], [figures[key][1] for key in keys]
    values = [a / b if b else None for a, b in zip(above, below, strict=True)]
    columns = [[court for court, _ in keys], [name for _, name in keys], above, below, values]
    return pa.table(dict(zip(FIGURES_SCHEMA.names, columns, strict=True)), schema=FIGURES_SCHEMA)


def courts_of(run_: Run, con: BaseBackend) -> Rows:
    """The courts of a run that its edition has a set for, in order. Raises BadInput where there is
    none."""
    return _with_a_set(_courts(run_, con), run_)


def _courts(run_: Run, con: BaseBackend) -> Rows:
    courts = run_.store.relation(con, "courts")
    if run_.court is not None:
        courts = courts.filter(courts["court"] == run_.court)
    rows: Rows = fetched(con, courts.order_by("court")).to_pylist()
    return rows


def _with_a_set(rows: Rows, run_: Run) -> Rows:
    """The courts whose level the edition has a set for. Raises BadInput where there is none."""
    found = [row for row in rows if row["level"] in run_.edition.sets]
    if not found:
        raise no_such_court(run_.court or run_.store.path.name)
    return found
