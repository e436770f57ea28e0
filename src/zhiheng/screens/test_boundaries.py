"""Each bound at the bound and one beside it."""

from __future__ import annotations

from datetime import date

import pytest

from zhiheng.calendar import to_day
from zhiheng.screens.allocation import latest_start
from zhiheng.screens.closings import end_rush_stands_out, spike_stands_out

WEEK = {"neighbours": 2, "one_in": 1000}


def day(text: str) -> int:
    return to_day(date.fromisoformat(text))


@pytest.mark.parametrize(
    ("last", "latest"),
    [
        ("2019-06-02", "2017-06-01"),  # two years had passed on 1 June, one day beyond
        ("2019-06-01", "2017-05-31"),
        ("2020-02-29", "2018-02-28"),
        ("2020-03-01", "2018-02-28"),
        ("2020-03-02", "2018-03-01"),
    ],
)
def test_more_than_two_years_is_one_day_beyond_them(last: str, latest: str) -> None:
    assert latest_start(day(last), 24) == day(latest)


@pytest.mark.parametrize(
    ("inside", "around", "found"),
    [(6, 6, False), (7, 7, True), (0, 0, False), (9, 12, False), (10, 12, True)],
)
def test_a_spike_needs_a_chance_of_one_in_a_thousand(inside: int, around: int, found: bool) -> None:
    # Seven out of seven: 3^-7 = 1/2187; six out of six: 1/729.
    assert spike_stands_out({"inside": inside, "around": around}, WEEK) is found


def test_withdrawals_count_against_how_many_closings_fell_in_the_last_days() -> None:
    quiet = {"closings": 100, "withdrawals": 4, "late_closings": 5, "late_withdrawals": 3}
    busy = {**quiet, "late_closings": 60}
    none = {**quiet, "withdrawals": 0, "late_withdrawals": 0}
    assert end_rush_stands_out(quiet, {"one_in": 1000})
    assert not end_rush_stands_out(busy, {"one_in": 1000})
    assert not end_rush_stands_out(none, {"one_in": 1000})
