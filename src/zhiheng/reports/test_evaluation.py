"""A made-up evaluation for the tests of the reports, and the tests of what they share."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest

from zhiheng.checks.outcomes import STATES as OUTCOMES
from zhiheng.checks.wording import STATES as WORDS
from zhiheng.indexes.editions import load_edition
from zhiheng.indexes.model import Edition, Indicator
from zhiheng.language import translator
from zhiheng.measures.figures import BILLION
from zhiheng.measures.findings import SCHEMA
from zhiheng.reports import words
from zhiheng.reports.bands import band_rank
from zhiheng.reports.facts import figure_name, state_name
from zhiheng.reports.findings import by_officer, group_findings, in_case_order
from zhiheng.reports.words import FINDING_STATES, STATES
from zhiheng.scoring.results import CourtScores, Evaluation, Score, UsedAssumption

EDITION = "cass-2017"
SCRIPT = "<script>alert('案')</script>"
FORMULA = "=cmd|' /C calc'!A0"
COURTS = (
    ("陕01", "陕西省西安市中级人民法院", "intermediate", "陕"),
    ("陕0102", f"西安市新城区人民法院{SCRIPT}", "basic", "陕01"),
    ("陕0103", FORMULA, "basic", "陕01"),
)
SCALES = {
    "satisfaction_rate": 1,
    "recovery_per_case": BILLION,
    "objection_closing_rate": 1,
    "online_auction_rate": 1,
    "reversal_rate": 1,
    "reconsideration_closing_rate": 1,
    "supervision_closing_rate": 1,
    "coordination_closing_rate": 1,
}
"""The figures that leaves show and records alone give, with their scales."""
CLOSINGS = ("satisfied", "terminated", "a kind of tomorrow")
CASE_TYPES = (pa.string(), pa.string(), pa.string(), pa.int32(), pa.int32(), pa.string())
UNSCORED_DUTY = "payment.notified"
"""A duty with findings that no leaf is computed from."""


def edition() -> Edition:
    return load_edition(EDITION)


def evaluation(
    courts=COURTS, findings_per_duty: int = 8, seed: int = 7, cases_per_figure: int = 12
) -> Evaluation:
    """Scores, findings and cases of `courts`; every score state and finding state occurs."""
    chance = random.Random(seed)
    found = edition()
    behind = _behind(random.Random(seed), courts, cases_per_figure)
    scores = tuple(
        _court(chance, found, number, *court, _sums(behind, court[0]))
        for number, court in enumerate(courts)
    )
    duties = {
        node.indicator.id: node.indicator.score.duties
        for index_set in found.sets.values()
        for node in index_set.leaves()
        if node.indicator.score and node.indicator.score.duties
    }
    return Evaluation(
        edition=found.id,
        edition_title_zh=found.zh,
        edition_title_en=found.en,
        as_of=17531,
        period=(17167, 17531),
        courts=scores[::-1],  # the reports themselves must put the codes in order
        findings=_findings(chance, scores, duties, findings_per_duty),
        figures=_figures(chance, scores),
        leaf_duties=duties,
        leaf_figures={
            node.indicator.id: node.indicator.score.figure
            for index_set in found.sets.values()
            for node in index_set.leaves()
            if node.indicator.score and node.indicator.score.figure
        },
        behind=behind,
        scales=SCALES,
        assumptions=_assumptions(found),
        store_digest="3f0c" * 16,
        provisional_days=True,
    )


def _court(chance, found, number, code, name, level, parent, sums) -> CourtScores:
    scores: dict[str, Score] = {}
    parts = found.sets[level].parts
    skill = chance.gauss(86, 6)
    children = [_score(chance, scores, part, skill, number, sums) for part in parts]
    scores[""] = _mean("", parts, children)
    return CourtScores(code, name, level, parent, scores)


def _score(chance, scores, part: Indicator, skill, number, sums) -> Score:
    if part.parts:
        children = [_score(chance, scores, child, skill, number, sums) for child in part.parts]
        scores[part.id] = _mean(part.id, part.parts, children)
    else:
        scores[part.id] = _leaf(chance, part, skill, number, sums)
    return scores[part.id]


def _mean(node, parts, children) -> Score:
    weights = [part.weight for part in parts]
    applicable = sum(
        w for w, s in zip(weights, children, strict=True) if s.state != "not_applicable"
    )
    known = sum(w * s.coverage for w, s in zip(weights, children, strict=True))
    scored = [(w, s.value) for w, s in zip(weights, children, strict=True) if s.value is not None]
    if not applicable:
        return Score(node, "not_applicable", None, 0.0)
    if not scored:
        return Score(node, "no_data", None, 0.0)
    value = sum(w * v for w, v in scored) / sum(w for w, _ in scored)
    return Score(node, "scored", value, known / applicable)


def _leaf(chance, leaf: Indicator, skill, number, sums) -> Score:
    if not leaf.computed:
        if chance.random() < 0.6:
            return Score(leaf.id, "no_data", None, 0.0)
        value = 100.0 if chance.random() * 100 < skill else 0.0
        return Score(leaf.id, "scored", value, 1.0, source="answer", evidence=FORMULA)
    if leaf.score and leaf.score.figure in sums:
        part, whole = sums[leaf.score.figure]
        if not whole:
            return Score(leaf.id, "not_applicable", None, 0.0, part, whole, "system")
        return Score(leaf.id, "scored", 100 * part / whole, 1.0, part, whole, "system")
    if chance.random() < 0.06 or (number == 0 and leaf.id.endswith("1.8.1")):
        return Score(leaf.id, "not_applicable", None, 0.0, 0, 0, "system")
    total = chance.randrange(40, 3000)
    met = min(total, max(0, round(total * chance.gauss(skill, 5) / 100)))
    late = (total - met) // 2
    extra = {"excused": 3, "not_due": 12, "discharged": 5, "undeterminable": 2, "not_applicable": 9}
    states = {"met": met, "late": late, "overdue": total - met - late} | extra
    states = states if leaf.score and leaf.score.duties else None
    return Score(leaf.id, "scored", 100 * met / total, 1.0, met, total, "system", states)


def _behind(chance, courts, count) -> dict[str, pa.Table]:
    """Cases behind every figure that records give; the first court has no online auction."""
    columns = ("court", "case_number", "officer", "filed", "closed", "closing_kind")
    found = {}
    for figure, scale in SCALES.items():
        rows = []
        for place, (court, *_) in enumerate(sorted(courts)):
            size = 0 if figure == "online_auction_rate" and place == 0 else count
            for number in range(size):
                filed, open_ = chance.randrange(16800, 17400), number % 5 == 4
                above = chance.randrange(2) if scale == 1 else chance.randrange(scale + 1)
                rows.append(
                    (
                        court,
                        f"（2017）{court}执{number + 1:02d}号",
                        SCRIPT if number == 0 else f"O-{number}",
                        filed,
                        None if open_ else filed + 90,
                        None if open_ else chance.choice(CLOSINGS),
                        above,
                        scale,
                    )
                )
        schema = [
            *zip(columns, CASE_TYPES, strict=True),
            ("above", pa.int64()),
            ("below", pa.int64()),
        ]
        names = [name for name, _ in schema]
        found[figure] = pa.Table.from_pylist(
            [dict(zip(names, row, strict=True)) for row in rows], schema=pa.schema(schema)
        )
    return found


def _sums(behind, court) -> dict[str, tuple[float, float]]:
    found = {}
    for figure, table in behind.items():
        rows = [row for row in table.to_pylist() if row["court"] == court]
        above, below = (sum(row[name] for row in rows) for name in ("above", "below"))
        found[figure] = (above / SCALES[figure], below / SCALES[figure])
    return found


def _findings(chance, scores, duties, count) -> pa.Table:
    names = [*sorted({duty for group in duties.values() for duty in group}), UNSCORED_DUTY]
    columns: dict[str, list] = {name: [] for name in SCHEMA.names}
    for court in sorted(scores, key=lambda court: court.court):
        for duty in sorted(set(names)):
            for number in range(count):
                row = _finding(chance, court.court, duty, number)
                for name, value in row.items():
                    columns[name].append(value)
    return pa.table(columns, schema=SCHEMA)


def _finding(chance, court, duty, number) -> dict[str, object]:
    state = FINDING_STATES[number % len(FINDING_STATES)]
    start = chance.randrange(17000, 17400)
    over = chance.randrange(1, 90) if state in ("late", "overdue") else None
    reasons = {"excused": "approved_ground", "undeterminable": "fact_missing"}
    details = {"undeterminable": "minute" if number < 4 else f"节点{SCRIPT}"}
    return {
        "court": court, "duty": duty, "rulebook": "A07", "title_zh": f"义务 {duty}",
        "title_en": f"Duty {duty}", "article": "评估指标体系 基层·规范执行·财产控制",
        "case_number": f"（2017）{court}执{number + 1}号",
        "subject_kind": "asset" if number % 2 else "case", "subject_id": str(1000 + number),
        "officer": f"O-{court[1:]}-{number % 5:02d}" if number % 7 else None, "state": state,
        "reason": reasons.get(state, ""), "detail": details.get(state, ""), "start": start,
        "due": None if state == "undeterminable" else start + 10,
        "stop": start + 10 + over if state == "late" else None, "days_over": over,
    }  # fmt: skip


def _figures(chance, scores) -> pa.Table:
    rows = []
    for court in scores:
        for figure in ("recovery_per_case", "recovery_pooled", "satisfaction_rate"):
            total = chance.randrange(500, 5000)
            part = chance.randrange(total)
            rows.append((court.court, figure, part / total, float(part), float(total)))
        rows.append((court.court, "online_auction_rate", None, 0.0, 0.0))
    names = ("court", "figure", "value", "numerator", "denominator")
    types = (pa.string(), pa.string(), pa.float64(), pa.float64(), pa.float64())
    columns = zip(*rows, strict=True)
    return pa.table({n: pa.array(c, t) for n, t, c in zip(names, types, columns, strict=True)})


def _assumptions(found: Edition) -> tuple[UsedAssumption, ...]:
    return tuple(
        UsedAssumption(
            name, item.zh, item.en, item.value, item.alternatives, item.reason.zh, item.reason.en
        )
        for name, item in found.assumptions.items()
    )  # fmt: skip


def test_the_sample_holds_every_state_of_a_score_and_of_a_finding():
    sample = evaluation()
    states = {score.state for court in sample.courts for score in court.scores.values()}
    assert states == {"scored", "no_data", "not_applicable"}
    assert set(sample.findings["state"].to_pylist()) == set(FINDING_STATES)


def test_grouping_keeps_every_row_and_puts_a_court_and_duty_in_one_run():
    table = evaluation().findings
    shuffled = table.take(random.Random(1).sample(range(table.num_rows), table.num_rows))
    found = group_findings(shuffled)
    assert sum(end - start for start, end in found.runs.values()) == table.num_rows
    for (court, duty), (start, end) in found.runs.items():
        run = found.table.slice(start, end - start)
        assert set(run["court"].to_pylist()) == {court}
        assert set(run["duty"].to_pylist()) == {duty}


def test_case_numbers_stand_in_the_order_people_count_in():
    numbers = [
        "（2016）陕0102执9号", "（2017）陕0102执9号", "（2017）陕0102执9号之一",
        "（2017）陕0102执10号", "（2017）陕0102执恢2号", "not a number",
    ]  # fmt: skip
    table = pa.table({"case_number": [*numbers[::-1], None]})
    assert in_case_order(table)["case_number"].to_pylist()[:5] == numbers[:5]
    assert in_case_order(table).num_rows == 7


def test_no_findings_is_an_answer_too():
    empty = SCHEMA.empty_table()
    assert group_findings(empty).runs == {}
    assert by_officer(empty) == []


def test_findings_by_officer_agree_with_a_plain_count():
    table = evaluation(findings_per_duty=23).findings
    plain: dict[tuple, list] = {}
    for row in table.to_pylist():
        plain.setdefault((row["court"], row["duty"], row["officer"] or ""), []).append(row)
    found = by_officer(table)
    assert [(row.court, row.duty, row.officer) for row in found] == sorted(plain)
    for row in found:
        rows = plain[row.court, row.duty, row.officer]
        assert row.counts == tuple(sum(r["state"] == s for r in rows) for s in FINDING_STATES)
        days = sorted(r["days_over"] for r in rows if r["days_over"] is not None)
        middle = (days[(len(days) - 1) // 2] + days[len(days) // 2]) / 2 if days else None
        assert (row.median_days, row.max_days) == (middle, days[-1] if days else None)


def test_a_state_that_cannot_be_a_finding_is_refused():
    table = evaluation().findings
    wrong = table.set_column(
        table.column_names.index("state"), "state", pa.array(["met"] * table.num_rows)
    )
    with pytest.raises(ValueError, match="met"):
        by_officer(wrong)


@pytest.mark.parametrize(
    ("value", "rank"),
    [(0, 0), (69.9, 0), (69.96, 1), (70, 1), (79.9, 1), (80, 2), (90, 3), (100, 3)],
)
def test_a_cut_point_opens_the_upper_band(value, rank):
    assert band_rank(value) == rank


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (1, "100%"),
        (0.99999, "99.9%"),
        (0, "0%"),
        (0.0001, "0.1%"),
        (0.5, "50.0%"),
        (0.834, "83.4%"),
    ],
)
def test_a_share_is_never_rounded_to_all_or_nothing(share, text):
    assert words.percent_text(share) == text


def test_a_missing_score_is_words_and_never_zero():
    chinese = translator("zh")
    assert words.score_text(None, chinese) == "无数据"
    assert words.score_text(Score("", "no_data", None, 0.0), chinese) == "无数据"
    assert words.score_text(Score("", "not_applicable", None, 0.0), chinese) == "不适用"
    assert words.score_text(Score("", "scored", 0.0, 1.0), chinese) == "0.0"


def test_a_report_names_the_outcome_states_as_the_checks_do():
    assert set(STATES) == set(OUTCOMES) == set(WORDS)
    for state, words_of_checks in WORDS.items():
        for language, words_ in zip(("zh", "en"), words_of_checks, strict=True):
            assert state_name(state, language, ["control.online"]) == words_
            assert state_name(state, language, ["never heard of"]) == words_
            assert state_name(state, language, []) == words_
            assert state_name(state, language).startswith(words_)


def test_a_condition_holds_or_fails_where_a_duty_is_done_or_overdue():
    assert state_name("overdue", "zh", ["closure.substance"]) == "不符合"
    assert state_name("met", "en", ["closure.substance"]) == "satisfied"
    assert state_name("excused", "zh", ["closure.substance"]) == "有正当理由"
    both = state_name("overdue", "zh", ["control.online", "closure.substance"])
    assert both == state_name("overdue", "zh") == "逾期未办／不符合"


def test_a_figure_is_called_what_its_definition_says():
    assert figure_name("reversal_rate", "zh") == "执行行为撤改率"
    assert figure_name("never heard of", "en") == "never heard of"


def test_every_outcome_state_has_its_own_glyph():
    assert len({words.STATE_GLYPHS[state] for state in STATES}) == 8


def test_a_day_is_printed_as_a_date():
    assert words.day_text(0) == "1970-01-01"
    assert words.day_text(20779) == "2026-11-22"
