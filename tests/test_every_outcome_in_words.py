"""Every case beside the law is explained in one paragraph, in words, in both languages."""

from __future__ import annotations

import re

import msgspec
import pytest

from law_cases import day_of, frame_of, judged_members
from zhiheng.calendar import load_calendar
from zhiheng.checks.composite import check_composite
from zhiheng.checks.duty import check
from zhiheng.checks.explain import Explanation, explain
from zhiheng.checks.setting import Setting
from zhiheng.checks.wording import paragraph
from zhiheng.law.load import load_law
from zhiheng.law.model import Duty

IDENTIFIER = re.compile(r"\b[a-z]+[_.][a-z_]+\b|\bNone\b")
"""What only the program calls something: a reader must never meet it."""


def explained(duty: Duty) -> list[Explanation]:
    found = []
    for case in duty.cases:
        setting = Setting(load_law(), load_calendar(), day_of(case["as_of"]))
        frame = frame_of(duty, case)
        if duty.kind == "composite":
            outcomes = check_composite(duty, frame, setting, judged_members(case))
        else:
            outcomes = check(duty, frame, setting)
        found.append(explain(duty, frame, outcomes, 0, setting))
    return found


@pytest.mark.parametrize("duty", load_law().duties.values(), ids=lambda duty: duty.id)
def test_a_duty_is_explained_without_the_names_only_the_program_knows(duty: Duty) -> None:
    for explanation in explained(duty):
        for language in ("zh", "en"):
            said = paragraph(explanation, load_law(), language)
            assert duty.title.in_language(language)[:6] in said
            assert not IDENTIFIER.findall(said), said
            assert "\n" not in said
        assert msgspec.json.encode(explanation)
