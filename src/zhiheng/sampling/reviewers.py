"""Who reads which file: balanced, by lot, a share of the files twice, nobody's own court.

The lot is the order of SHA-256(seed|file), so that anybody can draw it again with the same seed
and no file's place depends on how the list was sorted. Files read twice are dealt first, and among
them those that fewest reviewers may read; each goes to the reviewers with the fewest so far, ties
by SHA-256(seed|reviewer|file).
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from zhiheng.errors import BadInput, Message
from zhiheng.sampling.ratings import FILE, REVIEWER
from zhiheng.sampling.ratings_rows import bad, csv_text, has_column, read_rows

COURT = ("court", "法院", "法院代字")
ID = (*FILE, "id")
"""What `zhiheng sample draw` calls a file; a name people know it by goes before it."""


@dataclass(frozen=True)
class CaseFile:
    """A drawn file (案卷) and the court it comes from, "" where not said."""

    file: str
    court: str = ""


@dataclass(frozen=True)
class Reviewer:
    """A reviewer and the court whose files this person may not read, "" where none."""

    name: str
    court: str = ""


@dataclass(frozen=True)
class Reading:
    """A file given to a reviewer; `place` is 1, or 2 for the second, blind reading."""

    file: CaseFile
    reviewer: str
    place: int


def read_files(path: Path) -> list[CaseFile]:
    """The files of a draw (columns file or, where there is no name of it, id; optionally court).

    Raises BadInput: no file in a row, or a file twice.
    """
    named = FILE if has_column(path, FILE) else ID
    rows = read_rows(path, {"file": named, "court": COURT}, optional=("court",))
    for row in rows:
        if not row["file"]:
            raise row.bad("缺案卷编号。", "There is no file.")
    _refuse_doubled(path, [row["file"] for row in rows])
    return [CaseFile(row["file"], row["court"]) for row in rows]


def read_reviewers(path: Path) -> list[Reviewer]:
    """The reviewers (columns reviewer and, optionally, court).

    Raises BadInput: no name in a row, or a name twice.
    """
    rows = read_rows(path, {"reviewer": REVIEWER, "court": COURT}, optional=("court",))
    for row in rows:
        if not row["reviewer"]:
            raise row.bad("缺评查人。", "There is no reviewer.")
    _refuse_doubled(path, [row["reviewer"] for row in rows])
    return [Reviewer(row["reviewer"], row["court"]) for row in rows]


def _refuse_doubled(path: Path, names: list[str]) -> None:
    doubled = [name for name, times in Counter(names).items() if times > 1]
    if doubled:
        raise bad(path, f"“{doubled[0]}”出现两次。", f"{doubled[0]!r} stands there twice.")


def lot(*words: str) -> str:
    """The place in the lot: SHA-256 of the words, joined by "|"."""
    return hashlib.sha256("|".join(words).encode()).hexdigest()


def assign(
    files: Sequence[CaseFile], reviewers: Sequence[Reviewer], share: float, seed: str
) -> list[Reading]:
    """Every file once, ⌈share × files⌉ of them twice, in the order of the lot.

    `share` lies in 0…1. Raises BadInput where a file has nobody who may read it, or nobody else
    for the second reading.
    """
    number = math.ceil(round(share * len(files), 9))
    by_lot = sorted(files, key=lambda one: lot(seed, "second", one.file))
    loads = Counter({one.name: 0 for one in reviewers})
    # Two readers take more room than one: single readings then fill up what is uneven.
    dealt = (
        *_deal(by_lot[:number], reviewers, loads, seed, 2),
        *_deal(by_lot[number:], reviewers, loads, seed, 1),
    )
    return sorted(dealt, key=lambda one: (lot(seed, one.file.file), one.place))


def _deal(
    files: Iterable[CaseFile],
    reviewers: Sequence[Reviewer],
    loads: Counter[str],
    seed: str,
    times: int,
) -> Iterator[Reading]:
    may = {one.file: [r.name for r in reviewers if _may_read(r, one)] for one in files}
    for one in sorted(files, key=lambda one: (len(may[one.file]), lot(seed, one.file))):
        if len(may[one.file]) < times:
            raise _nobody(one, len(may[one.file]) + 1)
        names = sorted(may[one.file], key=lambda name: (loads[name], lot(seed, name, one.file)))
        for place, name in enumerate(names[:times], start=1):
            loads[name] += 1
            yield Reading(one, name, place)


def _may_read(reviewer: Reviewer, file: CaseFile) -> bool:
    return not reviewer.court or reviewer.court != file.court


def _nobody(file: CaseFile, place: int) -> BadInput:
    zh, en = ("第一", "first") if place == 1 else ("第二", "second")
    return BadInput(
        Message(
            f"案卷“{file.file}”（法院“{file.court}”）没有可作{zh}评查人的人。",
            f"Nobody may be the {en} reader of file {file.file!r} (court {file.court!r}).",
        ),
        Message(
            "请增加不属于该法院的评查人，或减小 --share。",
            "Add reviewers from other courts, or lower --share.",
        ),
    )


def assignment_csv(readings: Iterable[Reading]) -> str:
    """Who reads what, for the one who runs the review; reviewers must not see it."""
    rows = ((one.file.file, one.file.court, one.reviewer, one.place) for one in readings)
    return csv_text(("file", "court", "reviewer", "reading"), rows)


def sheet_order(readings: Iterable[Reading], reviewer: str, seed: str) -> list[CaseFile]:
    """A reviewer's files, in an order that does not tell first readings from second."""
    own = [one.file for one in readings if one.reviewer == reviewer]
    return sorted(own, key=lambda one: lot(seed, "sheet", reviewer, one.file))
