"""`zhiheng indexes`: the published index systems, shown and verified."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import typer

from zhiheng.cli import milestones

if TYPE_CHECKING:
    from rich.console import Console
    from rich.tree import Tree

    from zhiheng.indexes.flaws import Flaw
    from zhiheng.indexes.model import Edition, IndexSet, Indicator, Node
    from zhiheng.indexes.programmes import Entry, Routine

_EDITION = typer.Option(
    "cass-2017", "--edition", help="指标体系编号或目录。Edition: an id or a directory."
)
_LEVEL = typer.Option(
    None, "--level", help="法院层级 supreme|high|intermediate|basic。Court level."
)
_ON = typer.Option("", "--as-of", metavar="DAY", help="截至日，默认今天。Day, today by default.")
_UNWEIGHTED = {"zh": "不计权重", "en": "without weight"}
_ONE_LINE = 1000
"""Columns no node of a tree fills."""
_JSON = typer.Option(False, "--json", help="输出 JSON。Print JSON.")


def register(app: typer.Typer) -> None:
    """Add `zhiheng indexes list|show|verify|programmes|milestones`."""
    group = typer.Typer(no_args_is_help=True)
    group.command("list", help="列出指标体系。List the editions.")(_list)
    group.command("show", help="显示指标树、权重、来源和方法。Show the tree.")(_show)
    group.command("verify", help="校验权重、数目和引用。Verify an edition.")(_verify)
    group.command("programmes", help="列出任务、阶段和到期日。List tasks with due days.")(
        _programmes
    )
    milestones.register(group)
    app.add_typer(
        group,
        name="indexes",
        help="已公布的指标体系：列出、显示、校验。The published index systems.",
    )


def _list(as_json: bool = _JSON) -> None:
    from zhiheng.cli import language
    from zhiheng.indexes.editions import available_editions, load_edition

    editions = [load_edition(name) for name in available_editions()]
    if as_json:
        _print_json([_edition_data(edition) for edition in editions])
        return
    for edition in editions:
        typer.echo(f"{edition.id}  {edition.published}  {edition.title(language())}")
        for one in edition.sets.values():
            typer.echo(f"  {_heading(one, language())}")


def _show(edition: str = _EDITION, level: str = _LEVEL, as_json: bool = _JSON) -> None:
    from zhiheng.cli import language
    from zhiheng.indexes.editions import limited_to, load_edition

    chosen = limited_to(load_edition(edition), level)
    if as_json:
        sets = [_set_data(one) for one in chosen.sets.values()]
        _print_json({**_edition_data(chosen), "sets": sets})
        return
    _print_trees(chosen, language())


def _verify(edition: str = _EDITION, as_json: bool = _JSON) -> None:
    from zhiheng.cli import language
    from zhiheng.indexes.editions import read_edition
    from zhiheng.indexes.verify import verify

    chosen = read_edition(edition)
    flaws = verify(chosen)
    if as_json:
        _print_json({**_edition_data(chosen), "flaws": [_flaw_data(flaw) for flaw in flaws]})
    else:
        _print_verdict(chosen, flaws, language())
    if flaws:
        raise typer.Exit(1)


def _programmes(as_of: str = _ON, as_json: bool = _JSON) -> None:
    from datetime import datetime

    import msgspec

    from zhiheng.calendar import to_day
    from zhiheng.cli import common, language
    from zhiheng.indexes.programmes import programmes, schedule

    day = (
        common.parse_day(as_of, "--as-of") if as_of else to_day(datetime.now().astimezone().date())
    )
    entries = schedule(day)
    if as_json:
        routines = [
            {**msgspec.to_builtins(routine), "programme": one.id}
            for one in programmes().values()
            for routine in one.routines
        ]
        _print_json([*(_entry_data(entry) for entry in entries), *routines])
        return
    for one in programmes().values():
        typer.echo(f"{one.id}  {one.zh if language() == 'zh' else one.en}  {len(one.items)}")
    for entry in entries:
        typer.echo(_entry_line(entry, language()))
    for one in programmes().values():
        for routine in one.routines:
            typer.echo(_routine_line(routine, language()))


def _routine_line(routine: Routine, language: str) -> str:
    zh = language == "zh"
    words = {"month": "每月", "quarter": "每季度", "year": "每年", "": "遇有情形"}
    every = (
        words[routine.every] if zh else (f"every {routine.every}" if routine.every else "as needed")
    )
    return f"{every}  {routine.id}  {routine.zh if zh else routine.en}"


def _entry_line(entry: Entry, language: str) -> str:
    zh, item, due = language == "zh", entry.item, entry.date
    day = (due.due or due.stated) if due else ("未定日期" if zh else "no date")
    ahead = {True: ("未到", "ahead"), False: ("已过", "past"), None: ("—", "—")}[entry.ahead]
    part = (due.zh if zh else due.en) if due else ""
    title = item.zh if zh else item.en
    said = f"{title}：{part}" if zh else f"{title}: {part}"
    words = (day, ahead[not zh], item.id, said if part else title, "、".join(item.units))
    return "  ".join(word for word in words if word)


def _entry_data(entry: Entry) -> dict[str, Any]:
    import msgspec

    item = {**msgspec.to_builtins(entry.item), "programme": entry.programme}
    del item["dates"]
    due = msgspec.to_builtins(entry.date) if entry.date else None
    return {**item, "date": due, "ahead": entry.ahead}


def _heading(one: IndexSet, language: str) -> str:
    counts = "/".join(str(count) for count in one.counts)
    return f"{one.zh if language == 'zh' else one.en}  {counts}"


def _print_trees(edition: Edition, language: str) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal:
        # In a file or a pipe a node stays on one line, however long.
        console.width = _ONE_LINE
    console.print(edition.title(language), markup=False)
    for one in edition.sets.values():
        console.print(_tree(one, language))
        _print_lines(console, one, language)
    if edition.group:
        said = edition.group.zh if language == "zh" else edition.group.en
        console.print(f"{said} ≥ {edition.group.at_least:g}%", markup=False)
    mark = "已知差异：" if language == "zh" else "Known difference: "
    for difference in edition.differences.values():
        said = difference.zh if language == "zh" else difference.en
        console.print(mark + said, markup=False)


def _print_lines(console: Console, one: IndexSet, language: str) -> None:
    from zhiheng.indexes.describe import line_in_words
    from zhiheng.indexes.model import Node

    for beside in one.beside:
        console.print(_line(Node(beside, "", 1, 0.0), language), markup=False)
    if one.lines:
        console.print("指标线：" if language == "zh" else "Lines:", markup=False)
    for line in one.lines:
        console.print("  " + line_in_words(line, language), markup=False)


def _tree(one: IndexSet, language: str) -> Tree:
    from rich.tree import Tree

    root = Tree(_plain(_heading(one, language)))
    branches = {"": root}
    for node in one.walk():
        above = branches[node.parent]
        branches[node.indicator.id] = above.add(_plain(_line(node, language)))
    return root


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _line(node: Node, language: str) -> str:
    from zhiheng.indexes.describe import scoring_in_words, source_in_words

    one = node.indicator
    weight = f"{one.weight:g}%" if node.effective else _UNWEIGHTED[language]
    head = f"{one.id}  {one.title(language)}  {weight}"
    if one.score is None:
        return head
    parts = (head, source_in_words(one, language), scoring_in_words(one.score, language))
    return " · ".join(parts)


def _print_verdict(edition: Edition, flaws: list[Flaw], language: str) -> None:
    for flaw in flaws:
        typer.echo(f"{flaw.place}: {flaw.what.in_language(language)}")
    for one in edition.sets.values():
        typer.echo(_heading(one, language))
    if language == "zh":
        typer.echo(f"{edition.id}：{f'{len(flaws)}处问题' if flaws else '合格'}")
    else:
        typer.echo(f"{edition.id}: {f'{len(flaws)} problems' if flaws else 'sound'}")


def _edition_data(edition: Edition) -> dict[str, Any]:
    import msgspec

    return {
        "id": edition.id,
        "zh": edition.zh,
        "en": edition.en,
        "published": edition.published,
        "cites": msgspec.to_builtins(edition.cites),
        "counts": {level: list(one.counts) for level, one in edition.sets.items()},
        "extends": edition.extends,
        "verdict": edition.verdict,
        "group": msgspec.to_builtins(edition.group),
        "differences": msgspec.to_builtins(edition.differences),
    }


def _set_data(one: IndexSet) -> dict[str, Any]:
    import msgspec

    return {
        "level": one.level,
        "zh": one.zh,
        "en": one.en,
        "nodes": [_node_data(node) for node in one.walk()],
        "beside": [_indicator_data(beside) for beside in one.beside],
        "lines": [msgspec.to_builtins(line) for line in one.lines],
    }


def _node_data(node: Node) -> dict[str, Any]:
    place = {"parent": node.parent, "depth": node.depth, "effective": round(node.effective, 12)}
    return {**_indicator_data(node.indicator), **place}


def _indicator_data(one: Indicator) -> dict[str, Any]:
    import msgspec

    found = msgspec.to_builtins(msgspec.structs.replace(one, parts=()))
    return {name: value for name, value in found.items() if value not in (None, [], ())}


def _flaw_data(flaw: Flaw) -> dict[str, str]:
    return {"place": flaw.place, "zh": flaw.what.zh, "en": flaw.what.en}


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
