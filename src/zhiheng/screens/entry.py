"""When nodes were entered: late, after the closing, in bursts, in batches (补录, 突击录入)."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from zhiheng.screens.rows import (
    Parameters,
    Scope,
    Tables,
    entered,
    number_of,
    of_event,
    shaped,
)

LATE, AFTER_CLOSING, BURST, BATCH = (
    "entry.late",
    "entry.after_closing",
    "entry.burst",
    "entry.batch",
)
MINUTES_PER_HOUR = 60


def late(tables: Tables, parameters: Parameters, scope: Scope) -> ir.Table:
    """Nodes, filings and closings entered `more_than` days after they happened, or later;
    `measure`: days between."""
    events = entered(tables, scope)
    lag = events["recorded_day"] - events["day"]
    allowed = parameters["more_than"]
    cases = tables("cases")
    late_events = events.filter(lag > allowed)
    found = [
        of_event(LATE, late_events, measure=_lag(late_events), detail="event"),
        of_event(LATE, events.filter(events["recorded_day"].isnull()), detail="no_record"),
    ]
    for detail, column, node in (("filing", "filed", "filed"), ("closing", "closed", "closed")):
        happened = cases.filter((cases[column] >= scope.first) & (cases[column] <= scope.last))
        recorded = happened[f"{column}_recorded"]
        slow = happened.filter((recorded - happened[column] > allowed) & (recorded <= scope.last))
        slow_days = slow[f"{column}_recorded"] - slow[column]
        found += [
            _of_case(slow, column, node, detail, slow_days),
            _of_case(happened.filter(recorded.isnull()), column, node, "no_record", None),
        ]
    return ibis.union(*found)


def _lag(events: ir.Table) -> ir.Value:
    return events["recorded_day"] - events["day"]


def _of_case(
    cases: ir.Table, column: str, node: str, detail: str, measure: ir.Value | None
) -> ir.Table:
    return shaped(
        LATE,
        cases,
        court=cases["court"],
        case=cases["case"],
        node=number_of(node),
        officer=cases["officer"],
        day=cases[column],
        measure=measure,
        detail=detail,
    )


def after_closing(tables: Tables, parameters: Parameters, scope: Scope) -> ir.Table:
    """Nodes that happened by the closing of their case and were entered on a later day;
    `measure`: days after the closing."""
    events = entered(tables, scope)
    cases = tables("cases")
    closings = cases.filter(cases["closed"].notnull()).select(of="case", closed="closed")
    joined = events.inner_join(closings, events["case"] == closings["of"])
    found = joined.filter(
        (joined["day"] <= joined["closed"]) & (joined["recorded_day"] > joined["closed"])
    )
    over = found["recorded_day"] - found["closed"]
    return of_event(AFTER_CLOSING, found, measure=over, detail="after_closing")


def burst(tables: Tables, parameters: Parameters, scope: Scope) -> ir.Table:
    """Nodes entered by one officer (or, unnamed, in one court) in a minute or an hour with more
    than the bound; `day` and `minute` of the entry, `measure`: nodes in that minute or hour."""
    events = _at_a_minute(tables, scope)
    hour = events["recorded_minute"] // MINUTES_PER_HOUR
    found = [
        _crowded(events.mutate(slot=slot), detail, parameters[bound])
        for detail, slot, bound in (
            ("minute", events["recorded_minute"].cast("int64"), "per_minute"),
            ("hour", hour.cast("int64"), "per_hour"),
        )
    ]
    return ibis.union(*found)


def _crowded(events: ir.Table, detail: str, bound: int) -> ir.Table:
    group = ["court", "who", "recorded_day", "slot"]
    counted = events.group_by(group).aggregate(many=events.count())
    joined = events.inner_join(counted.filter(counted["many"] > bound), group)
    return _entry_rows(BURST, joined, detail, joined["many"])


def batch(tables: Tables, parameters: Parameters, scope: Scope) -> ir.Table:
    """Nodes entered by one officer at one minute that happened on `days` different days or more;
    `measure`: different days."""
    events = _at_a_minute(tables, scope)
    group = ["court", "who", "recorded_day", "recorded_minute"]
    counted = events.group_by(group).aggregate(many=events["day"].nunique())
    joined = events.inner_join(counted.filter(counted["many"] >= parameters["days"]), group)
    return _entry_rows(BATCH, joined, "batch", joined["many"])


def _at_a_minute(tables: Tables, scope: Scope) -> ir.Table:
    """Events whose minute of entry is known; `who` entered them, "" where nobody is named."""
    events = dated(tables, scope)
    known = events.filter(events["recorded_minute"].notnull())
    return known.mutate(who=known["officer"].fill_null(""))


def dated(tables: Tables, scope: Scope) -> ir.Table:
    """Events whose day of entry is known and lies in the scope."""
    events = tables("events")
    day = events["recorded_day"]
    return events.filter(day.notnull() & (day >= scope.first) & (day <= scope.last))


def _entry_rows(screen: str, events: ir.Table, detail: str, measure: ir.Value) -> ir.Table:
    return of_event(
        screen,
        events,
        day=events["recorded_day"],
        minute=events["recorded_minute"],
        measure=measure,
        detail=detail,
    )
