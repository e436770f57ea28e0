"""`zhiheng explain`: how a score or an outcome came about, down to the node and the article."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from zhiheng.cli import common

if TYPE_CHECKING:
    from zhiheng.indexes.answers import Answers
    from zhiheng.indexes.model import Edition
    from zhiheng.scoring.explain import LeafExplanation
    from zhiheng.store.lake import Store

SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add `zhiheng explain`."""
    app.command("explain", help="说明得分或检查结果的由来。How a score or an outcome came about.")(
        _explain
    )


def _explain(
    store: Path = common.STORE,
    case: str = typer.Option("", "--case", metavar="案号", help="案号。Case number."),
    duty: str = typer.Option(
        "", "--duty", help="职责编号或规则行，如 inquiry.network 或 A05。Duty or row."
    ),
    court: str = typer.Option("", "--court", help="法院代字，如 陕0102。Court code."),
    leaf: str = typer.Option("", "--leaf", help="三级指标，如 basic.1.3.1。Leaf."),
    as_of: str = typer.Option("", "--as-of", help="截至日；默认同上次评估。As-of day."),
    period: str = typer.Option("", "--period", help="评估期；默认同上次评估。Period."),
    edition: str = typer.Option("", "--edition", help="指标体系；默认同上次评估。Edition."),
    every_row: bool = typer.Option(False, "--all", help="列出全部案件。List every case."),
    as_json: bool = common.JSON,
) -> None:
    from zhiheng.errors import Message, WrongUse
    from zhiheng.store.lake import open_store

    opened = open_store(store)
    last = last_run(opened, as_of, period, edition)
    if case and duty and not (court or leaf):
        _case(opened, case, duty, last, as_json)
    elif court and leaf and not (case or duty):
        _leaf(opened, court, leaf, last, every_row, as_json)
    else:
        raise WrongUse(
            Message("要说明什么不明确。", "What to explain is not clear."),
            Message(
                "请给出 --case 与 --duty，或 --court 与 --leaf。",
                "Give --case with --duty, or --court with --leaf.",
            ),
        )


def last_run(store: Store, as_of: str, period: str, edition: str) -> dict[str, Any]:
    """The settings of the last evaluation of the store, with what was given instead.

    Raises WrongUse where there was none and nothing was given.
    """
    from zhiheng.errors import Message, WrongUse
    from zhiheng.store.trace import read

    blank: dict[str, Any] = {"edition": "cass-2017", "assume": [], "answers": None}
    entries = read(store.path / "trace.jsonl")
    runs = [entry for entry in entries if entry["action"] in ("evaluate", "check")]
    for entry in runs:
        blank.update({key: entry[key] for key in RUN_FACTS if key in entry})
    given = {"as_of": as_of, "period": period, "edition": edition}
    settings = {**blank, **{key: value for key, value in given.items() if value}}
    if "as_of" not in settings:
        raise WrongUse(
            Message("没有截至日，该数据仓也未检查过。", "No day, and the store was never checked."),
            Message("请加 --as-of 日期。", "Add --as-of DAY."),
        )
    return settings


RUN_FACTS = ("as_of", "period", "edition", "assume", "answers")


def _case(store: Store, number: str, name: str, last: dict[str, Any], as_json: bool) -> None:
    import msgspec

    from zhiheng.calendar import load_calendar
    from zhiheng.checks.find import explain_case, find_case
    from zhiheng.checks.setting import Setting
    from zhiheng.checks.wording import paragraph
    from zhiheng.cli import language
    from zhiheng.cli.check import duty_ids
    from zhiheng.indexes.editions import load_edition
    from zhiheng.law.load import load_law
    from zhiheng.scoring.assumptions import choose, parse_choices

    edition = load_edition(last["edition"])
    _, law = choose(edition, load_law(), parse_choices(last["assume"]))
    setting = Setting(law, load_calendar(), common.parse_day(last["as_of"], "--as-of"))
    found = find_case(store, number)
    asked = [law.duties[one] for one in duty_ids(law, name)]
    explanations = explain_case(store, found, asked, setting)
    for one in asked:
        store.trace("view", case=found.number, duty=one.id)
    if as_json:
        plain = msgspec.to_builtins(explanations)
        typer.echo(json.dumps(plain, ensure_ascii=False, indent=1, default=str))
        return
    common.said(f"{found.number}，截至 {last['as_of']}", f"{found.number}, as of {last['as_of']}")
    for explanation in explanations:
        typer.echo(paragraph(explanation, law, language()))
    if not explanations:
        common.said("该案没有此类对象，职责不适用。", "The case has no such subject.")


def _leaf(
    store: Store, court: str, leaf: str, last: dict[str, Any], every_row: bool, as_json: bool
) -> None:
    from zhiheng.errors import Message, WrongUse
    from zhiheng.scoring.explain import explain_leaf, plain

    if "period" not in last:
        raise WrongUse(
            Message("没有评估期，该数据仓也未评估过。", "No period, and no evaluation yet."),
            Message("请加 --period 起..止。", "Add --period FROM..TO."),
        )
    found = explain_leaf(_run_of(store, court, last), court, leaf)
    store.trace("view", court=court, leaf=leaf)
    if as_json:
        typer.echo(json.dumps(plain(found), ensure_ascii=False, indent=1, default=str))
    else:
        _show_leaf(found, every_row)


def _run_of(store: Store, court: str, last: dict[str, Any]) -> Any:
    from zhiheng.indexes.answers import Answers
    from zhiheng.indexes.editions import load_edition
    from zhiheng.law.load import load_law
    from zhiheng.scoring.assumptions import choose, parse_choices
    from zhiheng.scoring.run import Run

    choices = parse_choices(last["assume"])
    edition, law = choose(load_edition(last["edition"]), load_law(), choices)
    sheet = last["answers"]
    return Run(
        store,
        law,
        edition,
        common.parse_period(last["period"]),
        common.parse_day(last["as_of"], "--as-of"),
        _answers(Path(sheet), edition) if sheet else Answers({}),
        court,
    )


def _answers(sheet: Path, edition: Edition) -> Answers:
    # Only where there is a sheet: what reads workbooks takes a tenth of a second to load.
    from zhiheng.indexes.answer_sheet import read_answers

    return read_answers(sheet, edition)


def _show_leaf(found: LeafExplanation, every_row: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    from zhiheng.cli import language
    from zhiheng.scoring.explain import sentences

    for sentence in sentences(found, language()):
        typer.echo(sentence)
    rows = found.rows
    shown = rows if every_row else rows.slice(0, SHOWN)
    if not shown.num_rows:
        return
    table = Table(box=None)
    for name in shown.column_names:
        table.add_column(name, no_wrap=True)
    for row in shown.to_pylist():
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    Console(width=160).print(table)
    rest = rows.num_rows - shown.num_rows
    if rest:
        common.said(f"另有 {rest:,} 行，加 --all 列出。", f"{rest:,} more rows: add --all.")
