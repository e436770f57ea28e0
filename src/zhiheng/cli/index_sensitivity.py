"""`zhiheng index sensitivity`: how far ranks hang on weights, methods and errors of the data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from zhiheng.cli import common

if TYPE_CHECKING:
    from zhiheng.composites.run import Run
    from zhiheng.sensitivity.analysis import Analysis
    from zhiheng.sensitivity.factors import Floats
    from zhiheng.sensitivity.study import Study

_METHODS = "逗号隔开。Separated by commas."


def register(group: typer.Typer) -> None:
    """Add `sensitivity` to the group."""
    group.command("sensitivity", help="名次对权重、方法和数据误差的敏感性。How far ranks hang.")(
        _sensitivity
    )


def _sensitivity(
    log: Path = typer.Argument(..., help="log.json。The log of `zhiheng index score`."),
    weights: float = typer.Option(
        0.25, "--weights", help="权重上下浮动的比例，0 为不浮动。Half the width weights vary by."
    ),
    normalise: str = typer.Option(
        "", "--normalise", help=f"参与比较的标准化方法，{_METHODS}Normalisations tried."
    ),
    aggregate: str = typer.Option(
        "", "--aggregate", help=f"参与比较的汇总方法，{_METHODS}Aggregations tried."
    ),
    leave_out: bool = typer.Option(
        True, "--leave-out/--keep-all", help="逐一去掉指标。Leave indicators out, one at a time."
    ),
    errors: Path = typer.Option(
        None, "--errors", help="各单位各指标的标准误，格式同数据表。Standard errors of the data."
    ),
    replays: int = typer.Option(
        512, "--replays", min=8, help="每个因素的重算次数。Replays per factor."
    ),
    seed: int = typer.Option(1, "--seed", min=0, help="随机数种子。Seed of the numbers."),
    out: Path = typer.Option(..., "--out", help="输出目录。The folder to write."),
) -> None:
    from zhiheng.composites.files import put
    from zhiheng.composites.log import finder, read_log
    from zhiheng.composites.run import run
    from zhiheng.sensitivity.analysis import analyse
    from zhiheng.sensitivity.study import alternatives_alone, refuse_pairs
    from zhiheng.sensitivity.tables import tables_of

    settings, digests = read_log(log)
    done = run(settings, finder(log, digests))
    study = _study(done, weights, _named(normalise), _named(aggregate), leave_out, errors)
    if not study.factors:
        raise _nothing_varied()
    if (done.result.ranks == done.result.ranks).sum() < 2:
        raise _nothing_ranked()
    refuse_pairs(study)
    with common.progress("重算", "Replaying") as progress:
        found = analyse(study.run, study.factors, study.in_force, replays, seed, progress)
    alone = alternatives_alone(study)
    for name, content in tables_of(done.data.units, study.in_force, found, alone).items():
        put(out / name, content)
    for each in found:
        _say(each)
    common.said(f"已写入 {out}", f"Written to {out}")


def _named(words: str) -> tuple[str, ...]:
    return tuple(word for word in (part.strip() for part in words.split(",")) if word)


def _study(
    done: Run,
    weights: float,
    normalise: tuple[str, ...],
    aggregate: tuple[str, ...],
    leave_out: bool,
    errors: Path | None,
) -> Study:
    from zhiheng.composites.aggregate import METHODS as AGGREGATIONS
    from zhiheng.composites.normalise import METHODS as NORMALISATIONS
    from zhiheng.composites.problems import unknown_method
    from zhiheng.sensitivity.sources import Figures
    from zhiheng.sensitivity.study import Study

    for option, given, known in (
        ("--normalise", normalise, NORMALISATIONS),
        ("--aggregate", aggregate, AGGREGATIONS),
    ):
        for name in given:
            if name not in known:
                raise unknown_method(option, name, known)
    if not 0 <= weights < 1:
        raise _weights_out_of_reach(weights)
    figures = done.data.columns
    return Study(
        done.result.plan,
        Figures(figures, _errors(errors, done) if errors else {}),
        weights,
        normalise,
        aggregate,
        leave_out,
        figures,
        done.data.units,
    )


def _errors(path: Path, done: Run) -> dict[str, Floats]:
    """Standard errors by indicator, in the order of the data's units. Raises BadInput."""
    import numpy as np

    from zhiheng.composites.data import read_data
    from zhiheng.composites.problems import refused
    from zhiheng.composites.tables import read_table

    table = read_table(path)
    wanted = [code for code in done.result.plan.tree.leaves if code in table.header[1:]]
    given = read_data(table, wanted)
    lost = [unit for unit in given.units if unit not in done.data.units]
    if lost or not wanted:
        raise refused(
            str(path),
            (f"没有可用的指标或单位（{', '.join(lost[:5])}）。", f"Nothing fits ({lost[:5]})."),
            ("单位和指标代码须与数据表一致。", "Units and codes must be those of the data."),
        )
    for code in wanted:
        for unit, its in zip(given.units, given.columns[code], strict=True):
            if its < 0:
                raise refused(
                    f"{path.name}: {unit}",
                    (f"{code} 的标准误为负：{its:g}。", f"{code}: the error {its:g} is negative."),
                    ("标准误不小于0；没有误差填 0。", "Give an error of at least 0; 0 for none."),
                )
    at = {unit: place for place, unit in enumerate(given.units)}
    order = [at.get(unit, -1) for unit in done.data.units]
    # A unit without a row has no error told: it is taken as exact.
    return {
        code: np.array([given.columns[code][p] if p >= 0 else 0.0 for p in order])
        for code in wanted
    }


def _say(each: Analysis) -> None:
    from zhiheng.cli import language

    zh = language() == "zh"
    names = {
        "method": "方法选择" if zh else "choices of method",
        "data": "数据误差" if zh else "errors of the data",
        "both": "两者一起" if zh else "both together",
    }
    name, count, shift = names[each.varied], each.count, each.shift
    common.said(
        f"{name}：重算{count:,}次，名次平均变动{shift:.2f}。",
        f"{name}: {count:,} replays, ranks move by {shift:.2f} on average.",
    )
    common.said("  因素：一阶指数、总指数", "  factor: first-order and total index")
    for at, factor in enumerate(each.replays.factors):
        first, total = each.replays.first[0, at], each.replays.total[0, at]
        typer.echo(f"  {factor.title.in_language(language())}  {first:.3f}  {total:.3f}")


def _nothing_varied() -> Exception:
    from zhiheng.composites.problems import refused

    return refused(
        "sensitivity",
        ("没有要变动的内容。", "There is nothing to vary."),
        (
            "给出 --weights、--normalise、--aggregate、--leave-out 或 --errors。",
            "Give --weights, --normalise, --aggregate, --leave-out or --errors.",
        ),
    )


def _nothing_ranked() -> Exception:
    from zhiheng.composites.problems import refused

    return refused(
        "sensitivity",
        ("有总分的单位不足两个，没有可变动的名次。", "Fewer than two units have a score to rank."),
        (
            "先看 zhiheng index score 的提示：哪些指标没有数值。",
            "See what `zhiheng index score` says of indicators without values.",
        ),
    )


def _weights_out_of_reach(weights: float) -> Exception:
    from zhiheng.composites.problems import refused

    return refused(
        "--weights",
        (f"{weights:g} 不在0到1之间（不含1）。", f"{weights:g} is not from 0 to below 1."),
        ("例如 --weights 0.25。", "For instance --weights 0.25."),
    )
