"""How a leaf is scored and where its figure comes from, said for a person."""

from __future__ import annotations

from zhiheng.indexes.model import Edition, Indicator, Line, Method, ScoreRule, SourceKind
from zhiheng.law.model import Text

SOURCES: dict[SourceKind, Text] = {
    "system": Text("系统提取", "system"),
    "file_review": Text("案卷评查", "file review"),
    "website": Text("网站观察", "website"),
    "self_report": Text("法院自报", "self-report"),
    "questionnaire": Text("问卷调查", "questionnaire"),
}
DIRECTIONS = {"positive": Text("正", "positive"), "negative": Text("负", "negative")}
INFERRED = Text("（原文未明，推定）", " (inferred)")

_DUTIES: dict[Method, Text] = {
    "share": Text("按期履行的占比", "share met"),
    "band": Text("各档次得分的平均", "mean of the band scores"),
    "all_or_nothing": Text("全部条件符合的占比", "share meeting every condition"),
}
_PLAIN: dict[Method, Text] = {
    "presence": Text("有得满分，无得零分", "有 full marks, 无 zero"),
    "absence": Text("按件数评分，没有得满分", "by count, full marks for none"),
    "answered_share": Text("分子除以分母", "numerator over denominator"),
    "answered_complement": Text("1减去分子除以分母", "1 − numerator over denominator"),
    "share": Text("", ""),
    "complement": Text("1减去", "1 − "),
    "within_days": Text("平均天数按界限评分：", "mean days scored against a limit: "),
}


def scoring_in_words(rule: ScoreRule, language: str) -> str:
    """One line: the method with the duties, the figure and the assumption it rests on."""
    if rule.duties:
        said = f"{_DUTIES[rule.method].in_language(language)}: {', '.join(rule.duties)}"
    else:
        said = _PLAIN[rule.method].in_language(language) + (rule.figure or "")
    return f"{said} [{rule.assumption}]" if rule.assumption else said


def source_in_words(leaf: Indicator, language: str) -> str:
    """The declared source, marked where the document does not state it, then the others."""
    names = [SOURCES[source].in_language(language) for source in leaf.sources]
    if names and leaf.source_grade == "inferred":
        names[0] += INFERRED.in_language(language)
    return " + ".join(names)


def reason_in_words(leaf: Indicator, edition: Edition, language: str) -> str:
    """Why the leaf cannot be computed from records; empty where it can."""
    return edition.reasons[leaf.reason].in_language(language) if leaf.reason else ""


def line_in_words(line: Line, language: str) -> str:
    """One line with its threshold, what it rests on and what missing it means."""
    zh = language == "zh"
    limits = [
        f"{sign} {limit:g}%"
        for sign, limit in (("≥", line.at_least), ("≤", line.at_most))
        if limit is not None
    ]
    if not limits:
        limits = ["界值未公布，只列数值" if zh else "no published interval, value only"]
    elif line.missed == "veto":
        limits.append("未达即否决" if zh else "missing it is a veto")
    basis = line.leaf or f"[{line.assumption}]"
    return f"{line.title(language)}  {' · '.join([*limits, basis])}"
