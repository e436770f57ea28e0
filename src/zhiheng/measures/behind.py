"""The cases behind a figure: the same rows that gave it, with what is known of each case."""

from __future__ import annotations

import pyarrow as pa
from ibis.backends import BaseBackend

from zhiheng.measures.figures import FIGURES, Question


def rows_behind(figure: str, court: str, ask: Question, con: BaseBackend) -> pa.Table:
    """Cases of one court behind a figure: case_number, filed, closed, closing_kind, above, below
    (what each adds to numerator and denominator, in units of 1/scale); sorted by case number.

    Raises KeyError where the figure does not come from records alone.
    """
    found = FIGURES[figure].rows(ask)
    found = found.filter(found["court"] == court).drop("court")
    cases = ask.rows("cases").select(
        "case", "case_number", "filed", "closed", "closing_kind", "officer"
    )
    joined = found.left_join(cases, "case")
    columns = ("case_number", "officer", "filed", "closed", "closing_kind", "above", "below")
    return con.to_pyarrow(joined.select(*columns).order_by("case_number", "below", "above"))
