"""Reviewers' answers: read from tables, told apart from no answer, laid out file by reviewer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zhiheng.errors import BadInput, Message
from zhiheng.sampling.agreement import MISSING, Codes
from zhiheng.sampling.agreement_weights import Floats
from zhiheng.sampling.ratings_rows import Row, bad, read_rows

FILE = ("file", "案卷", "案卷编号", "case", "案件", "case_number", "案号")
ITEM = ("item", "评查项", "项目", "指标")
REVIEWER = ("reviewer", "评查人", "评查员")
ANSWER = ("answer", "答案", "结果", "评查结果")
HEADINGS = {"file": FILE, "item": ITEM, "reviewer": REVIEWER, "answer": ANSWER}

YES, NO, NOT_APPLICABLE = "1", "0", "NA"
SPELLINGS = {
    YES: ("1", "是", "有", "y", "yes", "true", "合格"),
    NO: ("0", "否", "无", "n", "no", "false", "不合格"),
    NOT_APPLICABLE: ("na", "n/a", "不适用", "not applicable"),
    "": ("", "未答", "未填", "not answered", "missing"),
}
"""Answer → how people write it; "" is no answer. Any other text is a category of its own."""

_KNOWN = {spelled: answer for answer, all_ in SPELLINGS.items() for spelled in all_}
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?\Z")


@dataclass(frozen=True)
class Rating:
    """One reviewer's answer to one item of one file; `answer` is "" where there is none."""

    file: str
    item: str
    reviewer: str
    answer: str
    place: str


@dataclass(frozen=True)
class Item:
    """All answers to one item: `codes` n×r (file by reviewer) are places in `categories`."""

    name: str
    files: tuple[str, ...]
    reviewers: tuple[str, ...]
    categories: tuple[str, ...]
    codes: Codes

    @property
    def values(self) -> Floats:
        """The categories as numbers: their own where all are numbers, else their places."""
        if self.numeric:
            return np.array([float(one) for one in self.categories])
        return np.arange(len(self.categories), dtype=float)

    @property
    def numeric(self) -> bool:
        """Every category is a number."""
        return all(map(is_number, self.categories))

    @property
    def double(self) -> Codes:
        """The rows of files with two answers or more."""
        return np.asarray(self.codes[(self.codes != MISSING).sum(axis=1) >= 2], np.int64)


def read_ratings(paths: Sequence[Path]) -> list[Rating]:
    """The answers in tables (CSV or .xlsx) with file, item, reviewer, answer; a folder stands for
    every workbook in it.

    Raises BadInput: unreadable table, a row without file, item or reviewer, two answers of one
    reviewer to the same item of the same file, no answer at all.
    """
    found = [_rating(row) for path in _tables(paths) for row in read_rows(path, HEADINGS)]
    first: dict[tuple[str, str, str], Rating] = {}
    for one in found:
        before = first.setdefault((one.file, one.item, one.reviewer), one)
        if before is not one:
            raise _twice(one, before)
    if not any(one.answer for one in found):
        raise bad(paths[0], "没有一项作了回答。", "Not one item is answered.")
    return found


def _tables(paths: Sequence[Path]) -> Iterable[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(path.glob("*.xlsx"))
        if not inside:
            raise bad(path, "目录里没有 .xlsx 文件。", "The folder holds no .xlsx file.")
        yield from inside


def _rating(row: Row) -> Rating:
    for name in ("file", "item", "reviewer"):
        if not row[name]:
            raise row.bad(f"缺“{HEADINGS[name][1]}”。", f"There is no {name}.")
    return Rating(row["file"], row["item"], row["reviewer"], answer_of(row["answer"]), row.place)


def _twice(one: Rating, before: Rating) -> BadInput:
    return BadInput(
        Message(
            f"评查人“{one.reviewer}”对案卷“{one.file}”的“{one.item}”答了两次"
            f"（另见 {before.place}）。",
            f"Reviewer {one.reviewer!r} answered {one.item!r} of file {one.file!r} twice "
            f"(also {before.place}).",
        ),
        Message("只留一行。", "Keep one row."),
        one.place,
    )


def answer_of(text: str) -> str:
    """An answer in one spelling: 是, yes and 1 are the same, as are 2 and 2.0; "" is none."""
    said = text.strip()
    known = _KNOWN.get(said.casefold())
    if known is not None:
        return known
    if is_number(said):
        number = float(said)
        return str(int(number)) if number.is_integer() else repr(number)
    return said


def is_number(text: str) -> bool:
    """Whether a category is a number in digits."""
    return _NUMBER.match(text) is not None


def items_of(ratings: Iterable[Rating]) -> list[Item]:
    """The answers item by item, in the items' alphabetical order; items nobody answered too."""
    by_item: dict[str, list[Rating]] = {}
    for one in ratings:
        by_item.setdefault(one.item, []).append(one)
    return [_item(name, by_item[name]) for name in sorted(by_item)]


def _item(name: str, ratings: list[Rating]) -> Item:
    files = sorted({one.file for one in ratings})
    reviewers = sorted({one.reviewer for one in ratings})
    categories = in_order({one.answer for one in ratings if one.answer})
    codes = np.full((len(files), len(reviewers)), MISSING)
    row, column = _places(files), _places(reviewers)
    place = _places(categories)
    for one in ratings:
        if one.answer:
            codes[row[one.file], column[one.reviewer]] = place[one.answer]
    return Item(name, tuple(files), tuple(reviewers), categories, codes)


def in_order(categories: Iterable[str]) -> tuple[str, ...]:
    """Categories as they are laid out: numbers by size, then the others by name."""
    found = set(categories)
    numbers = sorted((one for one in found if is_number(one)), key=float)
    return (*numbers, *sorted(found - set(numbers)))


def _places(names: Sequence[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}
