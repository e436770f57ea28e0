"""Draw again from what is on record, and say where the files written differ."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from zhiheng.errors import BadInput, Message
from zhiheng.sampling.draw import METHOD, Draw, Settings, draw
from zhiheng.sampling.frames import Frame
from zhiheng.sampling.record import RECORD, REPLACEMENTS, SAMPLE, texts
from zhiheng.sampling.tables import read_table
from zhiheng.sampling.writing import meant

Rows = dict[str, dict[str, str]]


def differences(directory: Path, frame: Frame) -> list[Message]:
    """What in a draw's directory is not what its seed and this frame give; nothing where all is.

    Raises BadInput where the record is missing, damaged, or of another method.
    """
    record = _record(directory / RECORD)
    said = record["frame"]["digest"]
    if said != frame.digest:
        return [
            Message(
                f"抽样框不同：记录的摘要是 {said}，这份是 {frame.digest}。",
                f"The frame differs: on record is {said}, this one is {frame.digest}.",
            )
        ]
    again = draw(frame, msgspec.convert(record["settings"], Settings))
    found = _record_differences(record, again)
    for name in (SAMPLE, REPLACEMENTS):
        found += _table_differences(directory / name, texts(again)[name])
    return found


def _record(path: Path) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if record["method"] == METHOD:
            msgspec.convert(record["settings"], Settings)
            str(record["frame"]["digest"])
            return record
    except (OSError, ValueError, KeyError, TypeError, msgspec.MsgspecError) as error:
        raise _unusable(path, str(error)) from error
    raise _unusable(path, f"{record['method']} ≠ {METHOD}")


def _record_differences(record: dict[str, Any], again: Draw) -> list[Message]:
    fresh = json.loads(texts(again)[RECORD])
    return [
        Message(f"{RECORD} 的“{name}”被改过。", f"{RECORD}: {name!r} is not what was drawn.")
        for name in fresh
        if record.get(name) != fresh[name]
    ]


def _table_differences(path: Path, text: str) -> list[Message]:
    table = read_table(path, may_be_empty=True)
    there = _rows(table.headings, table.rows)
    headings, *rows = csv.reader(io.StringIO(text))
    wanted = _rows(headings, rows)
    found = [
        Message(f"{path.name} 少了 {one}。", f"{path.name} lacks {one}.")
        for one in wanted
        if one not in there
    ]
    found += [
        Message(f"{path.name} 多了 {one}。", f"{path.name} has {one}, which was not drawn.")
        for one in there
        if one not in wanted
    ]
    return found + [
        message
        for one, row in wanted.items()
        if one in there
        for message in _cell_differences(path.name, one, row, there[one])
    ]


def _cell_differences(
    name: str, one: str, wanted: dict[str, str], there: dict[str, str]
) -> list[Message]:
    return [
        Message(
            f"{name} 中 {one} 的“{column}”是“{there.get(column, '')}”，应为“{text}”。",
            f"{name}: {column!r} of {one} is {there.get(column, '')!r}, not {text!r}.",
        )
        for column, text in wanted.items()
        if there.get(column, "") != text
    ]


def _rows(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Rows:
    """Rows by id; the id is the first column."""
    found = (dict(zip(headings, map(meant, row), strict=True)) for row in rows)
    return {row[headings[0]]: row for row in found}


def _unusable(path: Path, why: str) -> BadInput:
    return BadInput(
        Message(f"抽样记录不能用：{why}。", f"The record of the draw cannot be used: {why}."),
        Message("请用原来的 draw.json，或重新抽样。", "Use the original draw.json, or draw again."),
        str(path),
    )
