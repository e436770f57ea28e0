"""Evaluate courts on an edition: checks, figures, leaves, trees; everything a report prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa
from ibis.backends import BaseBackend

from zhiheng.calendar import load_calendar
from zhiheng.checks.run import Checked, run
from zhiheng.checks.setting import Setting
from zhiheng.errors import BadInput, Message
from zhiheng.indexes.answers import Answers
from zhiheng.indexes.model import Edition, Indicator
from zhiheng.law.model import Duty, Law
from zhiheng.law.order import in_order
from zhiheng.measures.behind import rows_behind
from zhiheng.measures.figures import FIGURES, Question
from zhiheng.measures.figures import SCHEMA as FIGURES_SCHEMA
from zhiheng.measures.findings import named, raw_findings
from zhiheng.measures.from_outcomes import DUTIES, Ratios, count_ratios
from zhiheng.measures.period import Membership, Period
from zhiheng.measures.tally import Tally, count_part
from zhiheng.scoring.assumptions import used
from zhiheng.scoring.courts import score_courts
from zhiheng.scoring.leaf import Evidence, Ratio
from zhiheng.scoring.lines import group_shares
from zhiheng.scoring.results import Evaluation
from zhiheng.store.engine import connect
from zhiheng.store.lake import Store

Progress = Callable[[int, int], None]

FIGURE_DUTIES = {
    "in_time_closing_rate": ("case.closed_in_time",),
    "closed_within_limit_with_property": ("case.closed_in_time",),
    "closure_compliance_rate": ("closure.compliant",),
}
"""Duties behind a figure that rests on outcomes; their findings stand behind its leaf."""

BY_CLOSING = ("case.closed_in_time",)
"""Duties whose findings belong to the period the case was closed in, as their figure does."""


@dataclass(frozen=True)
class Run:
    """What is evaluated, on what, as of when. `law` and `edition` have the assumptions chosen;
    `court` restricts the run to one court."""

    store: Store
    law: Law
    edition: Edition
    period: Period
    as_of: int
    answers: Answers
    court: str | None = None

    @property
    def setting(self) -> Setting:
        """The setting of the checks."""
        return Setting(self.law, load_calendar(), self.as_of)

    @property
    def with_property(self) -> str:
        """Which cases count as cases with property."""
        return self.law.assumptions["with_property"].value

    @property
    def membership(self) -> Membership:
        """How duties belong to the period."""
        return "start" if self.edition.assumptions["period_membership"].value == "start" else "due"


@dataclass(frozen=True, eq=False)
class Counted:
    """What the checks came to over all parts of the store."""

    tally: Tally
    ratios: Ratios
    findings: pa.Table


def evaluate(run_: Run, progress: Progress | None = None) -> Evaluation:
    """Score every court of the store whose level the edition has a set for.

    Raises BadInput where the store has no court.
    """
    con = connect()
    counted = _counted(run_, con, progress)
    figures = _figures(run_, con, counted.ratios)
    evidence = Evidence(run_.edition, counted.tally, figures)
    courts = score_courts(_courts(run_, con), evidence, run_.answers)
    return Evaluation(
        edition=run_.edition.id,
        edition_title_zh=run_.edition.zh,
        edition_title_en=run_.edition.en,
        as_of=run_.as_of,
        period=(run_.period.first, run_.period.last),
        courts=courts,
        findings=counted.findings,
        figures=figures_table(figures),
        leaf_duties=leaf_duties(run_.edition),
        leaf_figures=leaf_figures(run_.edition),
        behind=_behind(run_, con),
        scales={name: figure.scale for name, figure in FIGURES.items()},
        assumptions=used(run_.edition, run_.law),
        store_digest=run_.store.digest,
        provisional_days=counted.tally.provisional > 0,
        groups=group_shares(run_.edition, courts),
    )


def court_figures(run_: Run, progress: Progress | None = None) -> dict[tuple[str, str], Ratio]:
    """Numerator and denominator of every figure of every court: (court, figure) → ratio."""
    ratios = Ratios()
    for checked in run(run_.store, run_.setting, progress, DUTIES, run_.court):
        count_ratios(ratios, checked, run_.period, run_.as_of, run_.with_property)
    return _figures(run_, connect(), ratios)


def leaf_duties(edition: Edition) -> dict[str, tuple[str, ...]]:
    """Leaf → the duties its figure comes from."""
    found = {}
    for index in edition.sets.values():
        for node in index.leaves():
            duties = duties_of(node.indicator)
            if duties:
                found[node.indicator.id] = duties
    return found


def leaf_figures(edition: Edition) -> dict[str, str]:
    """Leaf → the figure it shows."""
    leaves = (node.indicator for index in edition.sets.values() for node in index.leaves())
    return {leaf.id: leaf.score.figure for leaf in leaves if leaf.score and leaf.score.figure}


def _behind(run_: Run, con: BaseBackend) -> dict[str, pa.Table]:
    """All rows behind the figures that leaves show."""
    ask = question(run_, con)
    shown = sorted(set(leaf_figures(run_.edition).values()) & set(FIGURES))
    return {figure: rows_behind(figure, ask, con, run_.court) for figure in shown}


def duties_of(leaf: Indicator) -> tuple[str, ...]:
    """The duties one leaf's figure comes from."""
    if leaf.score is None:
        return ()
    return leaf.score.duties or FIGURE_DUTIES.get(leaf.score.figure or "", ())


def _counted(run_: Run, con: BaseBackend, progress: Progress | None) -> Counted:
    wanted = sorted({duty for duties in leaf_duties(run_.edition).values() for duty in duties})
    chosen = in_order(run_.law, [*wanted, *DUTIES])
    printed = [duty for duty in chosen if duty.id in wanted or _is_member(duty, chosen)]
    tally, ratios, raw = Tally(), Ratios(), []
    for checked in run(
        run_.store, run_.setting, progress, [duty.id for duty in chosen], run_.court
    ):
        count_part(tally, checked, run_.law.duties, run_.period, run_.as_of, run_.membership)
        count_ratios(ratios, checked, run_.period, run_.as_of, run_.with_property)
        raw.extend(_findings(run_, checked, printed))
    return Counted(tally, ratios, named(raw, run_.store, con, run_.law))


def _is_member(duty: Duty, chosen: list[Duty]) -> bool:
    return any(m.duty == duty.id for other in chosen for v in other.versions for m in v.all_of)


def _findings(run_: Run, checked: Checked, duties: list[Duty]) -> list[pa.Table]:
    closing = [duty for duty in duties if duty.id in BY_CLOSING]
    others = [duty for duty in duties if duty.id not in BY_CLOSING]
    return [
        *raw_findings(checked, others, run_.as_of, run_.period, run_.membership),
        *raw_findings(checked, closing, run_.as_of, run_.period, "stop"),
    ]


def _figures(run_: Run, con: BaseBackend, ratios: Ratios) -> dict[tuple[str, str], Ratio]:
    found: dict[tuple[str, str], Ratio] = {
        key: (float(above), float(below)) for key, (above, below) in ratios.values.items()
    }
    ask = question(run_, con)
    for name, figure in FIGURES.items():
        for row in con.to_pyarrow(figure.by_court(ask)).to_pylist():
            above, below = row["numerator"] / figure.scale, row["denominator"] / figure.scale
            found[(row["court"], name)] = (above, below)
    return found


def question(run_: Run, con: BaseBackend) -> Question:
    """What the figures of a run are asked of."""
    assumptions = run_.edition.assumptions
    choices = {name: each.value for name, each in assumptions.items()}
    cap = assumptions["recovery_cap"].settings.get("cap")
    return Question(
        lambda table: run_.store.relation(con, table), run_.period, run_.as_of, choices, cap
    )


def figures_table(figures: Mapping[tuple[str, str], Ratio]) -> pa.Table:
    """Figures as rows, sorted by court and figure; no value where the denominator is 0."""
    rows = [
        {
            "court": court,
            "figure": figure,
            "numerator": above,
            "denominator": below,
            "value": above / below if below else None,
        }
        for (court, figure), (above, below) in sorted(figures.items())
    ]
    return pa.Table.from_pylist(rows, schema=FIGURES_SCHEMA)


def _courts(run_: Run, con: BaseBackend) -> list[dict[str, str]]:
    courts = run_.store.relation(con, "courts")
    chosen = courts.filter(courts["level"].isin(list(run_.edition.sets)))
    if run_.court is not None:
        chosen = chosen.filter(chosen["court"] == run_.court)
    rows: list[dict[str, str]] = con.to_pyarrow(chosen.order_by("court")).to_pylist()
    if not rows:
        raise BadInput(
            Message("数据仓中没有这个法院。", "The store has no such court."),
            Message(
                "请核对法院代字，或先导入法院和案件记录。",
                "Check the court's code, or take in courts and cases first.",
            ),
            run_.court or run_.store.path.name,
        )
    return rows
