"""The HTML report in a real browser, opened from the folder as a reader does."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhiheng.reports import test_certainty as made
from zhiheng.reports import test_evaluation as sample
from zhiheng.reports.html import links, write_html

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip("Debian's chromium is not installed")
    with playwright.sync_playwright() as running:
        found = running.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield found
        found.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser") / "report"
    write_html(folder, sample.evaluation(), sample.edition(), "zh")
    return folder


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.requested, page.complaints = [], []
    page.on("request", lambda request: page.requested.append(request.url))
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("dialog", lambda dialog: (page.complaints.append("dialog"), dialog.dismiss()))
    yield page
    page.close()


def visit(page, report, address):
    page.goto((report / address).as_uri())
    assert page.complaints == []
    assert all(url.startswith("file://") for url in page.requested)


ADDRESSES = [
    "index.html", "assumptions.html", "method.html", links.court_page("陕01"),
    links.court_page("陕0102"), links.leaf_page("陕0102", "basic.1.4.1"),
    links.leaf_page("陕0102", "basic.3.2.1"), links.leaf_page("陕01", "intermediate.3.5.1"),
    links.other_page("陕0103"),
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_opens_from_the_folder_and_asks_no_one_else(page, report, address):
    visit(page, report, address)
    assert page.evaluate("document.styleSheets.length") == 1
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    picture = page.screenshot()
    assert len(picture) > 20_000


def test_the_filter_finds_a_court(page, report):
    visit(page, report, "index.html")
    rows = page.locator("table.courts tbody tr")
    assert rows.count() == 3
    page.get_by_label("查找法院").fill("新城")
    assert rows.locator("visible=true").count() == 1
    assert page.locator("[data-shown]").inner_text() == "1 / 3"
    page.get_by_label("查找法院").fill("")
    assert rows.locator("visible=true").count() == 3


def test_the_rows_of_a_leaf_can_be_filtered_by_state(page, report):
    visit(page, report, links.leaf_page("陕0102", "basic.1.4.1"))
    rows = page.locator("table.rows tbody tr")
    total = rows.count()
    page.get_by_label("状态").select_option("overdue")
    shown = rows.locator("visible=true")
    assert 0 < shown.count() < total
    assert all("逾期未办" in text for text in shown.all_inner_texts())


def test_the_cases_of_a_figure_can_be_filtered_by_whether_they_count(page, report):
    visit(page, report, links.leaf_page("陕0102", "basic.3.1.1"))
    rows = page.locator("table.cases tbody tr")
    total, shown = rows.count(), rows.locator("visible=true")
    assert total == 12
    counts = {}
    for choice, text in (("in", "✓ 计入"), ("out", "不计入")):
        page.get_by_label("分子").select_option(choice)
        cells = [row.split("\t")[4] for row in shown.all_inner_texts()]
        assert cells and set(cells) == {text}
        counts[choice] = len(cells)
    assert sum(counts.values()) == total
    page.get_by_label("分子").select_option("")
    page.get_by_label("筛选").fill("执07号")
    assert shown.count() == 1


def test_a_figure_leads_from_the_court_page_to_its_cases(page, report):
    visit(page, report, links.court_page("陕0102"))
    page.locator("tr[id='basic.3.1.1'] td").nth(5).locator("a").click()
    page.wait_for_url("**/basic.3.1.1.html")
    assert page.locator("table.cases tbody tr").count() == 12
    assert page.complaints == []


def test_a_click_on_a_head_sorts_by_number_and_another_turns_it_round(page, report):
    visit(page, report, "index.html")
    table = page.locator("table.courts").nth(1)
    head = table.get_by_role("button", name="得分")

    def scores():
        return [float(text) for text in table.locator("td.score a").all_inner_texts()]

    head.click()
    assert scores() == sorted(scores())
    assert table.locator("th[aria-sort=ascending]").count() == 1
    head.click()
    assert scores() == sorted(scores(), reverse=True)
    assert page.complaints == []


def test_a_number_leads_down_to_the_cases_behind_it_and_back(page, report):
    visit(page, report, "index.html")
    page.locator("table.courts td.score a").nth(1).click()
    page.wait_for_url("**/courts/**/index.html")
    page.locator("tr[id='basic.1.4.1'] td").nth(7).locator("a").click()
    page.wait_for_url("**/basic.1.4.1.html")
    assert page.locator("table.rows tbody tr").count() > 0
    page.locator(".crumbs a").first.click()
    page.wait_for_url("**/report/index.html")
    assert page.complaints == []


def test_without_scripts_every_row_and_no_dead_control_is_shown(browser, report):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((report / "index.html").as_uri())
    assert page.locator("table.courts tbody tr").locator("visible=true").count() == 3
    assert not page.locator(".filter").is_visible()
    context.close()


def test_on_paper_the_controls_go_and_the_tables_stay(page, report):
    visit(page, report, links.leaf_page("陕0102", "basic.1.4.1"))
    page.emulate_media(media="print")
    assert not page.locator(".filter").is_visible()
    assert page.locator("table.rows").first.is_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_a_narrow_window_does_not_push_the_page_sideways(page, report):
    page.set_viewport_size({"width": 420, "height": 800})
    visit(page, report, links.court_page("陕0102"))
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")


@pytest.fixture(scope="module", params=["zh", "en"])
def sampled(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser") / request.param
    write_html(folder, made.evaluation(), made.edition_of(), request.param)
    return folder


CERTAIN = ["certainty.html", "index.html", "method.html", links.court_page("陕0103")]
OVERLAPS = """() => {
  // Pairs of texts in pictures of which one lies upon the other (upright ones: boxes are exact).
  const found = [];
  for (const svg of document.querySelectorAll("svg.marks")) {
    const boxes = [...svg.querySelectorAll("text")]
      .filter(text => text.textContent)
      .map(text => [text.getBoundingClientRect(), text.textContent]);
    boxes.forEach(([a, one], i) => boxes.slice(i + 1).forEach(([b, other]) => {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      // Lines have air above and below the letters.
      if (wide > 1 && high > 5) found.push(one + " / " + other);
    }));
  }
  return found;
}"""
SMALLEST = """() => Math.min(...[...document.querySelectorAll("svg text")]
  .filter(text => text.getBoundingClientRect().width)
  .map(text => {
    const svg = text.ownerSVGElement;
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    return scale * parseFloat(getComputedStyle(text).fontSize);
  }))"""


@pytest.mark.parametrize("address", CERTAIN)
@pytest.mark.parametrize(("width", "media"), [(1240, "screen"), (1032, "print")])
def test_pictures_fit_the_window_and_the_printed_page(page, sampled, address, width, media):
    page.set_viewport_size({"width": width, "height": 703})
    page.emulate_media(media=media)
    visit(page, sampled, address)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate(OVERLAPS) == []
    if address != "index.html":
        assert page.evaluate(SMALLEST) >= 11


def test_a_picture_of_as_many_courts_as_it_takes_fits_a_printed_page(page, tmp_path):
    write_html(tmp_path / "r", made.evaluation(70, 20, False), made.edition_of(), "zh")
    page.set_viewport_size({"width": 1032, "height": 703})
    page.emulate_media(media="print")
    visit(page, tmp_path / "r", "certainty.html")
    heights = page.evaluate("[...document.querySelectorAll('figure')].map(f => f.offsetHeight)")
    assert len(heights) == 6 and 500 < max(heights) < 703
    assert min(heights) > 100


def test_on_paper_nothing_stays_folded(page, sampled):
    visit(page, sampled, "certainty.html")
    folded = page.locator("details table")
    assert folded.count() == 2 and not folded.first.is_visible()
    page.emulate_media(media="print")
    assert folded.first.is_visible() and folded.last.bounding_box()["height"] > 100


def test_the_folded_pairs_open_without_scripts(browser, sampled):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((sampled / "certainty.html").as_uri())
    folded = page.locator("details").first
    assert not folded.locator("table").is_visible()
    folded.locator("summary").click()
    assert folded.locator("table").is_visible()
    context.close()


def test_an_arc_of_the_tree_leads_to_its_row(page, sampled):
    visit(page, sampled, links.court_page("陕0103"))
    page.locator("svg.sunburst a[href='#basic.3.1.1'] path").click()
    assert page.url.endswith("#basic.3.1.1")
    assert page.complaints == []
