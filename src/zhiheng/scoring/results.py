"""What an evaluation is: scores with everything needed to defend them. Plain data, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

ScoreState = Literal["scored", "no_data", "not_applicable"]


@dataclass(frozen=True)
class Score:
    """The score of one node of the index tree for one court.

    `value` is 0-100, None unless `state` is "scored". `coverage` is the share (0-1) of the node's
    applicable weight that has data. `numerator`/`denominator` are set for leaves computed as a
    ratio. `states` counts the outcomes behind a leaf by outcome state. `source` is where the
    figure really came from ("system", "answer", or "" where there is none).
    """

    node: str
    state: ScoreState
    value: float | None
    coverage: float
    numerator: float | None = None
    denominator: float | None = None
    source: str = ""
    states: Mapping[str, int] | None = None
    evidence: str = ""


@dataclass(frozen=True)
class CourtScores:
    """All scores of one court on the set of its level: node id → score; "" is the root."""

    court: str
    name: str
    level: str
    parent: str | None
    scores: Mapping[str, Score]


@dataclass(frozen=True)
class UsedAssumption:
    """An assumption in force, as printed in the annex."""

    id: str
    zh: str
    en: str
    value: str
    alternatives: tuple[str, ...]
    reason_zh: str
    reason_en: str


@dataclass(frozen=True)
class Evaluation:
    """One run of `evaluate`: the edition, the day, the period, every court's scores.

    `findings` has one row per outcome that is late, overdue, excused or undeterminable: columns
    court, duty, rulebook, title_zh, title_en, article, case_number, subject_kind, subject_id,
    officer, state, reason, detail, start, due, stop (int32 days since 1970-01-01, nullable),
    days_over (int32, nullable); sorted by court, duty, case_number. `leaf_duties` maps a leaf
    to the duties it is computed from. `figures` are the H figures by court: court, figure, value,
    numerator, denominator.

    `leaf_figures` maps a leaf to the figure it shows, and `behind` maps a figure that comes from
    records alone to all its rows: court, case_number, officer, filed, closed (int32 days),
    closing_kind, above, below (what each case adds to numerator and denominator, in units of 1 /
    the figure's scale in `scales`), sorted by court and case number.
    """

    edition: str
    edition_title_zh: str
    edition_title_en: str
    as_of: int
    period: tuple[int, int]
    courts: tuple[CourtScores, ...]
    findings: pa.Table
    figures: pa.Table
    leaf_duties: Mapping[str, tuple[str, ...]]
    leaf_figures: Mapping[str, str]
    behind: Mapping[str, pa.Table]
    scales: Mapping[str, int]
    assumptions: tuple[UsedAssumption, ...]
    store_digest: str
    provisional_days: bool
