"""`zhiheng screen`: rows of the store worth a second look, each with its reason."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from zhiheng.cli import common

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

    from zhiheng.law.model import Law
    from zhiheng.law.screens import Screen
    from zhiheng.screens.rows import Scope, Tables
    from zhiheng.screens.run import Found
    from zhiheng.store.lake import Store

_STORE = typer.Option(None, "--store", help="数据仓目录。Directory of the store.")
_AS_OF = typer.Option("", "--as-of", metavar="DAY", help="截至日，如 2019-12-31。As-of day.")
_LIST = typer.Option(False, "--list", help="列出全部筛查。List the screens.")
_SCREEN = typer.Option([], "--screen", help="只做该筛查，可重复。Only this screen; repeatable.")
_COURT = typer.Option("", "--court", help="只看该法院。Only this court.")
_PERIOD = typer.Option("", "--period", metavar="A..B", help="只看该期间。Only this period.")
_OUT = typer.Option(
    None, "--out", help="全部行写入 .csv、.jsonl 或 .parquet。Write every row to a file."
)


def register(app: typer.Typer) -> None:
    """Add `zhiheng screen`."""
    app.command(
        "screen", help="筛查数据质量、权力和分案。Screen for data quality, powers, allocation."
    )(_screen)


def _screen(
    store: Path = _STORE,
    as_of: str = _AS_OF,
    listed: bool = _LIST,
    screen: list[str] = _SCREEN,
    court: str = _COURT,
    period: str = _PERIOD,
    out: Path = _OUT,
    assume: list[str] = common.ASSUME,
    as_json: bool = common.JSON,
) -> None:
    from zhiheng.law.load import load_law
    from zhiheng.scoring.assumptions import choose_for_law, parse_choices

    law = choose_for_law(load_law(), parse_choices(assume))
    if listed:
        _list(law, as_json)
        return
    asked = _asked(store, as_of, period, screen, court)
    if out:
        common.refuse_target(out, "--out")
    found = list(_found(asked, law))
    asked.store.trace("screen", as_of=as_of, period=period, screens=screen or "all", court=court,
                      assume=assume, digest=asked.store.digest)  # fmt: skip
    if out:
        _write(asked, found, out)
    if as_json:
        _print_json(_report(as_of, period, found, law))
    else:
        _show(as_of, found, law, out)


@dataclass(frozen=True)
class _Asked:
    """What was asked for, checked: the store, the days, the screens, the court ("" for all);
    `con`: the connection everything is computed on."""

    store: Store
    scope: Scope
    screens: list[str]
    court: str
    con: BaseBackend

    def stored(self, table: str) -> ir.Table:
        """A table of the store."""
        return self.store.relation(self.con, table)


def _asked(store: Path | None, as_of: str, period: str, screens: list[str], court: str) -> _Asked:
    from zhiheng.errors import Message, WrongUse
    from zhiheng.screens.rows import Scope
    from zhiheng.store.engine import connect
    from zhiheng.store.lake import open_store

    if store is None or not as_of:
        raise WrongUse(
            Message("缺少 --store 或 --as-of。", "--store or --as-of is missing."),
            Message("两者都要给出；或用 --list。", "Give both, or --list."),
        )
    last = common.parse_day(as_of, "--as-of")
    chosen = [_known(name) for name in screens]
    scope = Scope(last)
    if period:
        within = common.parse_period(period)
        scope = Scope(min(last, within.last), within.first)
    opened = open_store(store)
    known = sorted({code for batch in opened.manifest.batches for code in batch.courts})
    if court and court not in known:
        raise WrongUse(
            Message(f"数据仓中没有法院“{court}”。", f"There is no court {court!r} in the store."),
            Message(f"可用：{'、'.join(known)}。", f"There are: {', '.join(known)}."),
            "--court",
        )
    return _Asked(opened, scope, chosen, court, connect())


def _known(name: str) -> str:
    from zhiheng.errors import Message, WrongUse
    from zhiheng.law.screens import load_screens

    if name in load_screens():
        return name
    listed = ", ".join(load_screens())
    raise WrongUse(
        Message(f"没有筛查“{name}”。", f"There is no screen {name!r}."),
        Message(f"可用：{listed}。", f"There are: {listed}."),
        "--screen",
    )


def _found(asked: _Asked, law: Law) -> list[Found]:
    import ibis

    from zhiheng.screens.run import NEED_RATES, ROWS, run

    chosen = asked.screens or list(ROWS)
    tables: Tables = asked.stored
    if NEED_RATES & set(chosen):
        rates = ibis.memtable(_rates(asked, law))
        tables = lambda name: rates if name == "rates" else asked.stored(name)  # noqa: E731
    found = []
    with common.progress("筛查", "Screening") as progress:
        for done, one in enumerate(run(tables, asked.con, law, asked.scope, chosen, asked.court)):
            progress(done + 1, len(chosen))
            found.append(one)
    return found


def _rates(asked: _Asked, law: Law) -> Any:
    """Every court's rate of keeping every duty, from a check of the store."""
    from zhiheng.calendar import load_calendar
    from zhiheng.checks.setting import Setting
    from zhiheng.measures.period import Period
    from zhiheng.measures.rates import duty_rates
    from zhiheng.measures.tally import tally_of

    scope = asked.scope
    period = Period(scope.first, scope.last) if scope.first else None
    setting = Setting(law, load_calendar(), scope.last)
    with common.progress("检查", "Checking") as progress:
        tally = tally_of(asked.store, setting, period, progress, court=asked.court or None)
    return duty_rates(tally)


def _write(asked: _Asked, found: list[Found], out: Path) -> None:
    import pyarrow as pa

    from zhiheng.measures.rows_out import write_rows
    from zhiheng.screens.named import named

    rows = [named(asked.con, one.screen, one.rows, asked.stored) for one in found]
    write_rows(pa.concat_tables(rows), out)


def _report(as_of: str, period: str, found: list[Found], law: Law) -> dict[str, Any]:
    return {
        "as_of": as_of,
        "period": period or None,
        "screens": [{**_facts(one.screen, law), **_counts(one)} for one in found],
    }


def _counts(found: Found) -> dict[str, Any]:
    counts = [
        {"court": court, "detail": detail, "rows": rows}
        for (court, detail), rows in sorted(found.counts.items())
    ]
    return {
        "rows": found.total(),
        "courts": found.courts(),
        "undeterminable": found.total(undeterminable=True),
        "counts": counts,
    }


def _facts(screen: Screen, law: Law) -> dict[str, Any]:
    """What a screen is, with the assumptions in force."""
    return {
        "screen": screen.id,
        "rulebook": screen.rulebook or None,
        "zh": screen.title.zh,
        "en": screen.title.en,
        "why": {"zh": screen.why.zh, "en": screen.why.en},
        "parameters": screen.settings(law),
        "assumptions": {name: law.assumptions[name].value for name in screen.assumptions},
    }


def _list(law: Law, as_json: bool) -> None:
    from zhiheng.cli import language
    from zhiheng.law.screens import load_screens

    if as_json:
        _print_json([_facts(screen, law) for screen in load_screens().values()])
        return
    for screen in load_screens().values():
        row = f"  {screen.rulebook}" if screen.rulebook else ""
        typer.echo(f"{screen.id}{row}  {screen.title.in_language(language())}")
        typer.echo(f"  {screen.finds.in_language(language())}")
        _echo_assumptions(screen, law)


def _show(as_of: str, found: list[Found], law: Law, out: Path | None) -> None:
    from zhiheng.cli import language

    common.said(f"截至 {as_of}", f"As of {as_of}")
    for one in found:
        typer.echo(f"\n{one.screen.id}  {one.screen.title.in_language(language())}")
        common.said(
            f"  {one.total():,} 行，{one.courts()} 个法院{_untold(one, '，另有 {:,} 行无从判断')}",
            f"  {one.total():,} rows, {one.courts()} courts"
            + _untold(one, "; of {:,} more nothing can be said"),
        )
        typer.echo(f"  {one.screen.why.in_language(language())}")
        _echo_assumptions(one.screen, law)
    if out:
        common.said(f"\n清单：{out}", f"\nListed in {out}")
    else:
        common.said("\n加 --out 文件 可写出全部行。", "\nAdd --out FILE to have every row.")


def _untold(found: Found, words: str) -> str:
    many = found.total(undeterminable=True)
    return words.format(many) if many else ""


def _echo_assumptions(screen: Screen, law: Law) -> None:
    from zhiheng.cli import language

    for name in screen.assumptions:
        assumed = law.assumptions[name]
        choice = assumed.choices[assumed.value]
        if language() == "zh":
            typer.echo(f"  假设 {name}={assumed.value}：{assumed.zh}：{choice.zh}")
        else:
            typer.echo(f"  assumed {name}={assumed.value}: {assumed.en}: {choice.en}")


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))
