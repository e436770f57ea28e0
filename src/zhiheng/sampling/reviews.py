"""What reviewers found: one row a file and item, yes, no, or not applicable."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zhiheng.errors import BadInput, Message
from zhiheng.sampling.arrays import Flags
from zhiheng.sampling.frames import ID
from zhiheng.sampling.tables import bad_cell, read_table
from zhiheng.sampling.writing import meant

ITEM = ("item", "指标", "项目", "评查项", "评查项目")
ANSWER = ("answer", "结果", "评查结果", "答案", "结论")
YES = ("1", "yes", "true", "是")
NO = ("0", "no", "false", "否")
NOT_APPLICABLE = ("na", "n/a", "不适用")
_WORDS = Message(
    "写 是、否 或 不适用（或 1、0、NA）。", "Write yes, no or NA (or 1, 0); nothing is no answer."
)


@dataclass(frozen=True, eq=False)
class Reviews:
    """Answers by file and item: flags (files, items); `asked` says where there is an answer."""

    place: str
    files: tuple[str, ...]
    items: tuple[str, ...]
    yes: Flags
    applies: Flags
    asked: Flags


def read_reviews(path: Path) -> Reviews:
    """The answers in a table with a file's id, an item and an answer a row.

    Items keep the order in which they first stand. Raises BadInput: what `read_table` raises, an
    answer that is none, or one given twice.
    """
    table = read_table(path)
    ids, items = table.filled(ID), table.filled(ITEM)
    files = {meant(one): at for at, one in enumerate(dict.fromkeys(ids))}
    names = {name: at for at, name in enumerate(dict.fromkeys(items))}
    found = np.full((len(files), len(names)), -1, np.int8)
    rows = zip(table.numbers, ids, items, table.column(ANSWER), strict=True)
    for number, one, item, answer in rows:
        cell = files[meant(one)], names[item]
        if found[cell] != -1:
            raise _twice(table.place, number, one, item)
        found[cell] = _code(table.place, number, answer)
    applies = (found != _NONE) & (found != -1)
    return Reviews(table.place, tuple(files), tuple(names), found == 1, applies, found != -1)


_NONE = 2


def _code(place: str, number: int, answer: str) -> int:
    word = answer.lower()
    for code, words in ((1, YES), (0, NO), (_NONE, NOT_APPLICABLE)):
        if word in words:
            return code
    raise bad_cell(place, number, ANSWER[0], answer, _WORDS)


def _twice(place: str, number: int, one: str, item: str) -> BadInput:
    return BadInput(
        Message(
            f"第{number}行：{one} 的“{item}”已有结果。",
            f"Row {number}: {one} has {item!r} already.",
        ),
        Message("每件每项只填一行。", "Give one row a file and item."),
        place,
    )
