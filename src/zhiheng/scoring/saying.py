"""What may be said is worked out where files were drawn and read, and only there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from zhiheng.scoring.columns import SetScores
from zhiheng.scoring.leaf import Evidence, gives_all_or_nothing
from zhiheng.scoring.sampled import refuse_items

if TYPE_CHECKING:
    from zhiheng.scoring.node_errors import Scored
    from zhiheng.scoring.said import SetSaid


def said_of_sets(sets: Sequence[SetScores], evidence: Evidence) -> tuple[SetSaid, ...]:
    """What may be said of each level of which a leaf was read in files; nothing without a draw.

    Raises BadInput where an item read is no leaf a share of files can score.
    """
    if evidence.readings is None:
        return ()
    refuse_items(evidence.readings, evidence.edition)
    return tuple(_said(sets, evidence))


def _said(sets: Sequence[SetScores], evidence: Evidence) -> Iterator[SetSaid]:
    from zhiheng.scoring.node_errors import node_errors  # slow to load
    from zhiheng.scoring.said import said_of

    assert evidence.readings is not None
    for one, scored in zip(sets, scored_sets(sets, evidence), strict=True):
        if any(scored.sampled(place) for place in range(len(one.courts))):
            yield said_of(one, node_errors(scored), evidence.readings.files)


def scored_sets(sets: Sequence[SetScores], evidence: Evidence) -> list[Scored]:
    """The sets with the files behind them and what the choices in force make of them."""
    from zhiheng.scoring.node_errors import Scored

    full = evidence.choice("not_applicable_weight") == "full"
    found = []
    for one in sets:
        index = evidence.edition.sets[one.level]  # type: ignore[index]
        cliffs = frozenset(
            node.indicator.id
            for node in index.leaves()
            if gives_all_or_nothing(node.indicator, evidence)
        )
        found.append(Scored(index, one.courts, one.columns, evidence.readings, full, cliffs))
    return found
