"""The sheets of sampling error and sensitivity."""

from __future__ import annotations

import openpyxl
import pytest

from zhiheng.reports import test_certainty as made
from zhiheng.reports.workbook import write_workbook
from zhiheng.reports.workbook.test_workbook import rows_under

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("workbook") / "report.xlsx"
    write_workbook(path, made.evaluation(), made.edition_of(), "zh")
    return openpyxl.load_workbook(path)


def test_the_sheets_stand_before_the_leaves_in_both_languages(book, tmp_path):
    names = book.sheetnames
    at = names.index("末级指标")
    assert names[at - 2 : at] == ["抽样误差", "敏感性"]
    path = tmp_path / "report.xlsx"
    write_workbook(path, made.evaluation(), made.edition_of(), "en")
    assert {"Sampling error", "Sensitivity"} <= set(openpyxl.load_workbook(path).sheetnames)


def test_a_row_has_the_error_of_a_node_and_the_whole_has_the_rank(book):
    whole = made.evaluation()
    said = whole.said[0]
    rows = rows_under(book["抽样误差"], "法院代字")
    wholes = {row["法院代字"]: row for row in rows if not row["指标"]}
    assert set(wholes) == set(said.courts)
    for at, court in enumerate(said.courts):
        if court == made.LONELY:
            continue
        row = wholes[court]
        assert row["标准误"] == pytest.approx(said.root.error[at], abs=1e-6)
        assert row["95%下限"] == pytest.approx(said.root.low[at], abs=1e-6)
        ranks = (said.ranks.rank[at], said.ranks.best[at], said.ranks.worst[at])
        # A court of which no file was read has none.
        wanted = (None, None, None) if court == made.CENSUS else ranks
        assert (row["名次"], row["最好名次"], row["最差名次"]) == wanted
    assert wholes[made.LONELY]["标准误"] == "误差无法得知"
    assert wholes[made.LONELY]["名次"] is None
    leaf = next(r for r in rows if r["法院代字"] == "陕0103" and r["指标"] == "1.4.1")
    assert (leaf["案卷数"], leaf["名次"]) == (36, None)
    assert leaf["得分"] == pytest.approx(3100 / 36, abs=1e-6)


def test_nodes_that_rest_on_no_file_have_no_row(book):
    rows = rows_under(book["抽样误差"], "法院代字")
    nodes = {row["指标"] or "" for row in rows if row["法院代字"] == "陕0103"}
    assert nodes == {"", "1", "1.2", "1.2.1", "1.4", "1.4.1", "1.7", "1.7.1", "2", "2.1", "2.1.1"}
    assert [row for row in rows if row["法院代字"] == made.CENSUS and row["指标"]] == []


def test_the_sheet_of_sensitivity_has_factors_changes_and_courts(book):
    whole = made.evaluation()
    (moved,) = whole.moved
    sheet = book["敏感性"]
    rows = list(sheet.iter_rows(values_only=True))
    start = next(at for at, row in enumerate(rows) if row[:2] == ("变动内容", "因素"))
    factors = sum(len(one.replays.factors) for one in moved.analyses)
    first = rows[start + 1]
    assert first[:3] == ("只变方法", "去掉一个指标", "基层人民法院")
    assert first[3] == pytest.approx(moved.analyses[0].replays.total[0, 3])
    assert rows[start + 1 + factors][0] is None
    changes = next(at for at, row in enumerate(rows) if row[:2] == ("层级", "变动"))
    assert rows[changes + 1][1] == "去掉basic.3.6.1"
    courts = [row for row in rows if row[0] == "方法和数据同时变" and row[1] in moved.courts]
    assert len(courts) == 9
    assert [row[4] for row in courts] == list(range(1, 10))
    at = moved.courts.index(courts[0][1])
    assert courts[0][3] == pytest.approx(moved.in_force[at])


def test_the_same_evaluation_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        write_workbook(tmp_path / f"{name}.xlsx", made.evaluation(), made.edition_of(), "zh")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
