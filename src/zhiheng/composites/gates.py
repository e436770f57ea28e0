"""Gates: what a value may do to a node's score, whatever the mean says (veto, cap)."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from zhiheng.composites.problems import refused, unknown_method
from zhiheng.composites.tables import Row, Table

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ALSO = {"≤": "<=", "≥": ">=", "＜": "<", "＞": ">"}
EFFECTS = ("veto", "cap")
USES = ("raw", "score")


@dataclass(frozen=True)
class Gate:
    """Where `on` compares to `threshold` by `op`, `node` becomes `value` (veto) or at most `value`
    (cap). `use`: `on` is a raw figure of the data, or the score of a code. `place`: its row."""

    node: str
    on: str
    op: str
    threshold: float
    effect: str
    use: str
    value: float
    place: str = ""


def read_gates(table: Table) -> tuple[Gate, ...]:
    """Gates in the order of a table with the columns node, on, op, threshold, effect and, where
    wanted, use (raw, the default, or score) and value. A veto without a value has NaN: the lower
    end of the scale. Raises BadInput naming the row."""
    table.need("node", "on", "op", "threshold", "effect")
    return tuple(_gate(table, row) for row in table.rows)


def _gate(table: Table, row: Row) -> Gate:
    place = table.place(row.number)
    op = _ALSO.get(table.cell(row, "op"), table.cell(row, "op"))
    effect, use = table.cell(row, "effect"), table.word(row, "use") or "raw"
    for heading, word, known in (
        ("op", op, tuple(OPERATORS)),
        ("effect", effect, EFFECTS),
        ("use", use, USES),
    ):
        if word not in known:
            raise unknown_method(place, word, known, heading)
    threshold, value = table.number(row, "threshold"), table.number(row, "value")
    if threshold != threshold or (effect == "cap" and value != value):
        raise refused(
            place,
            ("缺阈值，或封顶（cap）缺 value。", "The threshold is missing, or a cap has no value."),
            ("补上该数。", "Fill it in."),
        )
    return Gate(
        table.cell(row, "node"), table.cell(row, "on"), op, threshold, effect, use, value, place
    )
