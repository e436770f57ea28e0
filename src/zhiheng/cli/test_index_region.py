"""Tables of courts into a region's index, and into the change between two years."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from typer.testing import CliRunner

from zhiheng.cli import app
from zhiheng.errors import BadInput
from zhiheng.scoring.apart import compare_units
from zhiheng.scoring.region import region_of, region_tables
from zhiheng.scoring.years import compare_years, years_table

HEAD = "level,court,part,score,error,files,cases\n"
ROWS = (
    "basic,陕0102,陕01,90,2,40,300\n"
    "basic,陕0103,陕01,80,1,40,100\n"
    "basic,陕0202,陕02,70,1,40,200\n"
    "basic,陕0203,陕02,75,1,40,200\n"
    "intermediate,陕01,陕,99,0,40,10\n"
)


def table(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_level_gives_three_indexes_and_drawn_in_scores_beside(tmp_path: Path) -> None:
    found = region_tables(region_of(table(tmp_path / "c.csv", HEAD + ROWS), "basic"))
    index = {row["weighting"]: row for row in rows(found["region.csv"])}
    assert float(index["by_cases"]["value"]) == pytest.approx(
        (90 * 300 + 80 * 100 + 70 * 200 + 75 * 200) / 800
    )
    assert float(index["by_courts"]["value"]) == pytest.approx(78.75)
    assert float(index["equally"]["value"]) == pytest.approx((85 + 72.5) / 2)
    assert (index["by_courts"]["courts"], index["by_courts"]["of_courts"]) == ("4", "4")
    courts = rows(found["courts.csv"])
    assert [row["score"] for row in courts] == ["90.0", "80.0", "70.0", "75.0"]
    assert all(float(row["drawn_in"]) != float(row["score"]) for row in courts)


def test_a_court_of_which_nothing_was_read_counts_as_not_drawn(tmp_path: Path) -> None:
    text = HEAD + ROWS + "basic,陕0104,陕01,99,0,0,\n"
    found = region_of(table(tmp_path / "c.csv", text), "basic")
    one = found.indexes[1]
    assert (one.courts, one.of_courts) == (4, 5)
    assert one.from_courts > 0


def test_without_numbers_of_cases_there_is_no_index_by_cases_and_that_is_said(
    tmp_path: Path,
) -> None:
    text = "court,part,score,error\n甲,一,90,1\n乙,一,80,1\n"
    found = region_of(table(tmp_path / "c.csv", text))
    assert [one.weighting for one in found.indexes] == ["by_courts", "equally"]
    assert any("number of cases" in note.en for note in found.notes)
    assert found.shrunk is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("court,part,score\n甲,一,90\n", "error"),
        ("court,part,score,error\n甲,一,90,\n", "c.csv:2"),
        ("court,part,score,error\n甲,一,90,-1\n", "c.csv:2"),
        ("court,part,score,error\n甲,一,,\n", "No court has a score"),
        ("court,part,score,error,cases\n甲,一,90,1,-3\n", "cases: -3 is negative"),
        ("court,part,score,error\n甲,一,90,1\n甲,一,80,1\n", "c.csv:3"),
        ("court,part,score,error\n,一,90,1\n", "c.csv:2"),
        ("court,part,score,error\n甲,,90,1\n", "c.csv:2"),
        ("court,part,score,error\n甲,一,1e200,1\n", "beyond 1e+100"),
        ("court,part,score,error,chance\n甲,一,90,1,1.5\n", "chance"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadInput) as error:
        region_of(table(tmp_path / "c.csv", text))
    assert said in str(error.value)


def test_a_change_has_the_error_of_both_years(tmp_path: Path) -> None:
    before = table(tmp_path / "a.csv", "court,score,error\n甲,80,3\n乙,70,0\n丙,60,1\n")
    after = table(tmp_path / "b.csv", "court,score,error\n甲,85,4\n乙,71,0\n丁,60,1\n")
    found = rows(years_table(compare_years(before, after)))
    assert [row["court"] for row in found] == ["甲", "乙"]
    assert (found[0]["change"], found[0]["error"]) == ("5.0", "5.0")
    assert float(found[0]["higher_after"]) == pytest.approx(0.8413447, abs=1e-6)
    assert found[1]["higher_after"] == "1.0"
    printed = CliRunner().invoke(app, ["--lang", "en", "index", "years", str(before), str(after)])
    assert printed.exit_code == 0
    assert "2 courts in both: 1 surely higher, 0 surely lower." in printed.output
    assert "only before: 丙" in printed.output


def test_years_without_a_court_in_common_are_refused(tmp_path: Path) -> None:
    one = table(tmp_path / "a.csv", "court,score,error\n甲,80,3\n")
    other = table(tmp_path / "b.csv", "court,score,error\n乙,80,3\n")
    with pytest.raises(BadInput, match="no court in common"):
        compare_years(one, other)


@pytest.mark.parametrize("flaw", ["甲,80,3\n", ",80,3\n", "乙,80,\n", "乙,80,-1\n"])
def test_years_name_the_row_of_a_court_that_cannot_be_compared(tmp_path: Path, flaw: str) -> None:
    one = table(tmp_path / "a.csv", "court,score,error\n甲,80,3\n")
    other = table(tmp_path / "b.csv", "court,score,error\n甲,80,3\n" + flaw)
    with pytest.raises(BadInput) as error:
        compare_years(one, other)
    assert error.value.place == "b.csv:3"


@pytest.mark.parametrize(
    ("rows", "place"),
    [("A,90,1\nA,80,1\n", "s.csv:3"), (",90,1\n", "s.csv:2"), ("A,,\nB,,\n", "s.csv")],
)
def test_units_that_cannot_be_ranked_are_refused(tmp_path: Path, rows: str, place: str) -> None:
    with pytest.raises(BadInput) as error:
        compare_units(table(tmp_path / "s.csv", "unit,score,error\n" + rows))
    assert error.value.place == place


def test_any_index_with_errors_has_sets_of_ranks(tmp_path: Path) -> None:
    scores = table(tmp_path / "s.csv", "unit,score,error\nA,90,1\nB,89,1\nC,70,1\nD,,\n")
    found = CliRunner().invoke(app, ["--lang", "en", "index", "apart", str(scores)])
    assert found.exit_code == 0, found.output
    lines = list(csv.DictReader(io.StringIO(found.stdout)))
    assert [(row["rank"], row["best_rank"], row["worst_rank"]) for row in lines] == [
        ("1", "1", "2"),
        ("2", "1", "2"),
        ("3", "3", "3"),
        ("", "", ""),
    ]
    assert [row["bands"] for row in lines] == ["1", "1", "2", ""]
    assert "3 units in 2 bands" in found.stderr
    table(scores, "unit,score,error\nA,90,\n")
    refused = CliRunner().invoke(app, ["index", "apart", str(scores)])
    assert isinstance(refused.exception, BadInput)


def test_a_court_whose_error_cannot_be_told_is_not_passed_off_as_a_census(tmp_path: Path) -> None:
    text = HEAD + ROWS.replace("陕0103,陕01,80,1,40", "陕0103,陕01,80,,1")
    with pytest.raises(BadInput, match="read two files") as sampled:
        region_of(table(tmp_path / "c.csv", text), "basic")
    assert sampled.value.place.endswith("c.csv:3")
    text = HEAD + ROWS.replace("陕0103,陕01,80,1,40", "陕0103,陕01,80,,")
    with pytest.raises(BadInput, match="A census has an error of 0"):
        region_of(table(tmp_path / "c.csv", text), "basic")


def test_a_court_not_read_in_one_year_is_not_said_to_have_changed(tmp_path: Path) -> None:
    head = "court,score,error,files\n"
    before = table(tmp_path / "a.csv", head + "甲,80,3,30\n乙,70,0,0\n")
    after = table(tmp_path / "b.csv", head + "甲,85,4,30\n乙,71,1,30\n")
    found = rows(years_table(compare_years(before, after)))
    assert [(row["court"], row["change"]) for row in found] == [("甲", "5.0"), ("乙", "")]
