"""`zhiheng sample estimate`: from reviews of a sample to shares with their errors."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from zhiheng.cli import common

if TYPE_CHECKING:
    from zhiheng.sampling.items import ItemEstimate
    from zhiheng.sampling.readings import Readings

SAMPLE = typer.Option(..., "--sample", help="抽样得到的 sample.csv。The sample drawn.")
REVIEWS = typer.Option(
    ..., "--reviews", help="评查结果：id、item、answer，每件每项一行。One row a file and item."
)
OUT = typer.Option(..., "--out", help="写入的目录。Directory to write to.")
BY = typer.Option("", "--by", help="另按该栏目分列，如 court。Also by this column.")
REPLACEMENTS = typer.Option(
    None, "--replacements", help="备用件 replacements.csv。Replacements that were read."
)
ALLOW_MISSING = typer.Option(
    False, "--allow-missing", help="允许有未评查的文件。Let files be missing."
)
_SHOWN = 200
"""Rows printed; the files hold all of them."""


def register(group: typer.Typer) -> None:
    """Add `zhiheng sample estimate`."""
    group.command("estimate", help="由评查结果估计，附误差。Estimates with errors from reviews.")(
        _estimate
    )


def _estimate(
    sample: Path = SAMPLE,
    reviews: Path = REVIEWS,
    out: Path = OUT,
    by: str = BY,
    interval: str = typer.Option(
        "logit", "--interval", help="区间：logit|wilson|korn-graubard|exact。Interval."
    ),
    replacements: Path = REPLACEMENTS,
    allow_missing: bool = ALLOW_MISSING,
    lonely: str = typer.Option(
        "fail", "--lonely", help="只抽一件的层：fail|certainty|adjust|average。Lonely strata."
    ),
    level: float = typer.Option(0.95, "--level", min=0.5, max=0.999, help="置信水平。Level."),
    as_json: bool = common.JSON,
) -> None:
    from zhiheng.sampling.items import METHODS, estimate_items

    _known("区间", interval, METHODS, "--interval")
    found = readings_of(sample, replacements, reviews, lonely, allow_missing)
    rows = estimate_items(found, by, interval, level)
    _write(out, found, rows)
    if as_json:
        typer.echo(json.dumps(_report(found, rows, level), ensure_ascii=False, indent=1))
    else:
        _show(found, rows, level, out)


def _known(what: str, word: str, known: tuple[str, ...], option: str) -> None:
    from zhiheng.sampling.problems import unknown_choice

    if word not in known:
        raise unknown_choice(what, word, known, option)


def readings_of(
    sample: Path, replacements: Path | None, reviews: Path, lonely: Any, allow_missing: bool
) -> Readings:
    """The readings of a sample as the options name them. Raises BadInput, WrongUse."""
    from zhiheng.sampling.design import LONELY
    from zhiheng.sampling.readings import read_sampled, readings
    from zhiheng.sampling.reviews import read_reviews

    _known("办法", lonely, LONELY, "--lonely")
    drawn = len(read_sampled(sample).ids)
    sampled = read_sampled(sample, replacements)
    return readings(sampled, drawn, read_reviews(reviews), lonely, allow_missing)


def _write(out: Path, found: Readings, rows: list[ItemEstimate]) -> None:
    from zhiheng.sampling.items import covariance_of
    from zhiheng.sampling.writing import csv_text, write

    headings = [field.name for field in fields(rows[0])]
    cells = [list(asdict(row).values()) for row in rows]
    write(out / "estimates.csv", csv_text(headings, cells))
    between = covariance_of(found).tolist()
    matrix = [[item, *line] for item, line in zip(found.items, between, strict=True)]
    write(out / "covariance.csv", csv_text(["item", *found.items], matrix))


def _report(found: Readings, rows: list[ItemEstimate], level: float) -> dict[str, Any]:
    plain = [
        {name: None if value != value else value for name, value in asdict(row).items()}
        for row in rows
    ]
    return {"level": level, "missing": found.missing, "estimates": plain}


def _show(found: Readings, rows: list[ItemEstimate], level: float, out: Path) -> None:
    if found.missing:
        common.said(
            f"注意：{found.missing} 件抽中而未评查，其余文件的权重已相应加大。",
            f"Note: {found.missing} files drawn were not read; the others weigh more for it.",
        )
    shown = None
    for row in rows[:_SHOWN]:
        if row.court != shown:
            shown = row.court
            common.said(f"\n{shown or '全部'}", f"\n{shown or 'All'}")
        typer.echo(f"  {row.item}  {_line(row, level)}")
    if len(rows) > _SHOWN:
        common.said(f"…另有 {len(rows) - _SHOWN} 行", f"… {len(rows) - _SHOWN} more rows")
    common.said(f"\n写入 {out}", f"\nWritten to {out}")


def _line(row: ItemEstimate, level: float) -> str:
    if not row.n:
        from zhiheng.cli import language

        return "不适用" if language() == "zh" else "does not apply"
    between = "—" if math.isnan(row.low) else f"[{row.low:.1%}, {row.high:.1%}]"
    effect = "—" if math.isnan(row.deff) else f"{row.deff:.2f}"
    return (
        f"{row.estimate:.1%}  SE {row.se:.1%}  {level:.0%} {between}"
        f"  n={row.n}/{row.read}  N={row.population:,.0f}  n_eff={row.n_eff:.0f}"
        f"  deff={effect}  {row.method}"
    )
