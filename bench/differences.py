"""Why two checks of one limit disagree on a case: calendar days against elapsed seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

SECONDS_A_DAY = 86_400
SECONDS_AN_HOUR = 3_600

CLOCKS = "the clocks were put back between the two days: {limit} days and one hour elapsed"
TIME_OF_DAY = "the time of day: {days} calendar days are not {days} times 24 hours"
SEVERAL = "the activities occur more than once; here the first of each counts, there any pair"
NO_PAIR = "one side sees no such pair of events"
UNEXPLAINED = "not explained"


def explained(
    cases: Iterable[str], days: Mapping[str, int], elapsed: Mapping[str, list[float]], limit: int
) -> dict[str, int]:
    """How many cases differ for which reason.

    Args:
        days: case → calendar days from the first to the second activity, as we count.
        elapsed: case → elapsed seconds of every pair, as the other side has them.
        limit: days.
    """
    return dict(Counter(reason(case, days, elapsed, limit) for case in cases).most_common())


def reason(
    case: str, days: Mapping[str, int], elapsed: Mapping[str, list[float]], limit: int
) -> str:
    """Why one case differs."""
    pairs = elapsed.get(case, [])
    if case not in days or not pairs:
        return NO_PAIR
    if len(pairs) > 1:
        return SEVERAL
    beyond = pairs[0] - days[case] * SECONDS_A_DAY
    in_days, in_seconds = days[case] <= limit, pairs[0] <= limit * SECONDS_A_DAY
    if in_days == in_seconds:
        return UNEXPLAINED
    if beyond == SECONDS_AN_HOUR:
        return CLOCKS.format(limit=limit)
    return TIME_OF_DAY.format(days=days[case])
