"""What the engine would ignore or could not judge is refused; what it reads is taken."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from zhiheng.law.load import law_from
from zhiheng.law.model import DutyKind, Law, Version
from zhiheng.law.sound import ALWAYS, HEEDED, NEEDED, version_faults

CITE = {"document": "rule", "place": "art. 1"}
MINIMAL: dict[str, dict[str, Any]] = {
    "deadline": {"stop": ["closed"], "within": {"days": 7}},
    "presence": {"stop": ["closed"]},
    "condition": {"requires": {"closed": "present"}},
    "prohibition": {"forbidden_when": {"closed": "present"}},
    "recurring": {"stop": ["closed"], "every": {"days": 7}, "during": {"days": 28}},
    "recent": {"stop": ["closed"], "within": {"months": 3}},
    "composite": {"all_of": [{"duty": "other"}]},
}


def duty(name: str, kind: str, per: str = "case", **version: Any) -> dict[str, Any]:
    whole = {"valid_from": "2017-05-01", "start": ["filed"], "cites": [CITE], **version}
    given = {"id": name, "kind": kind, "per": per, "nature": "local", "summary": "x"}
    return {**given, "title": {"zh": "甲", "en": "A"}, "versions": [whole]}


def faults(kind: str, per: str = "case", **version: Any) -> list[str]:
    """What is wrong with one duty that says what its kind needs and `version` beside it."""
    both = [duty("one", kind, per, **{**MINIMAL[kind], **version})]
    both.append(duty("other", "presence", stop=["closed"]))
    documents = {"rule": {"title": {"zh": "甲", "en": "A"}, "issuer": "x", "issued": "2017-01-01"}}
    law = msgspec.convert(
        {"documents": documents, "assumptions": {}, "duties": {one["id"]: one for one in both}}, Law
    )
    one = law.duties["one"]
    return list(version_faults(one, one.versions[0], law))


@pytest.mark.parametrize("kind", MINIMAL)
def test_a_duty_that_says_what_its_kind_needs_is_sound(kind: str) -> None:
    assert faults(kind) == []


def test_every_kind_and_every_field_is_spoken_for() -> None:
    kinds = set(DutyKind.__args__)  # type: ignore[attr-defined]
    assert set(HEEDED) == set(NEEDED) == set(MINIMAL) == kinds
    assert ALWAYS.union(*HEEDED.values()) == set(Version.__struct_fields__)


@pytest.mark.parametrize(
    ("kind", "version", "said"),
    [
        ("deadline", {"requires": {"closed": "present"}}, "`requires` means nothing to a deadline"),
        ("condition", {"within": {"days": 1}}, "`within` means nothing to a condition"),
        ("recent", {"clock_stops": [{"kind": "stay"}]}, "means nothing to a recent"),
        ("recent", {"within": {"working_days": 5}}, "counted back in days or months"),
        ("recent", {"within": {"days": 5, "roll": True}}, "never rolls"),
        ("recent", {"stop": ["case.closed"]}, "only nodes of its own"),
        ("recurring", {"stop": ["party.sanction"]}, "only nodes of its own"),
        ("recurring", {"during": {"months": 1}}, "in different units"),
        ("recurring", {"during": {"days": 6}}, "there would be no window"),
        (
            "deadline",
            {"within_field": {"field": "entrustment.days_set", "unit": "days"}},
            "exclude each other",
        ),
        (
            "deadline",
            {
                "within": None,
                "within_field": {"field": "entrustment.days_set", "unit": "days"},
                "within_when": [{"when": {"case.kind": ["first"]}, "within": {"days": 1}}],
            },
            "`within_when` cannot be combined with `within_field`",
        ),
        ("deadline", {"at_least": {"days": 1}, "more_than": {"days": 2}}, "exclude each other"),
        ("deadline", {"at_least": {"days": 1}, "bands": [{"days": 2}]}, "`bands` cannot"),
        (
            "deadline",
            {"within": None, "at_least": {"days": 1}, "discharged_by": ["closed"]},
            "`discharged_by` means nothing without `within`",
        ),
        ("deadline", {"discharge_holds": True}, "without `discharged_by`"),
        ("presence", {"only_if_done": True, "discharged_by": ["archived"]}, "with `only_if_done`"),
        ("presence", {"by": {"node": "closed", "grace": "guess"}}, "unknown assumption guess"),
        ("deadline", {"within": {"hours": 1}, "at_least": {"days": 1}}, "hours cannot be combined"),
        ("condition", {"requires": {"case.kind": []}}, "case.kind allows no value"),
        ("condition", {"requires": {"any_of": []}}, "offers no choice"),
        ("condition", {"requires": {"any_of": [{}]}}, "asks nothing"),
        ("condition", {"requires": {"case.kind": "first"}}, "neither a list, a comparison nor"),
        ("condition", {"requires": {"case.paid": {}}}, "is compared with nothing"),
        ("condition", {"requires": {"case.paid": {"eq": 5}}}, "unknown comparison eq"),
        ("condition", {"requires": {"case.paid": {"ge": "5"}}}, "is no number, no $field"),
        ("condition", {"requires": {"case.paid": {"ge": {"percent": 5}}}}, "no share"),
        ("condition", {"unless": {"any_of": [{"case.kind": []}]}}, "allows no value"),
        ("composite", {"all_of": [{}]}, "either a duty or a choice"),
        ("composite", {"all_of": [{"any_of": [{"duty": "other"}]}]}, "at least two"),
        (
            "composite",
            {"all_of": [{"any_of": [{"duty": "other"}, {"any_of": [{"duty": "other"}]}]}]},
            "cannot hold another choice",
        ),
    ],
)
def test_what_would_go_unheeded_is_refused(kind: str, version: dict[str, Any], said: str) -> None:
    found = faults(kind, **version)
    assert any(said in fault for fault in found), found


def test_a_composite_is_per_case() -> None:
    assert "a composite is per case" in faults("composite", "party")


def test_a_law_with_such_a_version_is_not_loaded() -> None:
    raw = {"documents": {}, "duties": [duty("one", "condition", requires={"case.kind": []})]}
    with pytest.raises(Exception, match="allows no value"):
        law_from(raw, "x")
