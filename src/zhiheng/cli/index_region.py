"""`zhiheng index region`: the index of a province or of the nation out of its courts' scores."""

from __future__ import annotations

from pathlib import Path

import typer

from zhiheng.cli import common

_NAMES = {
    "by_cases": ("按案件（一件案件的处境）", "by cases (how a case fares)"),
    "by_courts": ("按法院（一个法院的表现）", "by courts (how a court does)"),
    "equally": ("各部分等权（一个地区的表现）", "equally (how a part of the region does)"),
}


def register(group: typer.Typer) -> None:
    """Add `region` to the group."""
    group.command("region", help="由各法院得分得出省、全国指数。A province's index.")(_region)


def _region(
    courts: Path = typer.Option(
        ...,
        "--courts",
        help="法院表：court、part、score、error、cases；可用评估输出的 certainty/courts.csv。"
        "A table of all courts, drawn or not.",
    ),
    level: str = typer.Option("", "--level", help="只取该级法院。Courts of this level only."),
    confidence: float = typer.Option(
        0.95, "--confidence", min=0.5, max=0.999, help="置信水平。Confidence of the intervals."
    ),
    out: Path = typer.Option(..., "--out", help="输出目录。The folder to write."),
) -> None:
    from zhiheng.cli import language
    from zhiheng.composites.files import put
    from zhiheng.scoring.region import region_of, region_tables

    found = region_of(courts, level, confidence)
    for name, content in region_tables(found).items():
        put(out / name, content)
    for one in found.indexes:
        zh, en = _NAMES[one.weighting]
        numbers = f"{one.value:.2f} ± {one.error:.2f}  [{one.low:.2f}, {one.high:.2f}]"
        common.said(
            f"{zh}  {numbers}  {one.courts}/{one.of_courts}个法院",
            f"{en}  {numbers}  {one.courts} of {one.of_courts} courts",
        )
    for note in found.notes:
        typer.echo(note.in_language(language()))
    common.said(f"已写入 {out}", f"Written to {out}")
