"""`zhiheng simulate`: a made-up province with known truth."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

import typer

from zhiheng.cli import common


class Form(StrEnum):
    """The kinds of files a simulation can be written as."""

    parquet = "parquet"
    csv = "csv"


class Encoding(StrEnum):
    """How CSV files are encoded."""

    utf8 = "utf-8"
    gb18030 = "gb18030"


def register(app: typer.Typer) -> None:
    """Add `zhiheng simulate`."""
    app.command(
        "simulate",
        help="生成虚构的法院与案件，附已知真值。Make up courts and cases with known truth.",
    )(_simulate)


def _simulate(
    province: str = typer.Option("陕西", "--province", help="省份。Province."),
    cases: int = typer.Option(200_000, "--cases", help="案件数。Number of cases."),
    seed: int = typer.Option(1, "--seed", help="随机种子。Seed; the same seed, the same bytes."),
    out: Path = typer.Option(..., "--out", help="输出目录。Directory to write."),
    form: Form = typer.Option(Form.parquet, "--format", help="文件格式。Kind of files."),
    first: str = typer.Option("2018-01-01", "--from", help="首日。First day."),
    last: str = typer.Option("2019-12-31", "--to", help="末日，即截至日。Last day."),
    encoding: Encoding = typer.Option(Encoding.utf8, "--encoding", help="CSV 编码。Of CSV files."),
    courts: Path = typer.Option(
        None, "--courts", help="其他省份的法院表（CSV）。Table of courts of any other province."
    ),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON。Print JSON."),
) -> None:
    facts = simulate_province(
        province, cases, seed, out, form.value, first, last, encoding.value, courts
    )
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False, indent=1))
        return
    rows = facts["rows"]
    assert isinstance(rows, dict)
    many_courts, many_cases, many_events = (
        f"{rows[name]:,}" for name in ("courts", "cases", "events")
    )
    common.said(
        f"已写出 {many_courts} 个法院、{many_cases} 件案件、{many_events} 个节点：{out}",
        f"Wrote {many_courts} courts, {many_cases} cases, {many_events} nodes: {out}",
    )


def simulate_province(
    province: str,
    cases: int,
    seed: int,
    out: Path,
    form: str = "parquet",
    first: str = "2018-01-01",
    last: str = "2019-12-31",
    encoding: str = "utf-8",
    courts: Path | None = None,
) -> dict[str, object]:
    """Make up a province in `out`, with a bar on standard error; what simulation.json says.

    Raises WrongUse and BadInput (see `zhiheng.simulate.files.simulate`).
    """
    from zhiheng.simulate.files import simulate
    from zhiheng.simulate.province import Parameters

    parameters = Parameters(
        province,
        cases,
        seed,
        common.parse_day(first, "--from"),
        common.parse_day(last, "--to"),
        courts,
    )
    with _steps() as step:
        return simulate(parameters, out, Form(form).value, Encoding(encoding).value, step)


@contextmanager
def _steps() -> Iterator[Callable[[str], None]]:
    """A bar that moves on with every part that is made or written."""
    from zhiheng.simulate.files import STEPS

    done = 0
    with common.progress("模拟", "Simulating") as move:

        def step(name: str) -> None:
            nonlocal done
            move(done, STEPS)
            done += 1

        yield step
        move(STEPS, STEPS)
