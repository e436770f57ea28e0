"""The annexes of the workbook: assumptions in force, and the method."""

from __future__ import annotations

from collections.abc import Sequence

from zhiheng.indexes.model import Edition
from zhiheng.language import translator
from zhiheng.reports.facts import choice_text
from zhiheng.reports.method import method_sections
from zhiheng.reports.section import Section
from zhiheng.reports.workbook.sheet import Sheet
from zhiheng.scoring.results import Evaluation

_ASSUMPTION_WIDTHS = (26, 36, 34, 40, 60)
_METHOD_WIDTHS = (40, 96)


def assumptions(sheet: Sheet, evaluation: Evaluation, edition: Edition, language: str) -> None:
    """What the sources leave open and how it was settled here: value, alternatives, reason."""
    _ = translator(language)
    sheet.title(_("Assumptions"), _("Each is a parameter: change it and evaluate again."))
    titles = [
        _("Assumption"),
        _("What is left open"),
        _("In force"),
        _("Alternatives"),
        _("Reason"),
    ]
    header = sheet.header(titles)
    for item in sorted(evaluation.assumptions, key=lambda item: item.id):
        text, reason = (item.zh, item.reason_zh) if language == "zh" else (item.en, item.reason_en)
        value, *others = (
            choice_text(edition, item.id, choice, language)
            for choice in (item.value, *item.alternatives)
        )
        cells = [item.id, text, value, "\n".join(others), reason]
        _wrapped(sheet, cells, _ASSUMPTION_WIDTHS)
    sheet.finish(header, len(titles), 1, _ASSUMPTION_WIDTHS)


def method(sheet: Sheet, evaluation: Evaluation, edition: Edition, language: str) -> None:
    """How the figures came about, section by section."""
    sheet.title(translator(language)("Method"))
    for section in method_sections(evaluation, edition, language):
        _section(sheet, section)
    for column, width in enumerate(_METHOD_WIDTHS):
        sheet.sheet.set_column(column, column, width)
    sheet.page()


def _section(sheet: Sheet, section: Section) -> None:
    sheet.line([section.title, None], ["section", "section"])
    for paragraph in section.paragraphs:
        sheet.sheet.merge_range(sheet.row, 0, sheet.row, 1, "", sheet.formats["wrap"])
        _wrapped(sheet, [paragraph], [sum(_METHOD_WIDTHS)])
    for term, meaning in section.terms:
        _wrapped(sheet, [term, meaning], _METHOD_WIDTHS)
    sheet.row += 1


def _wrapped(sheet: Sheet, cells: Sequence[str], widths: Sequence[float]) -> None:
    """A row as high as its texts need: not every program grows a row by itself."""
    lines = max(_lines(text, width) for text, width in zip(cells, widths, strict=True))
    sheet.sheet.set_row(sheet.row, 2 + 14 * lines)
    sheet.line(cells, ["wrap"] * len(cells))


def _lines(text: str, width: float) -> int:
    return sum(1 + int(_columns(line) / (width * 0.95)) for line in text.split("\n"))


def _columns(text: str) -> int:
    """Columns of a fixed-width screen: a Chinese character takes two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
