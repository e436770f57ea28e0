"""The tables of a sensitivity analysis, the same bytes for the same analysis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zhiheng.composites.files import shown, table_text
from zhiheng.sensitivity.alone import Change
from zhiheng.sensitivity.analysis import Analysis
from zhiheng.sensitivity.factors import Floats
from zhiheng.sensitivity.summary import ranks_by_replay

SHIFT = "mean_rank_shift"
"""The output that stands for all units together."""
_SPREAD = ("score_p05", "score_p50", "score_p95", "rank_p05", "rank_p50", "rank_p95", "mean_shift")
RANKS = ("varied", "unit", "score", "rank", *_SPREAD)
FACTORS = ("varied", "factor", "title_zh", "title_en", "output", "first_order", "total")
ALONE = (
    "factor",
    "title_zh",
    "title_en",
    "mean_rank_shift",
    "largest_rank_shift",
    "moved_most",
    "mean_score_shift",
    "lost",
    "gained",
)


def tables_of(
    units: Sequence[str], in_force: Floats, found: Sequence[Analysis], alone: Sequence[Change]
) -> dict[str, bytes]:
    """File name → content: ranks.csv, factors.csv, alone.csv."""
    return {
        "ranks.csv": table_text(RANKS, _ranks(units, in_force, found)),
        "factors.csv": table_text(FACTORS, _factors(units, found)),
        "alone.csv": table_text(ALONE, (_alone(units, one) for one in alone)),
    }


def _ranks(
    units: Sequence[str], in_force: Floats, found: Sequence[Analysis]
) -> Iterator[list[str]]:
    ranks = ranks_by_replay(in_force[None, :])[0]
    for each in found:
        of = each.spread
        columns = (
            *(of.score_low, of.score_median, of.score_high),
            *(of.rank_low, of.rank_median, of.rank_high),
            of.shift,
        )
        for at, unit in enumerate(units):
            whole = {3, 4, 5}
            numbers = [
                _whole(column[at]) if number in whole else shown(column[at])
                for number, column in enumerate(columns)
            ]
            yield [each.varied, unit, shown(in_force[at]), _whole(ranks[at]), *numbers]


def _whole(value: float) -> str:
    return "" if value != value else str(int(value))


def _factors(units: Sequence[str], found: Sequence[Analysis]) -> Iterator[list[str]]:
    for each in found:
        outputs = (SHIFT, *units)
        for at, factor in enumerate(each.replays.factors):
            head = [each.varied, factor.id, factor.title.zh, factor.title.en]
            pairs = zip(each.replays.first[:, at], each.replays.total[:, at], strict=True)
            for output, (first, total) in zip(outputs, pairs, strict=False):
                yield [*head, output, shown(first), shown(total)]


def _alone(units: Sequence[str], one: Change) -> list[str]:
    most = "" if one.moved_most is None else units[one.moved_most]
    largest = "" if one.largest_rank_shift is None else str(one.largest_rank_shift)
    return [
        one.factor,
        one.title.zh,
        one.title.en,
        _known(one.mean_rank_shift),
        largest,
        most,
        _known(one.mean_score_shift),
        str(one.lost),
        str(one.gained),
    ]


def _known(value: float | None) -> str:
    return "" if value is None else shown(value)
