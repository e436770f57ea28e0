"""Duties on the cases of an event log: the same engine as on the records of courts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from zhiheng.calendar import MISSING, Calendar, from_day
from zhiheng.checks.composite import Judged, check_composite_begun
from zhiheng.checks.duty import check_begun
from zhiheng.checks.frame import DayLists, Frame
from zhiheng.checks.log_facts import NEVER, FirstRows, facts_of
from zhiheng.checks.log_rules import LogRules, NodeRule
from zhiheng.checks.outcomes import Outcomes
from zhiheng.checks.setting import Setting
from zhiheng.errors import BadInput, Message
from zhiheng.intake.event_log import EventLog
from zhiheng.law.order import in_order

_SHOWN = 12
N = TypeVar("N", bound=np.generic)


@dataclass(frozen=True, eq=False)
class CheckedLog:
    """The log as of the day, and every duty's outcomes in the order of its cases."""

    log: EventLog
    rules: LogRules
    as_of: int
    outcomes: dict[str, Outcomes]


def check_log(log: EventLog, rules: LogRules, as_of: int | None = None) -> CheckedLog:
    """Check the duties on the events up to `as_of` (by default the log's last day).

    Raises BadInput where nothing had happened by then, where a day lies outside the calendar,
    where no activity of the rules occurs in the log, and where a value cannot be read.
    """
    day = int(log.day.max()) if as_of is None else as_of
    setting = Setting(rules.law, rules.days(), day)
    known = log if day >= int(log.day.max()) else log.as_of(day)
    _refuse_nothing_to_check(log, known, setting, rules)
    frame = frame_of(known, rules)
    outcomes: dict[str, Outcomes] = {}
    judged: dict[str, Judged] = {}
    for duty in in_order(rules.law):
        if duty.kind == "composite":
            found = check_composite_begun(duty, frame, setting, judged)
        else:
            found = check_begun(duty, frame, setting)
        outcomes[duty.id], judged[duty.id] = found.of_all(), Judged.of(frame, found)
    ordered = {name: outcomes[name] for name in rules.law.duties}
    return CheckedLog(known, rules, day, ordered)


def absent_activities(log: EventLog, rules: LogRules) -> list[str]:
    """Activities of the rules that no event of the log has: mistyped, or they never happened."""
    named = dict.fromkeys(rule.activity for rule in rules.nodes.values())
    return [activity for activity in named if activity not in log.activities]


def frame_of(log: EventLog, rules: LogRules) -> Frame:
    """The cases of a log as subjects: their facts, and the first day of each node."""
    rows = {name: _passing(log, rule) for name, rule in rules.nodes.items()}
    passed = _first_rows(log, rules, rows)
    number = np.arange(len(log.cases), dtype=np.int64)
    return Frame(
        subject="case",
        key=number,
        case=number,
        fields=facts_of(log, rules.facts, passed),
        days={name: _at(log.day, row, MISSING) for name, row in passed.items()},
        minutes={name: _at(log.minute, passed[name], -1) for name in _to_the_minute(rules)},
        lists={
            name: DayLists(log.case[rows[name]].astype(np.intp), log.day[rows[name]])
            for name in _every_day(rules)
        },
    )


def _at(values: NDArray[N], row: NDArray[np.int64], missing: int) -> NDArray[N]:
    """The values on these rows; `missing` for NEVER."""
    taken = np.full(len(row), missing, values.dtype)
    found = np.flatnonzero(row != NEVER)
    taken[found] = values[row[found]]
    return taken


def _to_the_minute(rules: LogRules) -> set[str]:
    """The nodes whose minute matters: a limit of hours runs from or to them."""
    versions = [one for duty in rules.law.duties.values() for one in duty.versions]
    timed = [one for one in versions if one.within is not None and one.within.unit == "hours"]
    return {name for version in timed for name in (*version.start, *version.stop)}


def _every_day(rules: LogRules) -> set[str]:
    """The nodes of which every passing matters, not the first alone."""
    repeated = [one for one in rules.law.duties.values() if one.kind in ("recurring", "recent")]
    return {name for duty in repeated for version in duty.versions for name in version.stop}


def _first_rows(log: EventLog, rules: LogRules, rows: Mapping[str, NDArray[np.intp]]) -> FirstRows:
    """The row of each case's first passing of each node; NEVER where it does not pass it."""
    first = {name: _first_row(log, passing) for name, passing in rows.items()}
    return {
        name: np.where(first[name] < first[rule.before], first[name], NEVER)
        if rule.before
        else first[name]
        for name, rule in rules.nodes.items()
    }


def _first_row(log: EventLog, rows: NDArray[np.intp]) -> NDArray[np.int64]:
    case = log.case[rows]
    leads = np.r_[True, np.diff(case) != 0][: len(case)]
    first = np.full(len(log.cases), NEVER)
    first[case[leads]] = rows[leads]
    return first


def _passing(log: EventLog, rule: NodeRule) -> NDArray[np.intp]:
    """The rows of the events that pass a node, whatever came before or after."""
    if rule.activity not in log.activities:
        return np.zeros(0, np.intp)
    passing = log.activity == log.activities.index(rule.activity)
    for key, wanted in rule.where.items():
        attribute = log.attributes[key]
        allowed = [wanted] if isinstance(wanted, str) else wanted
        codes = [i for i, text in enumerate(attribute.vocabulary) if text in allowed]
        has = np.zeros(len(log), np.bool_)
        has[attribute.row[np.isin(attribute.code, codes)]] = True
        passing &= has
    return np.flatnonzero(passing)


def _refuse_nothing_to_check(
    log: EventLog, known: EventLog, setting: Setting, rules: LogRules
) -> None:
    calendar = setting.calendar
    if not len(known):
        raise _no_event_yet(log, setting.as_of)
    if int(known.day.min()) < calendar.first_day or setting.as_of > calendar.last_day:
        raise _outside(calendar, int(known.day.min()), setting.as_of)
    if len(absent_activities(log, rules)) == len({rule.activity for rule in rules.nodes.values()}):
        raise _none_of_the_activities(log)


def _no_event_yet(log: EventLog, as_of: int) -> BadInput:
    first = from_day(int(log.day.min()))
    return BadInput(
        Message(
            f"到 {from_day(as_of)} 为止没有任何事件，日志始于 {first}。",
            f"No event had happened by {from_day(as_of)}; the log begins on {first}.",
        ),
        Message("请换一个 --as-of 日期。", "Choose another day with --as-of."),
    )


def _outside(calendar: Calendar, first: int, as_of: int) -> BadInput:
    begin, end = from_day(calendar.first_day), from_day(calendar.last_day)
    days = f"{from_day(first)}, {from_day(as_of)}"
    return BadInput(
        Message(
            f"日志首日或检查日（{days}）超出日历范围（{begin} 至 {end}）。",
            f"The log's first day or the day of the check ({days}) lies outside the calendar "
            f"({begin} to {end}).",
        ),
        Message(
            "请核对日期；不按中国工作日计算的规则请写 calendar: none。",
            "Check the days; rules that know no Chinese working days say `calendar: none`.",
        ),
    )


def _none_of_the_activities(log: EventLog) -> BadInput:
    shown = ", ".join(log.activities[:_SHOWN]) + (" …" if len(log.activities) > _SHOWN else "")
    return BadInput(
        Message(
            f"规则里的活动在日志中一个也没有；日志中有：{shown}。",
            f"None of the activities of the rules is in the log, which has: {shown}.",
        ),
        Message("请核对规则文件的 nodes。", "Check `nodes` in the duties file."),
    )
