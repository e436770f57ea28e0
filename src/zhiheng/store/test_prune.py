"""Derived files are removed when nobody used them for a week, and not before."""

import os
import time
from pathlib import Path

from zhiheng.store.prune import KEPT_FOR, prune, used


def aged(folder: Path, name: str, seconds: float) -> Path:
    path = folder / name
    path.mkdir()
    (path / "case.arrow").write_bytes(b"x")
    os.utime(path, (time.time() - seconds,) * 2)
    return path


def test_what_was_not_used_for_a_week_is_gone(tmp_path: Path) -> None:
    old, young = aged(tmp_path, "part-a", KEPT_FOR + 60), aged(tmp_path, "part-b", KEPT_FOR - 60)
    assert prune(tmp_path) == ["part-a"]
    assert not old.exists()
    assert young.exists()


def test_what_is_used_again_stays(tmp_path: Path) -> None:
    old = aged(tmp_path, "part-a", KEPT_FOR + 60)
    used([old])
    assert prune(tmp_path) == []
    assert old.exists()


def test_a_folder_that_is_not_there_holds_nothing_to_remove(tmp_path: Path) -> None:
    assert prune(tmp_path / "timelines") == []
