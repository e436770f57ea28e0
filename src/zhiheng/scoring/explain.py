"""How the score of one leaf of one court came about, and every row behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from zhiheng.checks.one_court import check_court
from zhiheng.checks.outcomes import STATES, Code
from zhiheng.checks.wording import STATES as STATE_WORDS
from zhiheng.errors import Message, WrongUse
from zhiheng.indexes.model import Edition, Indicator
from zhiheng.measures.behind_court import rows_behind_court, table_named
from zhiheng.measures.few_findings import named_of_court
from zhiheng.measures.figures import FIGURES
from zhiheng.measures.findings import article, raw_findings
from zhiheng.measures.from_outcomes import DUTIES, NEEDS, Ratios, count_ratios
from zhiheng.measures.tally import Tally, count_part, merged
from zhiheng.scoring.courts import no_such_court
from zhiheng.scoring.leaf import Evidence, Ratio, score_leaf
from zhiheng.scoring.results import Score
from zhiheng.scoring.run import BY_CLOSING, Run, duties_of, question_of
from zhiheng.store.few_rows import Row, few_rows

JUDGED = tuple(Code(code) for code, name in enumerate(STATES) if name != "not_applicable")
COLUMNS = (
    "duty", "case_number", "subject_kind", "subject_id", "officer", "state", "reason", "detail",
    "start", "due", "stop", "days_over",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class LeafExplanation:
    """A leaf's score with its rule, the articles, the assumption it turns on, and all its rows."""

    court: str
    court_name: str
    leaf: Indicator
    score: Score
    articles: dict[str, str]
    assumption: tuple[str, str, str] | None
    rows: pa.Table


def explain_leaf(run_: Run, court: str, leaf_id: str) -> LeafExplanation:
    """Explain one leaf of one court (`run_.court` must be that court): nothing is computed that
    the leaf does not rest on.

    Raises WrongUse where the court's level has no such leaf, BadInput where there is no such court.
    """
    leaf = run_.edition.leaf(leaf_id)
    if leaf is None:
        raise _no_leaf(leaf_id)
    row = _court_of(run_, court)
    of_level = run_.edition.sets[row["level"]]
    if all(node.indicator.id != leaf_id for node in of_level.leaves()):
        raise _no_leaf(leaf_id)
    score, rows = _scored(run_, court, leaf)
    return LeafExplanation(
        court,
        row["name"],
        leaf,
        score,
        {duty: article(run_.law.duties[duty], run_.law) for duty in duties_of(leaf)},
        _assumption(leaf, run_.edition),
        rows,
    )


def _court_of(run_: Run, court: str) -> Row:
    """The court, if the edition has a set for its level."""
    rows = few_rows(run_.store, "courts", {"court": [court]}, ("name", "level"))
    found = [row for row in rows if row["level"] in run_.edition.sets]
    if not found:
        raise no_such_court(court)
    return found[0]


def _scored(run_: Run, court: str, leaf: Indicator) -> tuple[Score, pa.Table]:
    """The score of the leaf and the rows behind it."""
    answer = run_.answers.get(court, leaf.id)
    figure = leaf.score.figure if leaf.score else None
    if figure in FIGURES:
        ask = question_of(run_, table_named)
        rows = rows_behind_court(figure, ask, run_.store, court).drop_columns("court")
        evidence = Evidence(run_.edition, Tally.empty(), _ratios(rows, court, figure))
        return score_leaf(leaf, court, evidence, answer), dated(rows)
    if not duties_of(leaf) and figure is None:
        nothing = Evidence(run_.edition, Tally.empty(), {})
        return score_leaf(leaf, court, nothing, answer), pa.table({})
    tally, ratios, raw = _checked(run_, court, leaf)
    evidence = Evidence(run_.edition, tally, ratios.as_figures())
    rows = pa.table({})
    if duties_of(leaf):
        rows = dated(named_of_court(raw, run_.store, court, run_.law).select(list(COLUMNS)))
    return score_leaf(leaf, court, evidence, answer), rows


def _ratios(rows: pa.Table, court: str, figure: str) -> dict[tuple[str, str], Ratio]:
    """A figure is what its rows sum to; none where there is no row."""
    above, below = (pc.sum(rows.column(name)).as_py() or 0 for name in ("above", "below"))
    return {(court, figure): FIGURES[figure].ratio(above, below)} if rows.num_rows else {}


def _checked(run_: Run, court: str, leaf: Indicator) -> tuple[Tally, Ratios, list[pa.Table]]:
    """Outcomes counted, the figures that rest on them, and the outcomes of the court one by one."""
    own = duties_of(leaf)
    by_closing = bool(set(own) & set(BY_CLOSING))
    membership = "stop" if by_closing else run_.membership
    duties = [run_.law.duties[name] for name in own]
    rests_on_outcomes = leaf.score is not None and leaf.score.figure is not None
    only = [*own, *(DUTIES if rests_on_outcomes else ())]
    tallies: list[Tally] = []
    ratios = Ratios()
    raw: list[pa.Table] = []
    more = NEEDS if rests_on_outcomes else {}
    for checked in check_court(run_.store, run_.setting, only, court, more):
        tallies.append(
            count_part(checked, run_.law.duties, run_.period, run_.as_of, run_.membership)
        )
        if rests_on_outcomes:
            ratios.plus(count_ratios(checked, run_.period, run_.as_of, run_.with_property))
        raw += raw_findings(checked, duties, run_.as_of, run_.period, membership, JUDGED)
    return merged(tallies), ratios, raw


def dated(rows: pa.Table) -> pa.Table:
    """Day columns as dates."""
    for at, field in enumerate(rows.schema):
        if field.name in ("start", "due", "stop", "filed", "closed"):
            rows = rows.set_column(at, field.name, rows.column(at).cast(pa.date32()))
    return rows


def _assumption(leaf: Indicator, edition: Edition) -> tuple[str, str, str] | None:
    if leaf.score is None or leaf.score.assumption is None:
        return None
    each = edition.assumptions[leaf.score.assumption]
    choice = each.choices[each.value]
    return leaf.score.assumption, choice.zh, choice.en


def _no_leaf(leaf_id: str) -> WrongUse:
    return WrongUse(
        Message(f"该法院层级没有指标“{leaf_id}”。", f"The court's level has no leaf {leaf_id!r}."),
        Message(
            "用 zhiheng indexes show 查看各层级的指标。",
            "See `zhiheng indexes show` for the leaves of each level.",
        ),
        "--leaf",
    )


def sentences(found: LeafExplanation, language: str) -> list[str]:
    """The explanation as lines to read."""
    return _zh(found) if language == "zh" else _en(found)


def _zh(found: LeafExplanation) -> list[str]:
    score, rule = found.score, found.leaf.score
    lines = [f"{found.court} {found.court_name}　{found.leaf.id} {found.leaf.zh}"]
    if score.value is None:
        lines.append("得分：不适用" if score.state == "not_applicable" else "得分：无数据")
    else:
        lines.append(f"得分：{score.value:.2f}　覆盖率：{score.coverage:.1%}　来源：{score.source}")
    if score.denominator is not None:
        lines.append(f"分子 {score.numerator:,.10g} ／ 分母 {score.denominator:,.10g}")
    if rule:
        lines.append(f"计分方法：{rule.method}")
    lines.extend(_states(score, 0, "各结果："))
    if found.leaf.criterion:
        lines.append(f"标准：{found.leaf.criterion.zh}")
    if found.assumption:
        lines.append(f"假设 {found.assumption[0]}：{found.assumption[1]}")
    lines.extend(f"依据（{duty}）：{where}" for duty, where in found.articles.items())
    return lines


def _en(found: LeafExplanation) -> list[str]:
    score, rule = found.score, found.leaf.score
    lines = [f"{found.court} {found.court_name}  {found.leaf.id} {found.leaf.en}"]
    if score.value is None:
        lines.append(f"Score: {score.state.replace('_', ' ')}")
    else:
        cover = f"coverage {score.coverage:.1%}, source {score.source}"
        lines.append(f"Score: {score.value:.2f}, {cover}")
    if score.denominator is not None:
        lines.append(f"Numerator {score.numerator:,.10g} / denominator {score.denominator:,.10g}")
    if rule:
        lines.append(f"Scored by: {rule.method}")
    lines.extend(_states(score, 1, "Outcomes: "))
    if found.leaf.criterion:
        lines.append(f"Criterion: {found.leaf.criterion.en}")
    if found.assumption:
        lines.append(f"Assumption {found.assumption[0]}: {found.assumption[2]}")
    lines.extend(f"Source ({duty}): {where}" for duty, where in found.articles.items())
    return lines


def _states(score: Score, at: int, head: str) -> list[str]:
    if not score.states:
        return []
    return [head + ", ".join(f"{STATE_WORDS[s][at]} {n:,}" for s, n in score.states.items())]


def plain(found: LeafExplanation) -> dict[str, Any]:
    """The explanation as plain data."""
    score = found.score
    return {
        "court": found.court,
        "court_name": found.court_name,
        "leaf": found.leaf.id,
        "title": found.leaf.zh,
        "method": found.leaf.score.method if found.leaf.score else None,
        "state": score.state,
        "value": score.value,
        "coverage": score.coverage,
        "numerator": score.numerator,
        "denominator": score.denominator,
        "source": score.source,
        "states": dict(score.states or {}),
        "assumption": found.assumption,
        "articles": found.articles,
        "rows": found.rows.to_pylist(),
    }
