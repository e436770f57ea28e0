"""The command line: one file a command, each with a `register(app)`."""

from __future__ import annotations

import gc
import importlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import typer

from zhiheng.errors import Problem
from zhiheng.machine import trouble

COMMANDS = (
    "simulate",
    "intake",
    "check",
    "evaluate",
    "forms",
    "explain",
    "ledger",
    "warnings",
    "freezes",
    "indexes",
    "index",
    "law",
    "store",
    "screen",
    "log",
    "ruling",
    "dishonest",
    "review",
    "sample",
    "survey",
    "demo",
)
"""Modules of this package that each register one command (or one group of commands)."""

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="执衡：从法院案件记录到可以答辩的评分。From case records to a score one can defend.",
)

for _name in COMMANDS:
    importlib.import_module(f"zhiheng.cli.{_name}").register(app)


@app.callback()
def _root(
    lang: str = typer.Option(
        None, "--lang", help="界面语言 zh 或 en（默认 zh）。Language, zh or en (default zh)."
    ),
) -> None:
    if lang is not None:
        os.environ["ZHIHENG_LANG"] = lang


def language() -> str:
    """The language the user reads: --lang or ZHIHENG_LANG, Chinese by default."""
    return "en" if os.environ.get("ZHIHENG_LANG", "zh").startswith("en") else "zh"


def main() -> None:
    """Run a command; a `Problem` is printed for a person and sets the exit code.

    So is what the machine refuses: a full disk, no right to write, no memory.
    """
    code = _run()
    # Outside of any `except`: there the error still holds the frames, they the engine's connection,
    # and the engine would complain of that in lines that tell the user nothing.
    if code:
        sys.exit(code)


def _run() -> int:
    # A command makes many things and drops few: to look for circles among all of them again and
    # again took a sixth of an evaluation.
    gc.set_threshold(200_000, 20, 20)
    try:
        app()
    except Exception as error:
        problem = error if isinstance(error, Problem) else trouble(error, _named(sys.argv[1:]))
        if problem is None:
            raise
        print_problem(problem)
        return problem.exit_code
    return 0


def _named(words: list[str]) -> Iterator[Path]:
    """Where a command may have been writing: the paths it was given, and the temporary folder."""
    for word in words:
        path = Path(word)
        if not word.startswith("-") and (path.exists() or path.absolute().parent.is_dir()):
            yield path
    yield Path(tempfile.gettempdir())


def print_problem(problem: Problem) -> None:
    """Say what was wrong, where and what to do, on standard error."""
    chosen = language()
    head = f"{problem.place}: " if problem.place else ""
    mark = "处理办法：" if chosen == "zh" else "What to do: "
    typer.echo(f"{head}{problem.what.in_language(chosen)}", err=True)
    typer.echo(f"{mark}{problem.remedy.in_language(chosen)}", err=True)
