"""`zhiheng index apart`: sets of ranks and bands of any index whose scores have an error."""

from __future__ import annotations

from pathlib import Path

import typer


def register(group: typer.Typer) -> None:
    """Add `apart` to the group."""
    group.command("apart", help="名次范围与分不出高低的档。Ranks that hold, and bands.")(_apart)


def _apart(
    scores: Path = typer.Argument(
        ..., help="第一栏为单位，另有 score、error（标准误，普查为 0）。Units with score and error."
    ),
    confidence: float = typer.Option(
        0.95, "--confidence", min=0.5, max=0.999, help="置信水平。Confidence, of all together."
    ),
    seed: int = typer.Option(1, "--seed", min=0, help="随机数种子。Seed of the draws."),
    line: float = typer.Option(
        None, "--line", help="另列真实得分达到此线的概率。Also the chance to reach this line."
    ),
    out: Path = typer.Option(None, "--out", help="写入 CSV 文件，默认打印。Write to this CSV."),
) -> None:
    from zhiheng.cli import language
    from zhiheng.composites.files import put
    from zhiheng.scoring.apart import compare_units, compared_table

    found = compare_units(scores, confidence, seed)
    content = compared_table(found, line)
    if out is None:
        typer.echo(content.decode("utf-8-sig"), nl=False)
    else:
        put(out, content)
    ranked, bands = int((found.ranks.rank > 0).sum()), len(found.bands)
    errors = f"{found.apart.critical:.2f}"
    zh = f"{ranked} 个单位分为 {bands} 档；差异须达 {errors} 个标准误。"
    en = f"{ranked} units in {bands} bands; a difference has to reach {errors} standard errors."
    # Beside the table, so that a pipe gets the table alone.
    typer.echo(zh if language() == "zh" else en, err=True)
