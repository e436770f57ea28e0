"""`zhiheng demo`: the whole way through the house on a made-up province."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import typer

from zhiheng.cli import common

PERIOD, AS_OF = "2018-01-01..2019-12-31", "2019-12-31"
MARK = ".zhiheng-demo"


def register(app: typer.Typer) -> None:
    """Add `zhiheng demo`."""
    app.command("demo", help="模拟一省，走完全程。The whole way on a made-up province.")(_demo)


def _demo(
    out: Path = typer.Option(Path("demo"), "--out", help="结果目录。Directory of the results."),
    cases: int = typer.Option(200_000, "--cases", min=200, help="案件数。Number of cases."),
    seed: int = typer.Option(20180101, "--seed", help="随机种子。Seed."),
) -> None:
    from zhiheng.cli import language
    from zhiheng.cli.evaluate import Request, evaluate_store, show
    from zhiheng.cli.intake import take_in
    from zhiheng.cli.simulate import simulate_province

    began = time.monotonic()
    _fresh(out)
    _step("模拟陕西省法院", "Making up the courts of Shaanxi")
    simulate_province("陕西", cases, seed, out / "data")
    _step("导入并校验", "Taking in and validating")
    take_in([out / "data"], out / "store", None)
    _step("检查职责并评估", "Checking duties and evaluating")
    (evaluation,) = evaluate_store(
        Request(out / "store", ("cass-2017",), AS_OF, PERIOD, out / "report")
    )
    show(evaluation, out / "report", language())
    _step("按规则各部分汇总", "Counting by section of the rulebook")
    _show_sections(out / "store")
    took = time.monotonic() - began
    common.said(f"用时 {took:.0f} 秒。", f"Took {took:.0f} seconds.")


def _show_sections(store: Path) -> None:
    """What every section of the rulebook found in the province, and what the screens did."""
    import ibis
    from rich.console import Console

    from zhiheng.calendar import load_calendar
    from zhiheng.checks.setting import Setting
    from zhiheng.cli import language
    from zhiheng.law.load import load_law
    from zhiheng.measures.rates import duty_rates
    from zhiheng.measures.sections import breaches_by_section
    from zhiheng.measures.tally import tally_of
    from zhiheng.reports.states import screens_table, sections_table
    from zhiheng.screens.rows import Scope
    from zhiheng.screens.run import run as run_screens
    from zhiheng.store.engine import connect
    from zhiheng.store.lake import open_store

    law, day = load_law(), common.parse_day(AS_OF, "--as-of")
    opened, con = open_store(store), connect()
    tally = tally_of(opened, Setting(law, load_calendar(), day))
    console = Console(width=100)
    console.print(sections_table(breaches_by_section(tally, law), language()))
    _step("筛查数据质量、权力和分案", "Screening for data quality, powers, allocation")
    rates = ibis.memtable(duty_rates(tally))
    found = run_screens(
        lambda name: rates if name == "rates" else opened.relation(con, name), con, law, Scope(day)
    )
    console.print(screens_table(found, language()))


def _fresh(out: Path) -> None:
    """An empty directory; only an earlier demo is ever removed. Raises WrongUse."""
    from zhiheng.errors import Message, WrongUse

    if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
        raise WrongUse(
            Message(f"“{out}”不是空目录。", f"{str(out)!r} is not empty."),
            Message("请换一个 --out 目录。", "Choose another directory with --out."),
            "--out",
        )
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    (out / MARK).touch()


def _step(zh: str, en: str) -> None:
    from zhiheng.cli import language

    typer.echo(f"· {zh if language() == 'zh' else en} …", err=True)
