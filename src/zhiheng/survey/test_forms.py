"""Forms out and in: what the product writes ODK can use, and it reads what others wrote."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from pyxform.xls2xform import convert

from zhiheng.errors import BadInput
from zhiheng.indexes.editions import load_edition
from zhiheng.survey.authored import FORMS, questionnaire
from zhiheng.survey.conftest import SHEETS, line
from zhiheng.survey.mapping import read_mapping
from zhiheng.survey.model import Form
from zhiheng.survey.read_form import read_form
from zhiheng.survey.relevance import condition
from zhiheng.survey.xlsform import EN, ZH, _written, mapping_csv, sheets, workbook

COURTS = (("陕0101", "甲法院", "Court One"), ("陕0102", "乙法院", "Court Two"))


def read_back(tmp_path: Path, content: bytes) -> Form:
    path = tmp_path / "form.xlsx"
    path.write_bytes(content)
    return read_form(path)


@pytest.mark.parametrize("name", FORMS)
def test_pyxform_converts_the_products_forms_without_a_warning(name: str) -> None:
    warnings: list[str] = []
    content = workbook(sheets(questionnaire(name), COURTS))
    converted = convert(xlsform=content, file_type=".xlsx", warnings=warnings)
    assert warnings == []
    assert f'<translation lang="{ZH}" default="true()">' in converted.xform
    assert f'<translation lang="{EN}">' in converted.xform


@pytest.mark.parametrize("name", FORMS)
def test_a_form_written_is_read_back_whole(name: str, tmp_path: Path) -> None:
    authored = questionnaire(name)
    form = read_back(tmp_path, workbook(sheets(authored, COURTS)))
    assert (form.id, form.title, form.languages) == (authored.id, authored.title.zh, (EN, ZH))
    assert list(form.questions) == ["court", *(one.name for one in authored.questions)]
    for one in authored.questions:
        found = form.questions[one.name]
        assert set(found.labels) == {one.zh, one.en}
        assert [c.name for c in found.choices] == [
            c.name for c in authored.choices.get(one.choices, ())
        ]
        section = authored.groups[one.group].when if one.group else ""
        assert found.conditions == tuple(text for text in (section, one.when) if text)
        assert found.closed == (one.kind != "text")
    assert [one.name for one in form.questions["court"].choices] == ["陕0101", "陕0102"]


@pytest.mark.parametrize("name", FORMS)
def test_every_scored_question_names_an_act_and_leaves_of_the_index(name: str) -> None:
    leaves = {node.indicator.id for node in load_edition("cass-2017").sets["basic"].leaves()}
    scored = [one for one in questionnaire(name).questions if one.indicators]
    assert len(scored) >= 15
    for one in scored:
        assert one.act is not None, one.name
        assert set(one.indicators) <= leaves, one.name
        answers = questionnaire(name).choices[one.choices]
        assert all((a.score is None) == (a.counts != "score") for a in answers), one.name


@pytest.mark.parametrize("name", FORMS)
def test_every_condition_of_the_products_forms_is_understood(name: str, tmp_path: Path) -> None:
    form = read_back(tmp_path, workbook(sheets(questionnaire(name), COURTS)))
    closed = {name: one for name, one in form.questions.items() if one.closed}
    conditions = [text for one in form.questions.values() for text in one.conditions]
    assert all(condition(text, closed) is not None for text in conditions)


@pytest.mark.parametrize("name", FORMS)
def test_the_forms_ask_for_no_name_number_or_place(name: str) -> None:
    kinds = {row["type"].split()[0] for row in sheets(questionnaire(name))["survey"]}
    assert kinds <= {"note", "select_one", "integer", "text", "begin_group", "end_group"}


@pytest.mark.parametrize("name", FORMS)
def test_the_mapping_of_a_form_is_read_back_with_its_scores(name: str, tmp_path: Path) -> None:
    authored = questionnaire(name)
    form = read_back(tmp_path, workbook(sheets(authored, COURTS)))
    path = tmp_path / "mapping.csv"
    path.write_text(mapping_csv(authored), "utf-8", newline="")
    mapping = read_mapping(path, form)
    assert list(mapping) == [one.name for one in authored.questions if one.indicators]
    for one in authored.questions:
        for answer in authored.choices[one.choices] if one.indicators else ():
            rule = mapping[one.name].rules[answer.name]
            assert (rule.score, rule.counts) == (answer.score, answer.counts)


def test_a_form_is_the_same_bytes_every_time() -> None:
    form = questionnaire("parties")
    assert workbook(sheets(form, COURTS)) == workbook(sheets(form, COURTS))
    book = openpyxl.load_workbook(io.BytesIO(workbook(sheets(form))))
    assert book.sheetnames == ["survey", "choices", "settings"]


def test_what_asks_nothing_closed_is_open(form: Form) -> None:
    kinds = {name: one.kind for name, one in form.questions.items()}
    assert kinds == {
        "start": "open", "deviceid": "open", "court": "one", "person": "open", "told": "one",
        "ways": "multiple", "days": "number", "place": "open",
    }  # fmt: skip
    assert [group.name for group in form.questions["days"].groups] == ["acts", "money"]
    assert form.questions["days"].conditions == ("${told} = 'yes'",)


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        (line("select_one nolist", "q", "甲", "a"), "nolist"),
        (line("text", "q", "甲", "a", relevant="${nobody} = 1"), "nobody"),
        (line("text", "person", "甲", "a"), "person"),
        (line("nonsense", "q", "甲", "a"), "nonsense"),
        (line("begin_group", "g", "甲", "a"), "group"),
    ],
)
def test_what_pyxform_refuses_is_named(tmp_path: Path, extra: dict[str, str], says: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_back(tmp_path, _written({**SHEETS, "survey": [*SHEETS["survey"], extra]}))
    assert says in caught.value.what.en
    assert caught.value.place == "form.xlsx"


def test_a_file_that_is_no_form_is_refused(tmp_path: Path) -> None:
    for content in (b"", b"name,age\n", _written({"other": [{"a": "b"}]})):
        with pytest.raises(BadInput):
            read_back(tmp_path, content)
    only_note = {**SHEETS, "survey": [line("note", "n", "甲", "a")]}
    with pytest.raises(BadInput, match="no question"):
        read_back(tmp_path, _written(only_note))


def test_a_question_in_a_repeat_is_known_as_repeated(tmp_path: Path) -> None:
    repeat = [line("begin_repeat", "r", "甲", "a"), line("integer", "n", "乙", "b")]
    survey = [*SHEETS["survey"], *repeat, line("end_repeat")]
    form = read_back(tmp_path, _written({**SHEETS, "survey": survey}))
    assert [name for name, one in form.questions.items() if one.repeated] == ["n"]
