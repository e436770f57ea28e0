"""`zhiheng indexes`: the published index systems, shown and verified."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.tree import Tree

    from zhiheng.indexes.model import Edition, IndexSet, Indicator, Node
    from zhiheng.indexes.verify import Flaw

_EDITION = typer.Option(
    "cass-2017", "--edition", help="指标体系编号或目录。Edition: an id or a directory."
)
_LEVEL = typer.Option(
    None, "--level", help="法院层级 supreme|high|intermediate|basic。Court level."
)
_ONE_LINE = 1000
"""Columns no node of a tree fills."""
_JSON = typer.Option(False, "--json", help="输出 JSON。Print JSON.")


def register(app: typer.Typer) -> None:
    """Add `zhiheng indexes list|show|verify`."""
    group = typer.Typer(no_args_is_help=True)
    group.command("list", help="列出指标体系。List the editions.")(_list)
    group.command("show", help="显示指标树、权重、来源和方法。Show the tree.")(_show)
    group.command("verify", help="校验权重、数目和引用。Verify an edition.")(_verify)
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
    mark = "已知差异：" if language == "zh" else "Known difference: "
    for difference in edition.differences.values():
        said = difference.zh if language == "zh" else difference.en
        console.print(mark + said, markup=False)


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
    head = f"{one.id}  {one.title(language)}  {one.weight:g}%"
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
        "differences": msgspec.to_builtins(edition.differences),
    }


def _set_data(one: IndexSet) -> dict[str, Any]:
    nodes = [_node_data(node) for node in one.walk()]
    return {"level": one.level, "zh": one.zh, "en": one.en, "nodes": nodes}


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
