"""Finding rows as table rows. Plain strings: hundreds of thousands are written in seconds."""

from __future__ import annotations

from html import escape

import pyarrow as pa

from zhiheng.checks.wording import reason_words
from zhiheng.language import Translate, translator
from zhiheng.reports.facts import state_name
from zhiheng.reports.findings import Codes, Findings, encoded
from zhiheng.reports.words import STATE_GLYPHS, SUBJECT_NAMES, day_text, named


class FindingRows:
    """The cells of every finding, escaped once; `text(start, end)` joins a run of rows."""

    def __init__(self, findings: Findings, language: str) -> None:
        _, table = translator(language), findings.table
        plain = {name: escaped(table, name) for name in ("case_number", "officer")}
        dates = {name: days(table, name) for name in ("start", "due", "stop")}
        self._columns = [
            plain["case_number"],
            _subjects(table, _),
            dates["start"],
            dates["due"],
            dates["stop"],
            _whole(table, "days_over"),
            _states(table, language),
            _reasons(table, language),
            plain["officer"],
        ]

    def text(self, start: int, end: int) -> str:
        """The rows from `start` up to `end` as HTML (end tags that HTML lets one omit are)."""
        cells = zip(*(column[start:end] for column in self._columns), strict=True)
        return "\n".join(
            f"<tr><td>{case}<td>{subject}<td>{first}<td>{due}<td>{stop}<td>{over}"
            f"<td{state}<td>{reason}<td>{officer}"
            for case, subject, first, due, stop, over, state, reason, officer in cells
        )


def escaped(table: pa.Table, column: str) -> list[str]:
    """The texts of a column, safe in HTML; nulls are empty."""
    values, codes = encoded(table, column)
    return spread([escape(value) for value in values], codes)


def spread(values: list[str], codes: Codes) -> list[str]:
    """The value of each row, from the distinct values and each row's position among them."""
    return [values[code] for code in codes.tolist()]


def days(table: pa.Table, column: str) -> list[str]:
    """A column of days as dates; nulls are empty."""
    return ["" if day is None else day_text(day) for day in table[column].to_pylist()]


def _whole(table: pa.Table, column: str) -> list[str]:
    return ["" if value is None else str(value) for value in table[column].to_pylist()]


def _states(table: pa.Table, language: str) -> list[str]:
    states, codes = encoded(table, "state")
    duties, duty_codes = encoded(table, "duty")
    cells = [
        f" class={escape(state)}>{STATE_GLYPHS.get(state, '')} "
        f"{escape(state_name(state, language, [duty]))}"
        for state in states
        for duty in duties
    ]
    return spread(cells, codes * len(duties) + duty_codes)


def _reasons(table: pa.Table, language: str) -> list[str]:
    reasons, codes = encoded(table, "reason")
    if "detail" not in table.column_names:
        return spread([escape(reason_words(reason, "", language)) for reason in reasons], codes)
    details, detail_codes = encoded(table, "detail")
    words = [
        escape(reason_words(reason, detail, language)) for reason in reasons for detail in details
    ]
    return spread(words, codes * len(details) + detail_codes)


def _subjects(table: pa.Table, _: Translate) -> list[str]:
    kinds, kind_codes = encoded(table, "subject_kind")
    names = [escape(named(SUBJECT_NAMES, kind, _)) for kind in kinds]
    ids = escaped(table, "subject_id")
    # A case is already named by its number in the cell before.
    bare = [kind == "case" for kind in kinds]
    return [
        names[kind] if bare[kind] else f"{names[kind]} {subject}"
        for kind, subject in zip(kind_codes.tolist(), ids, strict=True)
    ]
