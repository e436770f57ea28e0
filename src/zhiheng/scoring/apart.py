"""Which units of any index can be told apart, from a table of scores with their errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zhiheng.composites.data import names_in
from zhiheng.composites.files import shown, table_text
from zhiheng.composites.problems import refused
from zhiheng.composites.tables import read_table
from zhiheng.inference.bands import Band, bands_of
from zhiheng.inference.chances import chance_of_score
from zhiheng.inference.ranks import RankSets, rank_sets
from zhiheng.inference.told_apart import Apart, tell_apart
from zhiheng.scoring.columns import Floats

COLUMNS = ("unit", "score", "error", "rank", "best_rank", "worst_rank", "bands")
CHANCE = "chance"
"""The column of the chance to reach a line, where one is given."""


@dataclass(frozen=True, eq=False)
class Compared:
    """Units with their scores and errors, all pairs compared, and what follows."""

    units: tuple[str, ...]
    scores: Floats
    errors: Floats
    apart: Apart
    ranks: RankSets
    bands: tuple[Band, ...]


def compare_units(path: Path, confidence: float = 0.95, seed: int = 1) -> Compared:
    """Compare the units of a table, named by its column court or else by its first one, with the
    columns score and error (0 for a census); estimates of different units are independent. A unit
    without a score has no rank, nor has one of which, by a column files, none was read.

    Raises BadInput: a score without an error of 0 or more, no score at all, a unit without a name
    or named twice.
    """
    table = read_table(path)
    table.need("score", "error")
    units, rows = names_in(table, table.column("court") or 0), table.rows
    scores = np.array([table.number(row, "score") for row in rows], np.float64)
    errors = np.array([table.number(row, "error") for row in rows], np.float64)
    if table.column("files") is not None:
        unread = np.array([table.number(row, "files") == 0 for row in rows])
        scores = np.where(unread, np.nan, scores)
    for row, score, error in zip(rows, scores, errors, strict=True):
        if not np.isnan(score) and not error >= 0:
            raise refused(
                table.place(row.number),
                ("有得分而没有标准误（或为负）。", "A score whose error is not 0 or more."),
                ("普查得分的标准误填 0。", "A census has an error of 0."),
            )
    if np.isnan(scores).all():
        raise refused(
            table.name,
            ("没有一个单位有得分。", "No unit has a score."),
            ("核对 score 一列。", "Check the column `score`."),
        )
    apart = tell_apart(scores, np.diag(np.nan_to_num(errors) ** 2), confidence, seed)
    ranks, bands = rank_sets(scores, apart), bands_of(scores, apart)
    return Compared(units, scores, errors, apart, ranks, bands)


def compared_table(found: Compared, line: float | None = None) -> bytes:
    """The comparison as a CSV; with a `line` also the chance that each true score reaches it."""
    if line is None:
        return table_text(COLUMNS, _rows(found))
    chances = chance_of_score(line, found.scores, found.errors)
    rows = ([*row, shown(float(chance))] for row, chance in zip(_rows(found), chances, strict=True))
    return table_text((*COLUMNS, CHANCE), rows)


def _rows(found: Compared) -> Iterator[list[str]]:
    members: dict[int, list[str]] = {}
    for number, band in enumerate(found.bands, 1):
        for place in band.members:
            members.setdefault(place, []).append(str(number))
    for place, unit in enumerate(found.units):
        ranks = (found.ranks.rank[place], found.ranks.best[place], found.ranks.worst[place])
        yield [
            *(unit, shown(float(found.scores[place])), shown(float(found.errors[place]))),
            *(str(int(rank)) if rank else "" for rank in ranks),
            " ".join(members.get(place, ())),
        ]
