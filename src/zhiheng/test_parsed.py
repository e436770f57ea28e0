"""Parsed YAML out of the cache is what parsing gives, and a bad cache is no cache."""

from __future__ import annotations

import os
import time
from importlib import resources
from pathlib import Path

import pytest
import yaml

from zhiheng import parsed

TEXT = "甲: [1, 2.5, true, null, 文]\n乙: {丙: '2019-01-01'}\n"
DATA = [
    path
    for path in sorted(Path(str(resources.files("zhiheng"))).rglob("data/**/*.yaml"))
    if path.stat().st_size
]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(parsed.FOLDER, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.name)
def test_every_data_file_comes_back_from_the_cache_as_it_was_parsed(path: Path) -> None:
    text = path.read_text("utf-8")
    expected = yaml.load(text, Loader=yaml.CSafeLoader)
    for _ in range(2):
        found = parsed.parse(text)
        assert repr(found) == repr(expected), "values, types and order"


def test_the_second_reading_does_not_parse(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = parsed.parse(TEXT)
    assert len(list(cache.iterdir())) == 1
    monkeypatch.setattr(parsed.yaml, "load", lambda *_, **__: pytest.fail("parsed again"))
    assert parsed.parse(TEXT) == first


@pytest.mark.parametrize("damage", [b"", b"torn", None])
def test_a_damaged_file_is_not_believed(cache: Path, damage: bytes | None) -> None:
    expected = parsed.parse(TEXT)
    (file,) = cache.iterdir()
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(bytes(content) if damage is None else damage)
    assert parsed.parse(TEXT) == expected
    assert parsed.parse(TEXT) == expected


def test_what_a_loader_refuses_stays_refused(cache: Path) -> None:
    for _ in range(2):
        with pytest.raises(yaml.YAMLError):
            parsed.parse("a: [")
    assert not cache.exists()


def test_what_would_come_back_changed_is_not_kept(cache: Path) -> None:
    assert parsed.parse("a: 2019-01-01") == parsed.parse("a: 2019-01-01")
    assert not cache.exists()


@pytest.mark.parametrize("named", ["", "/dev/null/nowhere"])
def test_without_a_place_to_keep_it_all_is_parsed(
    named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(parsed.FOLDER, named)
    assert parsed.parse(TEXT) == parsed.parse(TEXT) == yaml.safe_load(TEXT)


def test_the_cache_lies_in_the_users_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(parsed.FOLDER)
    monkeypatch.setattr(parsed.sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert parsed.folder() == tmp_path / "zhiheng"


def test_what_nobody_asks_for_any_more_makes_room(cache: Path) -> None:
    for text in ("a: 1", "b: 2"):
        parsed.parse(text)
    other = cache / "mine.txt"
    other.write_text("", encoding="utf-8")
    for file in cache.iterdir():
        os.utime(file, (0, time.time() - parsed.KEPT_FOR - 60))
    parsed.parse("b: 2")
    parsed.parse("c: 3")
    assert other.is_file()
    assert len(list(cache.glob("*.parsed"))) == 2
