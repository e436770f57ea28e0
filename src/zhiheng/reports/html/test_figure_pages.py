"""The pages of leaves that show a figure: every case behind it, and what it adds."""

from __future__ import annotations

import pytest

from zhiheng.measures.figures import BILLION
from zhiheng.records.catalogue import codes
from zhiheng.reports import test_evaluation as sample
from zhiheng.reports.html import links, write_html
from zhiheng.reports.html.figure_rows import part_text
from zhiheng.reports.html.test_html import Page
from zhiheng.reports.words import day_text, number_text


@pytest.fixture(scope="module")
def evaluation():
    return sample.evaluation()


@pytest.fixture(scope="module")
def pages(evaluation, tmp_path_factory):
    folder = tmp_path_factory.mktemp("figures") / "report"
    write_html(folder, evaluation, sample.edition(), "zh")
    return {
        path.relative_to(folder).as_posix(): Page(path.read_text("utf-8"))
        for path in folder.rglob("*.html")
    }


def figure_leaves(evaluation, court) -> list[tuple[str, str]]:
    """The court's leaves with all cases behind them, each with its figure."""
    return [
        (leaf, figure)
        for leaf, figure in evaluation.leaf_figures.items()
        if figure in evaluation.behind and leaf.partition(".")[0] == court.level
    ]


def test_every_case_behind_a_figure_is_on_the_page_of_its_leaf_in_the_order_of_numbers(
    pages, evaluation
):
    for court in evaluation.courts:
        found = figure_leaves(evaluation, court)
        assert len(found) == {"intermediate": 8, "basic": 5}[court.level]
        for leaf, figure in found:
            table = evaluation.behind[figure].to_pylist()
            rows = [row for row in table if row["court"] == court.court]
            shown = pages[links.leaf_page(court.court, leaf)].cases()
            assert [row[0] for row in shown] == [row["case_number"] for row in rows]
            assert [row[2] for row in shown] == [
                day_text(row["closed"]) if row["closed"] else "" for row in rows
            ]


def test_the_cases_of_a_figure_add_up_to_its_numerator_and_denominator(pages, evaluation):
    for court in evaluation.courts:
        for leaf, figure in figure_leaves(evaluation, court):
            score = court.scores[leaf]
            page = pages[links.leaf_page(court.court, leaf)]
            above, below = ([row[column] for row in page.cases()] for column in (4, 5))
            if evaluation.scales[figure] == 1:
                sums = above.count("✓ 计入"), below.count("✓ 计入")
                assert set(above) <= {"✓ 计入", "不计入"}
            else:
                sums = sum(map(float, above)), sum(map(float, below))
            assert sums == pytest.approx((score.numerator, score.denominator), abs=1e-4)
            assert f"{number_text(score.numerator)} / {number_text(score.denominator)}" in page.text


def test_a_case_row_shows_days_closing_what_it_adds_and_the_officer(pages, evaluation):
    table = evaluation.behind["satisfaction_rate"]
    row = next(r for r in table.to_pylist() if r["court"] == "陕0102" and r["closed"])
    shown = pages[links.leaf_page("陕0102", "basic.3.1.1")].cases()[0]
    kind = codes()["closing_kind"].get(row["closing_kind"])
    assert shown == [
        row["case_number"], day_text(row["filed"]), day_text(row["closed"]),
        kind.zh if kind else row["closing_kind"],
        "✓ 计入" if row["above"] else "不计入", "✓ 计入", sample.SCRIPT,
    ]  # fmt: skip


def test_a_figure_page_names_its_definition_and_the_assumption_in_force(pages):
    text = pages[links.leaf_page("陕0102", "basic.3.2.1")].text
    for wanted in ("个案执行到位率（逐案平均）", "H02", "附·执行质效·个案的执行到位率",
                   "个案执行到位率的上限", "每案不超过1"):  # fmt: skip
        assert wanted in text


def test_a_court_without_a_case_under_a_figure_has_a_page_that_says_so(pages):
    page = pages[links.leaf_page("陕01", "intermediate.3.5.1")]
    assert page.cases() == [] and "没有" in page.text


def test_the_court_page_leads_from_a_figure_to_its_cases(pages, evaluation):
    for court in evaluation.courts:
        page = pages[links.court_page(court.court)]
        for leaf, _figure in figure_leaves(evaluation, court):
            assert f"../../{links.leaf_page(court.court, leaf)}" in page.links


@pytest.mark.parametrize(
    ("value", "scale", "text"),
    [
        (3, 1, "3"), (1234, 1, "1,234"), (123456, 100, "1,234.56"), (700, 100, "7"),
        (500_000_000, BILLION, "0.500000"), (BILLION, BILLION, "1"), (0, BILLION, "0"),
    ],
)  # fmt: skip
def test_what_a_case_adds_is_printed_in_whole_units(value, scale, text):
    assert part_text(value, scale) == text
