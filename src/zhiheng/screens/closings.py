"""Closings that go by the date: a spike just past three months, withdrawals before the end.

Both compare a court's count in a window with what its other closings let expect, by an exact
test in two steps: `..._groups` counts by court, `..._stands_out` judges one court's counts, and
the rows are those of the courts judged to stand out (table `judged`).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from zhiheng.calendar import load_calendar
from zhiheng.screens.chance import binomial_tail, hypergeometric_tail
from zhiheng.screens.rows import Parameters, Scope, Tables, shaped

SPIKE, END_RUSH = "closing.spike", "closing.withdrawn_at_end"
Counts = Mapping[str, int]


def spike_groups(tables: Tables, parameters: Parameters, scope: Scope) -> ir.Table:
    """By court: provisional closings in the window past the limit, and in it and its
    neighbours."""
    past = _past_the_limit(tables, parameters, scope)
    window = parameters["window"]
    widest = window * (1 + parameters["neighbours"])
    return past.group_by("court").aggregate(
        inside=(past["past"] <= window).sum(), around=(past["past"] <= widest).sum()
    )


def spike_stands_out(counts: Counts, parameters: Parameters) -> bool:
    """Whether the first window's count is beyond luck, were each window as likely."""
    fair = Fraction(1, 1 + parameters["neighbours"])
    chance = binomial_tail(counts["inside"], counts["around"], fair)
    return chance <= Fraction(1, parameters["one_in"])


def spike(tables: Tables, parameters: Parameters, scope: Scope) -> ir.Table:
    """The closings of the courts judged; `measure`: days past the limit."""
    past = _past_the_limit(tables, parameters, scope)
    found = _of_judged(past.filter(past["past"] <= parameters["window"]), tables)
    return _case_rows(SPIKE, found, found["past"], "spike")


def _past_the_limit(tables: Tables, parameters: Parameters, scope: Scope) -> ir.Table:
    """Provisional closings in the scope, after the limit; `past`: days after it."""
    cases = tables("cases")
    closed = cases.filter(
        (cases["closing_kind"] == "provisional_closure")
        & (cases["closed"] >= scope.first)
        & (cases["closed"] <= scope.last)
    )
    ends = _limit_ends(parameters["limit"])
    joined = closed.inner_join(ends, closed["filed"] == ends["from_day"])
    joined = joined.mutate(past=joined["closed"] - joined["limit_ends"])
    return joined.filter(joined["past"] > 0)


def _limit_ends(months: int) -> ir.Table:
    """Every day of the calendar with the day so many months on."""
    calendar = load_calendar()
    last = int(calendar.add_months(calendar.last_day, -months))
    days = np.arange(calendar.first_day, last + 1, dtype=np.int32)
    return ibis.memtable(
        pa.table({"from_day": days, "limit_ends": calendar.add_months(days, months)})
    )


def end_rush_groups(tables: Tables, parameters: Parameters, scope: Scope) -> ir.Table:
    """By court: closings and withdrawals in the scope, and in its last days."""
    closed = _closings(tables, parameters, scope)
    withdrawn, late = closed["closing_kind"] == "withdrawn", closed["left"] < parameters["window"]
    return closed.group_by("court").aggregate(
        closings=closed.count(),
        withdrawals=withdrawn.fill_null(False).sum(),
        late_closings=late.sum(),
        late_withdrawals=(withdrawn.fill_null(False) & late).sum(),
    )


def end_rush_stands_out(counts: Counts, parameters: Parameters) -> bool:
    """Whether withdrawals in the last days are beyond luck, given how many closings fell there."""
    chance = hypergeometric_tail(
        counts["late_withdrawals"],
        counts["withdrawals"],
        counts["late_closings"],
        counts["closings"],
    )
    return chance <= Fraction(1, parameters["one_in"])


def end_rush(tables: Tables, parameters: Parameters, scope: Scope) -> ir.Table:
    """The withdrawals in the last days, of the courts judged; `measure`: days before the end."""
    closed = _closings(tables, parameters, scope)
    late = (closed["closing_kind"] == "withdrawn") & (closed["left"] < parameters["window"])
    found = _of_judged(closed.filter(late), tables)
    cases = tables("cases")
    again = cases.filter(cases["earlier_case"].notnull() & (cases["filed"] <= scope.last))
    again = again.group_by(again_of=again["earlier_case"]).aggregate(times=again.count())
    found = found.left_join(again, found["case"] == again["again_of"])
    detail = ibis.ifelse(found["times"].notnull(), "refiled", "withdrawn")
    return _case_rows(END_RUSH, found, found["left"], detail)


def _closings(tables: Tables, parameters: Parameters, scope: Scope) -> ir.Table:
    """Closings of the kinds concerned in the scope; `left`: days to its end."""
    cases = tables("cases")
    closed = cases.filter(
        cases["kind"].isin(parameters["kinds"])
        & (cases["closed"] >= scope.first)
        & (cases["closed"] <= scope.last)
    )
    return closed.mutate(left=scope.last - closed["closed"])


def _of_judged(cases: ir.Table, tables: Tables) -> ir.Table:
    judged = tables("judged")
    return cases.semi_join(judged, "court")


def _case_rows(screen: str, cases: ir.Table, measure: ir.Value, detail: ir.Value | str) -> ir.Table:
    return shaped(
        screen,
        cases,
        court=cases["court"],
        case=cases["case"],
        officer=cases["officer"],
        day=cases["closed"],
        measure=measure,
        detail=detail,
    )
