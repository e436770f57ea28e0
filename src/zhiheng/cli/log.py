"""`zhiheng log check`: the duties of a file on any event log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from zhiheng.cli import common

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zhiheng.checks.event_log import CheckedLog
    from zhiheng.checks.log_summary import DutyCount
    from zhiheng.errors import Message
    from zhiheng.intake.event_log import EventLog
    from zhiheng.law.model import Version


def register(app: typer.Typer) -> None:
    """Add `zhiheng log check`."""
    group = typer.Typer(no_args_is_help=True)
    group.command("check", help="按规则文件检查事件日志。Check an event log against duties.")(
        _check
    )
    group.callback()(_group)
    app.add_typer(
        group, name="log", help="任意事件日志（XES、CSV）。Event logs of any kind (XES, CSV)."
    )


def _group() -> None:
    """Keep `check` a command of its own although it is the only one."""


def _check(
    log: Path = typer.Argument(
        ..., help="事件日志：.xes、.xes.gz 或 .csv。Event log: .xes, .xes.gz or .csv."
    ),
    duties: Path = typer.Option(..., "--duties", help="规则文件（YAML）。The duties file (YAML)."),
    as_of: str = typer.Option(
        "",
        "--as-of",
        metavar="DAY",
        help="截至日，如 2019-12-31；默认日志最后一日。As-of day (default: the log's last day).",
    ),
    soon: int = typer.Option(
        10, "--soon", min=0, metavar="DAYS", help="几日内到期算临近。How many days count as soon."
    ),
    findings: Path = typer.Option(
        None,
        "--findings",
        help="全部问题写入 .csv、.jsonl 或 .parquet。Write every finding to a file.",
    ),
    as_json: bool = common.JSON,
) -> None:
    from zhiheng.checks.event_log import check_log
    from zhiheng.checks.log_rules import read_rules
    from zhiheng.checks.log_summary import notices, summarise
    from zhiheng.intake.logs import read_log

    day = common.parse_day(as_of, "--as-of") if as_of else None
    if findings:
        _refuse_target(findings, (log, duties))
    rules = read_rules(duties)
    with common.progress("读取日志", "Reading the log") as told:
        whole = read_log(log, rules.columns, rules.attributes, told)
    checked = check_log(whole, rules, day)
    counts, remarks = summarise(checked, soon), list(notices(whole, checked))
    if findings:
        _write(checked, findings)
    if as_json:
        report = _report(log.name, checked, counts, remarks, soon)
        typer.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _show(log.name, checked, counts, remarks, soon)
        if findings:
            common.said(f"清单：{findings}", f"Listed in {findings}")
        else:
            common.said("加 --findings 文件 可写出清单。", "Add --findings FILE to have the list.")


def _refuse_target(target: Path, sources: Iterable[Path]) -> None:
    from zhiheng.errors import Message, WrongUse

    common.refuse_target(target, "--findings")
    if target.resolve() in [source.resolve() for source in sources]:
        raise WrongUse(
            Message("不能写在要读的文件上。", "This would overwrite a file that is read."),
            Message("请另选一个文件名。", "Choose another name."),
            "--findings",
        )


def _write(checked: CheckedLog, path: Path) -> None:
    from zhiheng.checks.log_summary import findings
    from zhiheng.measures.rows_out import write_rows

    write_rows(findings(checked), path)


def _report(
    name: str, checked: CheckedLog, counts: list[DutyCount], remarks: list[Message], soon: int
) -> dict[str, Any]:
    first, last = _span(checked.log)
    return {
        "log": name,
        "cases": len(checked.log.cases),
        "events": len(checked.log),
        "first_day": first,
        "last_day": last,
        "as_of": _iso(checked.as_of),
        "calendar": checked.rules.calendar,
        "soon": soon,
        "notices": [{"zh": remark.zh, "en": remark.en} for remark in remarks],
        "duties": [_duty_data(count) for count in counts],
    }


def _duty_data(count: DutyCount) -> dict[str, Any]:
    import msgspec

    duty = count.duty
    return {
        "duty": duty.id,
        "title": {"zh": duty.title.zh, "en": duty.title.en},
        "cites": [msgspec.to_builtins(version.cites) for version in duty.versions],
        "states": count.states,
        "reasons": count.reasons,
        "missing": count.missing,
        "open": count.open,
        "due_soon": count.due_soon,
    }


def _show(
    name: str, checked: CheckedLog, counts: list[DutyCount], remarks: list[Message], soon: int
) -> None:
    from zhiheng.cli import language

    cases, events = f"{len(checked.log.cases):,}", f"{len(checked.log):,}"
    first, last = _span(checked.log)
    common.said(
        f"{name}：{cases} 件案件，{events} 个事件，{first} 至 {last}；截至 {_iso(checked.as_of)}",
        f"{name}: {cases} cases, {events} events, {first} to {last}; as of {_iso(checked.as_of)}",
    )
    for remark in remarks:
        common.said(f"注意：{remark.zh}", f"Note: {remark.en}")
    for count in counts:
        typer.echo("")
        for line in _lines(count, checked, soon, language()):
            typer.echo(line)
    typer.echo("")


def _lines(count: DutyCount, checked: CheckedLog, soon: int, language: str) -> Iterable[str]:
    zh = language == "zh"
    yield f"{count.duty.title.in_language(language)}  {count.duty.id}"
    for version in count.duty.versions:
        yield f"  {_cited(version, checked, language)}"
    if not count.concerned:
        yield "  没有案件涉及该职责" if zh else "  no case is concerned"
    for state, number in count.states.items():
        if number and state != "not_applicable":
            yield _state_line(count, state, number, language)
    if count.open:
        late, ahead = f"{count.states['overdue']:,}", f"{count.due_soon:,}"
        yield (
            f"  尚未完成 {count.open:,}：其中已逾期 {late}，{soon} 日内到期 {ahead}"
            if zh
            else f"  open {count.open:,}: overdue {late}, due within {soon} days {ahead}"
        )


def _state_line(count: DutyCount, state: str, number: int, language: str) -> str:
    from rich.cells import set_cell_size

    from zhiheng.checks.wording import STATES

    words = STATES[state][0 if language == "zh" else 1]
    line = f"  {set_cell_size(words, 30)}{number:>12,}"
    details = _details(count, state, language)
    return f"{line}  {details}" if details else line


def _details(count: DutyCount, state: str, language: str) -> str:
    """The reasons that tell the cases of one state apart, or the facts that are missing."""
    from zhiheng.checks.wording import REASONS

    if state == "undeterminable":
        return ", ".join(f"{fact} {number:,}" for fact, number in count.missing.items() if fact)
    telling = {
        "discharged": ("ended_in_time", "ended_after_limit"),
        "late": ("too_early", "barred"),
        "overdue": ("condition_fails", "window_missed", "member_fails"),
    }
    found = [(reason, count.reasons.get(reason, 0)) for reason in telling.get(state, ())]
    words = ((REASONS[reason][0 if language == "zh" else 1], n) for reason, n in found if n)
    return ", ".join(f"{said} {number:,}" for said, number in words)


def _cited(version: Version, checked: CheckedLog, language: str) -> str:
    documents = checked.rules.law.documents
    unread = "（未核对原文）" if language == "zh" else " (text not verified)"
    return "; ".join(
        f"{documents[cite.document].title.in_language(language)} {cite.place}"
        + ("" if cite.grade == "text" else unread)
        for cite in version.cites
    )


def _span(log: EventLog) -> tuple[str, str]:
    return _iso(int(log.day.min())), _iso(int(log.day.max()))


def _iso(day: int) -> str:
    from zhiheng.calendar import from_day

    return from_day(day).isoformat()
