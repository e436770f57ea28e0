"""`zhiheng review simulate`: a made-up review of a draw, with the truth of every file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from zhiheng.cli import common

if TYPE_CHECKING:
    from zhiheng.simulate.readings_files import Given, Review


def register(group: typer.Typer) -> None:
    """Add `simulate` to the group."""
    group.command("simulate", help="虚构评查结果，真值已知。A made-up review, its truth known.")(
        _simulate
    )


def _simulate(
    draw: Path = typer.Option(..., "--draw", help="抽样目录。The folder of the draw."),
    seed: int = typer.Option(..., "--seed", help="真值的种子。Seed of the truth."),
    out: Path = typer.Option(..., "--out", help="写入的目录。The folder to write."),
    edition: str = typer.Option("cass-2017", "--edition", help="指标体系。The edition."),
    frame: Path = typer.Option(
        None, "--frame", help="抽样框，默认 DIR/frame.csv。The frame, by default that of the draw."
    ),
    assignment: Path = typer.Option(
        None, "--assignment", help="assignment.csv；按评查人写出。Writes what each reader finds."
    ),
    item: list[str] = typer.Option(
        [], "--item", help="另加的指标编号，可重复。A further leaf to read; repeatable."
    ),
    error: float = typer.Option(
        0.0, "--error", min=0.0, max=0.5, help="误判的概率。Chance of a wrong answer."
    ),
) -> None:
    from zhiheng.indexes.editions import load_edition
    from zhiheng.reports.files import new_folder
    from zhiheng.sampling.frames import read_frame
    from zhiheng.sampling.readings import read_sampled
    from zhiheng.sampling.record import FRAME, SAMPLE
    from zhiheng.sampling.writing import write
    from zhiheng.simulate import readings_files as made

    drawn = read_sampled(draw / SAMPLE).ids
    files = read_frame(frame or draw / FRAME)
    review = made.review_of(files, load_edition(edition), error, seed, item)
    given = made.read_assignment(assignment, files) if assignment else []
    with new_folder(out) as folder:
        for name, text in _texts(review, drawn, given).items():
            write(folder / name, text)
    _say(review, len(files.ids), out)


def _texts(review: Review, drawn: tuple[str, ...], given: list[Given]) -> dict[str, str]:
    from zhiheng.simulate import readings_files as made

    found = {
        "truth.csv": made.truth_csv(review),
        "reviews.csv": made.reviews_csv(review, drawn),
    }
    if given:
        found["readings.csv"] = made.readings_csv(review, given)
        found["decisions.csv"] = made.decisions_csv(review, given)
    return found


def _say(review: Review, there: int, out: Path) -> None:
    common.said(
        f"虚构评查：{review.files} 件案卷的真值，误判率 {review.error:.1%}：{out}",
        f"A made-up review: the truth of {review.files} files, {review.error:.1%} misread: {out}",
    )
    if review.files < there:
        common.said(
            f"另有 {there - review.files} 件所属级别不以案卷评查评分，不在其中。",
            f"{there - review.files} files are of levels not scored by reading files: left out.",
        )
