"""`zhiheng evaluate`: every court scored on an edition; a workbook and HTML pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from zhiheng.cli import common

if TYPE_CHECKING:
    from zhiheng.scoring.results import Evaluation


def register(app: typer.Typer) -> None:
    """Add `zhiheng evaluate`."""
    app.command("evaluate", help="按指标体系评估法院，写出报告。Score courts, write the report.")(
        _evaluate
    )


def _evaluate(
    store: Path = common.STORE,
    edition: str = typer.Option("cass-2017", "--edition", help="指标体系。Edition."),
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
    as_json: bool = common.JSON,
) -> None:
    from zhiheng.cli import language

    evaluation = evaluate_store(store, edition, as_of, period, out, answers, assume, report)
    if as_json:
        typer.echo(json.dumps(summary(evaluation), ensure_ascii=False, indent=1))
        return
    show(evaluation, edition, out, language())


def evaluate_store(
    store: Path,
    edition: str,
    as_of: str,
    period: str,
    out: Path,
    answers: Path | None,
    assume: list[str],
    report: str = "",
) -> Evaluation:
    """Evaluate and write the report; see `_evaluate` for the arguments."""
    from zhiheng.cli import language
    from zhiheng.indexes.answer_sheet import read_answers
    from zhiheng.indexes.answers import Answers
    from zhiheng.indexes.editions import load_edition
    from zhiheng.law.load import load_law
    from zhiheng.scoring.assumptions import choose, parse_choices
    from zhiheng.scoring.evaluate import evaluate
    from zhiheng.scoring.run import Run
    from zhiheng.store.lake import open_store

    chosen, law = choose(load_edition(edition), load_law(), parse_choices(assume))
    given = read_answers(answers, chosen) if answers else Answers({})
    run = Run(
        open_store(store),
        law,
        chosen,
        common.parse_period(period),
        common.parse_day(as_of, "--as-of"),
        given,
    )
    with common.progress("评估", "Evaluating") as progress:
        evaluation = evaluate(run, progress)
    _write(evaluation, chosen, out, report or language())
    run.store.trace(
        "evaluate", edition=edition, as_of=as_of, period=period, digest=run.store.digest
    )
    return evaluation


def _write(evaluation: Evaluation, edition: Any, out: Path, language: str) -> None:
    from zhiheng.errors import Message, WrongUse
    from zhiheng.reports.html.write import write_html
    from zhiheng.reports.workbook.write import write_workbook

    if language not in ("zh", "en"):
        raise WrongUse(
            Message(f"没有语言“{language}”。", f"There is no language {language!r}."),
            Message("请用 zh 或 en。", "Use zh or en."),
            "--report-lang",
        )
    out.mkdir(parents=True, exist_ok=True)
    with common.progress("写报告", "Writing the report") as progress:
        progress(0, 2)
        write_workbook(out / "report.xlsx", evaluation, edition, language)
        progress(1, 2)
        write_html(out / "html", evaluation, edition, language)


def show(evaluation: Evaluation, edition: str, out: Path, language: str) -> None:
    """The short table, and where the report lies."""
    from rich.console import Console

    from zhiheng.indexes.editions import load_edition
    from zhiheng.reports.terminal import print_summary

    print_summary(Console(width=100), evaluation, load_edition(edition), language)
    page, book = (out / "html" / "index.html").resolve(), (out / "report.xlsx").resolve()
    common.said(f"网页：{page}", f"Pages:    {page}")
    common.said(f"工作簿：{book}", f"Workbook: {book}")


def summary(evaluation: Evaluation) -> dict[str, Any]:
    """The evaluation's scores as plain data."""
    from dataclasses import asdict

    from zhiheng.calendar import from_day

    first, last = evaluation.period
    return {
        "edition": evaluation.edition,
        "as_of": from_day(evaluation.as_of).isoformat(),
        "period": [from_day(first).isoformat(), from_day(last).isoformat()],
        "store": evaluation.store_digest,
        "assumptions": {a.id: a.value for a in evaluation.assumptions},
        "groups": [asdict(group) for group in evaluation.groups],
        "courts": [
            {
                "court": court.court,
                "name": court.name,
                "level": court.level,
                "passed": court.passed,
                "lines": [asdict(line) for line in court.lines],
                "scores": {
                    node or "total": {
                        "state": score.state,
                        "value": score.value,
                        "coverage": score.coverage,
                        "numerator": score.numerator,
                        "denominator": score.denominator,
                        "source": score.source,
                    }
                    for node, score in court.scores.items()
                },
            }
            for court in evaluation.courts
        ],
    }
