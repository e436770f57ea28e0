"""`zhiheng intake`: case records into the store, and the template to fill in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

    from zhiheng.errors import Message
    from zhiheng.intake.parts import Part
    from zhiheng.intake.profile import Profile
    from zhiheng.intake.sources import Survey
    from zhiheng.intake.take_in import Progress
    from zhiheng.records.staging import Staged
    from zhiheng.store.lake import Store, Writer

_HELP = """导入案件记录；或写出填报模板：zhiheng intake template 文件.xlsx。

Take in case records; or write the template to fill in: zhiheng intake template OUT.xlsx."""


_SHARE, _MOST = "25%", 4 << 30
"""What the engine may use of the machine's memory, and at most in bytes; what does not fit it keeps
on the store's disk while it works."""


def register(app: typer.Typer) -> None:
    """Add `zhiheng intake`."""
    app.command("intake", help=_HELP)(_intake)


def _intake(
    sources: list[Path] = typer.Argument(
        ...,
        metavar="SRC...",
        help="CSV、XLSX、Parquet 文件或目录。Files or directories; or: template OUT.xlsx.",
    ),
    store: Path = typer.Option(None, "--store", help="数据仓目录。Directory of the store."),
    profile: Path = typer.Option(
        None, "--profile", help="列名对照（YAML）。Mapping of an export's columns, in YAML."
    ),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON。Print JSON."),
) -> None:
    from zhiheng.errors import Message, WrongUse

    if str(sources[0]) == "template":
        _template(sources[1:])
        return
    if store is None:
        raise WrongUse(
            Message("没有指明数据仓。", "No store is named."),
            Message("请加上 --store 目录。", "Add --store DIRECTORY."),
        )
    report = take_in(sources, store, profile)
    typer.echo(json.dumps(report, ensure_ascii=False, indent=1)) if as_json else _show(report)
    if report["quarantined"]:
        raise typer.Exit(1)


def _template(words: list[Path]) -> None:
    from zhiheng.cli import language
    from zhiheng.errors import Message, WrongUse
    from zhiheng.intake.template import write_template

    if len(words) != 1 or words[0].suffix.lower() != ".xlsx":
        raise WrongUse(
            Message(
                "模板命令要一个 .xlsx 文件名。", "`template` takes the name of one .xlsx file."
            ),
            Message(
                "例如：zhiheng intake template 模板.xlsx",
                "For example: zhiheng intake template template.xlsx",
            ),
        )
    write_template(words[0])
    typer.echo(f"已写出 {words[0]}" if language() == "zh" else f"Wrote {words[0]}")


def take_in(sources: list[Path], path: Path, profile_path: Path | None) -> dict[str, Any]:
    """Take the sources into the store at `path`; what happened, as plain values."""
    from zhiheng.intake.profile import read_profile
    from zhiheng.intake.sources import survey

    profile = read_profile(profile_path)
    found = survey(sources, profile)
    with _writing(path) as writer:
        before = writer.store
        earlier = before.manifest.taken_in(found.digest)
        if earlier is not None and not earlier.quarantined:
            return _report(before, before, found)
        with writer.staging() as directory, _progress() as progress:
            staged, parts = _stage(writer, found, profile, directory, progress)
            after = writer.commit(staged)
    return _report(before, after, found, staged, parts)


def _stage(
    writer: Writer, found: Survey, profile: Profile, directory: Path, progress: Progress
) -> tuple[Staged, tuple[Part, ...]]:
    from zhiheng.intake.take_in import take_in
    from zhiheng.store.engine import connect

    store = writer.store
    con = connect(memory=_SHARE, spill=directory / "spill")
    try:
        limit_memory(con)
        return take_in(con, found, profile, store, store.secret, directory, progress)
    finally:
        con.disconnect()


def limit_memory(con: Backend) -> None:
    """Keep the engine's share of a large machine's memory to what an intake has use for."""
    share = "parse_formatted_bytes(current_setting('memory_limit'))"
    if con.con.execute(f"SELECT {share} > {_MOST}").fetchall() == [(True,)]:
        con.con.execute(f"SET memory_limit = '{_MOST}B'")


@contextmanager
def _writing(path: Path) -> Iterator[Writer]:
    """The store held for writing; one made for an intake that fails is gone again."""
    from zhiheng.store.lake import discard, is_store, open_store

    fresh, existed = not is_store(path), path.exists()
    store = open_store(path, create=True)
    with store.writing() as writer:
        try:
            yield writer
        except Exception:
            if fresh:
                discard(store, keep_directory=existed)
            raise


@contextmanager
def _progress() -> Iterator[Progress]:
    """A progress bar on standard error, when that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from zhiheng.cli import language

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=None)

        def tell(what: Message, done: int, total: int) -> None:
            bar.update(task, description=what.in_language(language()), completed=done, total=total)

        yield tell


def _report(
    before: Store,
    after: Store,
    found: Survey,
    staged: Staged | None = None,
    parts: tuple[Part, ...] = (),
) -> dict[str, Any]:
    notes = after.path / "quarantine"
    return {
        "store": str(after.path),
        "changed": after.digest != before.digest,
        "taken_in_before": staged is None,
        "digest": after.digest,
        "intake": found.digest,
        "tables": {name: asdict(counts) for name, counts in staged.tables.items()}
        if staged
        else {},
        "quarantined": staged.quarantined if staged else 0,
        "quarantine": str(notes / f"{found.digest}.csv") if staged and staged.quarantine else None,
        "repeats": str(notes / f"{found.digest}.repeats.csv")
        if staged and staged.repeats
        else None,
        "columns_not_read": {part.place: list(part.extra) for part in parts if part.extra},
        "without_rows": [part.place for part in parts if not part.rows and not part.ragged],
        "not_read": list(found.passed_over),
    }


def _show(report: dict[str, Any]) -> None:
    from zhiheng.cli import language

    zh = language() == "zh"
    if report["taken_in_before"]:
        typer.echo(
            "这些文件已经导入过，数据仓未改动。" if zh else "Taken in before; nothing changed."
        )
        return
    _show_counts(report["tables"], zh)
    for place, columns in report["columns_not_read"].items():
        label = "未读取的列" if zh else "columns not read"
        typer.echo(f"{place}: {label}: {', '.join(columns)}")
    for place in report["without_rows"]:
        typer.echo(f"{place}: {'只有表头，没有数据行' if zh else 'a header but no rows'}")
    if report["not_read"]:
        label = "目录中未读取" if zh else "Not read"
        typer.echo(f"{label}: {', '.join(report['not_read'])}")
    for key, label_zh, label_en in (
        ("quarantine", "隔离的行及原因", "Quarantined rows and why"),
        ("repeats", "重复的行", "Repeated rows"),
    ):
        if report[key]:
            typer.echo(f"{label_zh if zh else label_en}: {report[key]}")
    if not report["changed"]:
        typer.echo("数据仓未改动。" if zh else "The store is unchanged.")


def _show_counts(tables: dict[str, dict[str, int]], zh: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    from zhiheng.records import catalogue

    headers = (
        ("表", "收到", "入库", "其中更新", "已有", "重复", "隔离")
        if zh
        else ("table", "given", "stored", "of these updates", "known", "repeats", "quarantined")
    )
    shown = Table(box=None)
    for index, header in enumerate(headers):
        shown.add_column(header, justify="right" if index else "left")
    for name, counts in tables.items():
        label = catalogue.tables()[name].zh if zh else name
        keys = ("given", "rows", "updates", "unchanged", "repeats", "quarantined")
        shown.add_row(label, *(f"{counts[key]:,}" for key in keys))
    Console().print(shown)
