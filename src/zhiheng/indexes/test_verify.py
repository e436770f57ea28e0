"""What `verify` finds wrong, one flaw at a time."""

from typing import Any

import msgspec
import pytest

from zhiheng.indexes.editions import load_edition
from zhiheng.indexes.model import Edition, ScoreRule
from zhiheng.indexes.verify import verify

CASS = load_edition("cass-2017")
replace = msgspec.structs.replace


def with_node(at: tuple[int, ...], **changes: Any) -> Edition:
    """The edition with one node of the basic set changed; `at` counts from 0."""

    def changed(parts, path):
        one = parts[path[0]]
        one = (
            replace(one, parts=changed(one.parts, path[1:]))
            if path[1:]
            else replace(one, **changes)
        )
        return (*parts[: path[0]], one, *parts[path[0] + 1 :])

    basic = CASS.sets["basic"]
    basic = replace(basic, parts=changed(basic.parts, at))
    return replace(CASS, sets={**CASS.sets, "basic": basic})


def test_the_published_edition_is_sound():
    assert verify(CASS) == []


QUERY, PRESENT, COUNT = (0, 2, 0), (0, 0, 0), (2, 6, 1)


@pytest.mark.parametrize(
    ("at", "changes", "flawed"),
    [
        ((0,), {"weight": 30}, "basic"),
        ((0, 2), {"weight": 21}, "basic.1"),
        (QUERY, {"weight": 50}, "basic.1.3"),
        (QUERY, {"id": "basic.1.3.2"}, "basic.1.3.2"),
        (QUERY, {"source": None}, "basic.1.3.1"),
        (QUERY, {"source": "questionnaire"}, "basic.1.3.1"),
        (QUERY, {"source": "website", "also": ()}, "basic.1.3.1"),
        (QUERY, {"also": ("system",)}, "basic.1.3.1"),
        (QUERY, {"source_grade": None}, "basic.1.3.1"),
        (QUERY, {"direction": None}, "basic.1.3.1"),
        (QUERY, {"direction": "negative"}, "basic.1.3.1"),
        (QUERY, {"score": None}, "basic.1.3.1"),
        (QUERY, {"place": None}, "basic.1.3.1"),
        (QUERY, {"question": None}, "basic.1.3.1"),
        (QUERY, {"score": ScoreRule("band", ("inquiry.network",))}, "basic.1.3.1"),
        (QUERY, {"score": ScoreRule("band", assumption="inquiry_bands")}, "basic.1.3.1"),
        (QUERY, {"score": ScoreRule("band", ("x",), assumption="mood")}, "basic.1.3.1"),
        (QUERY, {"score": ScoreRule("share")}, "basic.1.3.1"),
        (QUERY, {"score": ScoreRule("share", ("x",), "y")}, "basic.1.3.1"),
        (PRESENT, {"score": ScoreRule("presence", ("x",))}, "basic.1.1.1"),
        (PRESENT, {"reason": None}, "basic.1.1.1"),
        (PRESENT, {"reason": "none"}, "basic.1.1.1"),
        (COUNT, {"score": ScoreRule("absence")}, "basic.3.7.2"),
        ((0, 2), {"source": "system"}, "basic.1.3"),
    ],
)
def test_a_flaw_is_found_at_its_place(at, changes, flawed):
    assert flawed in [flaw.place for flaw in verify(with_node(at, **changes))]


def test_weights_that_sum_but_are_not_positive_are_found():
    basic = with_node((0, 2, 0), weight=100).sets["basic"]
    item = replace(basic.parts[0].parts[2].parts[1], weight=0)
    parts = (basic.parts[0].parts[2].parts[0], item)
    flaws = verify(with_node((0, 2), parts=parts))
    assert [flaw.place for flaw in flaws] == ["basic.1.3.2"]


def test_a_count_that_is_not_the_declared_one_is_found():
    sets = {**CASS.sets, "basic": replace(CASS.sets["basic"], counts=(4, 31, 58))}
    (flaw,) = verify(replace(CASS, sets=sets))
    assert flaw.place == "basic"
    assert "4/31/58" in flaw.what.zh and "4/31/59" in flaw.what.zh


def test_a_set_in_the_wrong_file_is_found():
    (flaw,) = verify(replace(CASS, sets={"high": CASS.sets["basic"]}))
    assert flaw.place == "high"


def test_an_empty_edition_is_not_sound():
    assert verify(replace(CASS, sets={}, cites=())) != []


def test_an_assumption_without_its_value_or_place_is_found():
    bad = replace(CASS.assumptions["grade_bands"], value="best", left_open=())
    flaws = verify(replace(CASS, assumptions={**CASS.assumptions, "grade_bands": bad}))
    assert [flaw.place for flaw in flaws] == ["grade_bands"] * 2


def test_an_assumption_every_evaluation_rests_on_may_not_be_missing():
    kept = {name: one for name, one in CASS.assumptions.items() if name != "late_discharge"}
    assert [flaw.place for flaw in verify(replace(CASS, assumptions=kept))] == ["late_discharge"]
