"""The mapping sheet: what an answer scores, or what it counts as, and for which indicator."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from zhiheng.sampling.ratings_rows import Row, bad, read_rows
from zhiheng.survey.authored import Counts
from zhiheng.survey.model import Form, Question

HEADINGS = {
    "question": ("question", "问题", "题目"),
    "answer": ("answer", "回答", "选项"),
    "score": ("score", "分值", "得分"),
    "counts": ("counts", "计为"),
    "direction": ("direction", "方向"),
    "indicator": ("indicator", "指标", "指标编号"),
}
COUNTS: dict[str, Counts] = {
    **{one: one for one in get_args(Counts)},
    "": "score",
    "计分": "score",
    "不清楚": "dont_know",
    "不适用": "not_applicable",
    "未回答": "no_answer",
}
_DIRECTIONS = {"": 1, "positive": 1, "正向": 1, "negative": -1, "负向": -1}


@dataclass(frozen=True)
class Rule:
    """What an answer is worth: `score` 0…100 where it counts as one, else None.

    For a number, `low` and `high` bound the answers the rule is for, both within.
    """

    counts: Counts
    score: float | None
    low: float = -math.inf
    high: float = math.inf


@dataclass(frozen=True)
class Scored:
    """A question with its indicators and the rules of its answers (by choice, or by bounds)."""

    question: Question
    indicators: tuple[str, ...]
    rules: dict[str, Rule]


def read_mapping(path: Path, form: Form) -> dict[str, Scored]:
    """The scored questions of a mapping sheet (CSV or .xlsx), by name.

    Raises BadInput, with the row: a question or answer the form does not have, a score outside
    0…100, two rows for one answer, a choice without a row, indicators that differ within a
    question.
    """
    rows = read_rows(path, HEADINGS, optional=("counts", "direction"))
    by_question: dict[str, list[Row]] = {}
    for row in rows:
        by_question.setdefault(row["question"], []).append(row)
    found = {name: _scored(path, form, name, own) for name, own in by_question.items()}
    if not any(rule.score is not None for one in found.values() for rule in one.rules.values()):
        raise bad(path, "没有一个回答有分值。", "Not one answer has a score.")
    return found


def _scored(path: Path, form: Form, name: str, rows: Sequence[Row]) -> Scored:
    question = form.questions.get(name)
    if question is None or not question.closed or question.repeated:
        raise rows[0].bad(
            f"表单没有可计分的问题“{name}”。", f"The form has no question {name!r} that can score."
        )
    rules: dict[str, Rule] = {}
    for row in rows:
        if row["answer"] in rules:
            raise row.bad("该回答已有一行。", "This answer has a row already.")
        rules[row["answer"]] = _rule(row, question)
    missing = [one.name for one in question.choices if one.name not in rules]
    if missing:
        said = "、".join(missing)
        raise bad(
            path, f"问题“{name}”缺少回答：{said}。", f"Question {name!r} lacks answers: {said}."
        )
    return Scored(question, _indicators(rows), rules)


def _indicators(rows: Sequence[Row]) -> tuple[str, ...]:
    first = rows[0]["indicator"]
    for row in rows:
        if row["indicator"] not in ("", first):
            raise row.bad("同一问题的指标不一致。", "The question has another indicator above.")
    found = tuple(one.strip() for one in first.replace("；", ";").split(";") if one.strip())
    if not found:
        raise rows[0].bad("没有指标。", "There is no indicator.")
    return found


def _rule(row: Row, question: Question) -> Rule:
    low, high = _bounds(row, question)
    counts = COUNTS.get(row["counts"])
    sign = _DIRECTIONS.get(row["direction"])
    if counts is None or sign is None:
        raise row.bad(
            "“计为”或“方向”不认识。",
            "What it counts as, or its direction, is not known.",
        )
    if counts != "score":
        if row["score"]:
            raise row.bad("不计分的回答不能有分值。", "An answer that is not scored has no score.")
        return Rule(counts, None, low, high)
    score = _number(row["score"])
    if score is None or not 0 <= score <= 100:
        raise row.bad("分值不在 0 至 100 之间。", "The score is not within 0 to 100.")
    return Rule("score", score if sign > 0 else 100 - score, low, high)


def _bounds(row: Row, question: Question) -> tuple[float, float]:
    answer = row["answer"]
    if question.kind != "number":
        if answer not in {one.name for one in question.choices}:
            raise row.bad(
                "表单没有这个选项（请填选项的名称）。",
                "The form has no such choice (give its name).",
            )
        return -math.inf, math.inf
    low, dots, high = answer.partition("..")
    ends = (low, high if dots else low)
    found = [
        _number(end) if end else math.inf * sign for end, sign in zip(ends, (-1, 1), strict=True)
    ]
    if None in found or not answer:
        raise row.bad(
            "数值回答写成 5 或 0..9（两端在内，可缺一端）。",
            "For a number write 5, or 0..9 (both within; an end may be left out).",
        )
    return float(found[0] or 0), float(found[1] or 0)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
