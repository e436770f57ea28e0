"""What may be said, on the pages: the page of its own, the courts' pages, the pictures."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote

import pytest

from zhiheng.reports import test_certainty as made
from zhiheng.reports import test_evaluation as sample
from zhiheng.reports.html import links, write_html
from zhiheng.reports.html.test_html import Page
from zhiheng.scoring.said import pairs_of


def written(folder, whole, edition, language="zh") -> dict[str, Page]:
    write_html(folder / "report", whole, edition, language)
    return {
        path.relative_to(folder / "report").as_posix(): Page(path.read_text("utf-8"))
        for path in (folder / "report").rglob("*.html")
    }


@pytest.fixture(scope="module", params=["zh", "en"])
def report(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("certainty")
    return request.param, written(folder, made.evaluation(), made.edition_of(), request.param)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certainty")
    return written(folder, made.evaluation(), made.edition_of())


def test_every_page_is_well_formed_and_its_links_lead_somewhere(report):
    _language, pages = report
    for address, page in pages.items():
        assert page.faults == [], address
        for link in page.links:
            target, _hash, fragment = link.partition("#")
            parts = [*address.split("/")[:-1], *unquote(target).split("/")] if target else []
            while ".." in parts:
                at = parts.index("..")
                parts[at - 1 : at + 1] = []
            inner = pages.get("/".join(parts) or address)
            assert not fragment or fragment in inner.ids, (address, link)


def test_every_picture_says_in_words_what_it_shows(report):
    _language, pages = report
    pictures = [
        values
        for page in pages.values()
        for tag, values in page.tags
        if tag == "svg" and values.get("class") in ("marks", "sunburst", "dots")
    ]
    assert len(pictures) > 15
    assert all(one["role"] == "img" and len(one["aria-label"]) > 10 for one in pictures)


def test_english_pages_have_no_chinese_of_our_own(report):
    language, pages = report
    if language == "zh":
        return
    text = pages["certainty.html"].text
    for court in made.evaluation().courts:
        text = text.replace(court.name, "")
    assert set(re.findall("[一-鿿]+", text)) <= {"陕", "执衡"}


def test_all_pages_lead_to_what_may_be_said(pages):
    for address, page in pages.items():
        assert "../" * address.count("/") + "certainty.html" in page.links


def test_the_page_tells_the_draw_and_what_was_declared_before_it(pages):
    text = pages["certainty.html"].text
    for wanted in (made.DRAW.digest, "20171231", "置信下限：有把握达到才算达到", "281", "全数统计"):
        assert wanted in text


def test_every_court_stands_in_the_table_with_interval_rank_and_bands(pages):
    whole = made.evaluation()
    said = whole.said[0]
    rows = {row[0]: row for row in pages["certainty.html"].rows if len(row) == 9}
    assert set(said.courts) <= set(rows)
    assert rows["陕0103"][2:] == ["82.3", "1.25", "78.8–84.1", "2", "1", "3", "A"]
    assert rows[made.CENSUS][2:] == ["77.6", "全数统计", "无", "—", "—", "—", "—"]
    assert rows[made.LONELY][3:5] == ["—", "误差无法得知"]
    assert "没有名次（未评查案卷，或误差无法得知）：" in pages["certainty.html"].text


def test_courts_that_cannot_be_told_apart_are_named_in_a_sentence(pages):
    names = ("灞桥", "莲湖", "阎良")
    listed = "、".join(f"西安市{name}区人民法院" for name in names)
    assert f"{listed}之间分不出高低。" in pages["certainty.html"].text


def test_all_pairs_of_few_courts_are_listed(pages):
    said = made.evaluation().said[0]
    rows = [row for row in pages["certainty.html"].rows if row[-1] in ("分得出高低", "分不出高低")]
    assert len(rows) == len(list(pairs_of(said, [None] * 9))) == 21
    assert rows[0][2:] == ["0.79", "2.07", "-3.27至4.85", "64.8%", "分不出高低"]


def test_of_many_courts_the_pairs_are_left_to_the_file_and_the_table_has_every_court(tmp_path):
    whole = made.evaluation(100, 20, replays=False)
    page = written(tmp_path, whole, made.edition_of())["certainty.html"]
    assert "differences.csv" in page.text
    assert not [row for row in page.rows if row[-1] in ("分得出高低", "分不出高低")]
    assert len([row for row in page.rows if len(row) == 9 and row[0].startswith("陕")]) == 100
    figures = [values for tag, values in page.tags if tag == "figure"]
    folded = [values for tag, values in page.tags if tag == "details"]
    assert len(figures) == 8 and len(folded) == 4  # two of each kind stand open


def test_the_pages_of_courts_show_intervals_files_and_rank(pages):
    court = pages[links.court_page("陕0103")]
    rows = {row[0]: row for row in court.rows if len(row) == 9}
    assert rows["1.4.1"][4] == "86.1 （70.8–94.1）"
    assert rows["1.4.1"][7] == "抽取案卷评查 36份案卷"
    assert rows["3.1.1"][4].strip() == "87.0"
    assert "78.8–84.1" in court.text and "2 （1–3）" in court.text
    lonely = pages[links.court_page(made.LONELY)]
    assert {row[0]: row for row in lonely.rows if len(row) == 9}["1.4.1"][4].endswith(
        "（误差无法得知）"
    )
    above = pages[links.court_page("陕01")]
    assert "区间内" not in above.text and "名次" not in above.text


def test_the_tree_of_a_court_has_an_arc_for_every_part_filled_by_its_score(pages):
    whole, index = made.evaluation(), made.edition_of().sets["basic"]
    page = pages[links.court_page("陕0103")]
    fills = [
        values["class"]
        for tag, values in page.tags
        if tag == "path" and values.get("class", "") in
        ("b0", "b1", "b2", "b3", "no_data", "not_applicable")
    ]  # fmt: skip
    legend = 6
    assert len(fills) == len(list(index.walk())) + legend
    scores = made.scores_of(whole, "陕0103")
    states = [scores[node.indicator.id].state for node in index.walk()]
    for state in ("no_data", "not_applicable"):
        assert fills.count(state) == states.count(state) + 1
    assert "#basic.1.4.1" in page.links and {"no-data", "not-applicable"} <= page.ids


def test_single_changes_stand_by_what_they_do_and_the_idle_ones_are_counted(pages):
    text = pages["certainty.html"].text
    rows = [row for row in pages["certainty.html"].rows if row[0].startswith("去掉")]
    assert rows[0][:2] == ["去掉basic.3.6.1", "1.33"]
    shifts = [float(row[1]) for row in rows]
    assert shifts == sorted(shifts, reverse=True)
    assert len(rows) == 10
    assert "没有任何影响的变动" not in text


def test_changes_without_any_effect_are_counted_and_folded(tmp_path):
    whole = made.evaluation()
    (moved,) = whole.moved
    idle = replace(moved.alone[0], mean_rank_shift=0.0, largest_rank_shift=0, mean_score_shift=0.0)
    more = replace(moved, alone=(*moved.alone, idle, idle))
    page = written(tmp_path, replace(whole, moved=(more,)), made.edition_of())["certainty.html"]
    assert int(re.search(r"没有任何影响的变动：(\d+)项", page.text)[1]) == 2


def test_factors_of_method_and_data_stand_apart(pages):
    text = pages["certainty.html"].text
    for wanted in ("只变方法", "只变数据误差", "方法和数据同时变", "第2级权重", "0.76 / 0.91"):
        assert wanted in text


def test_a_line_of_files_read_shows_the_bound_and_the_chance(tmp_path):
    whole = made.evaluation(name=made.LINES, replays=False)
    pages = written(tmp_path, whole, made.edition_of(made.LINES))
    page = pages["certainty.html"]
    rows = {row[0]: row for row in page.rows if len(row) == 8 and row[1] == "终本合格率"}
    lines = {
        court.name: line
        for court in whole.courts
        for line in court.lines
        if line.chance is not None
    }
    assert set(rows) == set(lines) and len(rows) == 8
    for name, row in rows.items():
        chance = float(row[7].rstrip("%")) / 100
        assert chance == pytest.approx(lines[name].chance, abs=0.00101)
    court = pages[links.court_page("陕0103")]
    (own,) = [row for row in court.rows if row[0] == "终本合格率" and len(row) >= 7]
    assert rows["西安市莲湖区人民法院"][7] in own
    best, worst = rows["西安市莲湖区人民法院"], rows["西安市长安区人民法院"]
    assert float(best[7].rstrip("%")) > 10 * float(worst[7].rstrip("%"))


@pytest.mark.parametrize("left_out", ["said", "moved"])
def test_one_half_of_the_page_stands_without_the_other(left_out, tmp_path):
    whole = replace(made.evaluation(), **{left_out: ()})
    page = written(tmp_path, whole, made.edition_of())["certainty.html"]
    assert page.faults == []
    assert ("得分及其区间" in page.text) == (left_out != "said")
    assert ("单项变动" in page.text) == (left_out != "moved")


def test_a_report_without_draw_and_replays_has_only_the_pictures_more(tmp_path):
    pages = written(tmp_path, sample.evaluation(), sample.edition())
    assert "certainty.html" not in pages
    for address, page in pages.items():
        assert page.faults == []
        assert not [link for link in page.links if "certainty" in link], address
        assert "能说到什么程度" not in page.text and "抽样误差" not in page.text.replace(
            "不产生抽样误差", ""
        )
    overview = pages["index.html"]
    assert "没有抽取案卷" in overview.text and "全数统计" in overview.text
    classes = [values.get("class") for tag, values in overview.tags if tag in ("svg", "circle")]
    assert classes.count("marks") == 1 and classes.count("census") == 2
    assert not [v for tag, v in overview.tags if v.get("class") == "whisker"]
    trees = [v for _tag, v in pages["method.html"].tags if v.get("class") == "sunburst"]
    assert len(trees) == 4
