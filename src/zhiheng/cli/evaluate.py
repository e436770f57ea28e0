"""`zhiheng evaluate`: every court scored on editions; a workbook and HTML pages, or scores only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from zhiheng.cli import common
from zhiheng.cli.certainty import say_certainty
from zhiheng.cli.engine import ENGINE, MASTER, SPARK_CONF, THIS_MACHINE, Chosen, Name, engine_of

if TYPE_CHECKING:
    from zhiheng.checks.engines import Engine
    from zhiheng.indexes.answers import Answers
    from zhiheng.indexes.model import Edition
    from zhiheng.law.model import Law
    from zhiheng.scoring.readings import Readings
    from zhiheng.scoring.results import Evaluation, Scored
    from zhiheng.scoring.run import Run
    from zhiheng.store.lake import Store

T = TypeVar("T", bound="Scored")
EVERY = "all"
"""Stands for every edition that comes with the product."""


def register(app: typer.Typer) -> None:
    """Add `zhiheng evaluate`."""
    app.command("evaluate", help="按指标体系评估法院，写出报告。Score courts, write the report.")(
        _evaluate
    )


@dataclass(frozen=True)
class Files:
    """Files that were drawn and read: the folder of the draw, the table of what was read, and all
    readers' answers where what readers add is to be counted."""

    draw: Path
    reviews: Path
    allow_missing: bool = False
    ratings: Path | None = None


@dataclass(frozen=True)
class Request:
    """An evaluation as it is asked for (see `_evaluate` for what each word means)."""

    store: Path
    editions: tuple[str, ...]
    as_of: str
    period: str
    out: Path
    answers: Path | None = None
    assume: tuple[str, ...] = ()
    report: str = ""
    engine: Chosen = THIS_MACHINE
    files: Files | None = None
    replays: int = 0


def _evaluate(
    store: Path = common.STORE,
    edition: list[str] = typer.Option(
        ["cass-2017"],
        "--edition",
        help="指标体系，可重复；all 为全部自带的。Edition, repeatable; all: every one there is.",
    ),
    as_of: str = common.AS_OF,
    period: str = typer.Option(..., "--period", metavar="FROM..TO", help="评估期。Period."),
    out: Path = typer.Option(..., "--out", help="报告目录。Directory of the report."),
    answers: Path = typer.Option(
        None, "--answers", help="填好的答卷（见 zhiheng forms）。The answer sheet, filled in."
    ),
    assume: list[str] = common.ASSUME,
    report: str = typer.Option(
        "", "--report-lang", help="报告语言 zh 或 en。Language of the report, zh or en."
    ),
    scores: bool = typer.Option(
        False,
        "--scores",
        "--no-pages",
        help="只写得分（scores.json、scores.csv、scores.parquet），不写工作簿、网页和问题清单。"
        "Only the scores: no workbook, no pages, no findings.",
    ),
    draw: Path = typer.Option(
        None, "--draw", help="抽样目录（zhiheng sample draw）。The draw whose files were read."
    ),
    reviews: Path = typer.Option(
        None,
        "--reviews",
        help="评查结果（file、item、answer），item 为指标编号。What was read in the files drawn.",
    ),
    ratings: Path = typer.Option(
        None,
        "--ratings",
        help="全部评查人的答案（file、item、reviewer、answer），由复评估计评查人造成的误差。"
        "Answers of all readers, for what readers add to the error.",
    ),
    allow_missing: bool = typer.Option(
        False, "--allow-missing", help="抽中的案卷未全部评查也计算。Some files drawn were not read."
    ),
    sensitivity: int = typer.Option(
        0,
        "--sensitivity",
        min=0,
        metavar="N",
        help="每个因素重算 N 次，看名次随权重、方法、假设和误差如何变动（如 512）。"
        "Replay N times per factor: how ranks move with weights, methods, assumptions, errors.",
    ),
    engine: Name = ENGINE,
    master: str = MASTER,
    spark_conf: list[str] = SPARK_CONF,
    as_json: bool = common.JSON,
) -> None:
    from zhiheng.cli import language
    from zhiheng.reports.scores import summary

    chosen = Chosen(engine, master, tuple(spark_conf))
    asked = Request(
        store,
        tuple(edition),
        as_of,
        period,
        out,
        answers,
        tuple(assume),
        report,
        chosen,
        _files(draw, reviews, allow_missing, ratings),
        sensitivity,
    )
    evaluations = [] if scores else evaluate_store(asked)
    found: Sequence[Scored] = evaluations or score_store(asked)
    if as_json:
        plain = [summary(each) for each in found]
        typer.echo(json.dumps(plain[0] if len(plain) == 1 else plain, ensure_ascii=False, indent=1))
    elif scores:
        show_scores(found, out, language())
    for each in () if as_json else evaluations:
        show(each, _folder(each, found, out), language())


def evaluate_store(asked: Request) -> list[Evaluation]:
    """Evaluate on every edition asked for and write the reports, each of several in a folder of
    the edition's id. Raises what the store, the editions and the words refuse."""
    from zhiheng.cli import language
    from zhiheng.scoring.evaluate import evaluate_all

    chosen = asked.report or language()
    _refuse_language(chosen)
    runs = _runs(asked)
    with engine_of(asked.engine) as engine:
        with common.progress("评估", "Evaluating") as progress:
            found = evaluate_all(runs, progress, engine)
        found = with_replays(runs, found, asked.replays, engine)
    for run, evaluation in zip(runs, found, strict=True):
        _write(evaluation, run.edition, _folder(evaluation, found, asked.out), chosen)
    _trace(runs[0].store, asked)
    return found


def score_store(asked: Request) -> list[Scored]:
    """Score on every edition asked for and write the scores and nothing else."""
    from zhiheng.reports.certainty_tables import write_certainty
    from zhiheng.reports.scores import write_scores
    from zhiheng.scoring.evaluate import score_all

    runs = _runs(asked)
    with engine_of(asked.engine) as engine:
        with common.progress("评估", "Evaluating") as progress:
            found = score_all(runs, progress, engine)
        found = with_replays(runs, found, asked.replays, engine)
    write_scores(asked.out, found)
    for each in found:
        write_certainty(_folder(each, found, asked.out), each)
    _trace(runs[0].store, asked)
    return found


def _runs(asked: Request) -> list[Run]:
    from zhiheng.scoring.run import Run
    from zhiheng.scoring.sampled import refuse_items
    from zhiheng.store.lake import open_store

    editions = _editions(asked)
    store = open_store(asked.store)
    period = common.parse_period(asked.period)
    day = common.parse_day(asked.as_of, "--as-of")
    readings = _readings(asked.files)
    if readings:
        for edition, _ in editions:
            refuse_items(readings, edition)
    found = []
    for edition, law in editions:
        chosen = _as_declared(edition, readings, asked) if readings else edition
        answers = _answers(asked.answers, edition)
        found.append(Run(store, law, chosen, period, day, answers, readings=readings))
    return found


def _files(
    draw: Path | None, reviews: Path | None, allow_missing: bool, ratings: Path | None
) -> Files | None:
    from zhiheng.errors import Message, WrongUse

    if (draw is None) != (reviews is None):
        raise WrongUse(
            Message("--draw 与 --reviews 须一起给出。", "--draw and --reviews go together."),
            Message(
                "给出抽样目录和评查结果。", "Name the folder of the draw and what was read in it."
            ),
            "--draw",
        )
    alone = "--ratings" if ratings else "--allow-missing" if allow_missing else ""
    if not draw and alone:
        raise WrongUse(
            Message(f"{alone} 只用于抽样评查。", f"{alone} is for files drawn and read."),
            Message("一并给出 --draw 和 --reviews。", "Give --draw and --reviews with it."),
            alone,
        )
    return Files(draw, reviews, allow_missing, ratings) if draw and reviews else None


def _readings(files: Files | None) -> Readings | None:
    if files is None:
        return None
    from zhiheng.scoring.from_draw import read_readings

    return read_readings(files.draw, files.reviews, files.allow_missing, files.ratings)


def _as_declared(edition: Edition, readings: Readings, asked: Request) -> Edition:
    """The edition with the decision that was declared before the draw. Raises WrongUse where
    another one is asked for now."""
    from zhiheng.errors import Message, WrongUse
    from zhiheng.scoring.lines import SAMPLE

    rule = readings.draw.rule
    if not rule or SAMPLE not in edition.assumptions:
        return edition
    given = {word.partition("=")[0] for word in asked.assume}
    if SAMPLE in given and edition.assumptions[SAMPLE].value != rule:
        raise WrongUse(
            Message(
                f"抽样前声明的是“{rule}”，现在要用另一判定规则。",
                f"Before the draw {rule!r} was declared; another decision is asked for now.",
            ),
            Message("去掉这项 --assume。", "Leave that --assume out."),
            f"--assume {SAMPLE}",
        )
    return edition.assuming(**{SAMPLE: rule})


def with_replays(runs: Sequence[Run], found: list[T], replays: int, engine: Engine) -> list[T]:
    """The scores with how far ranks move in replays; as they are where none are asked for."""
    if not replays:
        return found
    from dataclasses import replace

    from zhiheng.scoring.sensitivity import Asked, moved_of

    moved = []
    for run, each in zip(runs, found, strict=True):
        with common.progress("重算", "Replaying") as progress:
            moved.append(moved_of(run, each.sets, Asked(replays), progress, engine))
    return [replace(each, moved=one) for each, one in zip(found, moved, strict=True)]


def _answers(sheet: Path | None, edition: Edition) -> Answers:
    from zhiheng.indexes.answers import Answers

    if sheet is None:
        return Answers({})
    from zhiheng.indexes.answer_sheet import read_answers  # loads what reads workbooks

    return read_answers(sheet, edition)


def _editions(asked: Request) -> list[tuple[Edition, Law]]:
    """The editions with the law, both with the assumptions chosen; an assumption is chosen in
    every edition that knows it."""
    from zhiheng.indexes.editions import load_edition
    from zhiheng.law.load import load_law
    from zhiheng.scoring.assumptions import choose, parse_choices

    editions, law = [load_edition(name) for name in _names(asked)], load_law()
    _refuse_together(editions, asked)
    choices = parse_choices(list(asked.assume))
    somewhere = {name for edition in editions for name in edition.assumptions}
    found = []
    for edition in editions:
        elsewhere = somewhere - edition.assumptions.keys() - law.assumptions.keys()
        own = {name: choice for name, choice in choices.items() if name not in elsewhere}
        found.append(choose(edition, law, own))
    return found


def _names(asked: Request) -> list[str]:
    from zhiheng.indexes.editions import available_editions

    names = available_editions() if EVERY in asked.editions else asked.editions
    return list(dict.fromkeys(names))


def _refuse_together(editions: Sequence[Edition], asked: Request) -> None:
    from zhiheng.errors import Message, WrongUse

    if len(editions) > 1 and asked.answers:
        raise WrongUse(
            Message("答卷只属于一个指标体系。", "An answer sheet belongs to one edition."),
            Message("请逐个指标体系评估。", "Evaluate one edition at a time."),
            "--answers",
        )
    if len({edition.id for edition in editions}) < len(editions):
        raise WrongUse(
            Message("两个指标体系编号相同。", "Two editions have the same id."),
            Message("请改其中一个的编号。", "Give one of them another id."),
            "--edition",
        )


def _refuse_language(language: str) -> None:
    from zhiheng.errors import Message, WrongUse

    if language not in ("zh", "en"):
        raise WrongUse(
            Message(f"没有语言“{language}”。", f"There is no language {language!r}."),
            Message("请用 zh 或 en。", "Use zh or en."),
            "--report-lang",
        )


def _folder(one: Scored, found: Sequence[Scored], out: Path) -> Path:
    return out if len(found) == 1 else out / one.edition


def _write(evaluation: Evaluation, edition: Edition, out: Path, language: str) -> None:
    from zhiheng.reports.certainty_tables import write_certainty
    from zhiheng.reports.html.write import write_html
    from zhiheng.reports.workbook.write import write_workbook

    out.mkdir(parents=True, exist_ok=True)
    write_certainty(out, evaluation)
    with common.progress("写报告", "Writing the report") as progress:
        progress(0, 2)
        write_workbook(out / "report.xlsx", evaluation, edition, language)
        progress(1, 2)
        write_html(out / "html", evaluation, edition, language)


def _trace(store: Store, asked: Request) -> None:
    """One entry a run of the command; `explain` takes its settings up again."""
    first, *others = _names(asked)
    several = {"editions": [first, *others]} if others else {}
    more = {"answers": str(asked.answers.resolve())} if asked.answers else {}
    if asked.files:
        more |= {"draw": str(asked.files.draw), "reviews": str(asked.files.reviews)}
    store.trace(
        "evaluate",
        edition=first,
        **several,
        as_of=asked.as_of,
        period=asked.period,
        assume=asked.assume,
        **more,
        digest=store.digest,
    )


def show(evaluation: Evaluation, out: Path, language: str) -> None:
    """The short table, and where the report lies."""
    _print(evaluation, language)
    page, book = (out / "html" / "index.html").resolve(), (out / "report.xlsx").resolve()
    common.said(f"网页：{page}", f"Pages:    {page}")
    common.said(f"工作簿：{book}", f"Workbook: {book}")


def show_scores(found: Sequence[Scored], out: Path, language: str) -> None:
    """The short tables, and where the scores lie."""
    for each in found:
        _print(each, language)
    common.said(f"得分：{out.resolve()}", f"Scores: {out.resolve()}")


def _print(scored: Scored, language: str) -> None:
    from rich.console import Console

    from zhiheng.reports.terminal import print_summary

    print_summary(Console(width=100), scored, language)
    if scored.said or scored.moved:
        say_certainty(scored, language)
