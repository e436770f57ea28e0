"""A questionnaire as an XLSForm (xlsform.org): sheets survey, choices and settings, zh and en.

The form is converted by pyxform before it is handed out: what ODK Central and KoboToolbox would
refuse never leaves the house.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import xlsxwriter
from pyxform.xls2xform import convert

from zhiheng.sampling.ratings_rows import csv_text
from zhiheng.survey.authored import Asked, Questionnaire

ZH, EN = "中文 (zh)", "English (en)"
COURTS = "court"
"""The list of courts, and the question that chooses one."""
MAPPING_COLUMNS = ("question", "answer", "score", "counts", "direction", "indicator")
_LABELS = (f"label::{ZH}", f"label::{EN}")
_TYPES = {"one": "select_one {}", "number": "integer", "text": "text"}
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 the same bytes at any time
_TO_REPLACE = (("court_1", "请换成参加评估的法院", "Put the courts assessed here"),)

Sheet = list[dict[str, str]]
Courts = Sequence[tuple[str, str, str]]
"""Name in the data, in Chinese, in English."""


def sheets(form: Questionnaire, courts: Courts = ()) -> dict[str, Sheet]:
    """The three sheets. Without `courts` the list holds one line to be replaced."""
    settings = {"form_title": form.title.zh, "form_id": form.id, "version": "1"}
    return {
        "survey": list(_survey(form)),
        "choices": list(_choices(form, courts or _TO_REPLACE)),
        "settings": [{**settings, "default_language": ZH}],
    }


def _survey(form: Questionnaire) -> Iterator[dict[str, str]]:
    yield _line("note", "intro", form.intro.zh, form.intro.en)
    court = ("您的案件由哪个法院执行？", "Which court enforces your case?")
    yield {**_line(f"select_one {COURTS}", COURTS, *court), "required": "yes"}
    open_group = ""
    for one in form.questions:
        if one.group != open_group:
            if open_group:
                yield {"type": "end_group"}
            if one.group:
                yield _begin(form, one.group)
            open_group = one.group
        yield _question(one)
    if open_group:
        yield {"type": "end_group"}


def _begin(form: Questionnaire, name: str) -> dict[str, str]:
    section = form.groups[name]
    line = _line("begin_group", name, section.zh, section.en)
    return {**line, "relevant": section.when} if section.when else line


def _question(one: Asked) -> dict[str, str]:
    line = _line(_TYPES[one.kind].format(one.choices), one.name, one.zh, one.en)
    return {**line, "relevant": one.when} if one.when else line


def _line(kind: str, name: str, zh: str, en: str) -> dict[str, str]:
    return {"type": kind, "name": name, **dict(zip(_LABELS, (zh, en), strict=True))}


def _choices(form: Questionnaire, courts: Courts) -> Iterator[dict[str, str]]:
    for name, zh, en in courts:
        yield _choice(COURTS, name, zh, en)
    for list_name, answers in form.choices.items():
        for one in answers:
            yield _choice(list_name, one.name, one.zh, one.en)


def _choice(list_name: str, name: str, zh: str, en: str) -> dict[str, str]:
    return {"list_name": list_name, "name": name, **dict(zip(_LABELS, (zh, en), strict=True))}


def workbook(content: dict[str, Sheet]) -> bytes:
    """The sheets as .xlsx, the same bytes every time, after pyxform has converted them.

    Raises pyxform's PyXFormError where they are no sound form.
    """
    book_bytes = _written(content)
    convert(xlsform=book_bytes, file_type=".xlsx")
    return book_bytes


def _written(content: dict[str, Sheet]) -> bytes:
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": _CREATED})
        for name, lines in content.items():
            page = book.add_worksheet(name)
            heading = list(dict.fromkeys(key for line in lines for key in line))
            for column, key in enumerate(heading):
                page.set_column(column, column, 48 if key.startswith("label") else 20)
                page.write_string(0, column, key)
                for row, line in enumerate(lines, start=1):
                    if line.get(key):
                        page.write_string(row, column, line[key])
            page.freeze_panes(1, 0)
    return out.getvalue()


def mapping_csv(form: Questionnaire) -> str:
    """The mapping sheet that scores the form as its authors mean it."""
    return csv_text(MAPPING_COLUMNS, _mapping(form))


def _mapping(form: Questionnaire) -> Iterable[Sequence[object]]:
    for question in form.questions:
        for answer in form.choices[question.choices] if question.indicators else ():
            indicators = ";".join(question.indicators)
            yield question.name, answer.name, answer.score, answer.counts, "positive", indicators
