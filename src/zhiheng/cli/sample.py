"""`zhiheng sample`: plan a sample of files, draw it so that anyone can draw it again, verify it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from zhiheng.cli import common, sample_estimate, sample_nodes

if TYPE_CHECKING:
    from zhiheng.sampling.frames import Frame

_FRAME = typer.Option(
    None, "--frame", help="抽样框：CSV、XLSX 或 Parquet，每行一件。Frame, one file a row."
)
_STORE = typer.Option(None, "--store", help="以数据仓的案件为抽样框。Take a store's cases.")
_AS_OF = typer.Option("", "--as-of", metavar="DAY", help="数据仓的截至日。As-of day of the store.")
_WHERE = typer.Option(
    "closed", "--where", help="哪些案件：closed|open|filed（至该日）。Which cases, by that day."
)
_BY = typer.Option([], "--by", help="分层栏目，可重复。Column that makes strata; repeatable.")
_N = typer.Option(None, "--n", min=1, help="件数。Files.")
_EACH = typer.Option(False, "--each", help="每层各抽 --n 件。--n files of every stratum.")
_ALLOCATION = typer.Option(
    "proportional", "--allocation", help="分配：proportional|equal|neyman。Allocation."
)
_SDS = typer.Option(
    None, "--sds", help="各层标准差表（stratum, sd），用于 neyman。Deviations of strata."
)
_MINIMUM = typer.Option(2, "--minimum", min=1, help="每层最少件数。Files of a stratum at least.")
_COURTS = typer.Option(
    0, "--courts", min=0, help="先按规模抽若干法院，再抽文件。Draw courts by size first."
)
_LEVEL = typer.Option(0.95, "--level", min=0.5, max=0.999, help="置信水平。Confidence level.")
_SHARE = typer.Option(0.5, "--share", min=0.0, max=1.0, help="预计比例。Share expected.")
_DEFF = typer.Option(1.0, "--deff", min=0.01, help="设计效应。Design effect.")
_SHOWN = 20
"""Strata printed; JSON and the draw hold all of them."""
_SOME = 4
"""Sizes of strata for which chances are printed; JSON holds those of all."""


def register(app: typer.Typer) -> None:
    """Add `zhiheng sample plan|draw|verify|estimate|nodes`."""
    group = typer.Typer(no_args_is_help=True)
    group.command("plan", help="样本量、分配、误差和达标概率。Sizes, allocation, margin, chances.")(
        _plan
    )
    group.command("draw", help="可复核的抽样。An auditable draw.")(_draw)
    group.command("verify", help="重抽并核对。Draw again and compare.")(_verify)
    sample_estimate.register(group)
    sample_nodes.register(group)
    app.add_typer(
        group,
        name="sample",
        help="抽样评查：计划、抽取、核对、估计。Samples of files: plan, draw, verify, estimate.",
    )


def _plan(
    frame: Path = _FRAME,
    store: Path = _STORE,
    as_of: str = _AS_OF,
    where: str = _WHERE,
    by: list[str] = _BY,
    n: int = _N,
    each: bool = _EACH,
    margin: float = typer.Option(
        None, "--margin", min=0.0001, max=0.5, help="允许误差，如 0.05；代替 --n。Margin wanted."
    ),
    allocation: str = _ALLOCATION,
    sds: Path = _SDS,
    minimum: int = _MINIMUM,
    share: float = _SHARE,
    level: float = _LEVEL,
    deff: float = _DEFF,
    response: float = typer.Option(
        1.0, "--response", min=0.01, max=1.0, help="预计可评查的比例。Share of files readable."
    ),
    line: float = typer.Option(
        None, "--line", min=0.0, max=1.0, help="达标线，如 0.9。Pass line, for the chances."
    ),
    truth: list[float] = typer.Option(
        [0.80, 0.85, 0.90, 0.95, 0.97, 0.99], "--truth", min=0.0, max=1.0,
        help="真实比例，可重复。True share to give the chances for; repeatable.",
    ),
    as_json: bool = common.JSON,
) -> None:  # fmt: skip
    from zhiheng.sampling.draw import Settings, plan
    from zhiheng.sampling.size import size_for_share

    found = _frame(frame, store, as_of, where)
    sizes = _sizes(found, by)

    def wanted(files: int) -> int:
        return size_for_share(margin, share, files, level, deff, response)

    _check_n(n, margin)
    settings = Settings(
        "-", n or wanted(sum(sizes.values())), tuple(by), _known_allocation(allocation),
        _deviations(sds), minimum, each,
    )  # fmt: skip
    own = each and n is None  # the margin is wanted of every stratum
    parts = [wanted(size) for size in sizes.values()] if own else plan(settings, sizes)
    report = {"digest": found.digest, **_report(sizes, parts, (share, level, deff))}
    if line is not None:
        report |= {"line": line, "chances": _chances(report, truth, line, as_json)}
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _show_plan(report)


def _draw(
    seed: str = typer.Option(
        ..., "--seed", help="公开的种子，一行文字。Public seed, one line of text."
    ),
    out: Path = typer.Option(..., "--out", help="写入的目录。Directory to write to."),
    n: int = typer.Option(..., "--n", min=1, help="件数。Files."),
    frame: Path = _FRAME,
    store: Path = _STORE,
    as_of: str = _AS_OF,
    where: str = _WHERE,
    by: list[str] = _BY,
    each: bool = _EACH,
    allocation: str = _ALLOCATION,
    sds: Path = _SDS,
    minimum: int = _MINIMUM,
    courts: int = _COURTS,
    replacements: int = typer.Option(
        None,
        "--replacements",
        min=0,
        help="每层备用件数，默认同抽中数。Replacements of a stratum.",
    ),
    decision: str = typer.Option(
        "",
        "--decision",
        help="抽样前声明以哪个数对照指标线：point|lower_bound|upper_bound。"
        "What is held against a line, declared before the draw.",
    ),
) -> None:
    from zhiheng.sampling import problems
    from zhiheng.sampling.draw import DECISIONS, Settings, draw
    from zhiheng.sampling.record import FRAME, refuse_another, write_draw

    if decision and decision not in DECISIONS:
        raise problems.unknown_choice("判定规则", decision, DECISIONS, "--decision")
    found = _frame(frame, store, as_of, where)
    settings = Settings(
        seed, n, _strata(by, courts), _known_allocation(allocation), _deviations(sds), minimum,
        each, courts, replacements, decision,
    )  # fmt: skip
    drawn = draw(found, settings)
    refuse_another(drawn, out)
    write_draw(drawn, out)
    if store is not None:
        opened = common.open_for(store, "")
        opened.trace("sample", seed=seed, files=len(drawn.sample), frame=found.digest)
    common.said(
        f"抽中 {len(drawn.sample)} 件，备用 {len(drawn.replacements)} 件，写入 {out}。",
        f"{len(drawn.sample)} files drawn, {len(drawn.replacements)} replacements: {out}",
    )
    common.said(f"抽样框摘要 {found.digest}", f"Digest of the frame {found.digest}")
    common.said(f"抽样框：{out / FRAME}", f"The frame: {out / FRAME}")


def _verify(
    directory: Path = typer.Argument(..., metavar="DIR", help="抽样结果的目录。The draw."),
    frame: Path = typer.Option(
        None, "--frame", help="抽样框，默认用目录中的 frame.csv。Frame, by default DIR/frame.csv."
    ),
) -> None:
    from zhiheng.cli import language
    from zhiheng.sampling.frames import read_frame
    from zhiheng.sampling.record import FRAME
    from zhiheng.sampling.verify import differences

    found = differences(directory, read_frame(frame or directory / FRAME))
    for message in found:
        typer.echo(message.in_language(language()))
    if found:
        common.said(f"不一致：{len(found)} 处。", f"Not the same: {len(found)} differences.")
        raise typer.Exit(1)
    common.said("一致：重抽的结果完全相同。", "The same: drawn again, nothing differs.")


def _frame(frame: Path | None, store: Path | None, as_of: str, where: str) -> Frame:
    from zhiheng.errors import Message, WrongUse
    from zhiheng.sampling import problems
    from zhiheng.sampling.frames import read_frame
    from zhiheng.sampling.from_store import WHERE, frame_of_store

    if (frame is None) == (store is None) or (store is not None and not as_of):
        raise WrongUse(
            Message("抽样框须给出且只给一个。", "Give one frame, and one only."),
            Message("用 --frame 文件，或 --store 目录 --as-of 日期。",
                    "Use --frame FILE, or --store DIR with --as-of DAY."),
            "--frame",
        )  # fmt: skip
    if frame is not None:
        return read_frame(frame)
    if where not in WHERE:
        raise problems.unknown_choice("案件范围", where, WHERE, "--where")
    assert store is not None
    return frame_of_store(common.open_for(store, ""), common.parse_day(as_of, "--as-of"), where)


def _sizes(frame: Frame, by: list[str]) -> dict[str, int]:
    from collections import Counter

    counts = Counter(frame.labels(by))
    return {name: counts[name] for name in sorted(counts)}


def _strata(by: list[str], courts: int) -> tuple[str, ...]:
    from zhiheng.errors import Message, WrongUse

    if courts and len(by) > 1:
        raise WrongUse(
            Message("先抽法院时不能再分层。", "Courts drawn first leave no room for strata."),
            Message("--by 只写法院一栏，或不写。", "Give --by the court's column, or nothing."),
            "--by",
        )
    return tuple(by or (["court"] if courts else []))


def _known_allocation(word: str) -> str:
    from zhiheng.sampling import problems
    from zhiheng.sampling.allocation import KINDS

    if word not in KINDS:
        raise problems.unknown_choice("分配", word, KINDS, "--allocation")
    return word


def _check_n(n: int | None, margin: float | None) -> None:
    from zhiheng.errors import Message, WrongUse

    if (n is None) == (margin is None):
        raise WrongUse(
            Message("--n 与 --margin 须给出一个。", "Give --n or --margin."),
            Message("只用其中一个。", "Use one of them."),
            "--n",
        )


def _deviations(path: Path | None) -> tuple[tuple[str, float], ...]:
    from zhiheng.sampling.deviations import read_deviations

    return read_deviations(path) if path is not None else ()


def _report(
    sizes: dict[str, int],
    parts: list[int],
    expected: tuple[float, float, float],
) -> dict[str, Any]:
    from zhiheng.sampling.size import margin_of

    strata = [
        {"stratum": name, "files": size, "drawn": n, "margin": margin_of([size], [n], *expected)}
        for (name, size), n in zip(sizes.items(), parts, strict=True)
    ]
    return {
        "files": sum(sizes.values()),
        "drawn": sum(parts),
        "share": expected[0],
        "level": expected[1],
        "margin": margin_of(list(sizes.values()), parts, *expected),
        "strata": strata,
    }


def _chances(
    report: dict[str, Any], truths: list[float], line: float, every: bool
) -> list[dict[str, Any]]:
    """Chances to pass for each size of stratum that is not taken whole, or some from small to
    large; a truth is the nearest that so many files can have."""
    from zhiheng.sampling.operating import RULES, chances

    pairs = sorted({(row["files"], row["drawn"]) for row in report["strata"]})
    pairs = [(files, n) for files, n in pairs if n < files]
    if not every and len(pairs) > _SOME:
        pairs = [pairs[at * (len(pairs) - 1) // (_SOME - 1)] for at in range(_SOME)]
    found = []
    with common.progress("计算达标概率", "Working out the chances") as progress:
        for done, (files, n) in enumerate(pairs):
            true = [round(truth * files) / files for truth in truths]
            by_rule = {rule: chances(rule, line, n, files, true, report["level"]) for rule in RULES}
            found.append({"files": files, "drawn": n, "truths": true, **by_rule})
            progress(done + 1, len(pairs))
    return found


def _show_plan(report: dict[str, Any]) -> None:
    common.said(
        f"共 {report['files']:,} 件，抽 {report['drawn']:,} 件；预计比例 {report['share']:.0%} 时"
        f"误差 ±{report['margin']:.1%}（{report['level']:.0%}）",
        f"{report['drawn']:,} of {report['files']:,} files; ±{report['margin']:.1%} about"
        f" {report['share']:.0%} ({report['level']:.0%})",
    )
    for row in report["strata"][:_SHOWN] if len(report["strata"]) > 1 else ():
        typer.echo(f"  {row['stratum']}  {row['drawn']}/{row['files']}  ±{row['margin']:.1%}")
    _say_more(len(report["strata"]))
    for row in report.get("chances", ()):
        _show_chances(row, report["line"])
    common.said(f"\n抽样框摘要 {report['digest']}", f"\nDigest of the frame {report['digest']}")


def _show_chances(row: dict[str, Any], line: float) -> None:
    common.said(
        f"\n{row['files']:,} 件抽 {row['drawn']}，达标线 {line:.0%}：达标的概率",
        f"\n{row['drawn']} of {row['files']:,} files, line {line:.0%}: the chance to pass",
    )
    common.said(
        "  真实比例  估计值≥线  下限≥线  上限≥线", "  truth  estimate≥line  lower≥line  upper≥line"
    )
    rows = zip(row["truths"], row["estimate"], row["lower"], row["upper"], strict=True)
    for truth, *chances in rows:
        typer.echo(f"  {truth:6.1%}  " + "  ".join(f"{chance:9.1%}" for chance in chances))


def _say_more(many: int) -> None:
    if many > _SHOWN:
        common.said(
            f"  …另有 {many - _SHOWN} 项，--json 列出全部", f"  … {many - _SHOWN} more: --json"
        )
