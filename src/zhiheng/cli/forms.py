"""`zhiheng forms`: the answer sheet for what records cannot tell."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from zhiheng.errors import BadInput
    from zhiheng.indexes.answers import Court


def register(app: typer.Typer) -> None:
    """Add `zhiheng forms`."""
    app.command("forms", help="生成填报表（答卷）。Write the answer sheet.")(_forms)


def _forms(
    out: Path = typer.Argument(..., help="要写的 .xlsx 文件。The .xlsx file to write."),
    edition: str = typer.Option(
        "cass-2017", "--edition", help="指标体系编号或目录。Edition: an id or a directory."
    ),
    store: Path = typer.Option(
        None, "--store", help="取其中的法院。Take the courts from this store."
    ),
    courts: Path = typer.Option(
        None, "--courts", help="法院名单 CSV（代字、名称、层级）。A CSV of courts."
    ),
    level: str = typer.Option(
        None, "--level", help="只要这一级法院 supreme|high|intermediate|basic。Only this level."
    ),
) -> None:
    from zhiheng.cli import language
    from zhiheng.indexes.answer_sheet import write_answer_sheet
    from zhiheng.indexes.editions import limited_to, load_edition

    _check_use(out, store, courts)
    chosen = limited_to(load_edition(edition), level)
    found = _courts(store, courts)
    if found is not None:
        found = [court for court in found if court.level in chosen.sets]
        _refuse_none(found, str(store or courts))
    rows = write_answer_sheet(out, chosen, found or (), language())
    typer.echo(f"{out}：{rows}行" if language() == "zh" else f"{out}: {rows} rows")


def _check_use(out: Path, store: Path | None, courts: Path | None) -> None:
    from zhiheng.errors import Message, WrongUse

    if store is not None and courts is not None:
        raise WrongUse(
            Message("--store 与 --courts 不能同时用。", "--store and --courts exclude each other."),
            Message("只用其中一个。", "Use one of them."),
        )
    if out.suffix.lower() != ".xlsx" or not out.parent.is_dir():
        raise WrongUse(
            Message("写不成这个文件。", "This file cannot be written."),
            Message(
                "文件名须以 .xlsx 结尾，目录须存在。", "Name an .xlsx in an existing directory."
            ),
            place=str(out),
        )


def _courts(store: Path | None, courts: Path | None) -> list[Court] | None:
    if store is not None:
        return _courts_of_store(store)
    return None if courts is None else _courts_of_csv(courts)


def _courts_of_store(path: Path) -> list[Court]:
    from zhiheng.indexes.answers import Court
    from zhiheng.store.engine import connect
    from zhiheng.store.lake import open_store

    table = open_store(path).relation(connect(), "courts").select("court", "name", "level")
    rows = table.order_by("court").to_pyarrow().to_pylist()
    return [Court(row["court"], row["name"], row["level"]) for row in rows]


def _courts_of_csv(path: Path) -> list[Court]:
    rows = list(csv.DictReader(io.StringIO(_text(path), newline="")))
    columns = _columns(path, rows[0] if rows else {})
    found = [_court(path, number, row, columns) for number, row in enumerate(rows, start=2)]
    codes = [court.code for court in found]
    for code in codes:
        if codes.count(code) > 1:
            raise _bad(path, f"代字“{code}”重复。", f"The code {code!r} is given twice.")
    return found


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _bad(path, "文件读不了。", "The file cannot be read.") from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _bad(path, "编码既不是 UTF-8 也不是 GB18030。", "It is neither UTF-8 nor GB18030.")


def _columns(path: Path, first: dict[str, str]) -> dict[str, str]:
    """Our column name → the heading in the file; headings as the canonical table knows them."""
    from zhiheng.records.catalogue import tables

    known = tables()["courts"].columns
    found = {}
    for name in ("court", "name", "level"):
        spelled = (name, known[name].zh, known[name].en)
        found[name] = next((heading for heading in first if heading in spelled), "")
        if not found[name]:
            raise _bad(path, f"没有“{known[name].zh}”一栏。", f"There is no column {name!r}.")
    return found


def _court(path: Path, number: int, row: dict[str, str], columns: dict[str, str]) -> Court:
    from zhiheng.indexes.answers import Court
    from zhiheng.records.catalogue import code_spellings

    said = {name: (row[heading] or "").strip() for name, heading in columns.items()}
    level = code_spellings("court_level").get(said["level"])
    if not said["court"] or level is None:
        raise _bad(path, f"第{number}行缺代字或层级不明。", f"Row {number}: no code or level.")
    return Court(said["court"], said["name"], level)


def _refuse_none(found: list[Court], place: str) -> None:
    from zhiheng.errors import BadInput, Message

    if not found:
        raise BadInput(
            Message("没有可填报的法院。", "There is no court to answer."),
            Message(
                "检查法院名单和 --level；或都不给，生成空白答卷。",
                "Check the courts and --level, or give neither for a blank sheet.",
            ),
            place=place,
        )


def _bad(path: Path, zh: str, en: str) -> BadInput:
    from zhiheng.errors import BadInput, Message

    return BadInput(
        Message(zh, en),
        Message(
            "名单须有代字、名称、层级三栏，每行一个法院。",
            "List one court a row, with the columns court, name and level.",
        ),
        place=str(path),
    )
