"""The editions with lines: what they draw, what they rest on, how one is laid over another."""

import shutil
from importlib import resources
from pathlib import Path

import msgspec
import pytest

from zhiheng.errors import BadInput
from zhiheng.indexes.answer_sheet import write_answer_sheet
from zhiheng.indexes.answers import Court
from zhiheng.indexes.editions import load_edition, read_edition
from zhiheng.indexes.model import Edition
from zhiheng.indexes.verify import verify

CASS, REVISED, CORE, THREE, WUHAN = (
    load_edition(name)
    for name in ("cass-2017", "cass-2018", "core-3+1", "triplet-2024", "wuhan-2016")
)
replace = msgspec.structs.replace


def test_the_core_lines_are_three_of_ninety_and_one_of_eighty():
    for one in CORE.sets.values():
        assert [line.at_least for line in one.lines] == [90, 90, 90, 80]
    assert CORE.verdict == "lines" and CORE.group.at_least == 90


def test_the_plus_one_can_be_read_in_two_ways():
    plus_one = CORE.assumptions["plus_one"]
    figures = {name: choice.settings["figures"] for name, choice in plus_one.choices.items()}
    assert figures == {
        "three_years": ["overall_closing_rate"],
        "sum_of_two": ["provisional_closure_share", "in_limit_satisfaction_rate"],
    }


def test_the_revision_leaves_tables_and_weights_as_they_were_and_adds_three_vetoes():
    for level, one in REVISED.sets.items():
        assert one.parts == CASS.sets[level].parts and one.counts == CASS.sets[level].counts
    assert [(line.at_least, line.missed) for line in REVISED.sets["basic"].lines] == [
        (90, "veto")
    ] * 3
    assert not REVISED.sets["high"].lines
    assert REVISED.assumptions.keys() - CASS.assumptions.keys() == {"sample_decision"}
    assert set(REVISED.assumptions["sample_decision"].choices) == {
        "point", "lower_bound", "upper_bound",
    }  # fmt: skip


def test_what_stands_beside_the_tree_is_a_leaf_without_weight():
    basic = REVISED.sets["basic"]
    beside = [node for node in basic.leaves() if node.indicator.id.startswith("basic.veto")]
    assert [(node.effective, node.parent) for node in beside] == [(0, "")] * 3
    assert sum(node.effective for node in basic.leaves()) == pytest.approx(1)
    assert REVISED.leaf("basic.veto.1").zh == "无财产案件办理合格率"


def test_a_figure_of_a_line_can_be_answered_from_a_file_review(tmp_path: Path):
    court = [Court("陕0102", "西安市新城区人民法院", "basic")]
    rows = write_answer_sheet(tmp_path / "a.xlsx", REVISED, court)
    assert rows == write_answer_sheet(tmp_path / "b.xlsx", CASS, court) + 3


def test_the_three_of_2024_are_reported_without_a_threshold():
    lines = [line for one in THREE.sets.values() for line in one.lines]
    assert len(lines) == 6 and not any(line.judged for line in lines)
    assert THREE.verdict is None


def test_the_wuhan_plan_has_nine_indicators_of_equal_weight():
    for one in WUHAN.sets.values():
        effective = [node.effective for node in one.leaves()]
        assert effective == pytest.approx([1 / 9] * 9)
    assert "equal_weights" in WUHAN.assumptions
    grades = WUHAN.assumptions["grade_bands"].settings["grades"]
    assert [grade.get("above", grade.get("from")) for grade in grades] == [90, 80, 70, 0]
    answered = {n.indicator.zh for n in WUHAN.sets["basic"].leaves() if not n.indicator.computed}
    assert answered == {"执行公开率", "国家赔偿率"}


@pytest.mark.parametrize("edition", [REVISED, CORE, THREE, WUHAN], ids=lambda one: one.id)
def test_every_published_edition_is_sound(edition: Edition):
    assert verify(edition) == []


def with_line(**changes: object) -> Edition:
    basic = CORE.sets["basic"]
    lines = (replace(basic.lines[0], **changes), *basic.lines[1:])
    return replace(CORE, sets={**CORE.sets, "basic": replace(basic, lines=lines)})


@pytest.mark.parametrize(
    "changes",
    [
        {"cites": ()},
        {"at_least": 900.0},
        {"at_least": 90.0, "at_most": 80.0},
        {"at_least": None, "missed": "veto"},
        {"leaf": None},
        {"assumption": "plus_one"},
        {"leaf": "basic.core.9"},
        {"leaf": None, "assumption": "mood"},
        {"leaf": None, "assumption": "late_discharge"},
    ],
)
def test_a_line_that_is_not_sound_is_found(changes: dict[str, object]):
    assert {flaw.place for flaw in verify(with_line(**changes))} == {"property"}


def test_a_verdict_needs_lines_and_a_line_an_id_of_its_own():
    assert [flaw.place for flaw in verify(replace(CASS, verdict="lines"))] == ["cass-2017"]
    assert [flaw.place for flaw in verify(with_line(id="overall"))] == ["overall"]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    with resources.as_file(resources.files("zhiheng.indexes") / "data" / "triplet-2024") as home:
        return Path(shutil.copytree(home, tmp_path / "own"))


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_ones_own_edition_may_state_the_intervals_that_are_not_published(own: Path):
    edit(
        own / "shared.yaml", "leaf: '{level}.three.1'", "leaf: '{level}.three.1'\n    at_least: 30"
    )
    lines = load_edition(own).sets["intermediate"].lines
    assert lines[0].at_least == 30 and lines[0].judged


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("assumptions_of: cass-2017", "extends: cass-1997"),
        ("assumptions_of: cass-2017", "extends: cass-2018"),
        ("assumptions_of: cass-2017", "assumptions_of: ../own"),
    ],
)
def test_an_edition_rests_only_on_a_published_one_that_rests_on_none(own: Path, old, new):
    edit(own / "edition.yaml", old, new)
    with pytest.raises(BadInput):
        read_edition(own)


def test_weights_are_equal_only_where_the_edition_says_so_and_none_is_given(own: Path):
    edit(own / "shared.yaml", "    direction: positive", "    weight: 50\n    direction: positive")
    with pytest.raises(BadInput):
        read_edition(own)
