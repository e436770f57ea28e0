"""Words for the law's data: names of facts and nodes, values, predicates, limits, citations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from zhiheng.checks.wording import UNITS, limit_words, node_words
from zhiheng.law.model import Citation, Duty, FieldLimit, Law, Predicate
from zhiheng.records.catalogue import SUBJECTS, Column, codes, node_named, tables

KINDS = {
    "deadline": ("期限", "deadline"),
    "presence": ("应有之事", "act that must be on record"),
    "condition": ("条件", "condition"),
    "prohibition": ("禁止", "prohibition"),
    "recurring": ("定期", "recurring act"),
    "recent": ("事前应有之事", "act that must lie in the time before"),
    "composite": ("复合要件", "composite of members"),
}
NATURES = {
    "statutory": ("法定", "set by law"),
    "indicator": ("指标设定", "set by an index"),
    "local": ("地方设定", "set locally"),
    "practice": ("系统惯例", "checked by a deployed system"),
}
COMPARISONS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
ROW_STATES = {
    "computed": ("已计算", "computed"),
    "review_question": ("人工评查", "review question"),
    "out_of_scope": ("不在范围", "out of scope"),
    "open": ("待录入", "open"),
}
ROW_KINDS = {
    "duty": ("职责", "duty"),
    "condition": ("条件", "condition"),
    "review": ("评查", "review"),
    "figure": ("数值", "figure"),
    "programme": ("工作安排", "programme"),
    "method": ("方法", "method"),
}


def pick(pair: tuple[str, str], language: str) -> str:
    """The Chinese or the English of a pair."""
    return pair[0] if language == "zh" else pair[1]


def joined(items: Iterable[str], language: str) -> str:
    """A list as one writes it within a sentence."""
    return ("、" if language == "zh" else ", ").join(items)


def kind_words(name: str, language: str) -> str:
    """A kind of duty; the identifier where it has no words."""
    return pick(KINDS.get(name, (name, name)), language)


def subject_words(name: str, language: str) -> str:
    """A kind of subject by what its table is called."""
    table = tables().get(SUBJECTS.get(name, ""))
    if table is None:
        return name
    return table.zh if language == "zh" else name


def summary_of(duty: Duty, language: str) -> str:
    """What a duty asks, in our own words."""
    return duty.summary if isinstance(duty.summary, str) else duty.summary.in_language(language)


def name_words(name: str, law: Law, language: str) -> str:
    """A node, a fact or a duty as people call it; the identifier where it has no words."""
    if name in law.duties:
        return law.duties[name].title.in_language(language)
    if node_named(name) is not None:
        return node_words(name, language)
    column = _column(name)
    if column is None:
        return name
    return column.zh if language == "zh" else column.en


def value_words(field: str, value: Any, language: str) -> str:
    """One value of a fact: a code's label, yes or no, "not recorded" for null."""
    if value is None:
        return pick(("未记录", "not recorded"), language)
    if isinstance(value, bool):
        return pick(("是", "yes") if value else ("否", "no"), language)
    column = _column(field)
    code = codes()[column.codes].get(str(value)) if column and column.codes else None
    if code is None:
        return str(value)
    return code.zh if language == "zh" else code.en


def predicate_words(predicate: Predicate, law: Law, language: str) -> str:
    """A predicate as a clause: all entries hold."""
    clauses = [_clause(name, asked, law, language) for name, asked in predicate.items()]
    return pick(("；", "; "), language).join(clauses)


def _clause(name: str, asked: Any, law: Law, language: str) -> str:
    if name == "any_of":
        parts = [f"({predicate_words(one, law, language)})" for one in asked]
        return pick(("或", " or "), language).join(parts)
    said = name_words(name, law, language)
    if asked == "present":
        return f"{said}{pick(('有记录', ' is on record'), language)}"
    if isinstance(asked, dict):
        return f"{said} {_compared(asked, law, language)}"
    values = [value_words(name, value, language) for value in asked]
    return f"{said}{pick(('：', ': '), language)}{pick(('或', ' or '), language).join(values)}"


def _compared(asked: dict[str, Any], law: Law, language: str) -> str:
    def other(bound: Any) -> str:
        if isinstance(bound, dict):
            whole = name_words(bound["of"], law, language)
            return pick(
                (f"{whole}的{bound['percent']}%", f"{bound['percent']}% of {whole}"), language
            )
        text = str(bound)
        return name_words(text[1:], law, language) if text.startswith("$") else text

    return " ".join(f"{COMPARISONS.get(sign, sign)} {other(to)}" for sign, to in asked.items())


def cite_words(cite: Citation, law: Law, language: str) -> str:
    """A citation with title, number, place and, where the text was not read, a mark."""
    document = law.documents[cite.document]
    title = document.title.in_language(language)
    name = f"《{title}》" if language == "zh" else title
    number = f"（{document.number}）" if document.number else ""
    mark = pick(("（凭记忆，未核对原文）", " (from recollection, text not verified)"), language)
    return f"{name}{number} {cite.place}{mark if cite.grade == 'recollection' else ''}"


def in_force(duty: Duty) -> str:
    """The first day of the duty's earliest version; empty where it has none."""
    return duty.versions[0].valid_from if duty.versions else ""


def limit_of(duty: Duty, language: str) -> str:
    """The limit of the version in force, in words; empty where it has none."""
    if not duty.versions:
        return ""
    version = duty.versions[-1]
    if version.more_than is not None:
        more = limit_words(version.more_than, language)
        return f"{pick(('超过', 'more than '), language)}{more}"
    if version.within_field is not None:
        return field_limit_words(version.within_field, language)
    limit = version.within or version.at_least or version.every
    return limit_words(limit, language) if limit else ""


def field_limit_words(limit: FieldLimit, language: str) -> str:
    """A limit whose length is a fact, by the name of the fact and the unit."""
    column = _column(limit.field)
    named = pick((column.zh, column.en), language) if column else limit.field
    zh, en = UNITS[limit.unit]
    return pick((f"按{named}（{zh}）", f"as set by {named} ({en})"), language)


def _column(name: str) -> Column | None:
    subject, dot, field = name.partition(".")
    table = tables().get(SUBJECTS.get(subject, "")) if dot else None
    return table.columns.get(field) if table else None
