"""`zhiheng index years`: what changed from one evaluation to another, with the error of both."""

from __future__ import annotations

from pathlib import Path

import typer


def register(group: typer.Typer) -> None:
    """Add `years` to the group."""
    group.command("years", help="两次评估之间的变化及其误差。Change between two evaluations.")(
        _years
    )


def _years(
    before: Path = typer.Argument(..., help="先前的法院表（court、score、error）。One table."),
    after: Path = typer.Argument(..., help="后来的法院表。The later table."),
    confidence: float = typer.Option(
        0.95, "--confidence", min=0.5, max=0.999, help="置信水平。Confidence of the intervals."
    ),
    out: Path = typer.Option(None, "--out", help="写入 CSV 文件，默认打印。Write to this CSV."),
) -> None:
    import numpy as np

    from zhiheng.cli import language
    from zhiheng.composites.files import put
    from zhiheng.scoring.years import INDEPENDENT, compare_years, years_table

    found = compare_years(before, after, confidence)
    content = years_table(found)
    if out is None:
        typer.echo(content.decode("utf-8-sig"), nl=False)
    else:
        put(out, content)
    sure = np.nan_to_num(found.change.low) > 0, np.nan_to_num(found.change.high) < 0
    up, down = (int(np.count_nonzero(each)) for each in sure)
    zh = language() == "zh"
    # Beside the table, so that a pipe gets the table alone.
    typer.echo(
        f"两次都有的法院{len(found.courts)}个：确有上升{up}个，确有下降{down}个。"
        if zh
        else f"{len(found.courts)} courts in both: {up} surely higher, {down} surely lower.",
        err=True,
    )
    for name, courts in (("before", found.only_before), ("after", found.only_after)):
        if courts:
            typer.echo(f"{'只见于' if zh else 'only'} {name}: {', '.join(courts)}", err=True)
    typer.echo(INDEPENDENT.in_language(language()), err=True)
