"""Units of a table compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhiheng.errors import BadInput
from zhiheng.scoring.apart import compare_units, compared_table


def test_a_court_of_which_no_file_was_read_is_compared_with_none(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("court,score,error,files\n甲,90,1,30\n乙,99,0,0\n丙,70,1,30\n", "utf-8")
    assert compare_units(path).ranks.rank.tolist() == [1, 0, 2]


def test_units_are_named_by_the_column_court_where_there_is_one(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("level,court,score,error\nbasic,甲,90,1\nbasic,乙,80,1\n", "utf-8")
    assert compare_units(path).units == ("甲", "乙")


def test_a_unit_that_stands_twice_is_refused_by_row(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("unit,score,error\n甲,90,1\n甲,80,1\n", "utf-8")
    with pytest.raises(BadInput) as said:
        compare_units(path)
    assert said.value.place == "c.csv:3"


def test_with_a_line_the_chance_to_reach_it_stands_beside(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("unit,score,error\n甲,92,1\n乙,90,0\n丙,89.9,0\n丁,,\n", "utf-8")
    lines = compared_table(compare_units(path), 90.0).decode("utf-8-sig").splitlines()
    assert lines[0].endswith(",bands,chance")
    chances = [line.rsplit(",", 1)[1] for line in lines[1:]]
    assert float(chances[0]) == pytest.approx(0.977250, abs=1e-6)  # the normal law at 2
    assert chances[1:] == ["1.0", "0.0", ""]
