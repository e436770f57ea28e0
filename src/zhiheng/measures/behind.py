"""The cases behind a figure: the same rows that gave it, with what is known of each case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from zhiheng.measures.figures import FIGURES
from zhiheng.measures.question import Question
from zhiheng.store.engine import fetched

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

OF_THE_CASE = ("case_number", "officer", "filed", "closed", "closing_kind")


def rows_behind(figure: str, ask: Question, con: BaseBackend, court: str | None = None) -> pa.Table:
    """Cases behind a figure: court, case_number, officer, filed, closed, closing_kind, above,
    below (what each adds to numerator and denominator, in units of 1/scale); sorted by court and
    case number. `court`: only that court's.

    Raises KeyError where the figure does not come from records alone.
    """
    return fetched(con, expression_behind(figure, ask, court))


def expression_behind(figure: str, ask: Question, court: str | None = None) -> ir.Table:
    """What gives the rows."""
    found = FIGURES[figure].rows(ask)
    if court is not None:
        found = found.filter(found["court"] == court)
    cases = ask.rows("cases").select("case", *OF_THE_CASE)
    joined = found.left_join(cases, "case").select("court", *OF_THE_CASE, "above", "below")
    return joined.order_by("court", "case_number", "below", "above")
