"""`zhiheng indexes milestones`: a programme's target values held against the courts' figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from zhiheng.cli import common

if TYPE_CHECKING:
    from zhiheng.indexes.programmes import Programme
    from zhiheng.scoring.milestones import Held


EDITION = "wuhan-2016"
"""Whose levels say which courts are meant: intermediate and basic ones."""


def register(group: typer.Typer) -> None:
    """Add `milestones` to the group."""
    group.command("milestones", help="阶段目标与各法院数值对照。Targets against figures.")(_held)


def _held(
    store: Path = common.STORE,
    programme: str = typer.Option("wuhan-2016", "--programme", help="方案。Programme."),
    as_of: str = common.AS_OF,
    assume: list[str] = common.ASSUME,
    as_json: bool = common.JSON,
) -> None:
    from dataclasses import asdict

    from zhiheng.indexes.answers import Answers
    from zhiheng.indexes.editions import load_edition
    from zhiheng.law.load import load_law
    from zhiheng.measures.period import Period
    from zhiheng.scoring.assumptions import choose, parse_choices
    from zhiheng.scoring.milestones import hold
    from zhiheng.scoring.run import Run
    from zhiheng.store.lake import open_store

    day = common.parse_day(as_of, "--as-of")
    chosen = chosen_programme(programme)
    edition, law = choose(load_edition(EDITION), load_law(), parse_choices(assume))
    opened = open_store(store)
    run = Run(opened, law, edition, Period(day, day), day, Answers({}))
    with common.progress("计算", "Computing") as progress:
        found = hold(run, chosen, progress)
    opened.trace("milestones", programme=programme, as_of=as_of)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    else:
        _show(found)


def chosen_programme(name: str) -> Programme:
    """A programme by id. Raises WrongUse naming those that set target values."""
    from zhiheng.errors import Message, WrongUse
    from zhiheng.indexes.programmes import programmes
    from zhiheng.scoring.milestones import targets

    with_targets = {key: one for key, one in programmes().items() if list(targets(one))}
    if name not in with_targets:
        known = "、".join(with_targets)
        raise WrongUse(
            Message(f"“{name}”没有阶段目标。", f"{name!r} sets no target values."),
            Message(f"可用：{known}。", f"There are: {known}."),
            "--programme",
        )
    return with_targets[name]


def _show(found: list[Held]) -> None:
    from rich.console import Console
    from rich.table import Table

    from zhiheng.calendar import from_day
    from zhiheng.cli import language
    from zhiheng.measures.definitions import definitions

    zh = language() == "zh"
    heads = ("目标日", "数值", "目标", "全部法院", "达到", "未达到", "无数据")
    english = ("Day", "Figure", "Target", "All courts", "Reached", "Missed", "No data")
    table = Table(*(heads if zh else english), box=None)
    for whole in (one for one in found if not one.court):
        courts = [o for o in found if o.court and (o.item, o.figure) == (whole.item, whole.figure)]
        definition = definitions()[whole.figure]
        counts = [sum(o.reached is want for o in courts) for want in (True, False, None)]
        value = "—" if whole.value is None else f"{whole.value:.1f}%"
        name = definition.zh if zh else definition.en
        day = from_day(whole.due).isoformat()
        table.add_row(day, name, f"≥ {whole.target:g}%", value, *map(str, counts))
    Console(width=120).print(table)
    if not found:
        common.said("截至该日没有到期的目标。", "No milestone is due by that day.")
