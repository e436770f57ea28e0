"""Named sets of weights: one table, one column a set."""

from __future__ import annotations

from collections.abc import Container

from zhiheng.composites.problems import refused
from zhiheng.composites.tables import Table
from zhiheng.composites.tree import weight_in
from zhiheng.errors import BadInput


def read_weights(table: Table, codes: Container[str], name: str = "") -> dict[str, float]:
    """Code → weight of the set `name` (the only one where it is ""); a code whose cell is empty
    keeps the tree's weight and is left out. `codes` are those of the tree. Raises BadInput: no such
    set, a code given twice or not in the tree, a weight that is negative or no number."""
    sets = tuple(one for one in table.header[1:] if one)
    chosen = sets[0] if not name and len(sets) == 1 else name
    if chosen not in sets:
        raise _no_set(table, name, sets)
    found: dict[str, float] = {}
    for row in table.rows:
        code = row.cells[0]
        if code in found or code not in codes:
            raise refused(
                table.place(row.number),
                (
                    f"代码“{code}”重复，或不在指标树中。",
                    f"The code {code!r} stands twice, or is not in the tree.",
                ),
                (
                    "每个代码只写一行，与指标树一致。",
                    "Give every code of the tree one row at most.",
                ),
            )
        found[code] = weight_in(table, row, chosen, -1.0)
    return {code: weight for code, weight in found.items() if weight >= 0}


def _no_set(table: Table, name: str, sets: tuple[str, ...]) -> BadInput:
    there = ", ".join(sets) or "—"
    return refused(
        table.name,
        (
            f"没有“{name}”这套权重。" if name else "未指明用哪一套权重。",
            f"There is no set {name!r}." if name else "Which set of weights is not said.",
        ),
        (
            f"用 --weight-set 指明第一栏（代码）之后的一栏，现有：{there}。",
            f"Name a column after the first (the codes) by --weight-set; there are: {there}.",
        ),
    )
