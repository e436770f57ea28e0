"""An explanation as one readable paragraph, in Chinese or English."""

from __future__ import annotations

from functools import cache

from zhiheng.calendar import from_day
from zhiheng.checks.explain import Explanation
from zhiheng.checks.members import MemberResult, MemberSubject
from zhiheng.law.load import load_law
from zhiheng.law.model import Duty, Law, Limit
from zhiheng.records.catalogue import SUBJECTS, codes, node_named, tables

UNITS = {
    "days": ("日", "calendar days"),
    "working_days": ("个工作日", "working days"),
    "months": ("个月", "months"),
    "hours": ("小时", "hours"),
}
STATES = {
    "not_applicable": ("不适用", "not applicable"),
    "not_due": ("未到期", "not yet due"),
    "met": ("按期完成", "met"),
    "late": ("迟延完成", "done late"),
    "overdue": ("逾期未办", "overdue, not done"),
    "excused": ("有正当理由", "excused"),
    "discharged": ("义务消灭", "discharged by another event"),
    "undeterminable": ("无法判定", "cannot be determined"),
}
HOLDING = {"met": ("符合", "satisfied"), "overdue": ("不符合", "not satisfied")}
STANDING_WORDS = {
    "none": ("无此类对象", "none"),
    "holds": ("符合", "satisfied"),
    "open": ("尚不能判断", "still open"),
    "unknown": ("无法判定", "cannot be determined"),
    "fails": ("不符合", "not satisfied"),
}
REASONS = {
    "": ("", ""),
    "out_of_scope": ("不属于该规定的适用范围", "outside the rule's scope"),
    "not_triggered": ("起算事由未发生", "the event that starts the duty has not happened"),
    "not_in_force": ("起算时该规定尚未施行", "the rule was not in force when the duty began"),
    "fact_missing": ("缺少必要信息", "a needed fact is missing"),
    "clock_stopped": ("期限仍在中止计算", "the clock still stands"),
    "ended_in_time": (
        "期限届满前已因其他事由消灭",
        "another event ended the duty within the limit",
    ),
    "ended_after_limit": (
        "期限届满后因其他事由消灭",
        "another event ended the duty after the limit",
    ),
    "approved_ground": ("有法定情形并经批准", "a ground was approved in time"),
    "too_early": ("未满规定期间即实施", "done before the required time had passed"),
    "barred": ("依规定不得实施", "the act was barred"),
    "condition_fails": ("条件不具备", "the condition does not hold"),
    "window_missed": ("该查询期内没有记录", "no act on record in a window"),
    "member_fails": ("有要件不符合", "a member fails"),
    "no_member": ("没有可判断的要件", "no member concerns the case"),
    "exempt": ("属于该规定的除外情形", "exempt from the rule"),
    "nothing_recent": ("此前规定期间内没有记录", "no act on record within the time before"),
}
"""Reason → its words (see `outcomes.REASONS`)."""


def paragraph(explanation: Explanation, law: Law, language: str) -> str:
    """The explanation in one paragraph; `language` is "zh" or "en"."""
    parts = _zh(explanation, law) if language == "zh" else _en(explanation, law)
    return ("" if language == "zh" else " ").join(part for part in parts if part)


def limit_words(limit: Limit, language: str) -> str:
    """A limit in words: 5个工作日 / 5 working days."""
    zh, en = UNITS[limit.unit]
    return f"{limit.count}{zh}" if language == "zh" else f"{limit.count} {en}"


def node_words(name: str, language: str) -> str:
    """A node, fact or duty as people call it; the identifier where it has no words."""
    node = node_named(name)
    if node is None:
        return name
    return node.zh if language == "zh" else node.en


def reason_words(reason: str, detail: str, language: str) -> str:
    """A reason with the fact, event or member it turns on."""
    words = REASONS[reason][0 if language == "zh" else 1]
    if not detail:
        return words
    named = fact_words(detail, language)
    if not words:
        return named
    return f"{words}：{named}" if language == "zh" else f"{words}: {named}"


@cache
def fact_words(identifier: str, language: str) -> str:
    """A node, a duty, a column (asset.kind) or the time of day by its name; else as it is."""
    duty = load_law().duties.get(identifier)
    if duty is not None:
        return duty.title.in_language(language)
    if identifier == "minute":
        return "具体时刻" if language == "zh" else "time of day"
    subject, _dot, column = identifier.partition(".")
    table = tables().get(SUBJECTS.get(subject, ""))
    if table is not None and column in table.columns:
        found = table.columns[column]
        return found.zh if language == "zh" else found.en
    return node_words(identifier, language)


def _zh(e: Explanation, law: Law) -> list[str]:
    duty = law.duties[e.duty]
    head = f"“{duty.title.zh}”：{state_words(e.state, duty, 0)}。"
    why = reason_words(e.reason, e.detail, "zh")
    return [
        head,
        f"{why}。" if why else "",
        _zh_start(e),
        f"须在该日或此前{limit_words(e.back, 'zh')}内办理。" if e.back else "",
        _zh_stops(e),
        _zh_holidays(e),
        _zh_due(e),
        f"{node_words(e.stop_node, 'zh')}于{_day(e.stop)}完成。" if e.stop_node else "",
        _zh_counted(e),
        f"超出{e.days_over}日。" if e.days_over and e.limit else "",
        "到期日所在年度的放假安排尚未公布，该日为暂定。" if e.provisional else "",
        _zh_members(e, law),
        "依据：" + "；".join(_cite(c, "zh") for c in e.cites) + "。" if e.cites else "",
    ]


def _zh_start(e: Explanation) -> str:
    if e.start is None or e.start_node is None:
        return ""
    node = node_words(e.start_node, "zh")
    if e.limit is None:
        return f"{_day(e.start)}{node}。"
    return f"自{_day(e.start)}（{node}）起算，期限{limit_words(e.limit, 'zh')}，当日不计入。"


def _zh_stops(e: Explanation) -> str:
    listed = "、".join(
        f"{codes()['interval_kind'][s.kind].zh}{_day(s.first)}至{_day(s.last) or '今'}"
        for s in e.stops
    )
    return f"不计入期限：{listed}。" if listed else ""


def _zh_holidays(e: Explanation) -> str:
    listed = "、".join(
        f"{_span(s.first, s.last)}{s.holiday}{'调休上班' if s.working else '放假'}"
        f"（{s.notice.number or '国务院办公厅通知'}）"
        for s in e.stretches
    )
    return f"期间：{listed}。" if listed else ""


def _zh_due(e: Explanation) -> str:
    if e.due is None or (e.due == e.start and e.limit is None):
        return ""
    rolled = f"{_day(e.unrolled)}为休息日，顺延，" if _rolled(e) else ""
    return f"{rolled}到期日为{_day(e.due)}。"


def _zh_counted(e: Explanation) -> str:
    if e.days_counted is None or e.limit is None:
        return ""
    return f"实际经过{e.days_counted}日（{e.working_days_counted}个工作日）。"


def _zh_members(e: Explanation, law: Law) -> str:
    listed = "；".join(_member(one, law, "zh") for one in e.members)
    return f"各要件：{listed}。" if listed else ""


def _en(e: Explanation, law: Law) -> list[str]:
    duty = law.duties[e.duty]
    why = reason_words(e.reason, e.detail, "en")
    done = f"Done on {_day(e.stop)} ({node_words(e.stop_node, 'en')})." if e.stop_node else ""
    return [
        f"{duty.title.en}: {state_words(e.state, duty, 1)}.",
        f"{why.capitalize()}." if why else "",
        _en_start(e),
        f"To be done on that day or in the {limit_words(e.back, 'en')} before it."
        if e.back
        else "",
        _en_stops(e),
        _en_holidays(e),
        _en_due(e),
        done,
        _en_counted(e),
        f"{e.days_over} days over." if e.days_over and e.limit else "",
        "No holiday notice covers the due day yet: it is provisional." if e.provisional else "",
        _en_members(e, law),
        "Source: " + "; ".join(_cite(c, "en") for c in e.cites) + "." if e.cites else "",
    ]


def _en_start(e: Explanation) -> str:
    if e.start is None or e.start_node is None:
        return ""
    node = node_words(e.start_node, "en")
    if e.limit is None:
        return f"{_day(e.start)}: {node}."
    limit = limit_words(e.limit, "en")
    return f"Counted from {_day(e.start)} ({node}), limit {limit}, that day out."


def _en_stops(e: Explanation) -> str:
    listed = ", ".join(
        f"{codes()['interval_kind'][s.kind].en} {_day(s.first)} to {_day(s.last) or 'now'}"
        for s in e.stops
    )
    return f"Left out: {listed}." if listed else ""


def _en_holidays(e: Explanation) -> str:
    listed = ", ".join(
        f"{_span(s.first, s.last)} {s.holiday} {'worked' if s.working else 'off'} "
        f"({s.notice.number or 'State Council notice'})"
        for s in e.stretches
    )
    return f"In between: {listed}." if listed else ""


def _en_due(e: Explanation) -> str:
    if e.due is None or (e.due == e.start and e.limit is None):
        return ""
    rolled = f"{_day(e.unrolled)} is a rest day and rolls on. " if _rolled(e) else ""
    return f"{rolled}Due on {_day(e.due)}."


def _en_counted(e: Explanation) -> str:
    if e.days_counted is None or e.limit is None:
        return ""
    return f"{e.days_counted} days passed ({e.working_days_counted} working days)."


def _en_members(e: Explanation, law: Law) -> str:
    listed = "; ".join(_member(one, law, "en") for one in e.members)
    return f"Members: {listed}." if listed else ""


def _member(member: MemberResult, law: Law, language: str) -> str:
    """A member, how it stands and, where that is not well, on whom or what it turns."""
    at = 0 if language == "zh" else 1
    duty = law.duties[member.duty]
    title = duty.title.in_language(language)
    if member.choice:
        title += (f"（任选{member.choice}）", f" (choice {member.choice})")[at]
    said = f"{title}{('：', ': ')[at]}{STANDING_WORDS[member.standing][at]}"
    if member.standing not in ("fails", "unknown", "open"):
        return said
    turning = ("、", ", ")[at].join(_subject(one, duty, language) for one in member.deciding)
    return f"{said}{(f'（{turning}）', f' ({turning})')[at]}" if turning else said


def _subject(one: MemberSubject, duty: Duty, language: str) -> str:
    """A subject by kind, id and masked name, with its state and the reason."""
    at = 0 if language == "zh" else 1
    table = tables()[SUBJECTS[one.kind]]
    who = "" if one.kind == "case" else f"{(table.zh, one.kind)[at]} {one.id} {one.name}".strip()
    why = reason_words(one.reason, one.detail, language)
    state = state_words(one.state, duty, at)
    said = f"{state}{('，', ', ')[at]}{why}" if why else state
    return f"{who}{('：', ': ')[at]}{said}" if who else said


def state_words(state: str, duty: Duty, at: int) -> str:
    """An outcome's state in Chinese (0) or English (1); a condition holds or fails, it is not
    late."""
    if duty.kind in ("composite", "condition", "recent") and state in HOLDING:
        return HOLDING[state][at]
    return STATES[state][at]


def _rolled(e: Explanation) -> bool:
    return e.unrolled is not None and e.due is not None and 0 < e.due - e.unrolled < 15


def _day(day: int | None) -> str:
    return from_day(day).isoformat() if day is not None else ""


def _span(first: int, last: int) -> str:
    return _day(first) if first == last else f"{_day(first)}—{_day(last)}"


def _cite(cite: tuple[str, str, str], language: str) -> str:
    document, place, grade = cite
    if grade == "text":
        return f"{document} {place}"
    return f"{document} {place}" + (
        "（未核对原文）" if language == "zh" else " (text not verified)"
    )
