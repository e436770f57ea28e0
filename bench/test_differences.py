"""Why calendar days and elapsed seconds disagree on a case."""

from bench.differences import (
    CLOCKS,
    NO_PAIR,
    SECONDS_A_DAY,
    SEVERAL,
    UNEXPLAINED,
    explained,
    reason,
)

DAY, HOUR = float(SECONDS_A_DAY), 3600.0


def of(days: int, *seconds: float) -> str:
    return reason("A1", {"A1": days}, {"A1": list(seconds)}, 90)


def test_the_ninetieth_day_across_the_end_of_summer_time_is_ninety_days_and_an_hour() -> None:
    assert of(90, 90 * DAY + HOUR) == CLOCKS.format(limit=90)


def test_the_day_after_the_limit_less_an_hour_is_late_on_both_sides() -> None:
    assert of(91, 91 * DAY - HOUR) == UNEXPLAINED


def test_a_later_hour_of_the_last_day_is_beyond_the_limit_in_seconds_only() -> None:
    assert of(90, 90 * DAY + 2 * HOUR).startswith("the time of day: 90 calendar days")


def test_an_early_hour_of_the_day_after_is_inside_the_limit_in_seconds_only() -> None:
    assert of(91, 90 * DAY - 2 * HOUR).startswith("the time of day: 91 calendar days")


def test_a_case_with_several_pairs_is_told_apart() -> None:
    assert of(95, 95 * DAY, 10 * DAY) == SEVERAL


def test_a_case_one_side_knows_nothing_of_is_told_apart() -> None:
    assert reason("A1", {}, {"A1": [DAY]}, 90) == NO_PAIR
    assert reason("A1", {"A1": 1}, {}, 90) == NO_PAIR


def test_cases_are_counted_by_their_reason() -> None:
    days, elapsed = {"A": 90, "B": 90, "C": 90}, {"A": [90 * DAY + HOUR], "B": [90 * DAY + HOUR]}
    assert explained(["A", "B", "C"], days, elapsed, 90) == {CLOCKS.format(limit=90): 2, NO_PAIR: 1}
