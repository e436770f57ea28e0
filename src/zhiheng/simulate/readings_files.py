"""The made-up review of a draw as tables: the truth, what was read, what was decided."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zhiheng.errors import BadInput, Message
from zhiheng.indexes.model import Edition
from zhiheng.sampling.frames import Frame
from zhiheng.sampling.ratings import FILE, REVIEWER
from zhiheng.sampling.ratings_rows import read_rows
from zhiheng.sampling.readings import CASE_NUMBER
from zhiheng.sampling.writing import csv_text
from zhiheng.simulate.readings import Codes, file_items, may_be_read, misread, true_answers

WORDS = ("0", "1", "NA")
"""How an answer is written, by its code."""
DECIDED = ("裁定组", "2020-01-31", "虚构：核对原卷")
"""Who decided, when and why, in a made-up review."""
Rows = Iterator[tuple[str, ...]]


@dataclass(frozen=True)
class Given:
    """A file given to a reviewer: what the assignment calls it, its id in the frame."""

    name: str
    file: str
    reviewer: str


@dataclass(frozen=True, eq=False)
class Part:
    """The files of one court level: what is true of them, codes (files, items)."""

    files: tuple[str, ...]
    items: tuple[str, ...]
    answers: Codes


@dataclass(frozen=True, eq=False)
class Review:
    """A made-up review: the truth level by level, and how often a reader errs (0-1)."""

    parts: tuple[Part, ...]
    error: float
    seed: int

    @property
    def files(self) -> int:
        """How many files there is something to read in."""
        return sum(len(part.files) for part in self.parts)


def review_of(
    frame: Frame, edition: Edition, error: float, seed: int, more: Collection[str] = ()
) -> Review:
    """The truth of every file of a frame with the columns court and level, of what the edition has
    found by reading files and of the leaves `more`.

    Files of a level whose courts the edition does not judge by reading files are left out. Raises
    BadInput: a column that is missing, an item no file can answer, no file that is left.
    """
    _refuse_items(edition, more)
    courts, levels = np.array(frame.column("court")), np.array(frame.column("level"))
    parts = []
    for level in edition.sets:
        items, rows = file_items(edition, level, more), np.flatnonzero(levels == level)
        if items and len(rows):
            files = tuple(frame.ids[row] for row in rows)
            found = true_answers(files, courts[rows].tolist(), items, seed)
            parts.append(Part(files, items, found))
    if not parts:
        raise _nothing_to_read(frame, edition)
    return Review(tuple(parts), error, seed)


def read_assignment(path: Path, frame: Frame) -> list[Given]:
    """Who reads which file, as `zhiheng review assign` wrote it. Raises BadInput: an unreadable
    table, a file that is not in the frame."""
    known = _names(frame)
    found = []
    for row in read_rows(path, {"file": FILE, "reviewer": REVIEWER}):
        if row["file"] not in known:
            raise row.bad(
                f"抽样框中没有案卷“{row['file']}”。", f"The frame has no file {row['file']!r}."
            )
        found.append(Given(row["file"], known[row["file"]], row["reviewer"]))
    return found


def _names(frame: Frame) -> Mapping[str, str]:
    """What a file may be called → its id."""
    found = {one: one for one in frame.ids}
    for column in (name for name in CASE_NUMBER if name in frame.columns):
        for name, one in zip(frame.columns[column], frame.ids, strict=True):
            found.setdefault(name, one)
    return found


def truth_csv(review: Review) -> str:
    """The true answers of all files of the frame: file, item, answer."""
    return csv_text(("file", "item", "answer"), _all(review))


def reviews_csv(review: Review, drawn: Sequence[str]) -> str:
    """What one reader takes down of the files drawn: file, item, answer."""
    given = [Given(one, one, "") for one in drawn]
    rows = ((file, item, answer) for file, item, _, answer, _ in _read(review, given))
    return csv_text(("file", "item", "answer"), rows)


def readings_csv(review: Review, given: Sequence[Given]) -> str:
    """What every reader takes down: file, item, reviewer, answer."""
    rows = (row[:4] for row in _read(review, given))
    return csv_text(("file", "item", "reviewer", "answer"), rows)


def decisions_csv(review: Review, given: Sequence[Given]) -> str:
    """The truth wherever two readers of a file differ, as decisions."""
    taken: dict[tuple[str, str], set[str]] = {}
    truth: dict[tuple[str, str], str] = {}
    for file, item, _, answer, true in _read(review, given):
        taken.setdefault((file, item), set()).add(answer)
        truth[file, item] = true
    rows = ((*key, truth[key], *DECIDED) for key, answers in taken.items() if len(answers) > 1)
    return csv_text(("file", "item", "answer", "decided_by", "decided_on", "reason"), rows)


def _all(review: Review) -> Rows:
    for part in review.parts:
        for file, codes in zip(part.files, part.answers.tolist(), strict=True):
            for item, code in zip(part.items, codes, strict=True):
                yield file, item, WORDS[code]


def _read(review: Review, given: Sequence[Given]) -> Rows:
    """File, item, reviewer, the answer taken down, the true one; level by level."""
    for part in review.parts:
        places = {file: place for place, file in enumerate(part.files)}
        own = [one for one in given if one.file in places]
        truth = part.answers[[places[one.file] for one in own]]
        files, readers = [one.file for one in own], [one.reviewer for one in own]
        read = misread(truth, files, part.items, readers, review.error, review.seed)
        for one, found, true in zip(own, read.tolist(), truth.tolist(), strict=True):
            for item, code, right in zip(part.items, found, true, strict=True):
                yield one.name, item, one.reviewer, WORDS[code], WORDS[right]


def _refuse_items(edition: Edition, items: Collection[str]) -> None:
    for item in items:
        if not may_be_read(edition, item):
            raise BadInput(
                Message(
                    f"“{item}”不由“{edition.id}”以案卷的比例评分。",
                    f"{edition.id!r} scores no {item!r} by a share of files.",
                ),
                Message(
                    "用 zhiheng indexes show --edition 查指标编号。",
                    "See the leaves: `zhiheng indexes show --edition`.",
                ),
                "--item",
            )


def _nothing_to_read(frame: Frame, edition: Edition) -> BadInput:
    levels = "、".join(level for level in edition.sets if file_items(edition, level))
    return BadInput(
        Message(
            f"抽样框中没有“{edition.id}”以案卷评查评分的案件。",
            f"No file of the frame is of a level that {edition.id!r} scores by reading files.",
        ),
        Message(
            f"level 一列应为：{levels or '（该体系没有）'}。",
            f"The column level may say: {levels or '(none in this edition)'}.",
        ),
        frame.place,
    )
