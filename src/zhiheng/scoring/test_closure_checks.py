"""Checks of a deployed system, switched on one by one: only what fails by them changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.calendar import load_calendar, to_day
from zhiheng.checks import outcomes as o
from zhiheng.checks.composite import Judged, check_composite
from zhiheng.checks.frame import Frame
from zhiheng.checks.outcomes import Outcomes, blank
from zhiheng.checks.setting import Setting
from zhiheng.errors import BadInput
from zhiheng.indexes.editions import available_editions, load_edition
from zhiheng.law.load import load_law
from zhiheng.law.model import Law, members
from zhiheng.scoring.assumptions import choose, used

SOUND = "closure.compliant"
LAW = load_law()
PRACTICE = [name for name, duty in LAW.duties.items() if duty.nature == "practice"]
CASES = 200
CLOSED = to_day(date(2018, 6, 8))


def drawn(random: Random) -> dict[str, Judged]:
    """States of every duty that may be a member, on each of the cases."""
    found = {}
    for name in [*(one.duty for one in LAW.duties[SOUND].versions[-1].all_of), *PRACTICE]:
        outcomes = blank(CASES)
        likely = [o.MET, o.MET, o.MET, o.OVERDUE, o.UNDETERMINABLE]
        likely += [o.NOT_APPLICABLE] if name in PRACTICE else []
        outcomes.state[:] = random.choices(likely, k=CASES)
        found[name] = Judged(np.arange(CASES), outcomes)
    return found


def judged(law: Law, states: dict[str, Judged]) -> Outcomes:
    days = {"provisionally_closed": np.full(CASES, CLOSED, np.int32)}
    frame = Frame("case", np.arange(CASES), np.arange(CASES), days=days)
    setting = Setting(law, load_calendar(), CLOSED + 400)
    return check_composite(law.duties[SOUND], frame, setting, states)


def own_edition(folder: Path, checks: list[str]) -> Path:
    home = folder / "own"
    home.mkdir()
    core = "id: own\nzh: 自定\nen: own\npublished: '2026'\nextends: core-3+1\nverdict: lines\n"
    core += "cites: [{document: core-indicators-2018, place: 各项指标}]\n"
    asked = ", ".join(checks)
    core += f"also_required: {{closure.compliant: [{asked}]}}\n"
    (home / "edition.yaml").write_text(core, "utf-8")
    (home / "assumptions.yaml").write_text("{}\n", "utf-8")
    return home


@pytest.mark.parametrize("check", PRACTICE)
@settings(max_examples=3, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32 - 1))
def test_switching_a_check_on_changes_what_fails_only_because_of_it(check: str, seed: int) -> None:
    states = drawn(Random(seed))
    plain = judged(LAW, states).state
    switched = judged(LAW.requiring({SOUND: (check,)}), states).state
    own = states[check].outcomes.state
    fails_alone = (plain != o.OVERDUE) & (own == o.OVERDUE)
    assert ((switched == o.OVERDUE) & (plain != o.OVERDUE) == fails_alone).all()
    unknown_alone = (plain == o.MET) & (own == o.UNDETERMINABLE)
    assert ((plain != switched) == fails_alone | unknown_alone).all()
    assert fails_alone.any()


def test_by_default_no_published_edition_asks_for_more_than_the_rules() -> None:
    for name in available_editions():
        edition, law = choose(load_edition(name), LAW, {})
        assert law.duties[SOUND] == LAW.duties[SOUND]
        assert not any(one.id.startswith("also_required") for one in used(edition, law))


def test_an_edition_switches_checks_on_and_says_so(tmp_path: Path) -> None:
    home = own_edition(tmp_path, ["practice.recent_banks", "practice.amount_left"])
    edition, law = choose(load_edition(home), LAW, {})
    asked = [one.duty for version in law.duties[SOUND].versions for one in members(version)]
    assert asked[-2:] == ["practice.recent_banks", "practice.amount_left"]
    printed = next(one for one in used(edition, law) if one.id == f"also_required.{SOUND}")
    assert "practice.amount_left" in printed.value
    assert "尚未执行标的额大于零" in printed.value


def test_an_edition_that_asks_for_an_unknown_check_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"practice\.unheard_of"):
        load_edition(own_edition(tmp_path, ["practice.unheard_of"]))


@pytest.mark.parametrize(
    "choice, asked",
    [
        ("statute", {"closure.substance", "closure.procedure", "closure.registered"}),
        ("conditions", {"closure.substance", "closure.procedure"}),
    ],
)
def test_the_assumption_says_what_a_sound_closure_takes(choice: str, asked: set[str]) -> None:
    _, law = choose(load_edition("core-3+1"), LAW, {"closure_checks": choice})
    assert {one.duty for one in members(law.duties[SOUND].versions[-1])} == asked


def test_the_whole_of_the_practice_contains_every_check_before_the_closure() -> None:
    _, law = choose(load_edition("core-3+1"), LAW, {"closure_checks": "practice_whole"})

    def below(name: str) -> set[str]:
        inner = {one.duty for one in members(law.duties[name].versions[-1])}
        return inner.union(*(below(one) for one in inner))

    of_closures = {name for name in PRACTICE if name.startswith("practice.")}
    assert of_closures - below(SOUND) == {"practice.follow_up_quarterly"}
