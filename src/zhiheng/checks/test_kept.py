"""Counts come back from the disk as they were put there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zhiheng.checks.kept import find, keep


@pytest.mark.parametrize(
    "values",
    [[], [0], [127], [128, -1], [-128], [2**31 - 1], [2**31], [-(2**31) - 1], [2**62, -(2**62)]],
)
def test_counts_of_any_size_come_back(tmp_path: Path, values: list[int]) -> None:
    counted = np.array(values, np.int64)
    keep(tmp_path / "kept", "name", {"counted": counted, "courts": np.array(["陕01"], np.str_)})
    found = find(tmp_path / "kept", "name")
    assert found is not None
    assert found["counted"].dtype == np.int64
    assert found["counted"].tolist() == values
    assert found["courts"].tolist() == ["陕01"]


def test_nothing_is_found_under_another_name(tmp_path: Path) -> None:
    keep(tmp_path / "kept", "name", {"counted": np.arange(3)})
    (tmp_path / "kept" / "name.npz").rename(tmp_path / "kept" / "other.npz")
    assert find(tmp_path / "kept", "other") is None
    assert find(tmp_path / "kept", "name") is None
