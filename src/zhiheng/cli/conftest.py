"""Fixtures of the tests of `zhiheng intake`."""

import shutil
from pathlib import Path

import pytest

from zhiheng.cli.test_intake_support import GOOD, take_in, write


@pytest.fixture(scope="session")
def good_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that has taken in GOOD (beside it, the files it came from)."""
    home = tmp_path_factory.mktemp("good")
    take_in(home / "store", write(home / "good", GOOD))
    return home


@pytest.fixture
def store(good_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of one's own that has taken in GOOD."""
    monkeypatch.setenv("ZHIHENG_LANG", "en")
    shutil.copytree(good_store, tmp_path, dirs_exist_ok=True)
    return tmp_path / "store"
