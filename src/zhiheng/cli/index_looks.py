"""`zhiheng index describe|weigh`: what stands before an index: its data, its weights."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from zhiheng.cli import common

if TYPE_CHECKING:
    from zhiheng.composites.describe import Description

_FOLDER = typer.Option(None, "--out", help="写入目录，默认打印。Write into this folder.")


def register(group: typer.Typer) -> None:
    """Add `describe` and `weigh` to the group."""
    group.command("describe", help="指标的统计、相关和信度。Statistics of the data.")(_describe)
    group.command("weigh", help="由两两比较得出权重（AHP）。Weights from comparisons.")(_weigh)


def _describe(
    data: Path = typer.Option(..., "--data", help="数据表，第一栏为单位。Data, units first."),
    tree: Path = typer.Option(None, "--tree", help="只看其中的指标，并按方向。Its indicators."),
    bounds: Path = typer.Option(None, "--bounds", help="界值表；用其对数刻度。For log scales."),
    out: Path = _FOLDER,
) -> None:
    from zhiheng.composites.described import read_and_describe, tables_of
    from zhiheng.composites.files import put

    found = read_and_describe(data, tree, bounds)
    contents = tables_of(found)
    for name, content in contents.items():
        if out is not None:
            put(out / name, content)
        else:
            typer.echo(f"# {name}\n{content.decode('utf-8-sig')}")
    _say(found)


def _say(found: Description) -> None:
    said = "—" if found.alpha != found.alpha else f"{found.alpha:.6f}"
    common.said(f"标准化克隆巴赫 α：{said}", f"Standardised Cronbach's alpha: {said}")


def _weigh(
    pairs: Path = typer.Option(..., "--pairs", help="两两比较矩阵 CSV。The matrix."),
    out: Path = typer.Option(None, "--out", help="写入权重表 CSV，默认打印。Write the weights."),
) -> None:
    from zhiheng.cli import language
    from zhiheng.composites.files import put, shown, table_text
    from zhiheng.composites.pairs import ACCEPTABLE, read_pairs, weigh
    from zhiheng.composites.tables import read_table

    found = weigh(*read_pairs(read_table(pairs)))
    rows = [[code, shown(w)] for code, w in zip(found.codes, found.weights, strict=True)]
    content = table_text(("code", "ahp"), rows)
    if out is None:
        typer.echo(content.decode("utf-8-sig"), nl=False)
    else:
        put(out, content)
    high = found.ratio > ACCEPTABLE
    numbers = f"λ = {found.largest:.6f}, CI = {found.index:.6f}, CR = {found.ratio:.6f}"
    zh = f"{numbers}{'：高于0.10，判断前后不一致，宜重新比较' if high else ''}"
    en = f"{numbers}{': above 0.10, the judgments contradict each other' if high else ''}"
    typer.echo(zh if language() == "zh" else en, err=True)
