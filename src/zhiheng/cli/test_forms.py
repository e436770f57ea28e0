"""`zhiheng forms`: the sheet it writes and what it refuses."""

from pathlib import Path

import openpyxl
import pytest
import typer
from typer.testing import CliRunner, Result

from zhiheng.cli import forms
from zhiheng.errors import BadInput, Problem, WrongUse

COURTS = """法院代字,法院名称,法院层级
陕01,西安市中级人民法院,中级
陕0102,西安市新城区人民法院,基层
"""


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZHIHENG_LANG", raising=False)


def run(*words: object) -> Result:
    app = typer.Typer()
    forms.register(app)
    app.command("other")(lambda: None)
    return CliRunner().invoke(app, ["forms", *map(str, words)])


def refusal(*words: object) -> Problem:
    result = run(*words)
    assert isinstance(result.exception, Problem)
    return result.exception


def listed(tmp_path: Path, text: str = COURTS, encoding: str = "utf-8") -> Path:
    path = tmp_path / "courts.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_without_courts_a_template_of_every_level_is_written(tmp_path: Path):
    out = tmp_path / "forms.xlsx"
    result = run(out)
    assert result.exit_code == 0
    assert "行" in result.stdout
    assert len(openpyxl.load_workbook(out).sheetnames) == 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_courts_of_a_list_get_their_rows(tmp_path: Path, encoding: str):
    out = tmp_path / "forms.xlsx"
    assert run(out, "--courts", listed(tmp_path, encoding=encoding)).exit_code == 0
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["填报说明", "中级人民法院", "基层人民法院"]
    assert book["基层人民法院"]["A2"].value == "陕0102"
    assert book["基层人民法院"]["B2"].value == "西安市新城区人民法院"


def test_one_level_alone_can_be_asked_for(tmp_path: Path):
    out = tmp_path / "forms.xlsx"
    assert run(out, "--courts", listed(tmp_path), "--level", "basic").exit_code == 0
    assert openpyxl.load_workbook(out).sheetnames == ["填报说明", "基层人民法院"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "法院代字,法院名称\n陕01,西安中院\n",
        "court,name,level\n",
        "court,name,level\n陕01,西安中院,县级\n",
        "court,name,level\n,西安中院,中级\n",
        "court,name,level\n陕01,西安中院\n",
        "court,name,level\n陕01,西安中院,中级\n陕01,西安中院,中级\n",
    ],
)
def test_a_bad_list_of_courts_is_refused_and_nothing_is_written(tmp_path: Path, text: str):
    out = tmp_path / "forms.xlsx"
    assert isinstance(refusal(out, "--courts", listed(tmp_path, text)), BadInput)
    assert not out.exists()


def test_a_list_without_a_court_of_the_level_asked_for_is_refused(tmp_path: Path):
    out = tmp_path / "forms.xlsx"
    courts = listed(tmp_path)
    assert isinstance(refusal(out, "--courts", courts, "--level", "supreme"), BadInput)


def test_what_cannot_work_is_a_wrong_use(tmp_path: Path):
    courts = listed(tmp_path)
    out = tmp_path / "forms.xlsx"
    for words in (
        (out, "--courts", courts, "--store", tmp_path),
        (out, "--level", "county"),
        (out, "--edition", "cass-1997"),
        (tmp_path / "forms.csv",),
        (tmp_path / "nowhere" / "forms.xlsx",),
    ):
        assert isinstance(refusal(*words), WrongUse)
    assert not out.exists()


def test_a_list_that_is_not_there_or_no_text_is_refused(tmp_path: Path):
    out = tmp_path / "forms.xlsx"
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"\xff\xff\xff")
    for courts in (tmp_path / "missing.csv", binary):
        assert isinstance(refusal(out, "--courts", courts), BadInput)
