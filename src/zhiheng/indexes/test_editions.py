"""The edition of 2017 against the published texts, and reading editions of one's own."""

import os
import re
import shutil
from importlib import resources
from pathlib import Path

import pytest

from zhiheng.errors import BadInput, WrongUse
from zhiheng.indexes.describe import scoring_in_words, source_in_words
from zhiheng.indexes.editions import available_editions, limited_to, load_edition, read_edition
from zhiheng.indexes.model import LEVELS
from zhiheng.law.load import load_law

CASS = load_edition("cass-2017")
CELL = re.compile(r"^(?P<title>.*?)(?:（(?P<weight>\d+)%）|：|$)")
"""A cell of the table: its title ends at its weight or at a colon."""


def published(name: str) -> str:
    shared = os.environ.get("ZHIHENG_SHARED", Path(__file__).parents[4] / "shared")
    file = Path(shared) / "sources" / name
    if not file.is_file():
        pytest.skip("the published texts are not at hand")
    return file.read_text(encoding="utf-8")


def weight_in(cell: str) -> int:
    found = re.search(r"（(\d+)%）", cell)
    return int(found.group(1)) if found else 100


def title_in(cell: str) -> str:
    return CELL.match(cell).group("title")


def table_of_the_annex() -> dict[str, list[tuple[int, str, int, str]]]:
    """Level → (depth, title, weight, whole cell) in the order of the table."""
    annex = published("cass-2017-indicator-system.txt").split("\n附：")[1]
    chapters = re.split(r"^[一二三四]、.*$", annex, flags=re.MULTILINE)[1:]
    return dict(zip(LEVELS, map(rows_of_a_chapter, chapters), strict=True))


def rows_of_a_chapter(chapter: str) -> list[tuple[int, str, int, str]]:
    rows = []
    for block in chapter.split("\n\n"):
        cells = [line.strip() for line in block.lstrip("\n").split("\n")]
        if cells[0][:1].isdigit():
            heading = cells[0].split(".", 1)[1].strip()
            rows.append((1, title_in(heading), weight_in(heading), heading))
        elif len(cells) == 2:
            item, leaf = cells
            if item:
                name = re.sub(r"（\d+%）$", "", item)
                rows.append((2, name, weight_in(item), item))
            rows.append((3, title_in(leaf), weight_in(leaf), leaf))
    return rows


def test_the_counts_are_those_of_the_four_published_sets():
    counts = {level: one.counts for level, one in CASS.sets.items()}
    assert counts == {
        "supreme": (4, 11, 63),
        "high": (4, 14, 45),
        "intermediate": (5, 34, 67),
        "basic": (4, 31, 59),
    }
    for one in CASS.sets.values():
        depths = [node.depth for node in one.walk()]
        assert tuple(depths.count(depth) for depth in (1, 2, 3)) == one.counts


def test_sibling_weights_sum_to_a_hundred_everywhere():
    for one in CASS.sets.values():
        groups: dict[str, float] = {}
        for node in one.walk():
            groups[node.parent] = groups.get(node.parent, 0) + node.indicator.weight
            assert node.indicator.weight == int(node.indicator.weight)
        assert set(groups.values()) == {100}
        assert sum(node.effective for node in one.leaves()) == pytest.approx(1)


def test_the_tree_equals_the_published_table_title_by_title_and_weight_by_weight():
    for level, rows in table_of_the_annex().items():
        ours = [
            (node.depth, node.indicator.zh, node.indicator.weight)
            for node in CASS.sets[level].walk()
        ]
        assert ours == [row[:3] for row in rows]


def test_every_figure_the_table_prints_in_a_leaf_is_in_its_criterion():
    checked = 0
    for level, rows in table_of_the_annex().items():
        for node, row in zip(CASS.sets[level].walk(), rows, strict=True):
            tail = re.sub(r"（\d+%）", "", row[3])
            figures = set(re.findall(r"\d+", tail)) if node.depth == 3 else set()
            if figures:
                said = node.indicator.criterion
                assert figures <= set(re.findall(r"\d+", said.zh)), node.indicator.id
                assert figures <= set(re.findall(r"\d+", said.en)), node.indicator.id
                checked += 1
    assert checked == 2 * 6


def test_the_shaanxi_document_agrees_but_for_one_count_that_is_documented():
    text = published("shaanxi-2017-implementing-opinion.txt")
    said = re.findall(r"等(\d+)项一级指标.*?(\d+)项二级指标.*?(\d+)项三级指标", text)
    counts = [tuple(map(int, one)) for one in said]
    assert counts == [CASS.sets["high"].counts, CASS.sets["intermediate"].counts, (4, 31, 58)]
    difference = CASS.differences["basic_leaves"]
    assert "58" in difference.zh and "59" in difference.zh
    assert "58" in difference.en and "59" in difference.en


def test_the_annex_of_the_shaanxi_document_prints_the_same_leaves():
    text = published("shaanxi-2017-implementing-opinion.txt")
    annex = text[text.rindex("附件2") :].replace("\xa0", " ")
    for level, start, end in (
        ("high", "1. 制度建设", "二、中级"),
        ("intermediate", "二、中级", "三、基层"),
        ("basic", "三、基层", "第1页"),
    ):
        part = annex[annex.index(start) : annex.index(end)]
        wide = part.replace("(", "（").replace(")", "）").replace(":", "：")
        cells = [line.strip() for line in wide.split("\n")]
        cells = [re.sub(r"^.+?（\d+%） ", "", c) for c in cells if c and not c[0].isdigit()]
        leaves = [title_in(c) for c in cells if c[:2] not in ("二级", "二、", "三、")]
        assert leaves == [node.indicator.zh for node in CASS.sets[level].leaves()]


def test_ids_say_the_place_in_the_tree():
    for level, one in CASS.sets.items():
        for node in one.walk():
            above, number = node.indicator.id.rsplit(".", 1)
            assert above == (node.parent or level)
            assert int(number) > 0


def test_the_leaves_computed_for_basic_and_intermediate_courts_are_the_agreed_ones():
    duties = {duty for node in CASS.sets["basic"].leaves() for duty in node.indicator.score.duties}
    assert duties == {
        "preservation.executed", "property.report_order", "inquiry.network", "clue.verified",
        "clue.verified_urgent", "control.online", "control.offline", "appraisal.started",
        "appraisal.served", "auction.started", "payment.paid_out", "closure.substance",
        "closure.procedure", "closure.registered", "closure.follow_up", "notice.control",
        "notice.disposal", "notice.nodes", "document.published", "closure.ruling_published",
    }  # fmt: skip
    figures = {
        level: {node.indicator.score.figure for node in CASS.sets[level].leaves()} - {None}
        for level in LEVELS
    }
    assert figures["supreme"] == figures["high"] == set()
    assert figures["basic"] == {
        "satisfaction_rate", "recovery_per_case", "in_time_closing_rate",
        "objection_closing_rate", "online_auction_rate", "reversal_rate",
    }  # fmt: skip
    assert figures["intermediate"] - figures["basic"] == {
        "reconsideration_closing_rate", "coordination_closing_rate", "supervision_closing_rate",
    }  # fmt: skip


def test_the_same_indicator_is_scored_the_same_way_for_intermediate_and_basic_courts():
    def rules(level: str) -> dict[str, object]:
        nodes = CASS.sets[level].leaves()
        return {n.indicator.zh: (n.indicator.score, n.indicator.sources) for n in nodes}

    basic, intermediate = rules("basic"), rules("intermediate")
    shared = basic.keys() & intermediate.keys()
    assert len(shared) == 58  # of 59: the title of the rescue fund differs by a word
    assert {title: basic[title] for title in shared} == {
        title: intermediate[title] for title in shared
    }


def test_every_leaf_is_computed_or_answered_and_says_so_in_both_languages():
    for one in CASS.sets.values():
        for node in one.leaves():
            leaf = node.indicator
            assert leaf.computed or leaf.answerable
            for language in ("zh", "en"):
                assert scoring_in_words(leaf.score, language)
                assert source_in_words(leaf, language)


def test_the_assumptions_are_all_there_with_another_way_and_a_place_left_open():
    assert set(CASS.assumptions) == {
        "inquiry_bands", "absence_rule", "complaint_denominator", "case_handling_rule",
        "closure_zero", "review_unit", "answer_precedence", "recovery_cap", "recovered_when",
        "reversal_denominator", "period_membership", "late_discharge", "not_applicable_weight",
        "grade_bands", "excused_counts",
    }  # fmt: skip
    for one in CASS.assumptions.values():
        assert one.alternatives and one.value not in one.alternatives
        assert one.reason.zh and one.reason.en and one.left_open


def test_the_bands_of_the_query_never_rise_with_delay():
    for choice in CASS.assumptions["inquiry_bands"].choices.values():
        scores = choice.settings["scores"]
        assert len(scores) == 5
        assert scores == sorted(scores, reverse=True)
        assert (scores[0], scores[-1]) == (100, 0)


def test_another_choice_leaves_the_edition_itself_alone():
    other = CASS.assuming(period_membership="start", recovery_cap="uncapped")
    assert other.assumptions["period_membership"].value == "start"
    assert other.assumptions["recovery_cap"].settings == {}
    assert CASS.assumptions["period_membership"].value == "due"
    with pytest.raises(KeyError):
        CASS.assuming(period_membership="whenever")


def test_a_leaf_is_found_by_its_id_and_a_branch_is_not_a_leaf():
    assert CASS.leaf("basic.1.3.1").zh == "网络查询及时性"
    assert CASS.leaf("basic.1.3") is None


def test_an_edition_can_be_limited_to_one_level():
    assert list(limited_to(CASS, "high").sets) == ["high"]
    assert limited_to(CASS, None) == CASS
    with pytest.raises(WrongUse):
        limited_to(CASS, "county")


def test_an_unknown_edition_is_refused_with_those_there_are():
    published = ("cass-2017", "cass-2018", "core-3+1", "triplet-2024", "wuhan-2016")
    assert available_editions() == published
    with pytest.raises(WrongUse) as error:
        load_edition("cass-1997")
    assert "cass-2017" in error.value.remedy.zh


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A user's own edition, at first a copy of the published one."""
    with resources.as_file(resources.files("zhiheng.indexes") / "data" / "cass-2017") as home:
        return Path(shutil.copytree(home, tmp_path / "own"))


def edit(own: Path, name: str, old: str, new: str) -> None:
    text = (own / name).read_text(encoding="utf-8")
    assert old in text
    (own / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_users_own_edition_is_read_from_its_directory(own: Path):
    (own / "supreme.yaml").unlink()
    edit(own, "edition.yaml", "id: cass-2017", "id: ours")
    assert list(load_edition(own).sets) == ["high", "intermediate", "basic"]


def test_an_unsound_edition_can_be_read_but_not_loaded(own: Path):
    edit(own, "basic.yaml", "weight: 35", "weight: 36")
    assert read_edition(own)
    with pytest.raises(BadInput) as error:
        load_edition(own)
    assert "101" in error.value.what.zh and "101" in error.value.what.en


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("basic.yaml", "weight: 35", "wieght: 35", "wieght"),
        ("basic.yaml", "weight: 35", "weight: heavy", "weight"),
        ("basic.yaml", "weight: 35", "weight: 35\n    weight: 36", "twice"),
        ("basic.yaml", "method: share", "method: guess", "guess"),
        ("basic.yaml", "level: basic", "level: [basic", "basic.yaml"),
        ("assumptions.yaml", "value: equal_steps", "values: equal_steps", "value"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_place(own: Path, name, old, new, said):
    edit(own, name, old, new)
    with pytest.raises(BadInput) as error:
        read_edition(own)
    assert said in str(error.value)


def test_an_edition_without_its_assumptions_is_refused(own: Path):
    (own / "assumptions.yaml").unlink()
    with pytest.raises(BadInput) as error:
        read_edition(own)
    assert error.value.place == "assumptions.yaml"


@pytest.mark.parametrize("name", available_editions())
def test_every_duty_and_document_an_edition_names_is_in_the_law(name: str):
    law, edition = load_law(), load_edition(name)
    leaves = [node.indicator for one in edition.sets.values() for node in one.leaves()]
    named = {duty for leaf in leaves for duty in leaf.score.duties}
    assert [duty for duty in sorted(named) if law.find(duty) is None] == []
    cited = [*edition.cites, *(edition.group.cites if edition.group else ())]
    for one in (*edition.differences.values(), *edition.assumptions.values()):
        cited += getattr(one, "places", ()) or getattr(one, "left_open", ())
    cited += [cite for one in edition.sets.values() for line in one.lines for cite in line.cites]
    assert {citation.document for citation in cited} <= law.documents.keys()
