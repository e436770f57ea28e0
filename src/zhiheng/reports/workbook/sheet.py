"""One sheet of the workbook: typed cells, headers that stay, a page that prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from zhiheng.language import Translate
from zhiheng.reports.words import score_text
from zhiheng.scoring.results import Score

Cell = str | float | int | None

LONGEST_TEXT = 32_767
"""Characters a cell can hold."""

_A4 = 9
_BODY, _HEAD = "等线", "宋体"

_FORMATS: dict[str, dict[str, Any]] = {
    "title": {"font_name": _HEAD, "font_size": 16, "bold": True, "font_color": "#1D2733"},
    "note": {"font_color": "#5A6470", "valign": "top"},
    "head": {
        "bold": True, "text_wrap": True, "align": "center", "bg_color": "#E9E5DA",
        "border": 1, "border_color": "#B9B2A0",
    },
    "group": {
        "bold": True, "text_wrap": True, "align": "center", "bg_color": "#D8DFE4",
        "border": 1, "border_color": "#B9B2A0",
    },
    "section": {"font_name": _HEAD, "font_size": 12, "bold": True, "bottom": 1},
    "text": {},
    # Set off from the numbers of the column before.
    "after": {"indent": 1},
    "wrap": {"text_wrap": True, "valign": "top"},
    "score": {"num_format": "0.0"},
    "fine": {"num_format": "0.00"},
    "strong": {"num_format": "0.0", "bold": True},
    "share": {"num_format": "0.0%"},
    # Against a threshold: 89.96 % must not read as the 90 % it falls short of.
    "held": {"num_format": "0.00##%"},
    "count": {"num_format": "#,##0"},
    "number": {"num_format": "#,##0.##"},
    "days": {"align": "right"},
    "missing": {"align": "right", "italic": True, "font_color": "#5A6470"},
    "literal": {"quote_prefix": True},
}  # fmt: skip


def formats(book: Any) -> dict[str, Any]:
    """Every cell format of the workbook by name."""
    base = {"font_name": _BODY, "font_size": 10, "valign": "vcenter"}
    return {name: book.add_format(base | extra) for name, extra in _FORMATS.items()}


@dataclass
class Sheet:
    """A worksheet being filled from the top; `row` is the next free row."""

    sheet: Any
    formats: dict[str, Any]
    row: int = field(default=0)

    def put(self, row: int, column: int, value: Cell, style: str = "text") -> None:
        """Write one cell by the type of its value: a text is a text whatever it begins with."""
        form = self.formats[style]
        if value is None:
            self.sheet.write_blank(row, column, None, form)
        elif isinstance(value, str):
            if value.startswith(("=", "+", "-", "@")):
                form = self.formats["literal"]
            self.sheet.write_string(row, column, _fitting(value), form)
        else:
            self.sheet.write_number(row, column, value, form)

    def line(self, values: Sequence[Cell], styles: Sequence[str]) -> None:
        """Write the next row."""
        for column, (value, style) in enumerate(zip(values, styles, strict=True)):
            self.put(self.row, column, value, style)
        self.row += 1

    def title(self, text: str, *notes: str) -> None:
        """The sheet's heading, with small lines under it and one row of air."""
        self.put(self.row, 0, text, "title")
        self.sheet.set_row(self.row, 26)
        for number, note in enumerate(notes, self.row + 1):
            self.put(number, 0, note, "note")
        self.row += len(notes) + 2

    def header(self, titles: Sequence[str], height: float = 30) -> int:
        """The row of column titles; gives its row number."""
        self.sheet.set_row(self.row, height)
        self.line(titles, ["head"] * len(titles))
        return self.row - 1

    def score(self, row: int, column: int, score: Score | None, _: Translate, style: str) -> None:
        """A score as a number, or in words why there is none."""
        if score is None or score.value is None:
            self.put(row, column, score_text(score, _), "missing")
        else:
            self.put(row, column, round(score.value, 6), style)

    def coverage(self, row: int, column: int, score: Score | None) -> None:
        """The coverage as a share; blank where the indicator does not apply."""
        if score is None or score.state == "not_applicable":
            self.put(row, column, None, "share")
        else:
            self.put(row, column, round(score.coverage, 6), "share")

    def bars(self, first: int, last: int, column: int, top: float = 100) -> None:
        """Bars with a border behind the numbers of a column, the same scale for all."""
        if last < first:
            return
        self.sheet.conditional_format(
            first, column, last, column,
            {
                "type": "data_bar", "data_bar_2010": True, "bar_solid": True,
                "bar_color": "#C3D3DE", "bar_border_color": "#33617F",
                "min_type": "num", "min_value": 0, "max_type": "num", "max_value": top,
            },
        )  # fmt: skip

    def finish(self, header: int, columns: int, frozen: int, widths: Sequence[float]) -> None:
        """Panes and filter at the header, column widths, and the printed page."""
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        self.sheet.freeze_panes(header + 1, frozen)
        if self.row > header + 1:
            self.sheet.autofilter(header, 0, self.row - 1, columns - 1)
        self.sheet.repeat_rows(header)
        self.page()

    def page(self, wide: bool = False) -> None:
        """A4 landscape with page numbers; as wide as one page unless `wide`."""
        self.sheet.set_landscape()
        self.sheet.set_paper(_A4)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        self.sheet.set_footer("&L&A&R&P / &N")
        if not wide:
            self.sheet.fit_to_pages(1, 0)


def _fitting(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
