"""The loader refuses a law that could not be defended, and says what is wrong with it."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from zhiheng.errors import BadInput
from zhiheng.law.load import law_from, load_law, read_yaml

CITE = {"document": "rule", "place": "art. 1"}
VERSION = {
    "valid_from": "2017-05-01",
    "start": ["filed"],
    "stop": ["closed"],
    "within": {"days": 7},
    "cites": [CITE],
}
RAW: dict[str, Any] = {
    "documents": {
        "rule": {"title": {"zh": "规定", "en": "Rule"}, "issuer": "court", "issued": "2017-01-01"}
    },
    "duties": [
        {
            "id": "act.done",
            "title": {"zh": "办理", "en": "Act"},
            "per": "case",
            "kind": "deadline",
            "nature": "statutory",
            "summary": "The act is done.",
            "versions": [VERSION],
        }
    ],
}


def law_with(**changes: Any) -> dict[str, Any]:
    """The sound law with its duty changed."""
    raw = copy.deepcopy(RAW)
    raw["duties"][0].update(changes)
    return raw


def versions(*changes: dict[str, Any]) -> dict[str, Any]:
    return law_with(versions=[{**VERSION, **change} for change in changes])


def composite(*members: str) -> dict[str, Any]:
    raw = copy.deepcopy(RAW)
    version = {"valid_from": "2017-05-01", "start": ["filed"], "cites": [CITE]}
    version["all_of"] = [{"duty": name} for name in members]
    raw["duties"].append({**raw["duties"][0], "id": "all", "kind": "composite"})
    raw["duties"][-1]["versions"] = [version]
    return raw


def test_composites_made_of_one_another_are_refused() -> None:
    raw = composite("act.done", "other")
    raw["duties"].append({**copy.deepcopy(raw["duties"][-1]), "id": "other"})
    raw["duties"][-1]["versions"][0]["all_of"] = [{"duty": "all"}]
    with pytest.raises(BadInput, match="it is made of other, which is made of it"):
        law_from(raw, "law.yaml")


def without(name: str) -> dict[str, Any]:
    raw = copy.deepcopy(RAW)
    del raw["duties"][0][name]
    return raw


def test_a_sound_law_is_taken() -> None:
    assert list(law_from(RAW, "law.yaml").duties) == ["act.done"]


def test_the_law_the_product_ships_with_is_sound() -> None:
    assert len(load_law().duties) > 20


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (versions({"cites": []}), "the version of 2017-05-01 cites nothing"),
        (
            versions({"cites": [{"document": "lost", "place": "art. 1"}]}),
            "cites an unknown document lost",
        ),
        (
            versions({"valid_to": "2018-06-30"}, {"valid_from": "2018-06-30"}),
            "the versions of 2017-05-01 and 2018-06-30 overlap",
        ),
        (
            versions({}, {"valid_from": "2018-07-01"}),
            "the versions of 2017-05-01 and 2018-07-01 overlap",
        ),
        (
            versions({"valid_to": "2018-06-30"}, {"valid_from": "2018-07-02"}),
            "there is a gap before the version of 2018-07-02",
        ),
        (versions(), "it has no version"),
        (versions({"within": None}), "sets no limit"),
        (versions({"stop": []}), "needs `stop`"),
        (composite("act.done", "nobody"), "unknown member nobody"),
        (composite(), "needs `all_of`"),
        (
            versions({"within": {"hours": 48}, "bands": [{"days": 9}]}),
            "hours cannot be combined with `bands`",
        ),
        (law_with(assumptions=["guess"]), "unknown assumption guess"),
        ({**RAW, "duties": RAW["duties"] * 2}, "act.done: the id is used twice"),
        ({**RAW, "duties": []}, "there is no duty at all"),
        (without("summary"), "missing required field `summary`"),
        (without("nature"), "missing required field `nature`"),
        (law_with(kind="wish"), "Invalid enum value 'wish'"),
        (law_with(remark="x"), "unknown field `remark`"),
        (versions({"within": {"days": 7, "months": 1}}), "a limit has exactly one of"),
    ],
)
def test_a_law_that_could_not_be_defended_is_refused_with_its_fault(
    raw: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadInput) as refused:
        law_from(raw, "law.yaml")
    assert said in refused.value.what.en
    assert refused.value.place == "law.yaml"


def test_every_fault_is_named_at_once() -> None:
    raw = versions({"cites": [], "within": None})
    with pytest.raises(BadInput) as refused:
        law_from(raw, "law.yaml")
    assert "cites nothing" in refused.value.what.en
    assert "sets no limit" in refused.value.what.en


def test_versions_that_follow_day_on_day_are_taken() -> None:
    raw = versions({"valid_to": "2018-06-30"}, {"valid_from": "2018-07-01"})
    assert len(law_from(raw, "law.yaml").duties["act.done"].versions) == 2


def test_a_file_that_is_no_yaml_is_refused_with_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "law.yaml"
    file.write_text("duties: [\n", encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_yaml(file)
    assert "line 2" in refused.value.what.en
    assert refused.value.place.endswith("law.yaml")
