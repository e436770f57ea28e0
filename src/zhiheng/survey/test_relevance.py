"""Conditions of a form: those understood, those left unknown."""

from __future__ import annotations

import pytest

from zhiheng.survey.relevance import condition

ANSWERS = {"a": ("yes",), "m": ("x", "y"), "n": ("7",)}
KNOWN = dict.fromkeys(("a", "m", "n", "empty"))


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("${a} = 'yes'", True),
        ('${a}="no"', False),
        ("${a} != 'no'", True),
        ("${empty} = ''", True),
        ("${empty} = 'yes'", False),
        ("selected(${m}, 'y')", True),
        ("selected( ${m} ,'z' )", False),
        ("selected(${empty}, 'z')", False),
        ("${n} >= 7 and ${n} < 8", True),
        ("${n} > 7", False),
        ("${n} <= 6.5 or ${a} = 'yes'", True),
        ("${empty} > 0", False),
        ("not(${a} = 'yes')", False),
        ("not(selected(${m}, 'z')) and (${a} = 'no' or ${n} = '7')", True),
        ("${a} = 'no' and ${a} = 'no' or ${a} = 'yes'", True),
    ],
)
def test_a_condition_holds_or_not(text: str, holds: bool) -> None:
    test = condition(text, KNOWN)
    assert test is not None
    assert test(ANSWERS) is holds


@pytest.mark.parametrize(
    "text",
    [
        "${name} = 'x'", "count(${m}) > 1", "${a} = 'yes' and", "${a} =", "(${a} = 'yes'", "",
        "${n} + 1 > 2", "${a} = 'yes' )", "selected(${a}", "'a' 'b' 'c'", "today() > ${n}", "&",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_unknown(text: str) -> None:
    assert condition(text, KNOWN) is None
