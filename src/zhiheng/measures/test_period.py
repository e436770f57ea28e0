"""Which outcomes belong to a period."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from zhiheng.calendar import MISSING
from zhiheng.checks.outcomes import Outcomes, blank
from zhiheng.measures.period import Membership, Period, belonging

PERIOD = Period(100, 199)


def one(start: int = MISSING, due: int = MISSING, stop: int = MISSING) -> Outcomes:
    days = {"start": start, "due": due, "stop": stop}
    return replace(blank(1), **{name: np.array([day], np.int32) for name, day in days.items()})


@pytest.mark.parametrize(
    ("outcomes", "membership", "expected"),
    [
        (one(start=50, due=100), "due", True),
        (one(start=50, due=99), "due", False),
        (one(start=150, due=199), "due", True),
        (one(start=150, due=200), "due", False),
        (one(start=50, stop=120), "due", True),
        (one(start=120), "due", True),
        (one(start=100, due=300), "start", True),
        (one(start=99, due=150), "start", False),
        (one(stop=150), "start", True),
        (one(start=150, due=160, stop=200), "stop", False),
        (one(start=50, due=60, stop=199), "stop", True),
        (one(), "due", False),
    ],
)
def test_a_duty_belongs_to_the_period_of_its_day(
    outcomes: Outcomes, membership: Membership, expected: bool
) -> None:
    assert bool(belonging(outcomes, "deadline", membership, PERIOD, 199)[0]) is expected


def test_a_recurring_duty_is_judged_up_to_the_day_of_the_check() -> None:
    outcomes = one(start=50, due=400)
    assert belonging(outcomes, "recurring", "due", PERIOD, 180)[0]
    assert not belonging(outcomes, "deadline", "due", PERIOD, 180)[0]
