"""What an evaluation is: scores with everything needed to defend them. Plain data, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pyarrow as pa

from zhiheng.scoring.proof import Proof

if TYPE_CHECKING:
    from zhiheng.scoring.columns import SetScores
    from zhiheng.scoring.moved import SetMoved
    from zhiheng.scoring.readings import Draw
    from zhiheng.scoring.said import SetSaid

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


Reached = Literal["yes", "no", "no_data", "no_verdict"]
Passed = Literal["yes", "no", "undetermined"]


@dataclass(frozen=True)
class LineScore:
    """One line (指标线) for one court.

    `value` is the percentage held by the court; `judged` the one held against the threshold,
    which differs where the figure comes from a sample and the decision rule asks for a bound.
    `reached` is "no_data" where there is no figure: what is missing is never a line missed.
    It is "no_verdict" where no threshold is published. `veto`: missing it bars the court.
    `chance` is the probability (0-1) that the true value keeps the line, where files were drawn
    and read; None elsewhere.
    """

    line: str
    zh: str
    en: str
    value: float | None
    judged: float | None
    at_least: float | None
    at_most: float | None
    reached: Reached
    veto: bool
    numerator: float | None = None
    denominator: float | None = None
    source: str = ""
    chance: float | None = None


@dataclass(frozen=True)
class GroupShare:
    """How many courts of a level ("" is all levels together) reach every line of their set.

    `share` is reached / (reached + missed) in percent, None where no court could be judged;
    courts that miss no line but lack data on one are `undetermined` and stand outside it.
    """

    level: str
    reached: int
    missed: int
    undetermined: int
    share: float | None
    at_least: float
    met: Reached


@dataclass(frozen=True)
class CourtScores:
    """All scores of one court on the set of its level: node id → score; "" is the root.

    `lines` are the lines of its set; `passed` is set only where the edition draws a verdict from
    them: "undetermined" where nothing bars the court and yet something is missing, be it data or
    (where lines only veto) the edition's unpublished other conditions.
    """

    court: str
    name: str
    level: str
    parent: str | None
    scores: Mapping[str, Score]
    lines: tuple[LineScore, ...] = ()
    passed: Passed | None = None


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


@dataclass(frozen=True, kw_only=True)
class Scored:
    """The scores of one run: the edition, the day, the period, every court's scores.

    `figures` are the H figures by court: court, figure, value, numerator, denominator. `groups`
    are the shares of courts that reach their lines, where the edition asks for one. `sets` are
    the scores of `courts` once more, by set, as arrays. `said` is what may be said of the levels
    of which leaves were read in files drawn (by `draw`), `moved` how ranks move in replays, where
    these were asked for. `proof` names by digest everything the
    scores were computed from.
    """

    edition: str
    edition_title_zh: str
    edition_title_en: str
    as_of: int
    period: tuple[int, int]
    courts: tuple[CourtScores, ...]
    figures: pa.Table
    assumptions: tuple[UsedAssumption, ...]
    store_digest: str
    provisional_days: bool
    groups: tuple[GroupShare, ...] = ()
    sets: tuple[SetScores, ...] = ()
    said: tuple[SetSaid, ...] = ()
    draw: Draw | None = None
    moved: tuple[SetMoved, ...] = ()
    proof: Proof | None = None


@dataclass(frozen=True, kw_only=True)
class Evaluation(Scored):
    """The scores of one run with everything a report prints of the cases behind them.

    `findings` has one row per outcome that is late, overdue, excused or undeterminable: columns
    court, duty, rulebook, title_zh, title_en, article, case_number, subject_kind, subject_id,
    officer, state, reason, detail, start, due, stop (int32 days since 1970-01-01, nullable),
    days_over (int32, nullable); sorted by court, duty, case_number. `leaf_duties` maps a leaf
    to the duties it is computed from.

    `leaf_figures` maps a leaf to the figure it shows, and `behind` maps a figure that comes from
    records alone to all its rows: court, case_number, officer, filed, closed (int32 days),
    closing_kind, above, below (what each case adds to numerator and denominator, in units of 1 /
    the figure's scale in `scales`), sorted by court and case number.
    """

    findings: pa.Table
    leaf_duties: Mapping[str, tuple[str, ...]]
    leaf_figures: Mapping[str, str]
    behind: Mapping[str, pa.Table]
    scales: Mapping[str, int]
