"""Allocation of cases and rotation of teams (法发〔2017〕11号, articles 3 and 4)."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from zhiheng.calendar import load_calendar, to_day
from zhiheng.screens.rows import Parameters, Scope, Tables, shaped

DESIGNATED, ROTATION = "allocation.designated", "team.rotation"


def designated(tables: Tables, parameters: Parameters, scope: Scope) -> ir.Table:
    """Cases allocated by designation without a ground or without a trace; cases of which the
    kind of allocation is not recorded. Cases filed before `since` are left alone."""
    cases = tables("cases")
    first = max(scope.first, _day(parameters["since"]))
    filed = cases.filter((cases["filed"] >= first) & (cases["filed"] <= scope.last))
    chosen = filed["allocation"] == "designated"
    untold = {
        "no_ground": chosen & filed["allocation_ground"].isnull(),
        "no_trace": chosen & filed["allocation_logged"].isnull(),
        "not_recorded": filed["allocation"].isnull(),
    }
    found = [_case_rows(filed.filter(holds), detail) for detail, holds in untold.items()]
    return ibis.union(*found)


def _case_rows(cases: ir.Table, detail: str) -> ir.Table:
    return shaped(
        DESIGNATED,
        cases,
        court=cases["court"],
        case=cases["case"],
        officer=cases["officer"],
        day=cases["filed"],
        detail=detail,
    )


def rotation(tables: Tables, parameters: Parameters, scope: Scope) -> ir.Table:
    """Officers in office on the last day who have been in one team longer than `limit` months;
    `measure`: days there, counted from the later of joining and `since` where so assumed."""
    officers = tables("officers")
    teams = officers.filter(
        officers["team"].notnull()
        & (officers["valid_from"].isnull() | (officers["valid_from"] <= scope.last))
        & (officers["valid_to"].isnull() | (officers["valid_to"] >= scope.last))
    )
    since = _day(parameters["since"]) if parameters["counts_from"] == "in_force" else 0
    joined = ibis.ifelse(teams["team_since"] < since, since, teams["team_since"])
    latest = latest_start(scope.last, parameters["limit"])
    too_long = teams.mutate(joined_=joined)
    too_long = too_long.filter(too_long["joined_"] <= latest)
    unknown = teams.filter(teams["team_since"].isnull())
    return ibis.union(
        _officer_rows(
            too_long, "too_long", day=too_long["joined_"], measure=scope.last - too_long["joined_"]
        ),
        _officer_rows(unknown, "since_unknown"),
    )


def latest_start(last: int, months: int) -> int:
    """The latest day from which `months` months had passed before `last`."""
    calendar = load_calendar()
    day = calendar.add_months(last, -months)
    while calendar.add_months(day, months) >= last:
        day -= 1
    return day


def _officer_rows(officers: ir.Table, detail: str, **values: ir.Value) -> ir.Table:
    return shaped(
        ROTATION,
        officers,
        court=officers["court"],
        officer=officers["officer"],
        about=officers["team"],
        detail=detail,
        **values,
    )


def _day(text: str) -> int:
    return to_day(date.fromisoformat(text))
