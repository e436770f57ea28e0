"""The tutorial from a draw to a province, run as it stands: it prints what the page shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutorial_page import Excerpt, excerpts, missing, refreshed


def test_the_page_shows_what_its_commands_print(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZHIHENG_LANG", "en")
    shown = 0
    for one in excerpts():
        assert not missing(one), f"`python tests/tutorial_page.py` writes anew:\n{one.output}"
        shown += 1
    assert shown == 12


def test_an_excerpt_follows_the_output_and_a_line_that_is_not_there_is_found_out() -> None:
    one = Excerpt("b 1\n…\nd 1\n", "a 1\nb 1  \nc 1\nd 2\ne 1\n", (0, 0))
    assert missing(one) == ["d 1"]
    assert refreshed(one) == ["b 1", "…", "d 2"]
    backwards = Excerpt("c 1\nb 1\n", one.output, (0, 0))
    assert missing(backwards) == ["b 1"]
