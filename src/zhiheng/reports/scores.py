"""Scores as plain data: a JSON document, and one row a court and node as CSV and Parquet.

Written from whole columns, so that the courts of a country take a second.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhiheng.calendar import from_day
from zhiheng.measures.rows_out import write_rows
from zhiheng.reports.files import write_whole
from zhiheng.scoring.columns import STATES, Column, SetScores
from zhiheng.scoring.results import Score, Scored
from zhiheng.store.arrow_arrays import column_of, column_where, texts

TOTAL = "total"
"""What the root of a tree is called."""
SCHEMA = pa.schema(
    [
        ("edition", pa.string()),
        ("court", pa.string()),
        ("node", pa.string()),
        ("state", pa.string()),
        ("value", pa.float64()),
        ("coverage", pa.float64()),
        ("numerator", pa.float64()),
        ("denominator", pa.float64()),
    ]
)
FACTS = ("state", "value", "coverage", "numerator", "denominator", "source")


def write_scores(folder: Path, scored: Sequence[Scored]) -> list[Path]:
    """Write scores.json (one summary, or a list where several editions were scored, of every court
    the score of its root only), scores.csv and scores.parquet; returns where they lie."""
    folder.mkdir(parents=True, exist_ok=True)
    document, table, columns = (folder / f"scores.{end}" for end in ("json", "csv", "parquet"))
    encoded = [msgspec.json.encode(summary(each, whole=False)) for each in scored]
    write_whole(document, encoded[0] if len(encoded) == 1 else b"[" + b",\n".join(encoded) + b"]")
    rows = score_rows(scored)
    write_rows(rows, table)
    write_rows(rows, columns)
    return [document, table, columns]


def score_rows(scored: Sequence[Scored]) -> pa.Table:
    """A row a score (see SCHEMA), by edition, level, court and node; null where there is none."""
    found = [_of_set(each.edition, one) for each in scored for one in each.sets]
    return pa.concat_tables(found) if found else SCHEMA.empty_table()


def _of_set(edition: str, of: SetScores) -> pa.Table:
    columns = list(of.columns.values())
    courts, nodes = len(of.courts), len(columns)
    words = {
        "edition": ([edition], np.zeros(courts * nodes, np.int64)),
        "court": (of.courts, np.repeat(np.arange(courts), nodes)),
        "node": ([column.node or TOTAL for column in columns], np.tile(np.arange(nodes), courts)),
        "state": (STATES, _by_court([column.state for column in columns])),
    }
    named = {name: texts(of).take(column_of(at)) for name, (of, at) in words.items()}
    numbers = {
        name: _known(_by_court([getattr(column, name) for column in columns]))
        for name in SCHEMA.names[len(words) :]
    }
    return pa.table({**named, **numbers}, schema=SCHEMA)


def _known(array: NDArray[np.float64]) -> pa.Array:
    return column_where(array, ~np.isnan(array))


def _by_court(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.stack(arrays, axis=1).ravel()


def summary(scored: Scored, whole: bool = True) -> dict[str, Any]:
    """The scores of one edition as plain data: of every node or, not `whole`, of the root."""
    first, last = scored.period
    sets = scored.sets if whole else map(_root, scored.sets)
    scores = {court: each for of in sets for court, each in _plain_scores(of)}
    return {
        "edition": scored.edition,
        "as_of": from_day(scored.as_of).isoformat(),
        "period": [from_day(first).isoformat(), from_day(last).isoformat()],
        "store": scored.store_digest,
        "proof": asdict(scored.proof) if scored.proof else None,
        "assumptions": {a.id: a.value for a in scored.assumptions},
        "groups": [asdict(group) for group in scored.groups],
        "courts": [
            {
                "court": court.court,
                "name": court.name,
                "level": court.level,
                "passed": court.passed,
                "lines": [dict(vars(line)) for line in court.lines],
                "scores": scores[court.court],
            }
            for court in scored.courts
        ],
    }


def _root(of: SetScores) -> SetScores:
    return replace(of, columns={node: each for node, each in of.columns.items() if not node})


def _plain_scores(of: SetScores) -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    names = [node or TOTAL for node in of.columns]
    by_node = [_plain(column) for column in of.columns.values()]
    for court, scores in zip(of.courts, zip(*by_node, strict=True), strict=True):
        yield court, dict(zip(names, scores, strict=True))


def _plain(column: Column) -> list[dict[str, Any]]:
    rows = zip(
        column.state.tolist(),
        _numbers(column.value),
        column.coverage.tolist(),
        _numbers(column.numerator, column.whole[0]),
        _numbers(column.denominator, column.whole[1]),
        strict=True,
    )
    source = column.source
    found: list[dict[str, Any]] = [
        {
            "state": STATES[state],
            "value": value,
            "coverage": coverage,
            "numerator": above,
            "denominator": below,
            "source": source,
        }
        for state, value, coverage, above, below in rows
    ]
    for place, score in column.answered.items():
        found[place] = _plain_score(score)
    return found


def _plain_score(score: Score) -> dict[str, Any]:
    return {name: getattr(score, name) for name in FACTS}


def _numbers(array: NDArray[np.float64], whole: bool = False) -> list[float | None]:
    """The numbers as Python has them; None where there is none."""
    known = _known(array)
    numbers: list[float | None] = (known.cast(pa.int64()) if whole else known).to_pylist()
    return numbers
