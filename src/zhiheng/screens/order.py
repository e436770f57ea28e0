"""Nodes out of order: before the filing, after the archiving, before what they follow.

A row that was entered before it happened never gets into a store: intake refuses it.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from zhiheng.law.screens import load_sequences
from zhiheng.screens.rows import (
    Parameters,
    Scope,
    Tables,
    in_scope,
    lookup,
    number_of,
    of_event,
    passed,
    shaped,
)

SCREEN = "order.impossible"
NO_MINUTE = 2047
PACK = 2048
"""Day and minute packed into one integer, so that the first of both is one minimum."""


def rows(tables: Tables, parameters: Parameters, scope: Scope) -> ir.Table:
    """Every event out of order; `measure`: by how many days, or minutes on the same day."""
    return ibis.union(
        _before_filing(tables, scope),
        _after_archiving(tables, scope),
        *_before_the_first(tables, scope),
    )


def _before_filing(tables: Tables, scope: Scope) -> ir.Table:
    cases = tables("cases")
    filings = cases.select("filed", of="case")
    events = in_scope(tables("events"), scope)
    joined = events.inner_join(filings, events["case"] == filings["of"])
    early = [number_of(name) for name in load_sequences().before_filing]
    found = joined.filter((joined["day"] < joined["filed"]) & joined["node"].notin(early))
    return of_event(
        SCREEN,
        found,
        against=number_of("filed"),
        measure=found["filed"] - found["day"],
        detail="before_filing",
    )


def _after_archiving(tables: Tables, scope: Scope) -> ir.Table:
    events = in_scope(tables("events"), scope)
    archived = tables("events")
    archived = archived.filter(archived["node"] == number_of("archived"))
    archived = archived.group_by(of=archived["case"]).aggregate(put_away=archived["day"].min())
    handling = [number_of(name) for name in load_sequences().before_archiving]
    others = events.filter(events["node"].isin(handling))
    joined = others.inner_join(archived, others["case"] == archived["of"])
    found = joined.filter(joined["day"] > joined["put_away"])
    return of_event(
        SCREEN,
        found,
        against=number_of("archived"),
        measure=found["day"] - found["put_away"],
        detail="after_archiving",
    )


def _before_the_first(tables: Tables, scope: Scope) -> list[ir.Table]:
    """Subjects on which the first passing of a node lies before that of the one it follows."""
    happened = passed(tables, scope)
    ends = _pairs()
    joined = happened.inner_join(ends, happened["node"] == ends["end"])
    packed = joined["day"].cast("int64") * PACK + joined["minute"].fill_null(NO_MINUTE)
    held = joined.group_by(["first", "then", "minutes", "court", "case", "subject"])
    firsts = held.aggregate(
        before=packed.min(where=joined["end"] == joined["first"]),
        after=packed.min(where=joined["end"] == joined["then"]),
    )
    days = firsts["before"] // PACK - firsts["after"] // PACK
    compared = firsts.mutate(days=days, day=(firsts["after"] // PACK).cast("int32"))
    compared = in_scope(compared, scope)
    early = compared.filter(compared["days"] > 0)
    same_day = compared.filter(
        (compared["days"] == 0)
        & compared["minutes"]
        & (compared["before"] % PACK != NO_MINUTE)
        & (compared["after"] % PACK != NO_MINUTE)
        & (compared["after"] < compared["before"])
    )
    return [
        _pair_rows(early, "before_the_first", early["days"]),
        _pair_rows(same_day, "minutes", same_day["before"] - same_day["after"]),
    ]


def _pairs() -> ir.Table:
    """Both ends of every pair, one row each: first, then, minutes, end."""
    pairs = [
        (number_of(pair.first), number_of(then), pair.minutes)
        for pair in load_sequences().pairs
        for then in pair.then
    ]
    ends = [(*pair, pair[side]) for pair in pairs for side in (0, 1)]
    names = ("first", "then", "minutes", "end")
    types = (pa.int16(), pa.int16(), pa.bool_(), pa.int16())
    columns = {name: [end[place] for end in ends] for place, name in enumerate(names)}
    return lookup(columns, dict(zip(names, types, strict=True)))


def _pair_rows(found: ir.Table, detail: str, measure: ir.Value) -> ir.Table:
    return shaped(
        SCREEN,
        found,
        court=found["court"],
        case=found["case"],
        subject=found["subject"],
        node=found["then"],
        against=found["first"],
        day=found["day"],
        measure=measure,
        detail=detail,
    )
