"""The commands of the how-to pages run as they stand on a small store."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from zhiheng.cli import app

HOW_TOS = Path(__file__).resolve().parents[1] / "docs" / "how-to"
PAGES = (
    "follow-entrustments-and-referrals",
    "keep-ledgers",
    "keep-the-dishonest-list",
    "move-the-cache",
    "score-a-country",
    "screen-the-data",
    "watch-freezes-expire",
)
"""Pages whose commands need a store and nothing else; `bidders.csv` is written for them."""


def commands(page: str) -> list[list[str]]:
    text = (HOW_TOS / f"{page}.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```(?:sh|console)\n(.*?)```", text, re.DOTALL)
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return [shlex.split(line, comments=True) for line in lines if line.startswith("zhiheng ")]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("how-tos")
    for words in (
        ("simulate", "--cases", "1500", "--seed", "7", "--out", str(made / "data")),
        ("intake", str(made / "data"), "--store", str(made / "store")),
    ):
        assert CliRunner().invoke(app, words).exit_code == 0
    bidders = "bid,role,number\n1,bidder,91610103MA6U0000XX\n1,consortium,\n"
    (made / "bidders.csv").write_text(bidders, encoding="utf-8")
    return made


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_how_to_run_as_they_stand(
    page: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    found = commands(page)
    assert found
    for words in found:
        done = CliRunner().invoke(app, words[1:])
        assert done.exit_code == 0, f"{shlex.join(words)}\n{done.output}\n{done.exception}"
