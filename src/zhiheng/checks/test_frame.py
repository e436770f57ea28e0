"""Frames: the first of several nodes, its minute, and what was known on a day."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from zhiheng.calendar import MISSING
from zhiheng.checks.frame import (
    LAST_MINUTE,
    UNKNOWN_MINUTE,
    DayLists,
    Frame,
    Intervals,
    earliest,
    minutes_of,
    which_first,
)


def one(days: dict[str, int], minutes: dict[str, int] | None = None) -> Frame:
    return Frame(
        "asset",
        np.array([1]),
        np.array([1]),
        days={node: np.array([day], np.int32) for node, day in days.items()},
        minutes={node: np.array([at], np.int16) for node, at in (minutes or {}).items()},
    )


def test_the_earliest_of_several_nodes_counts_and_what_never_happened_does_not() -> None:
    frame = one({"sealed": 12, "seized": 10, "frozen": MISSING})
    assert earliest(frame, ("sealed", "seized", "frozen", "unheard_of"))[0] == 10
    assert earliest(frame, ("frozen", "unheard_of"))[0] == MISSING
    assert earliest(frame, ())[0] == MISSING


@pytest.mark.parametrize(
    ("minutes", "bounds"),
    [
        ({"sealed": 600, "seized": 660}, (600, 600)),
        ({"sealed": 600}, (0, 600)),
        ({"sealed": UNKNOWN_MINUTE, "seized": 660}, (0, 660)),
        ({}, (0, LAST_MINUTE)),
    ],
)
def test_of_two_nodes_on_one_day_a_missing_minute_may_be_the_earlier_one(
    minutes: dict[str, int], bounds: tuple[int, int]
) -> None:
    frame = one({"sealed": 10, "seized": 10}, minutes)
    least, most = minutes_of(frame, ("sealed", "seized"), np.array([10], np.int32))
    assert (least[0], most[0]) == bounds


def test_a_node_of_another_day_says_nothing_about_the_minute() -> None:
    frame = one({"sealed": 10, "seized": 11}, {"sealed": 600, "seized": 5})
    least, most = minutes_of(frame, ("sealed", "seized"), np.array([10], np.int32))
    assert (least[0], most[0]) == (600, 600)


def test_of_nodes_on_the_same_day_the_first_named_is_said_to_be_first() -> None:
    frame = one({"sealed": 10, "seized": 10, "frozen": 11})
    day = np.array([10], np.int32)
    assert which_first(frame, ("frozen", "seized", "sealed"), day)[0] == 2
    assert which_first(frame, ("frozen",), day)[0] == 0


def test_on_a_day_nothing_later_has_happened() -> None:
    lists = {"inquiry": DayLists(np.array([0, 0]), np.array([9, 11], np.int32))}
    frame = replace(one({"filed": 10, "closed": 11}), lists=lists).as_of(10)
    assert (frame.day("filed")[0], frame.day("closed")[0]) == (10, MISSING)
    assert list(frame.lists["inquiry"].day) == [9]


def test_an_interval_that_had_not_begun_is_unknown_and_one_that_had_not_ended_is_open() -> None:
    periods = Intervals(
        np.array([1, 1, 1]),
        np.array(["stay", "extension", "stay"]),
        np.array([5, 6, MISSING], np.int32),
        np.array([20, 30, 8], np.int32),
        np.array(["", "president", ""]),
    )
    assert list(periods.begun_by(4).first) == []
    assert list(periods.begun_by(6).last) == [20, 30]
    assert list(periods.begun_by(6).still_open(20).last) == [20, MISSING]
