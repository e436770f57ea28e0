"""`zhiheng indexes`: what it prints and how it exits."""

import json
import shutil
from importlib import resources
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from zhiheng.cli import indexes
from zhiheng.errors import WrongUse


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZHIHENG_LANG", raising=False)


def run(*words: str) -> Result:
    app = typer.Typer()
    indexes.register(app)
    app.command("other")(lambda: None)
    return CliRunner().invoke(app, ["indexes", *words])


def test_list_names_the_editions_with_their_counts():
    result = run("list")
    assert result.exit_code == 0
    assert "cass-2017" in result.stdout and "基层人民法院  4/31/59" in result.stdout
    editions = {one["id"]: one for one in json.loads(run("list", "--json").stdout)}
    assert editions["cass-2018"]["extends"] == "cass-2017"
    edition = editions["cass-2017"]
    assert edition["counts"]["supreme"] == [4, 11, 63]


def test_show_prints_the_tree_of_one_level_and_the_known_differences():
    result = run("show", "--level", "basic")
    assert result.exit_code == 0
    assert "basic.1.3.1  网络查询及时性  60% · 系统提取 + 案卷评查" in result.stdout
    assert "[inquiry_bands]" in result.stdout
    assert "intermediate." not in result.stdout
    assert "58项" in result.stdout and "59项" in result.stdout


def test_show_speaks_english_where_asked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ZHIHENG_LANG", "en")
    result = run("show", "--level", "supreme")
    assert "Promoting legislation on enforcement" in result.stdout
    assert "Known difference: " in result.stdout


def test_show_prints_every_node_as_json():
    data = json.loads(run("show", "--json").stdout)
    assert [len(one["nodes"]) for one in data["sets"]] == [78, 63, 106, 94]
    query = next(n for n in data["sets"][3]["nodes"] if n["id"] == "basic.1.3.1")
    assert query["score"]["duties"] == ["inquiry.network"]
    assert query["effective"] == pytest.approx(0.35 * 0.2 * 0.6)


def test_an_unknown_level_or_edition_is_a_wrong_use():
    for words in (("--level", "county"), ("--edition", "cass-1997")):
        result = run("show", *words)
        assert isinstance(result.exception, WrongUse)


def test_show_prints_the_lines_and_what_is_asked_of_the_courts_together():
    result = run("show", "--edition", "core-3+1", "--level", "basic")
    assert "整体执结率  ≥ 80% · [plus_one]" in result.stdout
    assert "达到全部核心指标的法院占比 ≥ 90%" in result.stdout
    overlay = json.loads(run("show", "--edition", "cass-2018", "--json").stdout)
    lines = {one["level"]: one["lines"] for one in overlay["sets"]}
    assert [line["missed"] for line in lines["basic"]] == ["veto"] * 3 and not lines["high"]
    assert [one["weight"] for one in overlay["sets"][3]["beside"]] == [0, 0, 0]
    assert "不计权重" in run("show", "--edition", "cass-2018", "--level", "basic").stdout
    assert "界值未公布" in run("show", "--edition", "triplet-2024").stdout


def test_programmes_lists_tasks_with_their_days_and_whether_they_lie_ahead():
    result = run("programmes", "--as-of", "2017-08-31")
    assert result.exit_code == 0
    assert "2017-08-31  未到  shaanxi-2017.1  " in result.stdout
    assert "2017-07-31  已过  shaanxi-2017.27  " in result.stdout
    assert "用一到两年时间  —  outline-2019.25  " in result.stdout
    data = json.loads(run("programmes", "--as-of", "2017-09-01", "--json").stdout)
    first = next(one for one in data if one["id"] == "shaanxi-2017.1")
    assert first["ahead"] is False and first["date"]["stated"] == "2017年8月底前"
    assert isinstance(run("programmes", "--as-of", "soon").exception, WrongUse)


def test_verify_passes_the_published_edition():
    result = run("verify")
    assert result.exit_code == 0
    assert "合格" in result.stdout
    assert json.loads(run("verify", "--json").stdout)["flaws"] == []


def test_verify_finds_what_is_wrong_with_an_edition_of_ones_own(tmp_path: Path):
    with resources.as_file(resources.files("zhiheng.indexes") / "data" / "cass-2017") as home:
        own = Path(shutil.copytree(home, tmp_path / "own"))
    text = (own / "high.yaml").read_text(encoding="utf-8")
    (own / "high.yaml").write_text(text.replace("weight: 15", "weight: 16", 1), encoding="utf-8")
    result = run("verify", "--edition", str(own))
    assert result.exit_code == 1
    assert "high.2.1: 下级权重合计为101" in result.stdout
    (flaw,) = json.loads(run("verify", "--edition", str(own), "--json").stdout)["flaws"]
    assert flaw["place"] == "high.2.1"
