"""The HTML report as files: links, escaping, and every finding in its place."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import unquote

import pyarrow as pa
import pytest

from zhiheng.checks.outcomes import REASONS
from zhiheng.checks.wording import REASONS as REASON_WORDS
from zhiheng.checks.wording import fact_words, reason_words
from zhiheng.errors import WrongUse
from zhiheng.reports import test_evaluation as sample
from zhiheng.reports.facts import choice_text, with_members
from zhiheng.reports.html import links, write_html
from zhiheng.reports.html.dots import dot_plot
from zhiheng.scoring.results import CourtScores, Score

VOID = {"meta", "link", "input", "br", "path"}
IMPLIED = {"td", "th", "tr", "option"}


class Page(HTMLParser):
    """Collects links, ids, text and table rows of a page; notes tags left open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links, self.ids, self.tags, self.open, self.rows = [], set(), [], [], []
        self.text, self.language, self.faults = "", "", []
        self.feed(text)
        self.faults += [tag for tag in self.open if tag not in IMPLIED]

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.append((tag, values))
        self.links += [values[name] for name in ("href", "src") if values.get(name)]
        if "id" in values:
            assert values["id"] not in self.ids, values["id"]
            self.ids.add(values["id"])
        if tag == "html":
            self.language = values["lang"]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        while self.open and self.open[-1] != tag and self.open[-1] in IMPLIED:
            self.open.pop()
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"/{tag}")

    def handle_data(self, data):
        self.text += data
        if self.rows and self.rows[-1] and any(tag in ("td", "th") for tag in self.open):
            self.rows[-1][-1] += data.strip("\n")

    def findings(self) -> list[list[str]]:
        return [row for row in self.rows if len(row) == 9 and row[0].startswith("（")]

    def cases(self) -> list[list[str]]:
        return [row for row in self.rows if len(row) == 7 and row[0].startswith("（")]


@pytest.fixture(scope="module")
def evaluation():
    return sample.evaluation()


@pytest.fixture(scope="module")
def report(evaluation, tmp_path_factory):
    folder = tmp_path_factory.mktemp("html") / "report"
    assert write_html(folder, evaluation, sample.edition(), "zh") == folder / "index.html"
    return folder


@pytest.fixture(scope="module")
def pages(report):
    return {
        path.relative_to(report).as_posix(): Page(path.read_text("utf-8"))
        for path in report.rglob("*.html")
    }


def test_every_court_has_a_page_and_the_overview_links_to_it(pages, evaluation):
    for court in evaluation.courts:
        page = links.court_page(court.court)
        assert page in pages
        assert page in pages["index.html"].links


def test_every_link_leads_to_a_file_and_every_fragment_to_a_place(pages, report):
    for address, page in pages.items():
        for link in page.links:
            assert not re.match(r"[a-z]+:|//", link), link
            target, _hash, fragment = link.partition("#")
            file = (report / address).parent / unquote(target) if target else report / address
            assert file.resolve().is_file(), (address, link)
            if fragment:
                inner = pages[file.resolve().relative_to(report.resolve()).as_posix()]
                assert fragment in inner.ids, (address, link)


def test_every_page_is_well_formed_and_says_its_language(pages):
    for address, page in pages.items():
        assert page.faults == [], address
        assert page.language == "zh-Hans"


def test_headers_of_tables_say_what_they_head(pages):
    for page in pages.values():
        for tag, values in page.tags:
            assert tag != "th" or values.get("scope") in ("col", "row")


def test_a_hostile_text_is_shown_and_never_run(pages):
    for address, page in pages.items():
        scripts = [values.get("src", "") for tag, values in page.tags if tag == "script"]
        assert [script.rsplit("/")[-1] for script in scripts] == ["report.js"], address
        assert not [v for _tag, v in page.tags if any(name.startswith("on") for name in v)]
    assert sample.SCRIPT in pages[links.court_page("陕0102")].text


def test_all_findings_of_a_court_and_leaf_are_on_its_page(pages, evaluation):
    rows = evaluation.findings.to_pylist()
    seen = 0
    for court in evaluation.courts:
        for leaf, own in evaluation.leaf_duties.items():
            duties = with_members(own)
            expected = [r for r in rows if r["court"] == court.court and r["duty"] in duties]
            if leaf.partition(".")[0] != court.level or not expected:
                continue
            page = pages[links.leaf_page(court.court, leaf)]
            assert len(page.findings()) == len(expected)
            seen += len(expected)
    assert seen > evaluation.findings.num_rows / 2


def test_every_finding_stands_on_some_page(pages, evaluation):
    for court in evaluation.courts:
        folder = links.court_page(court.court).removesuffix("index.html")
        shown = {
            (duty, row[0], row[1])
            for address, page in pages.items()
            if address.startswith(folder)
            for duty in [re.search(r"· (\S+)", page.text)]
            for row in page.findings()
        }
        rows = [r for r in evaluation.findings.to_pylist() if r["court"] == court.court]
        assert {case for _duty, case, _subject in shown} == {r["case_number"] for r in rows}
    others = [pages[links.other_page(court.court)] for court in evaluation.courts]
    assert all(sample.UNSCORED_DUTY in page.ids for page in others)


def test_a_finding_row_shows_case_subject_days_state_reason_and_officer(pages, evaluation):
    row = evaluation.findings.filter(pa.compute.equal(evaluation.findings["court"], "陕0102"))
    row = row.filter(pa.compute.equal(row["duty"], "control.online")).slice(4, 1).to_pylist()[0]
    page = pages[links.leaf_page("陕0102", "basic.1.4.1")]
    found = next(r for r in page.findings() if r[0] == row["case_number"] and row["officer"] in r)
    assert (found[1], found[6], found[8]) == ("案件", "▲ 迟延完成", row["officer"])
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) for day in found[2:5])
    assert found[5] == str(row["days_over"])


def test_a_level_of_one_court_has_no_distribution(pages):
    tags = pages["index.html"].tags
    assert sum(tag == "svg" and v.get("class") == "dots" for tag, v in tags) == 1
    assert sum(tag == "table" and v.get("class") == "bands" for tag, v in tags) == 1


def test_a_missing_score_is_a_word_on_the_court_page(pages, evaluation):
    for court in evaluation.courts:
        text = pages[links.court_page(court.court)].text
        assert "无数据" in text and "不适用" in text and "缺少的数据" in text


def test_a_row_that_cannot_be_judged_says_which_fact_is_missing(pages):
    rows = pages[links.leaf_page("陕0102", "basic.1.4.1")].findings()
    reasons = {row[7] for row in rows if "无法判定" in row[6]}
    assert reasons == {"缺少必要信息：具体时刻", f"缺少必要信息：节点{sample.SCRIPT}"}


def test_courts_stand_in_the_order_of_their_codes(pages):
    codes = [row[0] for row in pages["index.html"].rows if row and row[0].startswith("陕")]
    assert codes == ["陕01", "陕0102", "陕0103"]
    assert "不是排名" in pages["index.html"].text


def test_a_leaf_page_names_its_formula_article_and_outcomes(pages):
    text = pages[links.leaf_page("陕0102", "basic.1.4.1")].text
    for wanted in ("计算方法", "符合要求 ÷", "评估指标体系 基层·规范执行·财产控制", "结果件数"):
        assert wanted in text


def test_the_annexes_show_assumptions_in_words_and_every_leaf_of_the_edition(pages, evaluation):
    text = pages["assumptions.html"].text
    assert all(item.reason_zh in text for item in evaluation.assumptions)
    leaves = [n.indicator.id for s in sample.edition().sets.values() for n in s.leaves()]
    assert set(leaves) <= pages["method.html"].ids
    assert "59" in pages["method.html"].text


def test_english_pages_have_no_chinese_of_our_own(evaluation, tmp_path):
    write_html(tmp_path / "en", evaluation, sample.edition(), "en")
    page = Page((tmp_path / "en" / "index.html").read_text("utf-8"))
    names = {court.name for court in evaluation.courts} | {"执衡"}
    text = page.text
    for name in names:
        text = text.replace(name, "")
    assert page.language == "en"
    assert set(re.findall("[一-鿿]+", text)) <= {"陕"}


def test_findings_of_a_court_that_was_not_scored_are_shown_all_the_same(evaluation, tmp_path):
    fewer = replace(evaluation, courts=evaluation.courts[1:])
    gone = evaluation.courts[0].court
    write_html(tmp_path / "r", fewer, sample.edition(), "zh")
    page = Page((tmp_path / "r" / links.other_page(gone)).read_text("utf-8"))
    expected = sum(court == gone for court in evaluation.findings["court"].to_pylist())
    assert len(page.findings()) == expected
    assert links.other_page(gone) in Page((tmp_path / "r/index.html").read_text("utf-8")).links


def test_a_report_without_scores_findings_or_figures_is_still_a_report(evaluation, tmp_path):
    bare = replace(
        evaluation,
        courts=(CourtScores("陕", "陕西省高级人民法院", "high", None, {}),),
        findings=evaluation.findings.slice(0, 0),
        figures=evaluation.figures.slice(0, 0),
        assumptions=(),
        provisional_days=False,
    )
    page = write_html(tmp_path / "bare", bare, sample.edition(), "zh")
    assert "无数据" in page.read_text("utf-8")


def test_a_report_takes_the_place_of_the_earlier_one_as_a_whole(evaluation, tmp_path):
    folder = tmp_path / "report"
    write_html(folder, evaluation, sample.edition(), "zh")
    (folder / "courts" / "left-over.html").write_text("")
    fewer = replace(evaluation, courts=evaluation.courts[:1], findings=evaluation.findings[:0])
    write_html(folder, fewer, sample.edition(), "zh")
    assert not (folder / "courts" / "left-over.html").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_a_folder_with_something_else_in_it_is_left_alone(evaluation, tmp_path):
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(WrongUse):
        write_html(tmp_path, evaluation, sample.edition(), "zh")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_report_that_fails_half_way_leaves_nothing(evaluation, tmp_path):
    court = evaluation.courts[-1]
    unprintable = Score("", "scored", 50.0, None)
    last = replace(court, scores={**court.scores, "": unprintable})
    broken = replace(evaluation, courts=(*evaluation.courts[:-1], last))
    with pytest.raises(TypeError):
        write_html(tmp_path / "report", broken, sample.edition(), "zh")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text", ["../../etc", "陕0102", "A/b", "", ".", "..", "a" * 500, "CON", "a_b"]
)
def test_an_address_stays_in_its_folder_and_in_ascii(text):
    name = links.slug(text)
    assert re.fullmatch(r"[a-z0-9_.-]+", name) and not name.startswith(".") and len(name) < 130


def test_different_codes_have_different_addresses():
    texts = ["a", "A", "_41_", "陕", "陕1", "", "_", "__", ".", "_2e_", "a" * 200, "a" * 201]
    assert len({links.slug(text) for text in texts}) == len(texts)


def test_the_dots_are_as_many_as_the_courts_with_a_score():
    values = (0.0, 59.96, 100.0, 88.2, 88.7, None)
    courts = [
        CourtScores(str(i), "", "basic", None, {"": Score("", "scored", value, 1.0)})
        for i, value in enumerate(values)
    ]
    plot = dot_plot(courts)
    assert len(plot.dots) == 5
    assert all(0 <= dot.x <= 1000 and 0 <= dot.y <= plot.height for dot in plot.dots)
    assert len({(dot.x, dot.y) for dot in plot.dots}) == 5
    assert dot_plot(courts[-1:]) is None


def test_every_reason_of_an_outcome_has_a_name():
    assert set(REASONS) == set(REASON_WORDS)


def test_a_reason_names_the_fact_it_turns_on():
    assert reason_words("fact_missing", "minute", "zh") == "缺少必要信息：具体时刻"
    assert reason_words("", "", "zh") == ""
    assert fact_words("case.closed", "zh") == "结案日期"
    assert fact_words("control.online", "en") == "Property found is controlled online in time"
    assert fact_words("never heard of", "zh") == "never heard of"


def test_a_composite_duty_brings_the_duties_it_is_made_up_of():
    found = with_members(["closure.substance", "control.online"])
    assert found[0] == "closure.substance" and found[-1] == "control.online"
    assert len(found) > 3
    assert with_members(["never heard of"]) == ("never heard of",)


def test_the_parts_of_a_duty_stand_on_the_page_of_its_leaf_and_not_among_the_uncounted(tmp_path):
    part = with_members(["closure.substance"])[1]
    whole = sample.evaluation(sample.COURTS[1:2])
    table = whole.findings
    duty = pa.array([part if d == sample.UNSCORED_DUTY else d for d in table["duty"].to_pylist()])
    changed = table.set_column(table.column_names.index("duty"), "duty", duty)
    write_html(tmp_path / "r", replace(whole, findings=changed), sample.edition(), "zh")
    leaf = next(
        n
        for n, duties in whole.leaf_duties.items()
        if n.startswith("basic") and "closure.substance" in duties
    )
    assert part in Page((tmp_path / "r" / links.leaf_page("陕0102", leaf)).read_text("utf-8")).ids
    assert not (tmp_path / "r" / links.other_page("陕0102")).exists()


def test_a_choice_is_printed_in_the_words_of_the_language():
    edition = sample.edition()
    name, item = next(iter(edition.assumptions.items()))
    words = item.choices[item.value]
    assert choice_text(edition, name, item.value, "en") == f"{words.en} ({item.value})"
    assert choice_text(edition, name, f"{item.value}：{words.zh}", "en").startswith(words.en)
    assert choice_text(edition, "of another kind", "7", "zh") == "7"
