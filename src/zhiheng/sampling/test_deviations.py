"""Deviations for Neyman's allocation: from an earlier sample, and from a table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zhiheng.errors import BadInput
from zhiheng.sampling.allocation import allocated
from zhiheng.sampling.deviations import estimated_deviations, read_deviations


def test_deviations_of_an_earlier_sample_are_those_within_its_strata() -> None:
    y, strata = np.array([1.0, 2.0, 4.0, 7.0, 7.0, 9.0]), ["b", "b", "b", "a", "a", "c"]
    found = estimated_deviations(y, strata)
    assert found["b"] == pytest.approx(np.std([1, 2, 4], ddof=1))
    assert found["a"] == 0 and np.isnan(found["c"])
    assert allocated(10, [50, 50], "neyman", [found["a"], found["b"]], minimum=2) == [2, 8]


def test_a_table_gives_strata_and_deviations(tmp_path: Path) -> None:
    file = tmp_path / "sds.csv"
    file.write_text("层,标准差\n雁塔,0.3\n碑林,0\n", encoding="utf-8")
    assert read_deviations(file) == (("雁塔", 0.3), ("碑林", 0.0))


@pytest.mark.parametrize("word", ["x", "-1", "inf", "nan", ""])
def test_what_is_no_deviation_is_refused_by_row(tmp_path: Path, word: str) -> None:
    file = tmp_path / "sds.csv"
    file.write_text(f"stratum,sd\na,1\nb,{word}\n", encoding="utf-8")
    with pytest.raises(BadInput, match="Row 3: 'sd'"):
        read_deviations(file)
