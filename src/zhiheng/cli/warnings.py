"""`zhiheng warnings`: what falls due soon and what is overdue, down to the officer."""

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

SHOWN = 30


def register(app: typer.Typer) -> None:
    """Add `zhiheng warnings`."""
    app.command(
        "warnings", help="预警：即将到期和已逾期的职责。What falls due soon and what is overdue."
    )(_warnings)


def _warnings(
    store: Path = common.STORE,
    as_of: str = common.AS_OF,
    within: int = typer.Option(
        5, "--within", min=0, metavar="DAYS", help="提前的日数。How many days ahead."
    ),
    court: str = typer.Option("", "--court", help="只看该法院。Only this court."),
    officer: str = typer.Option("", "--officer", help="只看该承办人。Only this officer."),
    out: Path = typer.Option(
        None, "--out", help="清单写入 .csv、.jsonl 或 .parquet。Write the list to a file."
    ),
    assume: list[str] = common.ASSUME,
    as_json: bool = common.JSON,
) -> None:
    from zhiheng.law.load import load_law
    from zhiheng.measures.rows_out import write_rows
    from zhiheng.scoring.assumptions import choose_for_law, parse_choices

    if out:
        common.refuse_target(out, "--out")
    day = common.parse_day(as_of, "--as-of")
    law = choose_for_law(load_law(), parse_choices(assume))
    opened = common.open_for(store, court)
    rows = _rows(opened, law, day, within, court, officer)
    facts = {"as_of": as_of, "within": within, "court": court, "officer": officer}
    opened.trace("view", warnings=rows.num_rows, **facts)
    if out:
        write_rows(rows, out)
    if as_json:
        typer.echo(json.dumps(_plain(rows), ensure_ascii=False, indent=1, default=str))
    else:
        _show(rows, out)


def _rows(store: Store, law: Law, day: int, within: int, court: str, officer: str) -> pa.Table:
    import pyarrow.compute as pc

    from zhiheng.calendar import load_calendar
    from zhiheng.checks.run import run
    from zhiheng.checks.setting import Setting
    from zhiheng.measures.coming import raw_warnings, with_days_left
    from zhiheng.measures.findings import named
    from zhiheng.store.engine import connect

    raw: list[pa.Table] = []
    with common.progress("检查", "Checking") as progress:
        for checked in run(
            store, Setting(law, load_calendar(), day), progress, None, court or None
        ):
            raw += raw_warnings(checked, law.duties.values(), day, day + within)
    found = named(raw, store, connect(), law)
    for name, wanted in (("court", court), ("officer", officer)):
        if wanted:
            found = found.filter(pc.equal(found.column(name), wanted))
    return with_days_left(found, day)


def _plain(rows: pa.Table) -> list[dict[str, object]]:
    import pyarrow as pa

    for name in ("start", "due", "stop"):
        at = rows.column_names.index(name)
        rows = rows.set_column(at, name, rows.column(name).cast(pa.date32()))
    found: list[dict[str, object]] = rows.to_pylist()
    return found


def _show(rows: pa.Table, out: Path | None) -> None:
    from rich.console import Console
    from rich.table import Table

    from zhiheng.cli import language
    from zhiheng.measures.coming import by_officer

    zh = language() == "zh"
    heads = ("法院", "承办人", "已逾期", "即将到期")
    table = Table(*(heads if zh else ("Court", "Officer", "Overdue", "Coming")), box=None)
    counted = by_officer(rows)
    for court, officer, overdue, coming in counted[:SHOWN]:
        table.add_row(court, officer, f"{overdue:,}", f"{coming:,}")
    Console(width=100).print(table)
    rest = len(counted) - SHOWN
    if rest > 0:
        common.said(f"另有 {rest:,} 名承办人。", f"{rest:,} more officers.")
    overdue, coming = sum(row[2] for row in counted), sum(row[3] for row in counted)
    common.said(
        f"已逾期 {overdue:,} 项，即将到期 {coming:,} 项。",
        f"{overdue:,} overdue, {coming:,} coming.",
    )
    if out:
        common.said(f"清单：{out}", f"Listed in {out}")
    else:
        common.said("加 --out 文件 可写出清单。", "Add --out FILE to have the list.")
