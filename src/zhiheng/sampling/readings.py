"""A sample and what was read in it, brought together: the design of the files that were read."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zhiheng.errors import BadInput, Message
from zhiheng.sampling.arrays import Flags
from zhiheng.sampling.design import Design, Lonely, design_of
from zhiheng.sampling.frames import COURT
from zhiheng.sampling.record import HEADINGS
from zhiheng.sampling.reviews import Reviews
from zhiheng.sampling.tables import Table, bad_cell, no_column, read_table
from zhiheng.sampling.writing import meant

CASE_NUMBER = ("case_number", "案号")
"""Columns of a sample by which reviewers may name a file instead of its id."""
_NUMBER = Message("写一个正数。", "Write a number above zero.")


@dataclass(frozen=True, eq=False)
class Sampled:
    """Files as the draw wrote them: columns of texts by heading, in the order of the draw."""

    place: str
    columns: Mapping[str, tuple[str, ...]]
    numbers: tuple[int, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The files' ids."""
        return self.columns["id"]

    def labels(self, by: str) -> tuple[str, ...]:
        """A column by its heading, or the court's by any of its names. Raises BadInput."""
        names = COURT if by in COURT else (by,)
        found = next((name for name in names if name in self.columns), None)
        if found is None:
            raise no_column(self.place, names, tuple(self.columns))
        return self.columns[found]

    def amounts(self, name: str) -> list[float]:
        """A column of numbers above zero; infinite where the cell is empty. Raises BadInput."""
        return [
            self._amount(number, name, text)
            for number, text in zip(self.numbers, self.columns[name], strict=True)
        ]

    def _amount(self, number: int, name: str, text: str) -> float:
        try:
            amount = float(text) if text else math.inf
        except ValueError:
            amount = math.nan
        if not amount > 0:
            raise bad_cell(self.place, number, name, text, _NUMBER)
        return amount


@dataclass(frozen=True, eq=False)
class Readings:
    """Files read, in the order of the sample: their design, and flags (files, items).

    asked: where there is an answer; an item was asked in all files read of a group, or in none.
    missing: files drawn and not read, made up for by the weights of the others of their group.
    """

    sampled: Sampled
    design: Design
    items: tuple[str, ...]
    yes: Flags
    applies: Flags
    asked: Flags
    missing: int


def read_sampled(path: Path, replacements: Path | None = None) -> Sampled:
    """The files drawn, and behind them the replacements where given. Raises BadInput."""
    table = read_table(path)
    found = _sampled(table)
    if replacements is None:
        return found
    more = _sampled(read_table(replacements, may_be_empty=True))
    columns = {
        name: (*cells, *more.columns.get(name, ("",) * len(more.numbers)))
        for name, cells in found.columns.items()
    }
    return Sampled(found.place, columns, (*found.numbers, *more.numbers))


def _sampled(table: Table) -> Sampled:
    for name in HEADINGS:
        if name not in table.headings:
            raise no_column(table.place, (name,), table.headings)
    cells = zip(*table.rows, strict=True) if table.rows else [()] * len(table.headings)
    columns = {
        name: tuple(map(meant, column)) for name, column in zip(table.headings, cells, strict=True)
    }
    return Sampled(table.place, columns, table.numbers)


def readings(
    sampled: Sampled,
    drawn: int,
    reviews: Reviews,
    lonely: Lonely = "fail",
    allow_missing: bool = False,
) -> Readings:
    """The readings of a sample of which the first `drawn` rows were drawn, the rest replace.

    Within a group (a stratum, or a court that was drawn) the files read stand for those drawn: a
    replacement counts like the file it replaces; where fewer were read, allowed or not, the weights
    of the others grow. Raises BadInput: a file read that was not drawn, groups with files missing.
    """
    place = {one: row for row, one in enumerate(reviews.files)}
    names = _names(sampled, reviews)
    rows = [row for row, one in enumerate(names) if one in place]
    groups = list(zip(sampled.columns["stratum"], sampled.columns["cluster"], strict=True))
    wanted, got = Counter(groups[:drawn]), Counter(groups[row] for row in rows)
    _refuse_more(sampled, wanted, got)
    missing = sum(max(many - got[group], 0) for group, many in wanted.items())
    if missing and (not allow_missing or any(not got[group] for group in wanted)):
        raise _missing(sampled, wanted, got, missing, drawn)
    factor = [wanted[groups[row]] / got[groups[row]] for row in rows]
    answers = [place[names[row]] for row in rows]
    read = kept(sampled, rows)
    design = _design(read, factor, lonely)
    asked = reviews.asked[answers]
    _refuse_gaps(reviews, read, [groups[row] for row in rows], asked)
    yes, applies = reviews.yes[answers], reviews.applies[answers]
    return Readings(read, design, reviews.items, yes, applies, asked, missing)


def _refuse_gaps(
    reviews: Reviews, sampled: Sampled, groups: Sequence[tuple[str, str]], asked: Flags
) -> None:
    """Raises BadInput where an item was asked in some files of a group and not in others."""
    codes = {group: code for code, group in enumerate(dict.fromkeys(groups))}
    code = np.array([codes[group] for group in groups])
    some = np.zeros((len(codes), asked.shape[1]), np.bool_)
    np.logical_or.at(some, code, asked)
    gaps = np.argwhere(some[code] & ~asked)
    if len(gaps):
        one, item = sampled.ids[gaps[0][0]], reviews.items[gaps[0][1]]
        raise BadInput(
            Message(
                f"{one} 没有“{item}”的结果（共缺 {len(gaps)} 处）。",
                f"{one} has no answer to {item!r} ({len(gaps)} answers are missing).",
            ),
            Message(
                "同一层中问了的，逐件填写；不适用的写“不适用”。",
                "What is asked in a stratum is answered for every file of it; write NA where it"
                " does not apply.",
            ),
            reviews.place,
        )


def _names(sampled: Sampled, reviews: Reviews) -> tuple[str, ...]:
    """What the reviews call the files of the sample: their ids, or else their case numbers."""
    for column in ("id", *(name for name in CASE_NUMBER if name in sampled.columns)):
        names = sampled.columns[column]
        if len(set(names)) == len(names) and set(reviews.files) <= set(names):
            return names
    known = set(sampled.ids)
    raise _not_drawn(reviews.place, [one for one in reviews.files if one not in known])


def _refuse_more(
    sampled: Sampled, wanted: Counter[tuple[str, str]], got: Counter[tuple[str, str]]
) -> None:
    """Raises BadInput where more was read of a group than drawn: a replacement is for a file that
    could not be read, not for one more."""
    for group, many in got.items():
        if many > wanted[group]:
            name = group[1] or group[0] or "—"
            raise BadInput(
                Message(
                    f"“{name}”抽 {wanted[group]} 件，却评查了 {many} 件。",
                    f"Of {name!r} {wanted[group]} files were drawn and {many} read.",
                ),
                Message(
                    "备用件只代替无法评查的文件：删去多评查的备用件（从顺序最后的起）。",
                    "A replacement stands for a file that cannot be read: take out those too many,"
                    " the last in their order first.",
                ),
                sampled.place,
            )


def kept(sampled: Sampled, rows: Sequence[int]) -> Sampled:
    """These rows of a sample."""
    columns = {name: tuple(cells[row] for row in rows) for name, cells in sampled.columns.items()}
    return Sampled(sampled.place, columns, tuple(sampled.numbers[row] for row in rows))


def _design(sampled: Sampled, factor: Sequence[float], lonely: Lonely) -> Design:
    weights = np.array(sampled.amounts("weight")) * factor
    inside = np.array(sampled.amounts("population_within"))
    clusters = sampled.columns["cluster"]
    population = sampled.amounts("population")
    if not any(clusters):
        return design_of(
            len(weights),
            weights=weights,
            strata=sampled.columns["stratum"],
            population=population,
            lonely=lonely,
        )
    # A file that stands for itself is a first-stage unit of which all was taken.
    units = [cluster or one for cluster, one in zip(clusters, sampled.ids, strict=True)]
    return design_of(
        len(weights),
        weights=weights,
        strata=sampled.columns["stratum"],
        clusters=units,
        population=population,
        population_within=np.where(np.isinf(inside), 1.0, inside),
        lonely=lonely,
    )


def _not_drawn(place: str, unknown: list[str]) -> BadInput:
    return BadInput(
        Message(
            f"{unknown[0]} 等 {len(unknown)} 件不在样本中。",
            f"{len(unknown)} files read were not drawn, among them {unknown[0]}.",
        ),
        Message(
            "只评查抽中的文件和备用件（zhiheng sample 须加 --replacements 才读备用件）。",
            "Read files drawn and their replacements only (`zhiheng sample` takes these by"
            " --replacements).",
        ),
        place,
    )


def _missing(
    sampled: Sampled,
    wanted: Counter[tuple[str, str]],
    got: Counter[tuple[str, str]],
    missing: int,
    drawn: int,
) -> BadInput:
    group = next(group for group, many in wanted.items() if got[group] < many)
    name = group[1] or group[0] or "—"
    return BadInput(
        Message(
            f"抽中的 {drawn} 件中有 {missing} 件没有结果；如“{name}”应有 {wanted[group]} 件，"
            f"只有 {got[group]} 件。",
            f"Of {drawn} files drawn, {missing} have no answers; of {name!r} {wanted[group]} are"
            f" wanted, {got[group]} are there.",
        ),
        Message(
            "补齐评查，或按顺序用备用件（zhiheng sample 须加 --replacements）；确实无法补的，"
            "加 --allow-missing（每层至少须有一件）。",
            "Read them, or replacements in their order (`zhiheng sample` takes these by"
            " --replacements); where that cannot be, give --allow-missing (at least one file of"
            " every group must be read).",
        ),
        sampled.place,
    )
