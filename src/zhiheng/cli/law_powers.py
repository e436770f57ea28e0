"""`zhiheng law powers`: the list of enforcement powers, number by number."""

from __future__ import annotations

import json
from collections.abc import Iterable

import typer

from zhiheng.cli import common


def powers(as_json: bool = common.JSON) -> None:
    """Print the list of powers."""
    import msgspec

    from zhiheng.cli import language
    from zhiheng.law.powers import load_powers
    from zhiheng.reports.law.powers import HEADINGS, lines

    loaded = load_powers()
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins(loaded), ensure_ascii=False, indent=2))
        return
    typer.echo("\t".join(HEADINGS[language()]))
    _print(lines(loaded, language()))
    for remark in loaded.remarks:
        common.said(f"说明：{remark.zh}", f"remark: {remark.en}")


def _print(rows: Iterable[tuple[str, ...]]) -> None:
    for row in rows:
        typer.echo("\t".join(row))
