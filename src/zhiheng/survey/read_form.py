"""An XLSForm somebody made, read through pyxform's own conversion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pyxform.errors import PyXFormError
from pyxform.xls2json import workbook_to_json
from pyxform.xls2json_backends import get_xlsform
from pyxform.xls2xform import convert

from zhiheng.errors import BadInput, Message
from zhiheng.indexes.workbooks import opened
from zhiheng.survey.model import Choice, Form, Group, Kind, Labels, Question

_KINDS: dict[str, Kind] = {
    "select one": "one",
    "select all that apply": "multiple",
    "integer": "number",
    "int": "number",
    "decimal": "number",
    "range": "number",
}
_SILENT = {"note", "calculate", "trigger", "acknowledge"}
"""What asks nothing."""
_DEFAULT = "default"


def read_form(path: Path) -> Form:
    """The questions of an XLSForm (.xlsx).

    Raises BadInput: no workbook, what pyxform refuses (in its words), no question.
    """
    with opened(path):
        pass  # refuses what unpacks beyond reason before pyxform opens it
    content, warnings = _converted(path)
    found = list(_questions(content["children"], content.get("choices", {}), (), False))
    if not found:
        raise _bad(path, "表单没有问题。", "The form has no question.")
    languages = sorted({one for one in _languages(content) if one != _DEFAULT})
    return Form(
        str(content["id_string"]),
        str(content["title"]),
        tuple(languages),
        {one.name: one for one in found},
        tuple(warnings),
    )


def _converted(path: Path) -> tuple[dict[str, Any], list[str]]:
    warnings: list[str] = []
    try:
        # The whole conversion first: it checks references and expressions that the data do not.
        convert(xlsform=path, warnings=warnings)
        book = get_xlsform(xlsform=path)
        name = book.fallback_form_name
        content: dict[str, Any] = workbook_to_json(workbook_dict=book, fallback_form_name=name)
    except (PyXFormError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        said = " ".join(str(error).split())
        raise _bad(path, f"XLSForm 有误：{said}", f"The XLSForm is not sound: {said}") from error
    return content, warnings


def _questions(
    children: list[dict[str, Any]],
    choices: Mapping[str, list[dict[str, Any]]],
    groups: tuple[Group, ...],
    repeated: bool,
) -> Iterator[Question]:
    for one in children:
        kind, name = one.get("type", ""), str(one.get("name", ""))
        when = str((one.get("bind") or {}).get("relevant", ""))
        if kind in ("group", "repeat"):
            if name != "meta":
                inside = (*groups, Group(name, _labels(one), when))
                again = repeated or kind == "repeat"
                yield from _questions(one.get("children", []), choices, inside, again)
        elif kind not in _SILENT:
            listed = choices.get(one.get("itemset") or one.get("list_name") or "", [])
            answers = tuple(Choice(str(c["name"]), _labels(c)) for c in listed)
            plain: Kind = _KINDS.get(kind, "open")
            if plain in ("one", "multiple") and not answers:
                plain = "open"  # choices from another file: what was chosen cannot be checked
            yield Question(name, plain, _labels(one), answers, groups, when, repeated)


def _labels(one: Mapping[str, Any]) -> Labels:
    label = one.get("label") or ()
    if isinstance(label, str):
        return (label,)
    return tuple(str(text) for text in label.values()) if isinstance(label, dict) else ()


def _languages(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        label = content.get("label")
        if isinstance(label, dict):
            yield from map(str, label)
        for inside in content.values():
            yield from _languages(inside)
    elif isinstance(content, list):
        for inside in content:
            yield from _languages(inside)


def _bad(path: Path, zh: str, en: str) -> BadInput:
    return BadInput(
        Message(zh, en),
        Message(
            "请按 XLSForm 规范更正（survey、choices、settings 三张表）。",
            "Correct it by the XLSForm standard (sheets survey, choices, settings).",
        ),
        path.name,
    )
