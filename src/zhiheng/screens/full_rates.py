"""Rates of 100 % on so few subjects that luck could give them."""

from __future__ import annotations

from fractions import Fraction

import ibis.expr.types as ir

from zhiheng.screens.chance import fewest_beyond_luck
from zhiheng.screens.rows import Parameters, Scope, Tables, shaped

SCREEN = "rate.full"


def rows(tables: Tables, parameters: Parameters, scope: Scope) -> ir.Table:
    """Each court's duties kept on every subject judged, on fewer than `needed` of them.

    A court at `percent` keeps a duty n times out of n with the chance percent^n: only from the
    n on where that is at most one in `one_in` does 100 % show more. `about`: the duty, `measure`:
    subjects judged. Reads the table `rates` (court, duty, kept, judged).
    """
    rates = tables("rates")
    level = Fraction(parameters["percent"], 100)
    needed = fewest_beyond_luck(level, Fraction(1, parameters["one_in"]))
    few = (rates["judged"] > 0) & (rates["judged"] < needed)
    found = rates.filter(few & (rates["kept"] == rates["judged"]))
    return shaped(
        SCREEN,
        found,
        court=found["court"],
        about=found["duty"],
        measure=found["judged"],
        detail="luck",
    )
