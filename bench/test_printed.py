"""The printed table and the words a size may be written in."""

import pytest

from bench.__main__ import as_data, cases_in
from bench.jobs import Row, beyond
from bench.measure import Measured
from bench.printed import HEADER, growth_lines, line

CHECK = Measured("check", 12.5, 20.25, 800.4)


def test_a_job_stands_beside_its_floor_and_how_many_times_it_is() -> None:
    printed = line(Row(CHECK, Measured("read", 2.5, 2, 100)))
    assert printed.split() == ["check", "12.50", "20.25", "800", "2.50", "5.0"]
    assert len(printed) == len(HEADER)


def test_a_job_without_a_floor_has_dashes() -> None:
    printed = line(Row(CHECK))
    assert printed.split()[-2:] == ["–", "–"]
    assert len(printed) == len(HEADER)


def test_the_growth_of_a_job_has_two_places_or_a_dash() -> None:
    told = list(growth_lines({"check": 1.043, "explain": None}))
    assert [row.split() for row in told[1:]] == [["check", "1.04"], ["explain", "–"]]


@pytest.mark.parametrize(
    ("text", "cases"), [("10k", 10_000), ("1m", 1_000_000), ("1M", 1_000_000), ("2000", 2000)]
)
def test_a_size_is_a_number_or_thousands_or_millions(text: str, cases: int) -> None:
    assert cases_in(text) == cases


@pytest.mark.parametrize("text", ["", "k", "ten", "10g"])
def test_another_word_is_no_size(text: str) -> None:
    with pytest.raises(ValueError):
        cases_in(text)


def test_what_building_takes_is_the_first_run_without_the_second() -> None:
    built = beyond(Measured("first", 30, 40, 900), CHECK, "timelines")
    assert (built.wall, built.processor, built.peak) == (17.5, 19.75, 900)


def test_building_never_takes_less_than_nothing() -> None:
    assert beyond(CHECK, Measured("slower", 99, 99, 900), "timelines").wall > 0


def test_everything_measured_is_in_the_data() -> None:
    data = as_data({10: [Row(CHECK, Measured("read", 2.5, 2, 100))]}, {"check": None})
    (row,) = data["sizes"][0]["rows"]
    assert (row["job"]["wall"], row["floor"]["wall"], row["ratio"]) == (12.5, 2.5, 5)
    assert row["job"].keys() == {"name", "wall", "processor", "peak"}
