"""Lines in the reports: pages, workbook and summary; and what an edition without them shows."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from zhiheng.indexes.editions import load_edition
from zhiheng.language import translator
from zhiheng.measures.tally import Tally
from zhiheng.reports import test_evaluation as sample
from zhiheng.reports.facts import in_days
from zhiheng.reports.html import links, write_html
from zhiheng.reports.html.figure_rows import FigureRows
from zhiheng.reports.html.test_html import Page
from zhiheng.reports.lines import line_counts, threshold_text, value_text
from zhiheng.reports.method import method_sections
from zhiheng.reports.terminal import WIDTH, print_summary
from zhiheng.reports.workbook import write_workbook
from zhiheng.reports.workbook.test_workbook import rows_under
from zhiheng.scoring.leaf import Evidence, score_leaf
from zhiheng.scoring.lines import group_shares, passed, score_lines
from zhiheng.scoring.results import CourtScores, GroupShare, LineScore, Score

LINES = ("core-3+1", "cass-2018", "triplet-2024")
FIGURES = {
    "closed_within_limit_with_property": (8996.0, 10000.0),
    "closure_compliance_rate": (95.0, 100.0),
    "completion_rate": (40.0, 100.0),
}
"""One figure just short of its line, one that reaches it; the others are missing."""

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


def evaluation(name: str):
    """The sample courts on the lines of an edition, and that edition."""
    edition = load_edition(name)
    base = sample.evaluation()
    rows = tuple(_court(edition, court) for court in base.courts)
    days = {"figure": "average_enforcement_days", "value": 85.5, "numerator": 342.0}
    figures = pa.Table.from_pylist(
        [{"court": "陕0102", "denominator": 4.0, **days}], schema=base.figures.schema
    )
    return edition, replace(
        base, edition=name, courts=rows, figures=figures, groups=group_shares(edition, rows),
        leaf_duties={}, leaf_figures={}, behind={}, findings=base.findings.slice(0, 0),
    )  # fmt: skip


def _court(edition, court) -> CourtScores:
    index = edition.sets[court.level]
    figures = {(court.court, name): of for name, of in FIGURES.items()}
    evidence = Evidence(edition, Tally.empty(), figures)
    leaves = [node.indicator for node in index.leaves()]
    found = {leaf.id: score_leaf(leaf, court.court, evidence, None) for leaf in leaves}
    found[""] = Score("", "scored", 80.0, 0.5)
    lines = score_lines(index, court.court, found, evidence)
    return replace(court, scores=found, lines=lines, passed=passed(edition, lines))


def pages(folder, name, language="zh", changed=lambda whole: whole):
    edition, whole = evaluation(name)
    write_html(folder / "report", changed(whole), edition, language)
    names = ("index.html", links.court_page("陕0102"), "method.html")
    return [Page((folder / "report" / one).read_text("utf-8")) for one in names]


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_line_is_on_the_page_of_the_court_and_counted_on_the_overview(
    name, language, tmp_path
):
    edition, whole = evaluation(name)
    overview, court, method = pages(tmp_path, name, language)
    assert not [*overview.faults, *court.faults, *method.faults]
    for line in edition.sets["basic"].lines:
        for page in (overview, court):
            assert "lines" in page.ids
            rows = [row for row in page.rows if row[0].startswith(line.title(language))]
            assert any(threshold_text(line) in row for row in rows)
    assert len(line_counts(whole)) == len(edition.sets["basic"].lines)


def test_a_line_without_data_reads_so_and_one_barely_missed_shows_by_how_much(tmp_path):
    _overview, court, _method = pages(tmp_path, "core-3+1")
    rows = {row[0]: row for row in court.rows if len(row) == 6 and "≥" in row[2]}
    assert rows["有财产案件法定期限内实际执结率"][1:4] == ["89.96%", "≥ 90%", "未达到"]
    assert rows["终本合格率"][1:4] == ["95.0%", "≥ 90%", "达到"]
    assert rows["执行信访办结率"][1:4] == ["无数据", "≥ 90%", "无数据"]
    assert "不达标" in court.text


def test_a_veto_and_an_open_verdict_are_words(tmp_path):
    _overview, court, _method = pages(tmp_path, "cass-2018")
    assert "一票否决" in court.text and "不达标" in court.text
    open_ = lambda whole: replace(  # noqa: E731
        whole, courts=tuple(replace(court, passed="undetermined") for court in whole.courts)
    )
    (tmp_path / "open").mkdir()
    _overview, court, _method = pages(tmp_path / "open", "cass-2018", changed=open_)
    assert "待定：没有使该院不达标的情形" in court.text and "结论待定" in court.text.replace(
        " ", ""
    )


def test_a_number_judged_in_place_of_the_courts_own_stands_beside_it(tmp_path):
    def sampled(whole):
        court = whole.courts[0]
        odd = replace(court.lines[1], value=92.0, judged=88.5, reached="no")
        rest = [replace(c, lines=(odd, *c.lines[1:])) for c in whole.courts]
        return replace(whole, courts=tuple(rest))

    _overview, court, _method = pages(tmp_path, "core-3+1", changed=sampled)
    row = next(row for row in court.rows if "92.0%" in row)
    assert row[2:5] == ["88.5%", "≥ 90%", "未达到"] and "据以判断的数值" in court.text
    others = [row for row in court.rows if "95.0%" in row]
    assert others and all(row[2] == "" for row in others)


def test_leaves_beside_the_tree_are_on_the_court_page_the_method_and_the_leaf_sheet(tmp_path):
    edition, whole = evaluation("cass-2018")
    _overview, court, method = pages(tmp_path, "cass-2018")
    path = tmp_path / "report.xlsx"
    write_workbook(path, whole, edition, "zh")
    sheet = rows_under(openpyxl.load_workbook(path)["末级指标"], "法院代字")
    listed = {(row["法院代字"], row["指标"]) for row in sheet}
    beside = edition.sets["basic"].beside
    assert beside
    for leaf in beside:
        assert leaf.id in court.ids and leaf.id in method.ids
        assert ("陕0102", leaf.id.partition(".")[2]) in listed
    assert any(row[:4] == [beside[0].zh, "95.0", "95 / 100", "系统提取"] for row in court.rows)


def test_the_overview_has_the_share_of_courts_by_level(tmp_path):
    overview, _court, _method = pages(tmp_path, "core-3+1")
    rows = {row[0]: row[1:] for row in overview.rows if len(row) == 7}
    assert rows["各级合计"] == ["0", "3", "0", "0.0%", "≥ 90%", "未达到"]
    nobody = lambda whole: replace(  # noqa: E731
        whole, groups=(GroupShare("", 0, 0, 3, None, 90.0, "no_data"),)
    )
    (tmp_path / "none").mkdir()
    overview, _court, _method = pages(tmp_path / "none", "core-3+1", changed=nobody)
    rows = {row[0]: row[1:] for row in overview.rows if len(row) == 7}
    assert rows["各级合计"] == ["0", "0", "3", "无数据", "≥ 90%", "无数据"]


def test_the_sheet_of_lines_has_a_row_for_every_court_and_line(tmp_path):
    edition, whole = evaluation("core-3+1")
    path = tmp_path / "report.xlsx"
    write_workbook(path, whole, edition, "zh")
    book = openpyxl.load_workbook(path)
    rows = rows_under(book["指标线"], "法院代字")
    assert len(rows) == sum(len(court.lines) for court in whole.courts)
    mine = {row["指标线"]: row for row in rows if row["法院代字"] == "陕0102"}
    short, missing = mine["有财产案件法定期限内实际执结率"], mine["执行信访办结率"]
    assert (short["数值"], short["是否达到"]) == (pytest.approx(0.8996), "未达到")
    assert (missing["数值"], missing["是否达到"], missing["结论"]) == ("无数据", "无数据", "不达标")
    assert any(row[0] == "各级合计" for row in book["指标线"].iter_rows(values_only=True))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", LINES)
def test_the_summary_counts_the_courts_of_each_line_within_the_screen(name, language):
    edition, whole = evaluation(name)
    console = Console(file=io.StringIO(), width=WIDTH)
    print_summary(console, whole, language)
    text = console.file.getvalue()
    assert all(cell_len(line.rstrip()) <= WIDTH for line in text.splitlines())
    for line in edition.sets["basic"].lines:
        assert line.title(language)[:12] in text
    assert (translator(language)("All levels together") in text) == bool(edition.group)


def test_an_edition_without_lines_says_nothing_of_lines(tmp_path):
    whole, edition = sample.evaluation(), sample.edition()
    titles = [section.title for section in method_sections(whole, edition, "zh")]
    paragraphs = [p for s in method_sections(whole, edition, "zh") for p in s.paragraphs]
    assert "指标线" not in titles and not any(p.startswith("天数：") for p in paragraphs)
    write_html(tmp_path / "report", whole, edition, "zh")
    for name in ("index.html", links.court_page("陕0102"), "method.html"):
        assert "指标线" not in (tmp_path / "report" / name).read_text("utf-8")


def test_a_mean_number_of_days_is_never_a_percentage(tmp_path):
    edition, whole = evaluation("wuhan-2016")
    _overview, court, method = pages(tmp_path, "wuhan-2016")
    assert in_days("average_enforcement_days") and not in_days("satisfaction_rate")
    assert ["平均执行周期", "85.5天", "342 / 4"] in court.rows
    assert "天数：" in method.text
    path = tmp_path / "report.xlsx"
    write_workbook(path, whole, edition, "zh")
    rows = rows_under(openpyxl.load_workbook(path)["数据指标"], "法院代字")
    assert rows[0]["数值"] == "85.5天"


def test_a_case_of_one_day_is_a_number_and_not_a_case_counted():
    table = pa.table(
        {
            "court": ["陕01"], "case_number": ["（2017）陕01执1号"], "officer": ["O-1"],
            "filed": pa.array([17000], pa.int32()), "closed": pa.array([17001], pa.int32()),
            "closing_kind": ["satisfied"], "above": [1], "below": [1],
        }
    )  # fmt: skip
    text = FigureRows(table, 1, "zh", of_days=True).text("陕01")
    assert "<td>1<td>" in text and text.count("计入") == 1


@given(value=st.floats(0, 100), end=st.sampled_from([5.0, 80.0, 90.0]))
def test_a_printed_percentage_stands_on_the_side_its_value_does(value, end):
    line = LineScore("x", "线", "line", value, value, end, None, "no", veto=False)
    shown = float(value_text(value, line).rstrip("%"))
    if abs(value - end) > 1e-6:
        assert (shown < end) == (value < end)


def test_a_line_may_have_two_ends_or_none():
    line = LineScore("x", "线", "line", 12.0, 12.0, 10.0, 20.5, "yes", veto=False)
    assert threshold_text(line) == "≥ 10% ≤ 20.5%"
    assert threshold_text(replace(line, at_least=None, at_most=None)) == "—"
