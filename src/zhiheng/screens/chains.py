"""Gaps in the chain of nodes: a step missing between recorded ones."""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from zhiheng.law.screens import Chain, load_sequences
from zhiheng.screens.rows import (
    Parameters,
    Scope,
    Tables,
    in_scope,
    lookup,
    number_of,
    passed,
    shaped,
)

SCREEN = "chain.gap"


def rows(tables: Tables, parameters: Parameters, scope: Scope) -> ir.Table:
    """Every missing step; `day` of the next step recorded, `measure`: days since the last one
    before the gap (negative where they stand the wrong way round)."""
    firsts = _first_days(passed(tables, scope))
    found = [gap for name, chain in load_sequences().chains.items()
             for gap in _gaps(firsts.filter(firsts["chain"] == name), chain)]  # fmt: skip
    return in_scope(ibis.union(*found), scope)


def _first_days(happened: ir.Table) -> ir.Table:
    """Chain and subject, with the first day of step n in the column `day_n`."""
    steps = _steps()
    joined = happened.inner_join(steps, happened["node"] == steps["of_node"])
    longest = max(len(chain.steps) for chain in load_sequences().chains.values())
    return joined.group_by(["chain", "court", "case", "subject"]).aggregate(
        **{f"day_{n}": joined["day"].min(where=joined["step"] == n) for n in range(longest)}
    )


def _steps() -> ir.Table:
    listed = [
        (name, place, number_of(node))
        for name, chain in load_sequences().chains.items()
        for place, step in enumerate(chain.steps)
        for node in step
    ]
    names = ("chain", "step", "of_node")
    types = (pa.string(), pa.int64(), pa.int16())
    columns = {name: [row[place] for row in listed] for place, name in enumerate(names)}
    return lookup(columns, dict(zip(names, types, strict=True)))


def _gaps(firsts: ir.Table, chain: Chain) -> Iterator[ir.Table]:
    """One table for each step that has others on both sides."""
    last = len(chain.steps) - 1
    for step in range(1, last):
        before = ibis.coalesce(*(firsts[f"day_{n}"] for n in range(step - 1, -1, -1)))
        after = ibis.coalesce(*(firsts[f"day_{n}"] for n in range(step + 1, last + 1)))
        beside = firsts.mutate(before=before, after=after)
        gap = beside.filter(
            beside[f"day_{step}"].isnull() & beside["before"].notnull() & beside["after"].notnull()
        )
        yield shaped(
            SCREEN,
            gap,
            court=gap["court"],
            case=gap["case"],
            subject=gap["subject"],
            node=number_of(chain.steps[step][0]),
            day=gap["after"],
            measure=gap["after"] - gap["before"],
            detail="gap",
        )
