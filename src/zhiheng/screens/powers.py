"""Steps recorded by an officer who may not take them (权力清单)."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from zhiheng.law.powers import load_powers, permitted
from zhiheng.screens.rows import Parameters, Scope, Tables, entered, lookup, number_of, of_event

SCREEN = "power.exercised"


def rows(tables: Tables, parameters: Parameters, scope: Scope) -> ir.Table:
    """Every step of the list that its officer may not take, or of which that cannot be told.

    `measure` is the number of the power. `stands_for`: role → roles it counts as.
    """
    steps = _steps(entered(tables, scope), tables("officers"))
    steps = _judged(steps, parameters)
    in_office = _from(steps) & (steps["valid_to"].isnull() | (steps["day"] <= steps["valid_to"]))
    detail = ibis.cases(
        (steps["officer"].isnull(), "no_officer"),
        (steps["known"].isnull(), "unknown_officer"),
        (~in_office, "not_in_office"),
        (steps["allowed"].isnull(), "may_not"),
    )
    found = steps.mutate(detail_=detail)
    found = found.filter(found["detail_"].notnull())
    return of_event(SCREEN, found, measure=found["power"], detail=found["detail_"])


def _from(steps: ir.Table) -> ir.BooleanValue:
    return steps["valid_from"].isnull() | (steps["day"] >= steps["valid_from"])


def _steps(events: ir.Table, officers: ir.Table) -> ir.Table:
    """The events that exercise a listed power, with their officer's role and time in office."""
    numbers = load_powers().numbers()
    listed = lookup(
        {"power_node": [number_of(name) for name in numbers], "power": [*numbers.values()]},
        {"power_node": pa.int16(), "power": pa.int64()},
    )
    who = officers.select("role", "valid_from", "valid_to", known=officers["officer"])
    chosen = events.inner_join(listed, events["node"] == listed["power_node"])
    return chosen.left_join(who, chosen["officer"] == who["known"])


def _judged(steps: ir.Table, parameters: Parameters) -> ir.Table:
    """The steps, with `allowed` where node and role may go together."""
    stands_for = {role: tuple(more) for role, more in parameters["stands_for"].items()}
    pairs = permitted(load_powers(), stands_for)
    may = lookup(
        {
            "may_node": [number_of(node) for node, _ in pairs],
            "may_role": [role for _, role in pairs],
            "allowed": [True] * len(pairs),
        },
        {"may_node": pa.int16(), "may_role": pa.string(), "allowed": pa.bool_()},
    )
    fits = [steps["node"] == may["may_node"], steps["role"] == may["may_role"]]
    return steps.left_join(may, fits)
