"""The screens as data: each says what it finds, why, and on what its parameters rest."""

from __future__ import annotations

import msgspec
import pytest

from zhiheng.errors import BadInput
from zhiheng.law.load import load_law
from zhiheng.law.model import Citation, Limit, Text
from zhiheng.law.rulebook import load_rulebook
from zhiheng.law.screens import Parameter, Screen, check_screens, load_screens


def changed(screen: str, **fields: object) -> dict[str, Screen]:
    return {screen: msgspec.structs.replace(load_screens()[screen], **fields)}


def test_the_screens_shipped_are_sound() -> None:
    check_screens(load_screens(), load_law())


def test_every_row_a_screen_bears_is_in_the_rulebook() -> None:
    rows = {one.rulebook for one in load_screens().values() if one.rulebook}
    assert rows == {"G01", "G02", "G03", "A14", "A32"}
    assert rows <= set(load_rulebook().rows)


def test_three_months_are_those_of_the_duty() -> None:
    limit = load_screens()["closing.spike"].parameters["limit"]
    duty = load_law().duties["closure.three_months"].versions[-1]
    assert Limit(months=limit.value).count == (duty.more_than or Limit(months=0)).count
    assert limit.cites[0].document in {cite.document for cite in duty.cites}


def test_another_choice_changes_the_parameters() -> None:
    law = load_law().assuming({"late_entry": "days_7"})
    assert load_screens()["entry.late"].settings(load_law()) == {"more_than": 1}
    assert load_screens()["entry.late"].settings(law) == {"more_than": 7}


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"details": {}}, "it finds nothing"),
        ({"cites": (), "parameters": {}}, "it neither cites anything nor says what it assumes"),
        ({"cites": (Citation("nowhere", "1"),)}, "it cites an unknown document nowhere"),
        ({"parameters": {"x": Parameter("days", 3)}}, "x: it needs a value and a citation"),
        ({"parameters": {"x": Parameter("days", assumption="y")}}, "x: unknown assumption y"),
        (
            {"parameters": {"x": Parameter("days", assumption="luck")}},
            "x: the choice line_90 of luck does not set it",
        ),
    ],
)
def test_a_screen_that_could_not_be_defended_is_refused(
    fields: dict[str, object], fault: str
) -> None:
    with pytest.raises(BadInput, match=fault):
        check_screens(changed("entry.late", **fields), load_law())


def test_titles_are_in_both_languages() -> None:
    for screen in load_screens().values():
        for text in (screen.title, screen.finds, screen.why):
            assert isinstance(text, Text) and text.zh and text.en
