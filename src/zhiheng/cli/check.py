"""`zhiheng check`: every duty on every subject, as of one day."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from zhiheng.cli import common
from zhiheng.cli.engine import ENGINE, MASTER, SPARK_CONF, Chosen, Name, engine_of

if TYPE_CHECKING:
    import pyarrow as pa

    from zhiheng.checks.engines import Engine
    from zhiheng.checks.setting import Setting
    from zhiheng.law.model import Law
    from zhiheng.measures.period import Period
    from zhiheng.measures.tally import Tally
    from zhiheng.scoring.proof import Proof
    from zhiheng.store.lake import Store


def register(app: typer.Typer) -> None:
    """Add `zhiheng check`."""
    app.command("check", help="按法定职责和期限检查案件。Check cases against duties.")(_check)


def _check(
    store: Path = common.STORE,
    as_of: str = common.AS_OF,
    duty: list[str] = typer.Option(
        [], "--duty", help="只查该职责或规则行，可重复。Only this duty or row; repeatable."
    ),
    court: str = typer.Option("", "--court", help="只查该法院。Only this court."),
    findings: Path = typer.Option(
        None,
        "--findings",
        help="全部问题写入 .csv、.jsonl 或 .parquet。Write every finding to a file.",
    ),
    edition: str = typer.Option(
        "",
        "--edition",
        help="按该指标体系开启另加的核查项。Switch on the further checks of this edition.",
    ),
    period: str = typer.Option(
        "",
        "--period",
        metavar="FROM..TO",
        help="同时为该评估期计数，此后按各自带指标体系评估只需数秒。"
        "Count for evaluations of this period too: on the editions there are they then take "
        "seconds.",
    ),
    assume: list[str] = common.ASSUME,
    engine: Name = ENGINE,
    master: str = MASTER,
    spark_conf: list[str] = SPARK_CONF,
    as_json: bool = common.JSON,
) -> None:
    from zhiheng.calendar import load_calendar
    from zhiheng.checks.run import refuse_unknown_court
    from zhiheng.checks.setting import Setting
    from zhiheng.indexes.editions import load_edition
    from zhiheng.law.load import load_law
    from zhiheng.measures.rows_out import write_rows
    from zhiheng.scoring.assumptions import choose_for_law, parse_choices
    from zhiheng.scoring.proof import prove
    from zhiheng.store.lake import open_store

    if findings:
        common.refuse_target(findings, "--findings")
    day = common.parse_day(as_of, "--as-of")
    law = choose_for_law(load_law(), parse_choices(assume))
    of = load_edition(edition) if edition else None
    if of:
        law = law.requiring(of.also_required)
    ahead = common.parse_period(period) if period else None
    if ahead is not None:
        _refuse_in_part(duty, court, findings, engine)
    only = [one for name in duty for one in duty_ids(law, name)] or None
    opened = open_store(store)
    if court:
        refuse_unknown_court(opened, court)
    setting = Setting(law, load_calendar(), day)
    with engine_of(Chosen(engine, master, tuple(spark_conf))) as chosen:
        if ahead is not None:
            tally, found = _ahead(opened, setting, ahead, chosen), None
        else:
            tally, found = _run(opened, setting, only, court, findings is not None, chosen)
    opened.trace(
        "check",
        as_of=as_of,
        duties=only or "all",
        court=court,
        assume=assume,
        **({"edition": edition} if edition else {}),
        digest=opened.digest,
    )
    if found is not None:
        write_rows(found, findings)
    if as_json:
        report = _report(as_of, law, tally, prove(opened, law, of))
        typer.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _show(as_of, law, tally, findings)


def duty_ids(law: Law, name: str) -> list[str]:
    """The duty of an id, or every duty that bears a row of the rulebook: a limit set by law and
    one an index sets may stand side by side. Raises WrongUse listing what there is."""
    from zhiheng.errors import Message, WrongUse

    named = law.named(name)
    if not named:
        known = ", ".join(law.duties)
        raise WrongUse(
            Message(f"没有职责“{name}”。", f"There is no duty {name!r}."),
            Message(f"可用：{known}。", f"There are: {known}."),
            "--duty",
        )
    return [duty.id for duty in named]


def _refuse_in_part(duty: list[str], court: str, findings: Path | None, engine: Name) -> None:
    """Counts are kept of the whole store, and on this machine."""
    from zhiheng.errors import Message, WrongUse

    given = {"--duty": duty, "--court": court, "--findings": findings}
    named = [name for name, value in given.items() if value]
    named += ["--engine"] if engine == Name.spark else []
    if named:
        together = "、".join(named)
        raise WrongUse(
            Message(f"--period 不能与 {together} 同用。", f"--period does not go with {together}."),
            Message("请分两次运行，一次只加 --period。", "Run twice, once with --period alone."),
            "--period",
        )


def _ahead(store: Store, setting: Setting, period: Period, engine: Engine) -> Tally:
    """The tally, with all counted that evaluations of the period will ask."""
    from zhiheng.scoring.ahead import runs_of, tally_counting_ahead

    runs = runs_of(store, setting.law, period, setting.as_of)
    with common.progress("检查", "Checking") as progress:
        return tally_counting_ahead(setting, runs, progress, engine)


def _run(
    store: Store,
    setting: Setting,
    only: list[str] | None,
    court: str,
    with_findings: bool,
    engine: Engine,
) -> tuple[Tally, pa.Table | None]:
    """The tally, and every finding with its case where they are asked for: naming them takes
    longer than counting them."""
    import pyarrow.compute as pc

    from zhiheng.measures.findings import Finding, named
    from zhiheng.measures.tally import TallyWork, merged, tally_of
    from zhiheng.measures.works import Both

    with common.progress("检查", "Checking") as progress:
        if not with_findings:
            tally = tally_of(store, setting, None, progress, only, court or None, engine)
            return (tally.of_court(court) if court else tally), None
        count = TallyWork(setting.law.duties, None, setting.as_of)
        work = Both(count, Finding(setting.law.duties, setting.as_of))
        results = list(engine.over(store, setting, work, progress, only, court or None))
    tally = merged(counted for counted, _ in results)
    raw = [table for _, tables in results for table in tables]
    found = named(raw, store, engine.connect(), setting.law)
    if not court:
        return tally, found
    return tally.of_court(court), found.filter(pc.equal(found.column("court"), court))


def _report(as_of: str, law: Law, tally: Tally, proof: Proof) -> dict[str, Any]:
    from zhiheng.measures.findings import FINDING_STATES
    from zhiheng.measures.sections import breaches_by_section

    return {
        "as_of": as_of,
        "proof": asdict(proof),
        "sections": breaches_by_section(tally, law),
        "duties": [
            {
                "duty": name,
                "row": law.duties[name].rulebook,
                "nature": law.duties[name].nature,
                "title": law.duties[name].title.zh,
                "states": states,
            }
            for name, states in _by_duty(tally).items()
        ],
        "findings": tally.count(FINDING_STATES),
        "provisional_due_days": tally.provisional,
    }


def _by_duty(tally: Tally) -> dict[str, dict[str, int]]:
    from zhiheng.checks.outcomes import STATES

    return {
        duty: dict(zip(STATES, counts.tolist(), strict=True))
        for duty, counts in tally.by_duty().items()
        if counts.any()
    }


def _show(as_of: str, law: Law, tally: Tally, findings: Path | None) -> None:
    from rich.console import Console

    from zhiheng.cli import language
    from zhiheng.measures.findings import FINDING_STATES
    from zhiheng.reports.states import states_table

    rows = tally.count(FINDING_STATES)
    zh = language() == "zh"
    title = f"截至 {as_of}" if zh else f"As of {as_of}"
    Console(width=150).print(states_table(title, law, _by_duty(tally), language()))
    common.said(f"共 {rows:,} 条问题。", f"{rows:,} findings in all.")
    if findings:
        common.said(f"清单：{findings}", f"Listed in {findings}")
    else:
        common.said("加 --findings 文件 可写出全部清单。", "Add --findings FILE to have them all.")
    if tally.provisional:
        common.said(
            "部分到期日所在年度的放假安排尚未公布，这些日期为暂定。",
            "Some due days lie in years whose holidays are not published: they are provisional.",
        )
