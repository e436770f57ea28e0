"""A small form in two languages with groups, a choice of several, a number and free text."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhiheng.survey.model import Form
from zhiheng.survey.read_form import read_form
from zhiheng.survey.xlsform import EN, ZH, workbook

LABEL_ZH, LABEL_EN = f"label::{ZH}", f"label::{EN}"


def line(kind: str, name: str = "", zh: str = "", en: str = "", **more: str) -> dict[str, str]:
    labels = {LABEL_ZH: zh, LABEL_EN: en} if zh else {}
    return {"type": kind, **({"name": name} if name else {}), **labels, **more}


def choice(list_name: str, name: str, zh: str, en: str) -> dict[str, str]:
    return {"list_name": list_name, "name": name, LABEL_ZH: zh, LABEL_EN: en}


SHEETS = {
    "survey": [
        line("start", "start"),
        line("deviceid", "deviceid"),
        line("select_one court", "court", "哪个法院", "Which court"),
        line("text", "person", "姓名", "Your name"),
        line("begin_group", "acts", "执行行为", "Acts"),
        line("select_one yn", "told", "是否告知", "Were you told"),
        line("begin_group", "money", "案款", "Money", relevant="${told} = 'yes'"),
        line("select_multiple way", "ways", "以何方式", "In which ways"),
        line("integer", "days", "几天", "How many days"),
        line("end_group"),
        line("end_group"),
        line("geopoint", "place", "位置", "Where"),
    ],
    "choices": [
        choice("court", "c1", "甲法院", "Court One"),
        choice("court", "c2", "乙法院", "Court Two"),
        choice("yn", "yes", "是", "Yes"),
        choice("yn", "no", "否", "No"),
        choice("yn", "dk", "不清楚", "I do not know"),
        choice("yn", "na", "不适用", "Does not apply"),
        choice("way", "sms", "短信", "Text"),
        choice("way", "letter", "信函", "Letter"),
        choice("way", "both", "短信 另附", "Text message"),
    ],
    "settings": [{"form_title": "小问卷", "form_id": "small", "default_language": ZH}],
}
MAPPING = (
    "question,answer,score,counts,direction,indicator\n"
    "told,yes,100,,,a;b\ntold,no,0,,,\ntold,dk,,dont_know,,\ntold,na,,不适用,,\n"
    "days,..30,100,,,b\ndays,31..,40,,,\n"
    "ways,sms,50,,,c\nways,letter,0,,negative,\nways,both,80,,,\n"
)


@pytest.fixture(scope="session")
def form_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("form") / "small.xlsx"
    path.write_bytes(workbook(SHEETS))
    return path


@pytest.fixture(scope="session")
def form(form_file: Path) -> Form:
    return read_form(form_file)
