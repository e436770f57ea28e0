"""A region's index out of a table of its courts: read, computed, written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zhiheng.composites.files import shown, table_text
from zhiheng.composites.problems import refused
from zhiheng.composites.tables import Row, Table, read_table
from zhiheng.errors import Message
from zhiheng.inference.regions import (
    WEIGHTINGS,
    Courts,
    RegionIndex,
    Weighting,
    region_index,
    told_by_one,
)
from zhiheng.inference.shrinkage import Shrunk, shrink
from zhiheng.scoring.columns import Floats

INDEX = (
    *("weighting", "value", "error", "from_courts", "from_files", "low", "high"),
    *("courts", "of_courts", "parts_without"),
)
COURTS = (
    *("court", "part", "score", "error", "cases"),
    *("drawn_in", "drawn_in_error", "own_share"),
)
ASSUMPTIONS = (
    Message(
        "没有得分（或未读案卷）的法院视为未抽中：假定它们与同一部分中有得分的法院没有系统差别。",
        "Courts without a score (or of which no file was read) count as not drawn: they are taken"
        " not to differ systematically from those of their part that have one.",
    ),
    Message(
        "法院表中没有 chance 一列时，同一部分中的法院视为简单随机抽取；有时按其入样概率加权，"
        "方差按有放回计。各法院的案卷抽取相互独立。",
        "Without a column `chance` the courts of a part count as a simple draw; with it they weigh"
        " by their chances, the variance being that of a draw with replacement. Draws of files"
        " are independent by court.",
    ),
    Message(
        "收缩得分假定各法院的真实得分围绕共同水平呈正态分布（Fay–Herriot），只供参考，不代替原得分。",
        "Drawn-in scores take courts' true scores to vary normally about a common level (Fay and"
        " Herriot); they stand beside the courts' own scores, never instead of them.",
    ),
)
"""The modelling choices, printed wherever the index is."""


@dataclass(frozen=True, eq=False)
class Region:
    """Courts of a region by name, what they scored, the indexes, and the drawn-in scores of those
    that have a score (`places`); None where there are too few."""

    names: tuple[str, ...]
    courts: Courts
    indexes: tuple[RegionIndex, ...]
    places: tuple[int, ...]
    shrunk: Shrunk | None
    notes: tuple[Message, ...]


def region_of(path: Path, level: str = "", confidence: float = 0.95) -> Region:
    """The region of a table with the columns court, part, score, error and, where cases are to
    weigh, cases; `files`, where it is there, says which courts were read (more than 0), `chance`
    the chances of courts drawn with unequal ones.

    `level` takes the rows of that level only. Raises BadInput for what cannot be used.
    """
    table = read_table(path)
    table.need("court", "part", "score", "error")
    names, courts = _courts(table, level)
    indexes = tuple(region_index(courts, one, confidence) for one in _told(courts))
    places = tuple(int(place) for place in np.flatnonzero(~np.isnan(courts.score)))
    at = list(places)
    enough = len(at) >= _FEWEST and bool((courts.error[at] > 0).any())
    shrunk = shrink(courts.score[at], courts.error[at]) if enough else None
    notes = (*_notes(courts, shrunk), *_silent(indexes))
    return Region(names, courts, indexes, places, shrunk, notes)


_FEWEST = 4
"""Courts that a common level and a variance about it take at least."""


def _courts(table: Table, level: str) -> tuple[tuple[str, ...], Courts]:
    rows = [row for row in table.rows if not level or table.cell(row, "level") == level]
    if not rows:
        raise refused(
            table.name,
            (
                f"没有“{level}”级的法院。" if level else "没有法院。",
                f"No court of {level!r}.",
            ),
            ("核对 level 一列。", "Check the column `level`."),
        )
    numbers = {
        name: np.array([table.number(row, name) for row in rows], np.float64)
        for name in ("score", "error", "cases", "files")
    }
    _refuse_names(table, rows)
    _refuse_counts(table, rows, numbers)
    unread = numbers["files"] == 0
    score = np.where(unread, np.nan, numbers["score"])
    _refuse_errors(table, rows, score, numbers["error"], numbers["files"])
    courts = Courts(
        [table.cell(row, "part") for row in rows],
        score,
        np.nan_to_num(numbers["error"]),
        numbers["cases"],
        _chances(table, rows, score),
    )
    return tuple(table.cell(row, "court") for row in rows), courts


def _refuse_names(table: Table, rows: Sequence[Row]) -> None:
    """Courts of different parts may share a name."""
    seen = set()
    for row in rows:
        part, court = table.cell(row, "part"), table.cell(row, "court")
        if not part or not court or (part, court) in seen:
            raise refused(
                table.place(row.number),
                (
                    f"“{part}”的法院“{court}”重复，或没有名称、没有所属部分。",
                    f"The court {court!r} of {part!r} stands twice, or a name is missing.",
                ),
                (
                    "一个法院一行；不分部分时，part 一列都写同一个词。",
                    "One row a court; where there are no parts, write one word for all.",
                ),
            )
        seen.add((part, court))


def _refuse_counts(table: Table, rows: Sequence[Row], numbers: Mapping[str, Floats]) -> None:
    for name in ("cases", "files"):
        for row, count in zip(rows, numbers[name], strict=True):
            if count < 0:
                raise refused(
                    table.place(row.number),
                    (f"{name} 为负：{count:g}。", f"{name}: {count:g} is negative."),
                    ("填件数，不小于0。", "Give a number of at least 0."),
                )


def _refuse_errors(
    table: Table, rows: Sequence[Row], score: Floats, error: Floats, files: Floats
) -> None:
    for row, value, its, read in zip(rows, score, error, files, strict=True):
        if not np.isnan(value) and not its >= 0:
            sampled = np.isnan(its) and read > 0
            raise refused(
                table.place(row.number),
                (
                    "有得分而没有标准误（或为负）。",
                    "A score whose error is not 0 or more.",
                ),
                (
                    "该院误差无法得知：每层至少评查两件，或删去该行的得分。",
                    "The error of this court cannot be told: read two files of every stratum at"
                    " least, or leave the row's score empty.",
                )
                if sampled
                else ("普查得分的标准误填 0。", "A census has an error of 0."),
            )


def _chances(table: Table, rows: Sequence[Row], score: Floats) -> Floats | None:
    """The chances of courts that were drawn, where the table has them."""
    if table.column("chance") is None:
        return None
    found = np.array([table.number(row, "chance") for row in rows], np.float64)
    for row, value, its in zip(rows, score, found, strict=True):
        if not np.isnan(value) and not 0 < its <= 1:
            raise refused(
                table.place(row.number),
                ("抽中的机会不在0到1之间。", "The chance to be drawn is not above 0 up to 1."),
                ("填法院的入样概率；必抽的填 1。", "Give the court's chance; 1 if it was certain."),
            )
    return found


def _has_cases(courts: Courts) -> bool:
    scored = courts.cases[~np.isnan(courts.score)]
    return bool(len(scored)) and bool(np.all(scored > 0))


def _told(courts: Courts) -> list[Weighting]:
    """The weightings that can be told."""
    kept: list[Weighting] = [w for w in WEIGHTINGS if w != "by_cases" or _has_cases(courts)]
    if courts.chance is not None and told_by_one(courts):
        kept.remove("equally")
    return kept


def _silent(indexes: Sequence[RegionIndex]) -> Iterator[Message]:
    parts = "、".join(indexes[0].parts_without)
    if parts:
        yield Message(
            f"没有任何法院有得分的部分：{parts}。“各部分等权”的指数不含这些部分。",
            f"Parts of which no court has a score: {parts}. The index of equal parts leaves them"
            " out.",
        )


def _notes(courts: Courts, shrunk: Shrunk | None) -> Iterator[Message]:
    yield from ASSUMPTIONS[:2]
    if not _has_cases(courts):
        yield Message(
            "有法院没有案件数，未计算按案件加权的指数。",
            "Some courts have no number of cases: there is no index by cases.",
        )
    alone = told_by_one(courts) if courts.chance is not None else ()
    if alone:
        parts = "、".join(alone)
        yield Message(
            f"只有一个法院有得分的部分：{parts}。其误差无从得知，未计算各部分等权的指数。",
            f"Parts with one court alone that has a score: {parts}. Their error cannot be told:"
            " there is no index of equal parts.",
        )
    if shrunk is None:
        yield Message(
            "法院太少或没有抽样误差，未计算收缩得分。",
            "Too few courts, or none with a sampling error: no drawn-in scores.",
        )
    else:
        yield ASSUMPTIONS[2]


def region_tables(found: Region) -> dict[str, bytes]:
    """File name → content: region.csv, courts.csv."""
    return {
        "region.csv": table_text(INDEX, map(_index, found.indexes)),
        "courts.csv": table_text(COURTS, _rows(found)),
    }


def _index(one: RegionIndex) -> list[str]:
    numbers = (one.value, one.error, one.from_courts, one.from_files, one.low, one.high)
    return [
        one.weighting,
        *map(shown, numbers),
        str(one.courts),
        str(one.of_courts),
        " ".join(one.parts_without),
    ]


def _rows(found: Region) -> Iterator[list[str]]:
    at = {place: number for number, place in enumerate(found.places)}
    courts = found.courts
    for place, name in enumerate(found.names):
        own = [name, courts.part[place], shown(courts.score[place])]
        error = shown(courts.error[place]) if place in at else ""
        drawn = ["", "", ""]
        if found.shrunk is not None and place in at:
            of = found.shrunk
            drawn = [shown(float(a[at[place]])) for a in (of.value, of.error, of.own)]
        yield [*own, error, shown(courts.cases[place]), *drawn]
