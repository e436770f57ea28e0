"""`zhiheng index`: any composite index from a tree and a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from zhiheng.cli import (
    common,
    index_apart,
    index_looks,
    index_region,
    index_sensitivity,
    index_years,
)

if TYPE_CHECKING:
    from zhiheng.composites.compare import Comparison
    from zhiheng.composites.run import Run

_OUT = typer.Option(..., "--out", help="输出目录。The folder to write.")
_NEW = "改用另一文件。Another file in its place."


def register(app: typer.Typer) -> None:
    """Add `zhiheng index score|replay|compare|describe|weigh`."""
    group = typer.Typer(no_args_is_help=True)
    group.command("score", help="按指标树和数据表计算指数。Score a table by a tree.")(_score)
    group.command("replay", help="按日志重算，可改参数。Repeat a run from its log.")(_replay)
    group.command("compare", help="两次计算的得分、名次对照。Compare two runs.")(_compare)
    index_looks.register(group)
    index_sensitivity.register(group)
    index_region.register(group)
    index_years.register(group)
    index_apart.register(group)
    app.add_typer(
        group, name="index", help="通用综合指数：任意指标树，任意数据表。Any composite index."
    )


def _score(
    tree: Path = typer.Option(..., "--tree", help="指标树（code、parent……）。The tree."),
    data: Path = typer.Option(..., "--data", help="数据表，第一栏为单位。Data, units first."),
    normalise: str = typer.Option(
        "minmax",
        "--normalise",
        help="标准化 none|minmax|goalposts|zscore|rank|percentile|target|fraction-of-max。"
        "How indicators come on one scale.",
    ),
    bounds: Path = typer.Option(
        None, "--bounds", help="界值表（code、lower、upper……）。Bounds of indicators."
    ),
    ends: tuple[float, float] = typer.Option(
        None, "--range", help="minmax、goalposts 的两端，默认 0 100。Ends of the scale."
    ),
    mean_sd: tuple[float, float] = typer.Option(
        None, "--mean-sd", help="zscore 的均值和标准差，默认 0 1。Mean and sd of z-scores."
    ),
    aggregate: list[str] = typer.Option(
        ["arithmetic"],
        "--aggregate",
        help="汇总 arithmetic|geometric|harmonic|mazziotta-pareto；自下而上每层一种，"
        "逗号隔开或重复给出。One name, or one a level from the lowest up.",
    ),
    availability: str = typer.Option(
        "0",
        "--availability",
        help="下级有值的最低比例，0到1。Least share of children with a value.",
    ),
    floor: float = typer.Option(
        None, "--floor", help="几何、调和平均前把低值抬到此数。Raise lower values to this."
    ),
    penalty: str = typer.Option(
        "negative", "--penalty", help="mazziotta-pareto 的惩罚 negative|positive。Its penalty."
    ),
    weights: Path = typer.Option(None, "--weights", help="权重表，一栏一套。Sets of weights."),
    weight_set: str = typer.Option("", "--weight-set", help="用哪一套权重。Which set."),
    gates: Path = typer.Option(None, "--gates", help="门槛与一票否决表。Gates and vetoes."),
    rank_decimals: int = typer.Option(
        None, "--rank-decimals", help="先把总分四舍五入再排名。Round scores before ranking."
    ),
    out: Path = _OUT,
) -> None:
    from zhiheng.composites.settings import Settings

    asked = Settings(
        tree=str(tree),
        data=str(data),
        bounds=_name(bounds),
        weights=_name(weights),
        gates=_name(gates),
        weight_set=weight_set,
        normalise=normalise,
        aggregate=",".join(aggregate),
        range=ends,
        mean_sd=mean_sd,
        availability=availability,
        floor=floor,
        penalty=penalty,
        rank_decimals=rank_decimals,
    )
    _write(asked, out)


def _name(path: Path | None) -> str:
    return "" if path is None else str(path)


def _replay(
    log: Path = typer.Argument(..., help="log.json。The log of a run."),
    changes: list[str] = typer.Option(
        [], "--set", help="改一个参数，如 normalise=zscore、weight.CODE=0.3，可重复。Change one."
    ),
    tree: Path = typer.Option(None, "--tree", help=_NEW),
    data: Path = typer.Option(None, "--data", help=_NEW),
    bounds: Path = typer.Option(None, "--bounds", help=_NEW),
    weights: Path = typer.Option(None, "--weights", help=_NEW),
    gates: Path = typer.Option(None, "--gates", help=_NEW),
    out: Path = _OUT,
) -> None:
    import msgspec

    from zhiheng.composites.log import read_log
    from zhiheng.composites.settings import changed

    asked, digests = read_log(log)
    given = {"tree": tree, "data": data, "bounds": bounds, "weights": weights, "gates": gates}
    anew = {role: str(path) for role, path in given.items() if path is not None}
    asked = msgspec.structs.replace(changed(asked, changes), **anew)
    known = {role: digest for role, digest in digests.items() if role not in anew}
    _write(asked, out, log, known)


def _write(asked: object, out: Path, log: Path | None = None, digests: object = None) -> None:
    from zhiheng.composites.files import write
    from zhiheng.composites.log import finder
    from zhiheng.composites.run import run

    done = run(asked, finder(log, digests) if log else None)  # type: ignore[arg-type]
    write(done, out)
    _report(done, out)


def _report(done: Run, out: Path) -> None:
    from zhiheng.cli import language

    tree, ignored = done.result.plan.tree, len(done.data.ignored)
    scored = int((done.result.ranks == done.result.ranks).sum())
    units, leaves = len(done.data.units), len(tree.leaves)
    common.said(
        f"{tree.root}：{leaves}项指标，{units}个单位，{scored}个有总分；忽略数据栏{ignored}个。",
        f"{tree.root}: {leaves} indicators, {units} units, {scored} of them scored; {ignored}"
        " columns of the data ignored.",
    )
    for note in done.notes:
        typer.echo(note.in_language(language()))
    _report_gates(done)
    common.said(f"已写入 {out}", f"Written to {out}")


def _report_gates(done: Run) -> None:
    if done.result.plan.gates:
        fired = sum(int(one.where.sum()) for one in done.result.way.fired)
        untested = sum(int(one.untested.sum()) for one in done.result.way.fired)
        common.said(
            f"门槛触发{fired}次；因缺数值未能检验{untested}次。",
            f"Gates fired {fired} times; {untested} could not be tested for want of a value.",
        )


def _compare(
    before: Path = typer.Argument(..., help="先前的输出目录。The folder of one run."),
    after: Path = typer.Argument(..., help="另一输出目录。The folder of another."),
    out: Path = typer.Option(None, "--out", help="写入 CSV 文件，默认打印。Write to this CSV."),
) -> None:
    from zhiheng.composites.compare import COLUMNS, compare, read_standings
    from zhiheng.composites.files import put, shown, table_text

    found = compare(read_standings(before), read_standings(after))
    rows = [
        [one.unit, shown(one.before.score), shown(one.after.score)]
        + [_whole(n) for n in (one.before.rank, one.after.rank, one.shift)]
        for one in found.shifts
    ]
    content = table_text(COLUMNS, rows)
    if out is None:
        typer.echo(content.decode("utf-8-sig"), nl=False)
    else:
        put(out, content)
    _summary(found)


def _whole(value: float) -> str:
    return "" if value != value else str(int(value))


def _summary(found: Comparison) -> None:
    from zhiheng.cli import language

    numbers = f"{found.mean_shift:.4f}", f"{found.spearman:.6f}", f"{found.kendall:.6f}"
    zh = "两次均有名次的单位{}个；平均名次变动{}，斯皮尔曼{}，肯德尔{}。"
    en = "{} units ranked in both; mean absolute shift {}, Spearman {}, Kendall {}."
    # Beside the table, so that a pipe gets the table alone.
    typer.echo((zh if language() == "zh" else en).format(found.units, *numbers), err=True)
