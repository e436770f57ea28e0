from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.calendar import from_day, to_day
from zhiheng.intake.moments import DAY_ONLY, NO_MINUTE, WALL_CLOCK, WITH_OFFSET, read_moment


@pytest.mark.parametrize(
    ("text", "day", "minute", "kind"),
    [
        ("2018-03-05", "2018-03-05", NO_MINUTE, DAY_ONLY),
        ("2018/3/5", "2018-03-05", NO_MINUTE, DAY_ONLY),
        ("2018年3月5日", "2018-03-05", NO_MINUTE, DAY_ONLY),
        ("2018-03-05 09:30", "2018-03-05", 570, WALL_CLOCK),
        ("2018年3月5日 9时30分", "2018-03-05", 570, WALL_CLOCK),
        ("2018-03-05T09:30:59.999", "2018-03-05", 570, WALL_CLOCK),
        ("2018-03-05T09:30:00.000+08:00", "2018-03-05", 570, WITH_OFFSET),
        ("2018-03-05T09:30:00Z", "2018-03-05", 570, WITH_OFFSET),
        (" 2018-03-05T09:30:00+0800 ", "2018-03-05", 570, WITH_OFFSET),
        ("2016-02-29", "2016-02-29", NO_MINUTE, DAY_ONLY),
    ],
)
def test_a_time_gives_the_day_and_minute_that_are_written(
    text: str, day: str, minute: int, kind: int
) -> None:
    found = read_moment(text)
    assert found is not None
    assert (from_day(found.day).isoformat(), found.minute, found.kind) == (day, minute, kind)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2018-02-29",
        "2018-13-01",
        "2018-00-10",
        "0000-01-01",
        "05/03/2018",
        "2018-03-05T24:00:00",
        "2018-03-05T09:60:00",
        "2018-03-05T09:30:60",
        "2018-03-05T09:30:00+15:00",
        "2018-03-05T09:30:00+08:75",
        "2018-03-05T",
        "2018-03-05T09",
        "yesterday",
        "٢٠١٨-٠٣-٠٥",
    ],
)
def test_what_does_not_exist_or_is_ambiguous_is_not_read(text: str) -> None:
    assert read_moment(text) is None


def test_midnight_and_late_evening_stay_on_their_own_day_whatever_the_offset() -> None:
    for offset in ("-11:00", "-05:00", "Z", "+01:00", "+08:00", "+14:00"):
        for time in ("00:00", "23:59"):
            found = read_moment(f"2018-03-05T{time}:00{offset}")
            assert found is not None
            assert from_day(found.day) == date(2018, 3, 5)


def test_the_repeated_hour_at_the_end_of_summer_time_is_ordered_by_its_offset() -> None:
    summer, winter = (
        read_moment("2012-10-28T02:50:00+02:00"),
        read_moment("2012-10-28T02:10:00+01:00"),
    )
    assert summer is not None
    assert winter is not None
    assert summer.order < winter.order


@given(st.datetimes(min_value=datetime(1900, 1, 1)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_the_civil_day_and_minute_are_those_written_on_the_spot(
    local: datetime, minutes: int
) -> None:
    aware = local.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    found = read_moment(aware.isoformat())
    assert found is not None
    assert (found.day, found.minute) == (to_day(local.date()), local.hour * 60 + local.minute)
    assert found.utc == (minutes == 0)
