"""Evaluate courts on editions: checks, figures, leaves, trees; everything a report prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from zhiheng.checks.engines import HERE, Engine
from zhiheng.checks.run import run
from zhiheng.indexes.model import LEVELS
from zhiheng.measures.behind import rows_behind
from zhiheng.measures.figures import FIGURES
from zhiheng.measures.figures import SCHEMA as FIGURES_SCHEMA
from zhiheng.measures.findings import named
from zhiheng.measures.from_outcomes import DUTIES, Ratios, count_ratios
from zhiheng.measures.layered import Connect, figures_of_store
from zhiheng.measures.sums import Sums, figures_of
from zhiheng.scoring.assumptions import used
from zhiheng.scoring.counting import Counted, Progress, count, in_passes
from zhiheng.scoring.courts import Rows, no_such_court, score_courts
from zhiheng.scoring.leaf import Evidence, Ratio
from zhiheng.scoring.lines import group_shares
from zhiheng.scoring.proof import prove
from zhiheng.scoring.results import Evaluation, Scored
from zhiheng.scoring.run import Run, leaf_duties, leaf_figures, question
from zhiheng.scoring.sampled import refuse_elsewhere
from zhiheng.scoring.saying import said_of_sets
from zhiheng.store.arrow_arrays import column_of, column_where, texts
from zhiheng.store.engine import connect
from zhiheng.store.few_rows import few_rows


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
    connected = cache(engine.connect)
    scored = _scored(runs, connected, progress, findings=True, engine=engine)
    return [_whole(run_, connected, *each) for run_, each in zip(runs, scored, strict=True)]


def score_all(
    runs: Sequence[Run], progress: Progress | None = None, engine: Engine = HERE
) -> list[Scored]:
    """The scores of several runs of one store, without findings and rows behind: for stores that
    are too large to look at case by case. Raises BadInput where the store has no court."""
    scored = _scored(runs, cache(engine.connect), progress, findings=False, engine=engine)
    return [each for each, _ in scored]


def court_figures(run_: Run, progress: Progress | None = None) -> dict[tuple[str, str], Ratio]:
    """Numerator and denominator of every figure of every court: (court, figure) → ratio."""
    ratios = Ratios()
    for checked in run(run_.store, run_.setting, progress, DUTIES, run_.court):
        ratios.plus(count_ratios(checked, run_.period, run_.as_of, run_.with_property))
    return ratios_of(ratios, _sums(run_, cache(connect), keeps=True))


def evidence_of(
    runs: Sequence[Run], progress: Progress | None = None, engine: Engine = HERE
) -> list[Evidence]:
    """What the courts of several runs of one store are scored from."""
    asked = _Asked(cache(engine.connect), engine.keeps)
    found: dict[int, Evidence] = {}
    for places in in_passes(runs):
        counted = count([runs[place] for place in places], progress, False, engine)
        for place, each in zip(places, counted, strict=True):
            found[place] = _evidence(runs[place], each, asked.of(runs[place], each.ratios))
    return [found[place] for place in range(len(runs))]


def _evidence(run_: Run, counted: Counted, figures: _Figures) -> Evidence:
    return Evidence(run_.edition, counted.tally, figures.ratios, run_.readings)


def _scored(
    runs: Sequence[Run],
    connect: Connect,
    progress: Progress | None,
    findings: bool,
    engine: Engine,
) -> list[tuple[Scored, Counted]]:
    asked = _Asked(connect, engine.keeps)
    found: dict[int, tuple[Scored, Counted]] = {}
    for places in in_passes(runs):
        together = [runs[place] for place in places]
        counted = count(together, progress, findings, engine)
        courts = _courts(together[0])
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

    def __init__(self, connect: Connect, keeps: bool) -> None:
        self._connect, self._keeps = connect, keeps
        self._known: dict[tuple[object, ...], tuple[Ratios, _Figures]] = {}

    def of(self, run_: Run, counted: Ratios) -> _Figures:
        """The figures of a run; runs that were counted together have one object `counted`."""
        terms = question(run_, self._connect).terms
        key = (run_.store.digest, run_.court, *terms, id(counted))
        if key not in self._known:
            ratios = ratios_of(counted, _sums(run_, self._connect, self._keeps))
            self._known[key] = (counted, _Figures(ratios, figures_table(ratios)))
        return self._known[key][1]


def _sums(run_: Run, connect: Connect, keeps: bool) -> Sums:
    """The figures that records alone give; where results are `kept` they are kept of all courts."""
    ask = question(run_, connect)
    if keeps and run_.court is None:
        return figures_of_store(ask, run_.store, connect)
    return figures_of(ask, connect())


def ratios_of(ratios: Ratios, sums: Sums) -> dict[tuple[str, str], Ratio]:
    """Figures that rest on outcomes and those that records alone give: (court, figure) → ratio."""
    found = {key: (float(above), float(below)) for key, (above, below) in ratios.values.items()}
    for (court, name), (above, below) in sums.items():
        found[(court, name)] = FIGURES[name].ratio(above, below)
    return found


def _score(run_: Run, counted: Counted, figures: _Figures, rows: Rows) -> Scored:
    edition = run_.edition
    evidence = _evidence(run_, counted, figures)
    if run_.readings and run_.court is None:
        level_of = {str(row["court"]): str(row["level"]) for row in rows}
        refuse_elsewhere(run_.readings, edition, level_of)
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
        said=said_of_sets(sets, evidence),
        draw=run_.readings.draw if run_.readings else None,
        proof=prove(run_.store, run_.law, edition, run_.answers, _digest(run_)),
    )


def _digest(run_: Run) -> str:
    return run_.readings.draw.digest if run_.readings else ""


def _whole(run_: Run, connect: Connect, scored: Scored, counted: Counted) -> Evaluation:
    return Evaluation(
        **{name: getattr(scored, name) for name in Scored.__dataclass_fields__},
        findings=named(counted.raw, run_.store, connect(), run_.law),
        leaf_duties=leaf_duties(run_.edition),
        leaf_figures=leaf_figures(run_.edition),
        behind=_behind(run_, connect),
        scales={name: figure.scale for name, figure in FIGURES.items()},
    )


def _behind(run_: Run, connect: Connect) -> dict[str, pa.Table]:
    """All rows behind the figures that leaves show."""
    ask = question(run_, connect)
    shown = sorted(set(leaf_figures(run_.edition).values()) & set(FIGURES))
    return {figure: rows_behind(figure, ask, connect(), run_.court) for figure in shown}


def figures_table(figures: Mapping[tuple[str, str], Ratio]) -> pa.Table:
    """Figures as rows, sorted by court and figure; no value where the denominator is 0."""
    courts, names = ([key[n] for key in figures] for n in (0, 1))
    above, below = np.array(list(figures.values()), np.float64).reshape(-1, 2).T
    value = column_where(above / np.where(below, below, 1.0), below != 0)
    columns = [texts(courts), texts(names), column_of(above), column_of(below), value]
    table = pa.Table.from_arrays(columns, schema=FIGURES_SCHEMA)
    return table.sort_by([("court", "ascending"), ("figure", "ascending")])


def _courts(run_: Run) -> Rows:
    """All courts of the store in order, or the one asked for."""
    where = {"court": [run_.court]} if run_.court is not None else {"level": LEVELS}
    rows = few_rows(run_.store, "courts", where, ("court", "name", "level", "parent"))
    return sorted(rows, key=lambda row: str(row["court"]))


def _with_a_set(rows: Rows, run_: Run) -> Rows:
    """The courts whose level the edition has a set for. Raises BadInput where there is none."""
    found = [row for row in rows if row["level"] in run_.edition.sets]
    if not found:
        raise no_such_court(run_.court or run_.store.path.name)
    return found
