"""The workbook as a reader opens it: through openpyxl, and through LibreOffice."""

from __future__ import annotations

import csv
import shutil
import subprocess
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from zhiheng.reports import test_evaluation as sample
from zhiheng.reports.findings import by_officer
from zhiheng.reports.words import FINDING_STATES
from zhiheng.reports.workbook import write_workbook
from zhiheng.scoring.results import CourtScores, Score

SHEETS = {
    "zh": ["总览", "中级人民法院", "基层人民法院", "末级指标", "数据指标",
           "承办人问题统计", "假设", "方法说明"],
    "en": ["Summary", "Intermediate courts", "Basic courts", "Leaves", "Figures",
           "Findings by officer", "Assumptions", "Method"],
}  # fmt: skip


# openpyxl does not know the bars of newer workbooks and says so.
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


@pytest.fixture(scope="module")
def evaluation():
    return sample.evaluation()


@pytest.fixture(scope="module")
def path(evaluation, tmp_path_factory):
    path = tmp_path_factory.mktemp("workbook") / "report.xlsx"
    write_workbook(path, evaluation, sample.edition(), "zh")
    return path


@pytest.fixture(scope="module")
def book(path):
    return openpyxl.load_workbook(path)


def rows_under(sheet, first_title: str) -> list[dict[str, object]]:
    """The table under the header row that begins with `first_title`."""
    rows = list(sheet.iter_rows(values_only=True))
    start = next(i for i, row in enumerate(rows) if row[0] == first_title and row[1])
    names = [name or "" for name in rows[start]]
    return [dict(zip(names, row, strict=True)) for row in rows[start + 1 :] if row[0]]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_workbook_has_a_sheet_for_every_subject_and_court_level(language, evaluation, tmp_path):
    path = tmp_path / "report.xlsx"
    write_workbook(path, evaluation, sample.edition(), language)
    assert openpyxl.load_workbook(path).sheetnames == SHEETS[language]


def test_the_summary_lists_courts_by_level_and_code_with_score_coverage_and_band(book, evaluation):
    rows = rows_under(book["总览"], "法院代字")
    assert [row["法院代字"] for row in rows] == ["陕01", "陕0102", "陕0103"]
    roots = {court.court: court.scores[""] for court in evaluation.courts}
    for row in rows:
        root = roots[row["法院代字"]]
        assert row["得分"] == pytest.approx(root.value, abs=1e-6)
        assert row["覆盖率"] == pytest.approx(root.coverage, abs=1e-6)
        assert "分" in row["分数段"]
    assert rows[1]["上级法院"] == sample.COURTS[0][1]


def test_the_summary_says_what_it_rests_on(book, evaluation):
    text = "\n".join(str(row[0]) for row in book["总览"].iter_rows(max_row=9, values_only=True))
    for wanted in (
        "2017-12-31",
        "2017-01-01",
        evaluation.store_digest,
        evaluation.edition_title_zh,
    ):
        assert wanted in text
    assert "不是排名" in text and "暂定" in text


def test_nothing_in_the_workbook_is_a_formula(path, book):
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name) and b"externalLink" not in name.encode()
    cells = [cell for sheet in book for row in sheet for cell in row]
    hostile = [cell for cell in cells if cell.value == sample.FORMULA]
    assert hostile and all(cell.data_type == "s" and cell.quotePrefix for cell in hostile)
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_a_missing_score_is_a_word_and_never_a_zero(book, evaluation):
    found = {
        (r["法院代字"], r["指标"]): r["得分"] for r in rows_under(book["末级指标"], "法院代字")
    }
    seen = set()
    for court in evaluation.courts:
        for node, score in court.scores.items():
            cell = found.get((court.court, node.partition(".")[2]))
            if cell is not None and score.value is None:
                seen.add(score.state)
                assert cell == {"no_data": "无数据", "not_applicable": "不适用"}[score.state]
    assert seen == {"no_data", "not_applicable"}


def test_the_leaf_sheet_has_every_leaf_of_every_court(book, evaluation):
    rows = rows_under(book["末级指标"], "法院代字")
    sizes = {"intermediate": 67, "basic": 59}
    assert len(rows) == sum(sizes[court.level] for court in evaluation.courts)
    scored = [row for row in rows if row["分母"] is not None and row["得分"] != "不适用"]
    assert scored
    for row in scored:
        assert row["得分"] == pytest.approx(100 * row["分子"] / row["分母"], abs=1e-5)


def test_a_level_sheet_has_score_and_coverage_of_every_first_and_second_level_indicator(
    book, evaluation
):
    sheet = book["基层人民法院"]
    nodes = [n for n in sample.edition().sets["basic"].walk() if n.depth <= 2]
    rows = [row for row in sheet.iter_rows(values_only=True) if str(row[0]).startswith("陕")]
    assert len(rows) == 2
    courts = {court.court: court for court in evaluation.courts}
    for row in rows:
        for place, node in enumerate(nodes):
            score = courts[row[0]].scores[node.indicator.id]
            value, coverage = row[4 + 2 * place : 6 + 2 * place]
            if score.value is None:
                assert value in ("无数据", "不适用")
            else:
                assert (value, coverage) == pytest.approx((score.value, score.coverage), abs=1e-5)


def test_the_findings_sheet_counts_every_finding(book, evaluation):
    rows = rows_under(book["承办人问题统计"], "法院代字")
    names = ["迟延完成", "逾期未办／不符合", "有正当理由", "无法判定"]
    assert len(rows) == len(by_officer(evaluation.findings))
    assert sum(row[name] for row in rows for name in names) == evaluation.findings.num_rows
    assert len(names) == len(FINDING_STATES)


def test_the_annexes_hold_every_assumption_and_the_known_differences(book, evaluation):
    rows = rows_under(book["假设"], "假设")
    assert {row["假设"] for row in rows} == {item.id for item in evaluation.assumptions}
    method = "\n".join(str(v) for row in book["方法说明"].iter_rows(values_only=True) for v in row)
    assert "59" in method and "58" in method
    assert "覆盖率" in method and "暂定" in method and "案卷评查" in method


def test_a_figure_without_a_denominator_is_not_applicable(book):
    rows = rows_under(book["数据指标"], "法院代字")
    assert {row["数值"] for row in rows if row["数据指标"] == "网拍率"} == {"不适用"}
    names = {row["数据指标"] for row in rows}
    assert {"个案执行到位率（逐案平均）", "执行到位率（金额合计）"} <= names


def test_tables_stay_readable_on_screen_and_on_paper(book):
    for name in SHEETS["zh"][:6]:
        sheet = book[name]
        assert sheet.freeze_panes and sheet.auto_filter.ref, name
        assert sheet.print_title_rows, name
    for sheet in book:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert book["总览"]["A1"].font.name == "宋体"
    assert book["总览"].conditional_formatting


def test_the_same_evaluation_gives_the_same_bytes(evaluation, path, tmp_path):
    again = tmp_path / "again.xlsx"
    write_workbook(again, evaluation, sample.edition(), "zh")
    assert again.read_bytes() == path.read_bytes()
    assert openpyxl.load_workbook(again).properties.created.isoformat() == "2017-12-31T00:00:00"


def test_an_evaluation_without_findings_figures_or_scores_still_gives_a_workbook(
    evaluation, tmp_path
):
    bare = replace(
        evaluation,
        courts=(CourtScores("陕", "陕西省高级人民法院", "high", None, {}),),
        findings=evaluation.findings.slice(0, 0),
        figures=evaluation.figures.slice(0, 0),
        assumptions=(),
        provisional_days=False,
    )
    path = tmp_path / "bare.xlsx"
    write_workbook(path, bare, sample.edition(), "zh")
    rows = rows_under(openpyxl.load_workbook(path)["总览"], "法院代字")
    assert [(row["得分"], row["分数段"]) for row in rows] == [("无数据", "—")]


def test_a_text_longer_than_a_cell_is_cut_with_a_sign_and_not_dropped(evaluation, tmp_path):
    court = evaluation.courts[0]
    leaf = next(node for node, score in court.scores.items() if score.evidence)
    long = Score(leaf, "scored", 50.0, 1.0, source="answer", evidence="证" * 40_000)
    changed = replace(court, scores={**court.scores, leaf: long})
    path = tmp_path / "long.xlsx"
    write_workbook(path, replace(evaluation, courts=(changed,)), sample.edition(), "zh")
    rows = rows_under(openpyxl.load_workbook(path)["末级指标"], "法院代字")
    texts = [row["证明材料"] for row in rows if str(row["证明材料"]).startswith("证")]
    assert texts == ["证" * 32_766 + "…"]


def test_an_interrupted_write_leaves_the_earlier_workbook(evaluation, path, tmp_path, monkeypatch):
    target = tmp_path / "report.xlsx"
    target.write_bytes(b"earlier")
    full = lambda *_: (_ for _ in ()).throw(OSError("disk full"))  # noqa: E731
    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(OSError, match="disk full"):
        write_workbook(target, evaluation, sample.edition(), "zh")
    assert target.read_bytes() == b"earlier"
    assert [file.name for file in tmp_path.iterdir()] == ["report.xlsx"]


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    profile = tmp_path_factory.mktemp("office").as_uri()

    def convert(path, kind, out):
        command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind]
        subprocess.run(
            [*command, "--outdir", str(out), str(path)],
            check=True,
            capture_output=True,
            timeout=180,
        )

    return convert


def test_libreoffice_reads_the_summary_as_it_was_written(office, path, tmp_path):
    office(path, "csv:Text - txt - csv (StarCalc):44,34,76,1", tmp_path)
    rows = list(csv.reader((tmp_path / "report.csv").open(encoding="utf-8")))
    assert rows[0][0] == "执行工作评估报告"
    assert [row[1] for row in rows if row[0] == "陕0103"] == [sample.FORMULA]


def test_libreoffice_prints_the_workbook(office, path, tmp_path):
    office(path, "pdf", tmp_path)
    printed = (tmp_path / "report.pdf").read_bytes()
    assert printed.startswith(b"%PDF") and len(printed) > 20_000
