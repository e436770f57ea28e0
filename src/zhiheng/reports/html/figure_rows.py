"""The cases behind a figure as table rows: all of them, with what each adds to the figure."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import pyarrow as pa
import pyarrow.compute as pc

from zhiheng.language import Translate, translator
from zhiheng.records.catalogue import codes
from zhiheng.reports.findings import encoded, in_case_order, in_runs
from zhiheng.reports.html.rows import days, escaped, spread

_AMOUNT = 100
"""The scale of amounts: they are counted in 分 and printed in yuan with two decimals."""


@dataclass(frozen=True)
class Sums:
    """How many rows a court has behind a figure, and what they come to."""

    rows: int
    above: float
    below: float


class FigureRows:
    """The cells of every case behind a figure, escaped once; `text(court)` joins a court's.

    `table` is one of `Evaluation.behind`, `scale` the figure's in `Evaluation.scales`; `of_days`
    where a case adds its days: a day or none of them is a number, not a case counted or left out.
    """

    def __init__(self, table: pa.Table, scale: int, language: str, of_days: bool = False) -> None:
        self._table, runs = in_runs(in_case_order(table), ("court",))
        self._runs = {court: run for (court,), run in runs.items()}
        self._scale = scale
        _ = translator(language)
        above = _parts(self._table, "above", scale, None if of_days else _)
        self._columns = [
            escaped(self._table, "case_number"),
            days(self._table, "filed"),
            days(self._table, "closed"),
            _closing(self._table, language),
            [f">{cell}" for cell in above] if of_days else _marked(self._table, above),
            _parts(self._table, "below", scale, _),
            escaped(self._table, "officer"),
        ]

    def sums(self, court: str) -> Sums:
        """The court's rows added up: numerator and denominator as the figure has them."""
        start, end = self._runs.get(court, (0, 0))
        rows = self._table.slice(start, end - start)
        above, below = (pc.sum(rows[name]).as_py() or 0 for name in ("above", "below"))
        return Sums(rows.num_rows, above / self._scale, below / self._scale)

    def text(self, court: str) -> str:
        """The court's rows as HTML (end tags that HTML lets one omit are)."""
        start, end = self._runs.get(court, (0, 0))
        cells = zip(*(column[start:end] for column in self._columns), strict=True)
        return "\n".join(
            f"<tr><td>{case}<td>{filed}<td>{closed}<td>{kind}<td{above}<td>{below}<td>{officer}"
            for case, filed, closed, kind, above, below, officer in cells
        )


def part_text(value: int, scale: int) -> str:
    """What a case adds, in whole units: a number, an amount in yuan, or a share of one case."""
    if value % scale == 0:
        return f"{value // scale:,}"
    # Six decimals: the shares of ten thousand cases still add up to the printed sum.
    return f"{value / scale:,.{2 if scale == _AMOUNT else 6}f}"


def _parts(table: pa.Table, column: str, scale: int, _: Translate | None) -> list[str]:
    """The cells of what each case adds; words where a case either counts or does not (numbers
    all the same without `_`)."""
    values, places = encoded(table, column)
    if _ is not None and scale == 1 and set(values) <= {"0", "1"}:
        words = {"1": f"✓ {_('counted')}", "0": _("not counted")}
        return spread([escape(words[value]) for value in values], places)
    return spread([part_text(int(value), scale) for value in values], places)


def _marked(table: pa.Table, cells: list[str]) -> list[str]:
    """The cells of the numerator with the mark the filter goes by."""
    counted = pc.not_equal(table["above"], 0).to_pylist()
    return [
        f" class=in>{cell}" if adds else f" class=out>{cell}"
        for cell, adds in zip(cells, counted, strict=True)
    ]


def _closing(table: pa.Table, language: str) -> list[str]:
    labels = {
        name: code.zh if language == "zh" else code.en
        for name, code in codes()["closing_kind"].items()
    }
    kinds, places = encoded(table, "closing_kind")
    return spread([escape(labels.get(kind, kind)) for kind in kinds], places)
