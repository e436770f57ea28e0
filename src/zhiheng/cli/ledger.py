"""`zhiheng ledger`: every subject of one kind with its duties, their states and due days."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from zhiheng.cli import common

if TYPE_CHECKING:
    import pyarrow as pa

    from zhiheng.law.model import Law
    from zhiheng.store.lake import Store

SHOWN = 20
"""Rows printed; a file holds all of them."""


def register(app: typer.Typer) -> None:
    """Add `zhiheng ledger`."""
    app.command(
        "ledger", help="台账：逐项列出职责状态和到期日。Every subject with its duties and due days."
    )(_ledger)


def _ledger(
    kind: str = typer.Argument(
        ..., metavar="KIND", help="对象，如 entrustments 或 事项委托。Kind of subject."
    ),
    store: Path = common.STORE,
    as_of: str = common.AS_OF,
    court: str = typer.Option("", "--court", help="只看该法院。Only this court."),
    case: str = typer.Option("", "--case", metavar="案号", help="只看该案。Only this case."),
    within: int = typer.Option(
        None, "--within", min=0, metavar="DAYS",
        help="只列已逾期和若干日内到期的。Only what is overdue or due within so many days.",
    ),
    out: Path = typer.Option(
        None, "--out", help="全部写入 .csv、.jsonl 或 .parquet。Write all rows to a file."
    ),
    assume: list[str] = common.ASSUME,
    as_json: bool = common.JSON,
) -> None:  # fmt: skip
    from zhiheng.law.load import load_law
    from zhiheng.measures.rows_out import write_rows
    from zhiheng.scoring.assumptions import choose_for_law, parse_choices

    if out:
        common.refuse_target(out, "--out")
    day = common.parse_day(as_of, "--as-of")
    law = choose_for_law(load_law(), parse_choices(assume))
    subject = subject_kind(kind, law)
    opened = common.open_for(store, court)
    rows = _rows(opened, law, subject, day, court, case, None if within is None else day + within)
    opened.trace("view", ledger=subject, as_of=as_of, court=court, case=case, rows=rows.num_rows)
    if out:
        write_rows(rows, out)
    if as_json:
        typer.echo(json.dumps(rows.to_pylist(), ensure_ascii=False, indent=1, default=str))
    else:
        _show(rows, law, out)


def subject_kind(name: str, law: Law) -> str:
    """The kind of subject a word means: its identifier, its table's or the table's label.

    Raises WrongUse listing the kinds that have duties.
    """
    from zhiheng.errors import Message, WrongUse
    from zhiheng.records.catalogue import SUBJECTS, tables

    with_duties = {duty.per for duty in law.duties.values()}
    kept = {kind: table for kind, table in SUBJECTS.items() if kind in with_duties}
    for kind, table in kept.items():
        if name in (kind, table, tables()[table].zh, tables()[table].en):
            return kind
    known = ", ".join(f"{table}（{tables()[table].zh}）" for table in kept.values())
    raise WrongUse(
        Message(f"没有“{name}”台账。", f"There is no ledger of {name!r}."),
        Message(f"可用：{known}。", f"There are: {known}."),
        "KIND",
    )


def _rows(
    store: Store, law: Law, kind: str, day: int, court: str, case: str, last: int | None
) -> pa.Table:
    import pyarrow.compute as pc

    from zhiheng.calendar import load_calendar
    from zhiheng.checks.find import find_case
    from zhiheng.checks.run import run
    from zhiheng.checks.setting import Setting
    from zhiheng.measures.ledger import due_within, duties_of, ledger_part, whole_ledger
    from zhiheng.store.engine import connect

    found = find_case(store, case, court) if case else None
    court = found.court if found else court
    duties = law.duties.values()
    only = [duty.id for duty in duties_of(kind, duties)]
    setting, parts = Setting(law, load_calendar(), day), []
    with common.progress("检查", "Checking") as progress:
        for checked in run(store, setting, progress, only, court or None):
            part = ledger_part(checked, kind, [law.duties[name] for name in only])
            part = part.filter(pc.equal(part.column("court"), court)) if court else part
            parts.append(part if last is None else due_within(part, last))
    rows = whole_ledger(parts, kind, store, connect())
    return rows.filter(pc.equal(rows.column("case_number"), found.number)) if found else rows


def _show(rows: pa.Table, law: Law, out: Path | None) -> None:
    from rich.console import Console
    from rich.table import Table

    from zhiheng.cli import language

    zh = language() == "zh"
    heads = ("案号", "对象", "下一到期日", "待办职责", "逾期", "违反", "无法判断") if zh else (
        "Case", "Subject", "Next due", "Duty", "Overdue", "Breached", "Unknown"
    )  # fmt: skip
    names = ("case_number", "subject_id", "next_due", "next_duty", "overdue", "breached", "unknown")
    table = Table(*heads, box=None)
    urgent = rows.sort_by([("overdue", "descending"), ("next_due", "ascending")])
    for row in urgent.select(names).slice(0, SHOWN).to_pylist():
        duty = law.duties.get(row["next_duty"] or "")
        row["next_duty"] = duty.title.in_language(language()) if duty else ""
        table.add_row(*("" if row[name] is None else str(row[name]) for name in names))
    Console(width=150).print(table)
    common.said(f"共 {rows.num_rows:,} 项。", f"{rows.num_rows:,} in all.")
    if out:
        common.said(f"台账：{out}", f"Written to {out}")
    elif rows.num_rows > SHOWN:
        common.said("加 --out 文件 可写出全部。", "Add --out FILE to have them all.")
