"""What commands share: days and periods as people write them, progress, refusing a wrong word."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from zhiheng.errors import Message, WrongUse

if TYPE_CHECKING:
    from zhiheng.measures.period import Period
    from zhiheng.store.lake import Store

ROW_FORMS = (".csv", ".parquet", ".jsonl")
"""Forms that rows can be written in (see `measures.rows_out`)."""

STORE = typer.Option(..., "--store", help="数据仓目录。Directory of the store.")
JSON = typer.Option(False, "--json", help="输出 JSON。Print JSON.")
AS_OF = typer.Option(..., "--as-of", metavar="DAY", help="截至日，如 2019-12-31。As-of day.")
ASSUME = typer.Option(
    [],
    "--assume",
    metavar="NAME=CHOICE",
    help="改用假设的另一取值，可重复。Choose another setting of an assumption; repeatable.",
)


def parse_day(text: str, option: str) -> int:
    """A day written 2019-12-31. Raises WrongUse."""
    from zhiheng.calendar import to_day

    try:
        return to_day(date.fromisoformat(text))
    except ValueError:
        raise WrongUse(
            Message(f"“{text}”不是日期。", f"{text!r} is not a day."),
            Message("写成 2019-12-31 的样子。", "Write it as 2019-12-31."),
            option,
        ) from None


def parse_period(text: str, option: str = "--period") -> Period:
    """A period written FROM..TO. Raises WrongUse."""
    from zhiheng.measures.period import Period

    first, dots, last = text.partition("..")
    if not dots:
        raise WrongUse(
            Message(f"“{text}”不是期间。", f"{text!r} is not a period."),
            Message("写成 2019-01-01..2019-12-31。", "Write it as 2019-01-01..2019-12-31."),
            option,
        )
    period = Period(parse_day(first, option), parse_day(last, option))
    if period.first > period.last:
        raise WrongUse(
            Message("期间的首日晚于末日。", "The period ends before it begins."),
            Message("请调换两个日期。", "Swap the two days."),
            option,
        )
    return period


@contextmanager
def progress(zh: str, en: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error while work goes on; silent where nobody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from zhiheng.cli import language

    console = Console(stderr=True)
    label = TextColumn("{task.description}")
    with Progress(
        label, BarColumn(), MofNCompleteColumn(), console=console, transient=True,
        disable=not sys.stderr.isatty(),
    ) as bar:  # fmt: skip
        task = bar.add_task(zh if language() == "zh" else en, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def open_for(path: Path, court: str) -> Store:
    """The store, for all its courts ("") or one. Raises BadInput where it has no such court."""
    from zhiheng.checks.run import refuse_unknown_court
    from zhiheng.store.lake import open_store

    opened = open_store(path)
    if court:
        refuse_unknown_court(opened, court)
    return opened


def said(zh: str, en: str) -> None:
    """Print one line in the user's language."""
    from zhiheng.cli import language

    typer.echo(zh if language() == "zh" else en)


def refuse_target(path: Path, option: str) -> None:
    """Raise WrongUse where rows cannot be written to `path`: a directory, or an unknown form."""
    if path.is_dir():
        raise WrongUse(
            Message(f"“{path}”是目录。", f"{str(path)!r} is a directory."),
            Message("请给出文件名。", "Name a file."),
            option,
        )
    if path.suffix not in ROW_FORMS:
        raise WrongUse(
            Message(f"不能写成 {path.suffix} 文件。", f"{path.suffix} files are not written."),
            Message(f"请用 {'、'.join(ROW_FORMS)}。", f"Use {', '.join(ROW_FORMS)}."),
            option,
        )
